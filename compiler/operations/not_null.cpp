// NOT NULL on rows that exist, in short locks.
#include "compiler/operations/not_null.hpp"

#include <fmt/format.h>

#include "compiler/operations/not_null_members.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

std::string check_name(const std::string& column) {
  const auto name = "_mig_nn_" + column;
  return name.size() <= sql::max_name ? name : kept_mark("_mig_nn_" + column, column);
}

sql::Statement require_values(const NotNull& rule, sql::Work work, std::string reason) {
  return statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", rule.target(), Ident{rule.column}),
                   rule.locks(LockMode::access_exclusive), work, std::move(reason));
}

std::string title_of(const char* verb, const NotNull& rule) {
  return fmt::format("{} not null {}.{}", verb, rule.table.text(), sql::quote_ident(rule.column));
}

sql::Step drop_step(const NotNull& rule) {
  return transaction(rule.ctx, title_of("drop", rule), nullable_again(rule),
                     negate(is_not_null(rule.table, rule.column)));
}

// The drop stands in a statement of its own: ALTER TABLE … SET NOT NULL, DROP CONSTRAINT … drops first and then scans.
sql::Step set_by_check(const NotNull& rule, const std::string& check) {
  auto step = transaction(
      rule.ctx, title_of("set", rule),
      {require_values(rule, sql::Work::instant, "reads no row: the validated check proves it"),
       statement(drop_constraint(rule.table, check), rule.locks(LockMode::access_exclusive), sql::Work::instant,
                 "not in the statement before: PostgreSQL would drop first, and then read all rows")},
      is_not_null(rule.table, rule.column));
  step.back = {drop_step(rule)};
  return step;
}

std::vector<sql::Step> by_check(const NotNull& rule) {
  const auto& [ctx, table, column, only] = rule;
  catalog::Constraint check;
  check.kind = "check";
  check.name = check_name(column);
  check.expression = sql::sql("{} IS NOT NULL", Ident{column}).text();
  check.no_inherit = only;
  auto steps = add_and_validate(ctx, table, check, "SET NOT NULL alone would read all rows under ACCESS EXCLUSIVE");
  // The last step has dropped it already, unless the way back begins before it.
  auto& undo = std::get<sql::Transaction>(steps.front().back.front().action).statements.front();
  undo.text = sql::sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", table.sql(), Ident{check.name});
  const auto set = is_not_null(table, column);
  steps[0].probe = probe(either(has_constraint(table, check.name), set));
  steps[1].probe = probe(either(is_validated(table, check.name), set));
  steps.push_back(set_by_check(rule, check.name));
  return steps;
}

std::vector<sql::Step> at_once(const NotNull& rule, sql::Work work, std::string reason) {
  auto step = transaction(rule.ctx, title_of("set", rule), {require_values(rule, work, std::move(reason))},
                          is_not_null(rule.table, rule.column));
  step.back = {drop_step(rule)};
  return {std::move(step)};
}

// 18: never SET NOT NULL on top of a NOT VALID one, it would scan.
std::vector<sql::Step> by_constraint(const Context& ctx, const catalog::Name& table, const std::string& column,
                                     const std::string& name) {
  const auto title = fmt::format("not null {}.{}", table.text(), sql::quote_ident(column));
  const auto strong = tree_locks(ctx, table, LockMode::access_exclusive);
  auto add = transaction(
      ctx, "add " + title,
      {statement(
          sql::sql("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {} NOT VALID", table.sql(), Ident{name}, Ident{column}),
          strong, sql::Work::instant, "SET NOT NULL would read all rows under ACCESS EXCLUSIVE")},
      has_constraint(table, name));
  add.back = {
      transaction(ctx, "drop " + title, nullable_again({ctx, table, column}), negate(is_not_null(table, column)))};
  auto validate =
      transaction(ctx, "validate " + title,
                  {statement(validate_constraint(table, name), tree_locks(ctx, table, LockMode::share_update_exclusive),
                             sql::Work::scan, "in a transaction of its own: the scan then stops no writer")},
                  is_validated(table, name));
  return {std::move(add), std::move(validate)};
}

}  // namespace

const catalog::Constraint* proof(const catalog::Table& table, const std::string& column) {
  const auto wanted = sql::sql("{} IS NOT NULL", Ident{column}).text();
  for (const auto& constraint : table.constraints)
    if (constraint.kind == "check" && constraint.validated && constraint.enforced && !constraint.no_inherit &&
        sql::same_expression(constraint.expression, wanted))
      return &constraint;
  return nullptr;
}

sql::Statement nullable(const Context& ctx, const catalog::Name& table, const std::string& column) {
  return statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", table.sql(), Ident{column}),
                   tree_locks(ctx, table, LockMode::access_exclusive));
}

std::vector<sql::Step> set_not_null_steps(const NotNull& rule, bool proven, const std::string& name18) {
  const auto& [ctx, table, column, only] = rule;
  // No check proves it: `IS NOT NULL` of a composite value asks for its fields.
  const bool row = is_composite(ctx, table, column) && !made_here(ctx, *ctx.before.table(table));
  const bool named = ctx.before.server.major() >= 18;
  if (row && !named) return at_once(rule, sql::Work::scan, "reads all rows: no check proves it of a composite type");
  if (proven && !row)
    return at_once(rule, sql::Work::instant, "reads no row: a validated check proves it, or there are none");
  if (!named) return by_check(rule);
  return by_constraint(ctx, table, column, name18.empty() ? sql::object_name(table.name, column, "not_null") : name18);
}

std::vector<sql::Step> set_not_null_steps(const Context& ctx, const catalog::Name& table, const std::string& column,
                                          bool proven, const std::string& name18) {
  return set_not_null_steps({ctx, table, column, false}, proven, name18);
}

}  // namespace mig::operations
