// Exclusion constraints.
#include "compiler/operations/exclusions.hpp"

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

std::string title_of(const char* verb, const catalog::Table& table, const Exclusion& exclusion) {
  return fmt::format("{} exclude {} of {}", verb, sql::quote_ident(exclusion.constraint.name), table.name.text());
}

sql::Step drop_only(const Context& ctx, const catalog::Table& table, const Exclusion& exclusion) {
  const auto& name = exclusion.constraint.name;
  return transaction(
      ctx, title_of("drop", table, exclusion),
      {statement(drop_constraint(table.name, name), {lock(table.name, LockMode::access_exclusive),
                                                     lock({table.name.schema, name}, LockMode::access_exclusive)})},
      negate(has_constraint(table.name, name)));
}

}  // namespace

Exclusion exclusion_of_call(const Context& ctx, const catalog::Table& table) {
  syntax::TableConstraint written;
  if (const auto* tail = ctx.call.get<syntax::TableConstraint>("tail")) written = *tail;
  written.is = syntax::TableConstraint::Is::exclude;
  if (const auto* name = ctx.call.get<syntax::Name>("name")) written.name = *name;
  if (const auto* method = ctx.call.get<syntax::Name>("method")) written.method = *method;
  written.elements = *ctx.call.get<std::vector<syntax::IndexElement>>("elements");
  if (const auto* condition = ctx.call.get<syntax::Expr>("condition")) written.expression = *condition;
  auto constraint = make_exclusion(ctx, table, written);
  auto index = exclusion_index(ctx, constraint, written);
  return {std::move(constraint), std::move(index)};
}

sql::Step add_exclusion_step(const Context& ctx, const catalog::Table& table, const Exclusion& exclusion) {
  const auto& constraint = exclusion.constraint;
  std::vector<sql::Statement> list{
      statement(add_constraint(table.name, constraint), adding_locks(ctx, table, LockMode::access_exclusive),
                made_here(ctx, table) ? sql::Work::instant : sql::Work::build,
                made_here(ctx, table) ? "this migration made the table, there are no rows to read"
                                      : "PostgreSQL has no way to build it while reads and writes go on")};
  if (!constraint.comment.empty())
    list.push_back(statement(comment_on_constraint(table.name, constraint.name, constraint.comment)));
  auto step =
      transaction(ctx, title_of("add", table, exclusion), std::move(list), has_constraint(table.name, constraint.name));
  step.back = {drop_only(ctx, table, exclusion)};
  return step;
}

sql::Step drop_exclusion_step(const Context& ctx, const catalog::Table& table, const Exclusion& exclusion) {
  auto step = drop_only(ctx, table, exclusion);
  step.back = {add_exclusion_step(ctx, table, exclusion)};
  for (auto& restore : restore_index_steps(ctx, {table.name, exclusion.index, false, {}}))
    step.back.push_back(std::move(restore));
  for (auto& back : step.back) back.back.clear();
  return step;
}

std::vector<std::string> exclusion_touches(const catalog::Table& table, const Exclusion& exclusion) {
  const auto& name = exclusion.constraint.name;
  return {catalog::key("table", table.name), catalog::key("constraint", table.name, name),
          catalog::key("index", {table.name.schema, name})};
}

}  // namespace mig::operations
