// Bodies of functions: written out once each, and what is known of them.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/inline.hpp"
#include "compiler/check/template.hpp"
#include "compiler/syntax/expression_walk.hpp"

namespace mig::diagnostics {
extern const Code wrong_declaration;
extern const Code function_cycle;
}  // namespace mig::diagnostics

namespace mig::check {

namespace {

bool aggregate(const syntax::FunctionCall& call) {
  static const std::set<std::string> known{"array_agg", "avg", "bool_and",  "bool_or",    "count", "every",
                                           "json_agg",  "max", "jsonb_agg", "string_agg", "min",   "sum"};
  return call.star || call.distinct || call.over || call.filter || !call.order.empty() || !call.within_group.empty() ||
         (call.function.parts.size() == 1 && known.count(call.function.parts.front().text) != 0);
}

// The type that a function of the server returns, where it is one whatever its arguments are.
std::string known_result(const syntax::FunctionCall& call) {
  static const std::set<std::string> text{"btrim",      "chr",     "concat",         "left",      "lower", "lpad",
                                          "ltrim",      "replace", "regexp_replace", "right",     "rpad",  "rtrim",
                                          "split_part", "substr",  "to_char",        "translate", "trim",  "upper",
                                          "md5"};
  static const std::set<std::string> integers{"ascii", "char_length", "length", "octet_length", "strpos"};
  static const std::set<std::string> zoned{"now", "clock_timestamp", "make_timestamptz", "to_timestamp"};
  if (call.function.parts.size() != 1) return {};
  const auto& name = call.function.parts.front().text;
  if (text.count(name) != 0) return "text";
  if (integers.count(name) != 0) return "integer";
  if (zoned.count(name) != 0) return "timestamptz";
  if (name == "make_timestamp") return "timestamp";
  return name == "make_date" ? "date" : "";
}

}  // namespace

void Inliner::worsen(const Site& site, Stability stability, const std::string& because) {
  if (site.body == nullptr || stability <= site.body->stability) return;
  site.body->stability = stability;
  site.body->because = because;
}

std::string Inliner::type_of_call(const syntax::FunctionCall& call, const Site& site) const {
  const auto found = find(call.function, site);
  if (found.declaration != nullptr) {
    if (found.declaration->function != nullptr) return flat(files_.text(found.declaration->function->returns.span));
    const auto& values = *found.declaration->values;
    return flat(files_.text((found.back ? values.from : values.to).span));
  }
  const auto name = dotted(call.function);
  const bool of_first = name == "nullif" || name == "coalesce" || name == "greatest" || name == "least";
  if (of_first && !call.arguments.empty() && call.arguments.front().value)
    return type_of(**call.arguments.front().value, site);
  return known_result(call);
}

// The type where it is certain without a schema; a cast to it would say nothing new. Empty: who knows.
std::string Inliner::type_of(const syntax::Expr& expression, const Site& site) const {
  if (const auto* cast = std::get_if<syntax::Cast>(&expression.node)) return flat(files_.text(cast->type.span));
  if (const auto* call = std::get_if<syntax::FunctionCall>(&expression.node)) return type_of_call(*call, site);
  if (const auto* branches = std::get_if<syntax::Case>(&expression.node)) {
    auto type = type_of(*branches->branches.front().second, site);
    for (const auto& [when, then] : branches->branches)
      if (type_of(*then, site) != type) return {};
    return !branches->otherwise || type_of(**branches->otherwise, site) == type ? type : "";
  }
  if (const auto* binary = std::get_if<syntax::Binary>(&expression.node)) {
    const auto left = type_of(*binary->left, site), right = type_of(*binary->right, site);
    return binary->op == "||" && left == "text" && right == "text" ? left : "";
  }
  const auto* column = std::get_if<syntax::ColumnRef>(&expression.node);
  if (column == nullptr || site.in == nullptr || column->path.parts.size() != 1) return {};
  for (const auto& parameter : site.in->function->parameters)
    if (parameter.name.text == column->path.parts.front().text) return flat(files_.text(parameter.type.span));
  return {};
}

std::pair<Stability, std::string> Inliner::stability(const syntax::Expr& expression, const Site& site) {
  std::pair<Stability, std::string> worst{Stability::immutable, ""};
  const auto worsen_to = [&](Stability one, const std::string& because) {
    if (one > worst.first) worst = {one, because};
  };
  walk(
      expression,
      [&](const syntax::Expr& one) {
        const auto* call = std::get_if<syntax::FunctionCall>(&one.node);
        if (call == nullptr) return true;
        const auto found = find(call->function, site);
        if (found.declaration != nullptr && found.declaration->function != nullptr) {
          if (const auto* known = body(*found.declaration)) worsen_to(known->stability, known->because);
        } else if (found.declaration == nullptr) {
          worsen_to(stability_of(site.at, call->function, call->arguments.size()),
                    std::string(files_.text(call->function.span)));
        }
        return true;
      },
      [](const syntax::Query&) {});
  return worst;
}

// What an expression of a body says about the volatility of the whole.
void Inliner::note(const syntax::Expr& expression, const Site& site) {
  if (site.body == nullptr) return;
  if (const auto* word = std::get_if<syntax::Keyword>(&expression.node))
    worsen(site, Stability::stable, word->word.substr(0, word->word.find('(')));
  const auto* cast = std::get_if<syntax::Cast>(&expression.node);
  if (cast == nullptr || std::holds_alternative<syntax::Constant>(cast->operand->node)) return;
  const auto from = type_of(*cast->operand, site), to = flat(files_.text(cast->type.span));
  if (const auto found = stability_of_cast(from, to); found != Stability::immutable)
    worsen(site, found, fmt::format("a cast from {} to {}", from, to));
}

bool Inliner::server_call(const syntax::FunctionCall& call, const Site& site) {
  if (site.in == nullptr) return true;
  if (aggregate(call)) {
    sink()
        .report(diagnostics::wrong_declaration, call.function.span,
                "a function of the language cannot hold an aggregate or window function")
        .note("it is one expression, written out where it is called: call the aggregate there, around it");
    return false;
  }
  if (call.function.parts.size() == 1) site.body->server_calls.insert(call.function.parts.front().text);
  worsen(site, stability_of(site.at, call.function, call.arguments.size()), dotted(call.function));
  return true;
}

// Written once; the chain of those that are being written finds circles.
const Body* Inliner::body(const Declaration& declaration) {
  if (const auto found = bodies_.find(&declaration); found != bodies_.end()) return found->second.get();
  if (const auto begin = std::find(open_.begin(), open_.end(), &declaration); begin != open_.end()) {
    std::string chain;
    for (auto link = begin; link != open_.end(); ++link) chain += (*link)->name + " -> ";
    auto& diagnostic = sink().report(diagnostics::function_cycle, declaration.span(),
                                     fmt::format("`{}` leads back to itself", declaration.name));
    diagnostic.note("found: " + chain + declaration.name);
    diagnostic.note("functions are written out where they are called, so none can call itself");
    if (begin + 1 == open_.end())
      diagnostic.note(
          fmt::format("for the server's own function of this name, write: pg_catalog.{}", declaration.name));
    return nullptr;
  }
  open_.push_back(&declaration);
  auto made = std::make_unique<Body>();
  const Site site{declarations_.seen_by(declaration.file), nothing(), &declaration, made.get()};
  bool good = check_head(declaration);
  if (auto written = write(declaration.function->body, site)) {
    for (auto& piece : written->pieces)
      if (piece.verbatim) piece = {flat(piece.text), piece.origin, false, piece.function, piece.parameter, false};
    made->text = std::move(*written);
  } else {
    good = false;
  }
  open_.pop_back();
  return (bodies_[&declaration] = good ? std::move(made) : nullptr).get();
}

}  // namespace mig::check
