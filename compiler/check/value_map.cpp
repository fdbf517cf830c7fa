// Value maps: their pairs against the types, and the CASE that a call of one becomes.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/inline.hpp"
#include "compiler/check/template.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::diagnostics {
extern const Code wrong_call;
extern const Code incomplete_values;
extern const Code values_no_way_back;
}  // namespace mig::diagnostics

namespace mig::check {

namespace {

using syntax::Constant;

const Constant& constant(const syntax::Expr& side) { return std::get<Constant>(side.node); }
bool is_null(const syntax::Expr& side) { return constant(side).is == Constant::Is::null; }
bool same(const syntax::Expr& a, const syntax::Expr& b) {
  return constant(a).is == constant(b).is && constant(a).value == constant(b).value;
}

std::string listed(const std::vector<std::string>& labels) {
  std::string out;
  for (const auto& label : labels) out += (out.empty() ? "" : ", ") + sql::quote_literal(label);
  return out;
}

bool is_boolean(const std::string& type) { return type == "boolean" || type == "bool"; }
bool is_text(const std::string& type) {
  return type == "text" || type.starts_with("varchar") || type.starts_with("character varying") || type == "citext";
}

// One direction of a map.
struct Direction {
  std::vector<std::pair<const syntax::Expr*, const syntax::Expr*>> pairs;
  const syntax::Type* from = nullptr;
  const syntax::Type* to = nullptr;
  const syntax::Expr* otherwise = nullptr;
  bool reject = false;
};

Direction direction(const syntax::Values& values, bool back) {
  Direction made;
  made.from = back ? &values.to : &values.from;
  made.to = back ? &values.from : &values.to;
  made.reject = values.else_reject;
  if (!back && values.otherwise) made.otherwise = &*values.otherwise;
  for (const auto& pair : values.pairs) {
    if (back && !pair.both_ways) continue;
    made.pairs.emplace_back(back ? &pair.right : &pair.left, back ? &pair.left : &pair.right);
  }
  return made;
}

const catalog::Type* enum_of(const catalog::Catalog& at, const syntax::Type& type) {
  if (!type.bounds.empty() || type.name.parts.empty()) return nullptr;
  const auto& parts = type.name.parts;
  const auto name = at.find_type(parts.size() > 1 ? parts[parts.size() - 2].text : "", parts.back().text);
  const auto* found = name ? at.type(*name) : nullptr;
  return found != nullptr && found->kind == "enum" ? found : nullptr;
}

// The values that a pair of this direction starts from, and the type has beside them. nullopt: they cannot be counted.
std::optional<std::vector<std::string>> missing(const Direction& one, const catalog::Catalog& at,
                                                const std::string& type) {
  std::vector<std::string> all;
  if (const auto* labels = enum_of(at, *one.from))
    all = labels->labels;
  else if (is_boolean(type))
    all = {"true", "false"};
  else
    return std::nullopt;
  std::erase_if(all, [&](const std::string& label) {
    return std::any_of(one.pairs.begin(), one.pairs.end(),
                       [&](const auto& pair) { return constant(*pair.first).value == label; });
  });
  return all;
}

}  // namespace

// What needs no schema: no value twice on the left, none on the right of two `<->`, and total or with `else`.
bool Inliner::check_pairs(const Declaration& declaration) {
  const auto& values = *declaration.values;
  bool good = true;
  for (auto pair = values.pairs.begin(); pair != values.pairs.end(); ++pair)
    for (auto other = values.pairs.begin(); other != pair; ++other) {
      if (same(pair->left, other->left)) {
        good = false;
        sink()
            .report(diagnostics::incomplete_values, pair->left.span,
                    fmt::format("{} stands twice on the left", files_.text(pair->left.span)))
            .also(other->left.span, "the first");
      } else if (pair->both_ways && other->both_ways && same(pair->right, other->right)) {
        good = false;
        sink()
            .report(diagnostics::values_no_way_back, pair->right.span,
                    fmt::format("{} would go back to {} and to {}", files_.text(pair->right.span),
                                files_.text(other->left.span), files_.text(pair->left.span)))
            .also(other->right.span, "the first")
            .note("write: -> in one of them, which then has no way back");
      }
    }
  const auto from = flat(files_.text(values.from.span));
  if (is_text(from) && !values.else_reject && !values.otherwise) {
    good = false;
    sink()
        .report(diagnostics::incomplete_values, values.name.span,
                fmt::format("`{}` says nothing about all other texts", declaration.name))
        .note("write: else reject; or else 'VALUE'; or else null;");
  }
  return good;
}

bool Inliner::check_labels(const Declaration& declaration, const catalog::Catalog& at) {
  const auto& values = *declaration.values;
  bool good = true;
  const auto report = [&](source::Span span, const std::string& message) -> diagnostics::Diagnostic* {
    good = false;
    if (!reported_.emplace(&declaration, message).second) return nullptr;
    return &sink().report(diagnostics::incomplete_values, span, message);
  };
  const auto check_side = [&](const syntax::Expr& side, const syntax::Type& type) {
    const auto* found = enum_of(at, type);
    if (found == nullptr || is_null(side)) return;
    const auto& label = constant(side).value;
    if (std::find(found->labels.begin(), found->labels.end(), label) != found->labels.end()) return;
    auto* made = report(side.span, fmt::format("{} has no value {}", found->name.text(), files_.text(side.span)));
    if (made == nullptr) return;
    made->note("found: " + listed(found->labels));
    if (const auto near = diagnostics::nearest(label, found->labels, 1); !near.empty())
      made->suggest(sql::quote_literal(near.front()));
  };
  for (const auto& pair : values.pairs) check_side(pair.left, values.from), check_side(pair.right, values.to);
  if (values.otherwise) check_side(*values.otherwise, values.to);
  const auto forth = direction(values, false);
  const auto open = missing(forth, at, flat(files_.text(values.from.span)));
  if (open && !open->empty() && !values.else_reject && !values.otherwise)
    if (auto* made =
            report(values.name.span, fmt::format("`{}` says nothing about {}", declaration.name, listed(*open))))
      made->note("write: a pair for each, or else reject;");
  return good;
}

// NAME.back: the `<->` pairs from right to left; each value of the right type has one, or the map rejects.
bool Inliner::check_back(const Declaration& declaration, const catalog::Catalog& at, source::Span call) {
  const auto& values = *declaration.values;
  const auto back = direction(values, true);
  const auto refuse = [&](const std::string& message) -> diagnostics::Diagnostic& {
    return sink().report(diagnostics::values_no_way_back, call, message).also(declaration.span(), "declared here");
  };
  if (back.pairs.empty()) {
    refuse(fmt::format("`{}` has no way back: none of its pairs is a <->", declaration.name))
        .note("write: 'a' <-> 'A'; for the value that a right side goes back to");
    return false;
  }
  for (const auto& pair : values.pairs) {
    if (pair.both_ways) continue;
    const bool goes = std::any_of(back.pairs.begin(), back.pairs.end(),
                                  [&](const auto& other) { return same(*other.first, pair.right); });
    if (goes || values.else_reject) continue;
    std::string keys;
    for (const auto& other : values.pairs)
      if (same(other.right, pair.right))
        keys += (keys.empty() ? "" : " and ") + std::string(files_.text(other.left.span));
    refuse(fmt::format("{} has no way back: {} lead to it", files_.text(pair.right.span), keys))
        .also(pair.right.span, "here")
        .note("write: <-> in the pair that it goes back to");
    return false;
  }
  const auto open = missing(back, at, flat(files_.text(values.to.span)));
  if (values.else_reject || (open && open->empty())) return true;
  refuse(open ? fmt::format("`{}` says nothing about the way back of {}", declaration.name, listed(*open))
              : fmt::format("`{}` says nothing about the way back of all other values", declaration.name))
      .note("write: a <-> pair for each, or else reject;");
  return false;
}

// CASE value WHEN … THEN … END. Null stays null unless a pair says otherwise; what no pair names is `else`, and
// `reject` fails as a cast does, with the value in its message. Only immutable parts, so that it may stand anywhere.
std::optional<Template> Inliner::values_call(const syntax::Expr& whole, const syntax::FunctionCall& call,
                                             const Lookup& found, const Site& site) {
  const auto& declaration = *found.declaration;
  if (call.arguments.size() != 1 || call.arguments.front().name) {
    sink()
        .report(diagnostics::wrong_call, call.function.span,
                fmt::format("`{}` is a value map: it takes one value", declaration.name))
        .also(declaration.span(), "declared here");
    return std::nullopt;
  }
  if (&site.at != &nothing() && !check_labels(declaration, site.at)) return std::nullopt;
  if (found.back && &site.at != &nothing() && !check_back(declaration, site.at, call.function.span))
    return std::nullopt;
  if (site.body != nullptr) site.body->values.insert(&declaration);
  const auto one = direction(*declaration.values, found.back);
  const auto from = flat(files_.text(one.from->span)), to = flat(files_.text(one.to->span));
  const auto side = [&](const syntax::Expr& value, const std::string& type) {
    return fmt::format("{}::{}", files_.text(value.span), type);
  };
  std::string cases, null_case;
  for (const auto& [left, right] : one.pairs)
    if (is_null(*left))
      null_case = side(*right, to);
    else
      cases += fmt::format(" WHEN {} THEN {}", side(*left, from), side(*right, to));

  Template value;  // the gap that the argument fills
  Template text;
  const auto write_text = [&](std::string part) {
    text.pieces.push_back(made(std::move(part), whole.span, declaration.span()));
  };
  const auto gap = [&] { text.pieces.push_back({"", whole.span, false, {}, 0, false}); };
  const bool rejects = one.otherwise == nullptr && one.reject;
  const bool other = one.otherwise != nullptr && !is_null(*one.otherwise);
  if (!null_case.empty()) write_text("CASE WHEN "), gap(), write_text(" IS NULL THEN " + null_case + " ELSE ");
  write_text("CASE "), gap(), write_text(cases);
  if (other)
    write_text(" ELSE CASE WHEN "), gap(),
        write_text(fmt::format(" IS NOT NULL THEN {} END", side(*one.otherwise, to)));
  if (rejects) {
    const auto words = sql::quote_literal(declaration.name + " has no pair for ");
    if (is_text(from))
      write_text(fmt::format(" ELSE CASE WHEN ({} || ", words)), gap(),
          write_text(fmt::format(")::integer IS NULL THEN NULL::{} END", to));
    else
      write_text(" ELSE CASE WHEN (CASE WHEN "), gap(),
          write_text(fmt::format(" IS NOT NULL THEN {} END)::integer IS NULL THEN NULL::{} END",
                                 sql::quote_literal(declaration.name + " has no pair for this value"), to));
  }
  write_text(" END");
  if (!null_case.empty()) write_text(" END");

  const auto& argument = **call.arguments.front().value;
  auto given = write(argument, site);
  if (!given || !once(argument, text, 0, declaration, site)) return std::nullopt;
  auto filled_in = filled(text, {cast_to(std::move(*given), from, whole.span)}, whole.span);
  filled_in.type = to;  // every branch is written so
  return cast_to(std::move(filled_in), to, whole.span);
}

}  // namespace mig::check
