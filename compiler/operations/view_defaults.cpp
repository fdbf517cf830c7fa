// Defaults of a view's columns: what an INSERT into the view writes where it leaves the column out.
#include <fmt/format.h>

#include "compiler/operations/defaults.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

sql::Statement change(const ViewColumn& at, const std::string& value) {
  const auto alter = sql::sql("ALTER VIEW {} ALTER COLUMN {}", at.view->name.sql(), Ident{at.column->name});
  return statement(value.empty() ? sql::sql("{} DROP DEFAULT", alter)
                                 : sql::sql("{} SET DEFAULT {}", alter, default_expression(value)),
                   {lock(at.view->name, LockMode::access_exclusive)});
}

}  // namespace

std::vector<sql::Step> view_default_steps(const Context& ctx, const std::string& value) {
  const auto at = view_column_of(ctx);
  const auto& before = at.column->default_;
  const auto changed = value.empty() ? negate(has_default(at.view->name, at.column->name))
                                     : default_differs(ctx, at.view->name, at.column->name, before);
  const auto title = fmt::format("default of {}.{}", at.view->name.text(), sql::quote_ident(at.column->name));
  auto step = transaction(ctx, (value.empty() ? "drop " : "set ") + title, {change(at, value)}, changed);
  step.back = {transaction(ctx, "bring back the " + title, {change(at, before)}, negate(changed))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("column", at.view->name, at.column->name)});
  return steps;
}

void view_default_effect(const Context& ctx, catalog::Catalog& after, const std::string& value) {
  const auto at = view_column_of(ctx);
  auto view = *at.view;
  for (auto& column : view.columns)
    if (column.name == at.column->name) column.default_ = value;
  after.put(std::move(view));
}

}  // namespace mig::operations
