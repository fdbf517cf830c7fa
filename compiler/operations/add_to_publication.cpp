// add to publication: one more table, with what of it, or a schema.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("publication"); }

catalog::Object changed(const Context& ctx) {
  auto object = *find_publication(ctx, name(ctx));
  const auto targets = targets_of_call(ctx);
  // PostgreSQL keeps a table that is there already as it is: the inheritor of one that is added.
  const auto there = object.uses;
  add_targets(ctx, object);
  std::erase_if(object.uses, [&](const catalog::Use& use) {
    return std::any_of(there.begin(), there.end(), [&](const auto& old) { return old.relation == use.relation; });
  });
  object.uses.insert(object.uses.end(), there.begin(), there.end());
  std::sort(object.uses.begin(), object.uses.end());
  return object;
}

// What the call brings that is not there yet.
Targets added(const Context& ctx) {
  const auto& old = *find_publication(ctx, name(ctx));
  auto targets = targets_of_call(ctx);
  const auto there = all_targets(old);
  const auto known = [](const auto& list) {
    return [&list](const auto& each) { return std::find(list.begin(), list.end(), each) != list.end(); };
  };
  std::erase_if(targets.tables, known(there.tables));
  std::erase_if(targets.schemas, known(there.schemas));
  return targets;
}

bool check_new(const Context& ctx, const catalog::Object& old) {
  const auto text = sql::quote_ident(old.name.name);
  if (old.facts.count("all_tables") != 0) {
    ctx.sink
        .report(diagnostics::nothing_to_do, ctx.call.span,
                fmt::format("publication `{}` publishes all tables already", text))
        .note("take the line out");
    return false;
  }
  const auto there = all_targets(old);
  const auto wanted = targets_of_call(ctx);
  const bool table = !wanted.tables.empty() &&
                     std::find(there.tables.begin(), there.tables.end(), wanted.tables.front()) != there.tables.end();
  const bool schema = !wanted.schemas.empty() && std::find(there.schemas.begin(), there.schemas.end(),
                                                           wanted.schemas.front()) != there.schemas.end();
  if (!table && !schema) return true;
  ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("publication `{}` has it already", text))
      .note("for other columns or rows of it, write in contract: remove from publication …; add to publication …");
  return false;
}

void check(const Context& ctx) {
  const auto* old = require_own_publication(ctx, name(ctx));
  const bool good = check_targets(ctx);
  if (old && good && check_new(ctx, *old)) report_problems(ctx, ctx.call.span, old, changed(ctx));
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(changed(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto now = changed(ctx);
  const auto targets = added(ctx);
  const auto list = targets_sql(ctx, now, targets);
  const sql::Ident ident{now.name.name};
  const auto text = sql::quote_ident(now.name.name);
  auto plain = now;  // DROP takes no columns and no filters
  for (auto& use : plain.uses) use.columns.clear();
  std::erase_if(plain.facts, [](const auto& fact) { return fact.first.rfind("where ", 0) == 0; });
  std::vector<sql::Step> steps{
      transaction(ctx, "add to publication " + text,
                  {statement(sql::sql("ALTER PUBLICATION {} ADD {}", ident, list), target_locks(targets))},
                  publishes_all(now.name.name, targets))};
  steps.front().back = {
      transaction(ctx, "remove from publication " + text,
                  {statement(sql::sql("ALTER PUBLICATION {} DROP {}", ident, targets_sql(ctx, plain, targets)),
                             target_locks(targets))},
                  publishes_none(now.name.name, targets))};
  finish(steps, publication_touches(now));
  return steps;
}

}  // namespace

extern const Operation add_to_publication;  // its line in operations.def finds it
constinit const Operation add_to_publication = {
    .name = "add_to_publication",
    .form =
        "add to publication (publication name) <table (table path) [(columns names)] [where (condition condition)] / "
        "tables in schema (schema name)>",
    .summary = "Publishes one more table, or the tables of a schema.",
    .description =
        R"md(`ALTER PUBLICATION … ADD TABLE` takes SHARE UPDATE EXCLUSIVE on the table: reads and writes go on. What is refused is what
[create publication](#create_publication) refuses; lists of columns, row filters and schemas need PostgreSQL 15.

Subscribers get the rows after `ALTER SUBSCRIPTION … REFRESH PUBLICATION`. The way back takes the table out again.
)md",
    .example = "add to publication products_pub table users;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
