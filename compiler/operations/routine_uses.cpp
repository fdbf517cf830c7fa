// Who uses a function.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/routines.hpp"

namespace mig::operations {

namespace {

bool calls(const std::string& text, const catalog::Function& function) { return mentions(text, function.name); }

}  // namespace

std::vector<Dependent> routine_dependents(const Context& ctx, const catalog::Function& function) {
  // Of several with one name a text does not say which it calls: PostgreSQL refuses the drop itself then (2BP01).
  std::vector<Dependent> found;
  if (ctx.before.functions(function.name).size() > 1) return found;
  for (const auto& thing :
       what_hangs(ctx, {.columns = {}, .relations = {}, .functions = {function.name}, .types = {}}).things)
    found.push_back({thing.what + " uses it", "drop or change that before"});
  return found;
}

std::vector<std::string> computed_by(const Context& ctx, const catalog::Function& function) {
  std::vector<std::string> found;
  for (const auto& name : ctx.before.names("table")) {
    const auto* table = ctx.before.table(name);
    for (const auto& index : table->indexes)
      if (calls(index.predicate, function) ||
          std::any_of(index.parts.begin(), index.parts.end(),
                      [&](const auto& part) { return calls(part.expression, function); }))
        found.push_back("index " + catalog::Name{name.schema, index.name}.text());
    for (const auto& column : table->columns)
      if (column.generated == "stored" && calls(column.default_, function))
        found.push_back(fmt::format("column {}.{}", name.text(), sql::quote_ident(column.name)));
    for (const auto& constraint : table->constraints)
      if (calls(constraint.expression, function))
        found.push_back(fmt::format("check {} of {}", sql::quote_ident(constraint.name), name.text()));
  }
  return found;
}

void warn_of_texts(const Context& ctx, const catalog::Function& function, source::Span span) {
  const auto& name = function.name.name;
  warn_of_bodies(ctx, span, sql::quote_ident(name), [&](const std::string& body) { return mentions(body, name); });
}

}  // namespace mig::operations
