// Values of parameters, and operations read again with the values in them.
#include "compiler/check/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "compiler/check/expressions_of.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::check {

void Parameters::declare(const Sources& sources, const std::vector<std::uint32_t>& files,
                         const Environment& environment) {
  known_.clear();
  for (const auto file : files)
    for (const auto& item : sources.of(file).tree->items)
      if (const auto* declaration = std::get_if<syntax::ParameterDecl>(&item)) declare(*declaration, environment);
}

void Parameters::declare(const syntax::ParameterDecl& declaration, const Environment& environment) {
  const auto& name = declaration.name;
  Parameter made{name.span, {}, declaration.secret};
  std::string value = "NULL";
  if (declaration.value) value = fmt::format("({})", files_.text(declaration.value->span));
  if (declaration.env) {
    const auto found = environment ? environment(declaration.env->value) : std::nullopt;
    if (!found)
      sink_
          .report(diagnostics::missing_environment, declaration.env->span,
                  fmt::format("{} is not set", declaration.env->value))
          .note(fmt::format("write: {}=… mig …", declaration.env->value));
    else
      value = sql::quote_literal(*found);
  }
  made.sql = fmt::format("{}::{}", value, files_.text(declaration.type.span));
  const auto [before, fresh] = known_.emplace(name.text, std::move(made));
  if (!fresh)
    sink_.report(diagnostics::duplicate_name, name.span, fmt::format("there is already a parameter `{}`", name.text))
        .also(before->second.span, "the first");
}

std::vector<Parameters::Place> Parameters::places(const syntax::Call& call) const {
  std::vector<Place> out;
  for (const auto* expression : expressions_of(call))
    for (const auto* reference : operations::mentions(*expression).columns) {
      if (reference->path.parts.size() != 1 || reference->star) continue;
      const auto found = known_.find(reference->path.parts.front().text);
      if (found != known_.end()) out.push_back({reference->path.span, &found->second});
    }
  std::sort(out.begin(), out.end(), [](const Place& a, const Place& b) { return a.span.begin < b.span.begin; });
  return out;
}

namespace {

// Does a column of this name belong to the table that the operation names, or that it makes?
bool is_column(const std::string& name, const syntax::Call& call, const catalog::Catalog& catalog) {
  for (const auto& argument : call.arguments) {
    if (const auto* path = std::get_if<syntax::Path>(&argument.value))
      for (std::size_t size = 1; size <= std::min<std::size_t>(path->parts.size(), 2); ++size) {
        const auto table = catalog.find_table(size == 2 ? path->parts[0].text : "", path->parts[size - 1].text);
        const auto* found = table ? catalog.table(*table) : nullptr;
        if (found != nullptr && found->column(name) != nullptr) return true;
      }
    if (const auto* elements = std::get_if<std::vector<syntax::Element>>(&argument.value))
      for (const auto& element : *elements)
        if (const auto* column = std::get_if<syntax::Column>(&element); column != nullptr && column->name.text == name)
          return true;
  }
  return false;
}

}  // namespace

bool Parameters::clear(const Place& place, const syntax::Call& call, const catalog::Catalog& catalog) const {
  const std::string name(files_.text(place.span));
  if (place.parameter->secret) {
    report_secret(name, place.span);
    return false;
  }
  if (!is_column(name, call, catalog)) return true;
  report_column_too(name, place.span, *place.parameter);
  return false;
}

void Parameters::report_secret(const std::string& name, source::Span span) const {
  sink_.report(diagnostics::wrong_place, span, fmt::format("`{}` is secret, and an operation would show it", name))
      .note("it would stand in the plan, the journal and the server's log");
}

void Parameters::report_column_too(const std::string& name, source::Span span, const Parameter& parameter) const {
  sink_.report(diagnostics::wrong_place, span, fmt::format("`{}` is a parameter and a column", name))
      .also(parameter.span, "the parameter")
      .note("give the parameter another name");
}

// The file with nothing but this operation in it, on its own lines, so that places stay true.
std::vector<Piece> Parameters::replaced(const syntax::Call& call, const std::vector<Place>& places) const {
  const auto& text = files_[call.span.file].text;
  std::string blank;
  for (std::uint32_t i = 0; i < call.span.begin; ++i) blank += text[i] == '\n' ? '\n' : ' ';
  std::vector<Piece> out{{std::move(blank), {call.span.file, 0, call.span.begin}, false, {}, -1, false}};
  auto at = call.span.begin;
  const auto as_written = [&](std::uint32_t end) {
    out.push_back({text.substr(at, end - at), {call.span.file, at, end}, true, {}, -1, false});
  };
  for (const auto& place : places) {
    as_written(place.span.begin);
    out.push_back({place.parameter->sql, place.span, false, {}, -1, false});
    at = place.span.end;
  }
  as_written(call.span.end);
  if (text[call.span.end - 1] != ';') out.push_back({";", call.span, false, {}, -1, false});
  return out;
}

const syntax::Call* Parameters::bound(const syntax::Call& call, const catalog::Catalog& catalog) {
  if (known_.empty()) return &call;
  const auto found = places(call);
  if (found.empty()) return &call;
  for (const auto& place : found)
    if (!clear(place, call, catalog)) return nullptr;
  const auto file = origins_.add(files_, files_[call.span.file].name, replaced(call, found));
  auto tree = std::make_shared<const syntax::File>(syntax::parse(files_, file, operations::vocabulary(), sink_));
  trees_.push_back(tree);
  for (const auto& item : tree->items)
    if (const auto* again = std::get_if<syntax::Call>(&item)) return again;
  assert(sink_.has_errors() && "an operation with a constant in place of a name reads as the same operation");
  return nullptr;
}

}  // namespace mig::check
