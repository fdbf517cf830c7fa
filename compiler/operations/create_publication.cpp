// create publication: tables, with what of them, for subscribers.
#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }
const std::vector<syntax::Setting>* options(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::Setting>>("options");
}

catalog::Object publication_of_call(const Context& ctx) {
  auto made = new_publication(ctx, name(ctx).text);
  if (options(ctx)) set_options(ctx, *options(ctx), made);
  add_targets(ctx, made);
  return made;
}

void check(const Context& ctx) {
  bool good = require_new_publication(ctx, name(ctx));
  good = check_targets(ctx) && good;
  if (options(ctx)) good = check_options(ctx, *options(ctx)) && good;
  if (good) report_problems(ctx, ctx.call.span, nullptr, publication_of_call(ctx));
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(publication_of_call(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto made = publication_of_call(ctx);
  const auto text = sql::quote_ident(made.name.name);
  auto step =
      transaction(ctx, "create publication " + text, create_statements(ctx, made), has_publication(made.name.name));
  step.back = {transaction(ctx, "drop publication " + text,
                           {statement(sql::sql("DROP PUBLICATION {}", sql::Ident{made.name.name}))},
                           negate(has_publication(made.name.name)))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, publication_touches(made));
  return steps;
}

}  // namespace

extern const Operation create_publication;  // its line in operations.def finds it
constinit const Operation create_publication = {
    .name = "create_publication",
    .form =
        "create publication (name name) [for all tables] [for table (table path) [(columns names)] "
        "[where (condition condition)]]* [for tables in schema (schema name)]* [with (options settings)]",
    .summary = "Publishes tables for logical replication.",
    .description =
        R"md(`CREATE PUBLICATION` takes SHARE UPDATE EXCLUSIVE on the tables: reads and writes go on. Each table stands after a `for table` of
its own, with the columns and the rows of it that are published (PostgreSQL 15); inheritors of an ordinary table are
published along, partitions with their table.

Refused, because from that moment on **every update and delete of the table would fail**: a table without a primary key
or another replica identity (55000), a list of columns or a row filter that does not fit its replica identity (42P10),
unless only inserts are published: `with (publish = 'insert, truncate')`. For `all tables` and `tables in schema` this is
asked of each table; both need a superuser, `tables in schema` PostgreSQL 15. `publish_generated_columns` came with 18.

The way back drops it.
)md",
    .example = "create publication order_feed for table orders with (publish = 'insert, truncate');",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
