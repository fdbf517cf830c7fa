// remove from publication: a table or a schema; the way back publishes it as it was.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("publication"); }

// The table with those of its inheritors that are published, or the schema.
Targets removed(const Context& ctx) {
  const auto there = all_targets(*find_publication(ctx, name(ctx)));
  auto targets = targets_of_call(ctx);
  const auto absent = [](const auto& list) {
    return [&list](const auto& each) { return std::find(list.begin(), list.end(), each) == list.end(); };
  };
  std::erase_if(targets.tables, absent(there.tables));
  std::erase_if(targets.schemas, absent(there.schemas));
  return targets;
}

void report_absent(const Context& ctx, const catalog::Object& old) {
  const auto text = sql::quote_ident(old.name.name);
  const bool all = old.facts.count("all_tables") != 0;
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto span = path ? path->span : ctx.call.get<syntax::Name>("schema")->span;
  auto& diagnostic =
      ctx.sink.report(diagnostics::unknown_object, span,
                      all ? fmt::format("publication `{}` publishes all tables, none by name", text)
                          : fmt::format("publication `{}` does not publish `{}` by name", text, ctx.files.text(span)));
  if (all) diagnostic.note("a table cannot be left out: make a publication of the others, and drop this one");
  const auto targets = all_targets(old);
  std::string list;
  for (const auto& table : targets.tables) list.append(list.empty() ? "" : ", ").append(table.text());
  for (const auto& schema : targets.schemas)
    list.append(list.empty() ? "" : ", ").append("tables in schema ").append(sql::quote_ident(schema));
  if (!list.empty()) diagnostic.note("found: " + list);
}

void check(const Context& ctx) {
  const auto* old = require_own_publication(ctx, name(ctx));
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* schema = ctx.call.get<syntax::Name>("schema");
  const bool good = path ? require_table(ctx, *path) != nullptr : require_schema(ctx, *schema);
  if (!old || !good) return;
  const auto there = all_targets(*old);
  const auto& schemas = there.schemas;
  const bool published =
      path ? std::find(there.tables.begin(), there.tables.end(), find_table(ctx, *path)->name) != there.tables.end()
           : std::find(schemas.begin(), schemas.end(), schema->text) != schemas.end();
  if (!published) report_absent(ctx, *old);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("subscribers to {} get its changes no more", written(ctx, name(ctx))),
               "write it in contract { … }"};
}

catalog::Object changed(const Context& ctx) {
  auto object = *find_publication(ctx, name(ctx));
  const auto targets = removed(ctx);
  for (const auto& table : targets.tables) {
    std::erase_if(object.uses, [&](const catalog::Use& use) { return use.relation == table; });
    object.facts.erase("where " + table.text());
  }
  auto schemas = schemas_of(object);
  for (const auto& schema : targets.schemas) std::erase(schemas, schema);
  put_schemas(object, std::move(schemas));
  return object;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(changed(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_publication(ctx, name(ctx));
  const auto targets = removed(ctx);
  const sql::Ident ident{old.name.name};
  const auto text = sql::quote_ident(old.name.name);
  auto plain = changed(ctx);  // DROP takes no columns and no filters
  std::vector<sql::Step> steps{
      transaction(ctx, "remove from publication " + text,
                  {statement(sql::sql("ALTER PUBLICATION {} DROP {}", ident, targets_sql(ctx, plain, targets)),
                             target_locks(targets))},
                  publishes_none(old.name.name, targets))};
  steps.front().back = {
      transaction(ctx, "add to publication " + text,
                  {statement(sql::sql("ALTER PUBLICATION {} ADD {}", ident, targets_sql(ctx, old, targets)),
                             target_locks(targets))},
                  publishes_all(old.name.name, targets))};
  finish(steps, publication_touches(old));
  return steps;
}

}  // namespace

extern const Operation remove_from_publication;  // its line in operations.def finds it
constinit const Operation remove_from_publication = {
    .name = "remove_from_publication",
    .form = "remove from publication (publication name) <table (table path) / tables in schema (schema name)>",
    .summary = "Takes a table, or the tables of a schema, out of a publication.",
    .description =
        R"md(`ALTER PUBLICATION … DROP TABLE` takes SHARE UPDATE EXCLUSIVE on the table: reads and writes go on. Inheritors that are
published go along. The way back publishes it again with its columns and its row filter.

It belongs in `contract`: subscribers get the table's changes no more, and what is written meanwhile does not reach them
after the way back either.
)md",
    .example = "remove from publication products_pub table products;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
