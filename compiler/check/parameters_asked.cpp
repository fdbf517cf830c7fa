// Parameters in questions: a bare name in a condition of the language, `:name` in a query, which is PostgreSQL's text.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compiler/check/parameters.hpp"
#include "compiler/check/walk.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::check {

namespace {

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Behind the quoted text or comment that begins here; `at` itself where none does.
std::size_t behind_quoted(std::string_view text, std::size_t at) {
  const auto behind = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (text[at] == '\'' || text[at] == '"') return behind(text.substr(at, 1), at + 1);
  if (text.substr(at, 2) == "--") return behind("\n", at);
  if (text.substr(at, 2) == "/*") return behind("*/", at + 2);
  if (text[at] != '$' || (at > 0 && in_name(text[at - 1]))) return at;
  auto end = at + 1;
  while (end < text.size() && in_name(text[end])) ++end;
  if (end >= text.size() || text[end] != '$') return at;
  return behind(text.substr(at, end + 1 - at), end + 1);
}

// Every `:name` of a query, with the colon: offsets of its begin and end.
std::vector<std::pair<std::size_t, std::size_t>> colon_names(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto behind = behind_quoted(text, at); behind != at) {
      at = behind;
    } else if (text.substr(at, 2) == "::") {
      at += 2;
    } else if (text[at] == ':' && at + 1 < text.size() && in_name(text[at + 1])) {
      auto end = at + 1;
      while (end < text.size() && in_name(text[end])) ++end;
      out.emplace_back(at, end);
      at = end;
    } else {
      ++at;
    }
  }
  return out;
}

}  // namespace

class Parameters::Asked {
 public:
  Asked(const Parameters& parameters, const catalog::Catalog& catalog) : of_(parameters), catalog_(catalog) {}

  void section(const syntax::Section& section) {
    if (const auto* found = std::get_if<syntax::Measure>(&section)) text(found->query.span);
    if (const auto* found = std::get_if<syntax::Assertions>(&section))
      for (const auto& expect : found->expects) one(expect);
    if (const auto* found = std::get_if<syntax::Phase>(&section); found != nullptr && found->gate.when)
      condition(*found->gate.when, nullptr);
  }
  [[nodiscard]] bool clear() const { return clear_; }
  [[nodiscard]] std::vector<Place> places() {
    std::sort(places_.begin(), places_.end(), [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
    return std::move(places_);
  }

 private:
  void one(const syntax::Expect& expect) {
    std::visit(Overloaded{[&](const syntax::Expr& what) { condition(what, nullptr); },
                          [&](const syntax::Expect::None& none) {
                            if (none.query) text(none.query->span);
                            if (none.where) condition(*none.where, none.table ? table(*none.table) : nullptr);
                          },
                          [](const syntax::Expect::Match&) {},
                          [&](const syntax::Expect::PlanUses& plan) { text(plan.query.span); },
                          [&](const syntax::Expect::Time& time) { text(time.query.span); },
                          [](const syntax::Expect::Baseline&) {}},
               expect.what);
  }

  [[nodiscard]] const catalog::Table* table(const syntax::Path& path) const {
    const auto found =
        catalog_.find_table(path.parts.size() > 1 ? path.parts.front().text : "", path.parts.back().text);
    return found ? catalog_.table(*found) : nullptr;
  }

  void condition(const syntax::Expr& what, const catalog::Table* rows) {
    const auto mentions = operations::mentions(what);
    for (const auto* reference : mentions.columns) {
      if (reference->path.parts.size() != 1 || reference->star) continue;
      const auto& name = reference->path.parts.front().text;
      const auto* parameter = known(name, reference->path.span);
      if (parameter == nullptr) continue;
      if (rows != nullptr && rows->column(name) != nullptr) {
        of_.report_column_too(name, reference->path.span, *parameter);
        clear_ = false;
      } else {
        places_.push_back({reference->path.span, parameter});
      }
    }
    for (const auto& query : mentions.queries) text(query);
  }

  void text(source::Span span) {
    for (const auto& [begin, end] : colon_names(of_.files_.text(span))) {
      const source::Span place{span.file, span.begin + static_cast<std::uint32_t>(begin),
                               span.begin + static_cast<std::uint32_t>(end)};
      auto name = std::string(of_.files_.text(place).substr(1));
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (const auto* parameter = known(name, place)) places_.push_back({place, parameter});
    }
  }

  const Parameter* known(const std::string& name, source::Span span) {
    const auto found = of_.known_.find(name);
    if (found == of_.known_.end()) return nullptr;
    if (!found->second.secret) return &found->second;
    of_.report_secret(name, span);
    clear_ = false;
    return nullptr;
  }

  const Parameters& of_;
  const catalog::Catalog& catalog_;
  std::vector<Place> places_;
  bool clear_ = true;
};

const syntax::Migration* Parameters::asked(const syntax::Migration& migration, const catalog::Catalog& catalog) {
  if (known_.empty()) return &migration;
  Asked asked(*this, catalog);
  for (const auto& section : migration.sections) asked.section(section);
  if (!asked.clear()) return nullptr;
  const auto places = asked.places();
  if (places.empty()) return &migration;
  const auto& original = files_[migration.name.span.file];
  std::string text;
  std::uint32_t at = 0;
  for (const auto& place : places) {
    text += original.text.substr(at, place.span.begin - at) + place.parameter->sql;
    at = place.span.end;
  }
  text += original.text.substr(at);
  const auto name = original.name;
  const auto file = files_.add(name, std::move(text));
  diagnostics::Sink said;  // what is wrong with the rest of the file was said when it was read
  auto tree = std::make_shared<const syntax::File>(syntax::parse(files_, file, operations::vocabulary(), said));
  trees_.push_back(tree);
  for (const auto& item : tree->items)
    if (const auto* again = std::get_if<syntax::Migration>(&item);
        again != nullptr && again->name.text == migration.name.text && !said.has_errors())
      return again;
  return &migration;
}

}  // namespace mig::check
