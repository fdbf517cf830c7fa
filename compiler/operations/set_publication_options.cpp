// set publication options: which commands, under whose name partitions are published, generated columns.
#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("publication"); }
const std::vector<syntax::Setting>& options(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Setting>>("options");
}

catalog::Object changed(const Context& ctx) {
  auto object = *find_publication(ctx, name(ctx));
  set_options(ctx, options(ctx), object);
  return object;
}

void check(const Context& ctx) {
  const auto* old = require_own_publication(ctx, name(ctx));
  const bool good = check_options(ctx, options(ctx));
  if (!old || !good) return;
  const auto now = changed(ctx);
  if (options_sql(*old, now).empty())
    ctx.sink
        .report(diagnostics::nothing_to_do, ctx.call.span,
                fmt::format("publication `{}` has these options already", sql::quote_ident(old->name.name)))
        .note("take the line out");
  else
    report_problems(ctx, ctx.call.span, old, now);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto& old = *find_publication(ctx, name(ctx));
  const auto now = changed(ctx);
  for (const auto* command : {"insert", "update", "delete", "truncate"})
    if (publishes(old, command) && !publishes(now, command))
      return Break{fmt::format("subscribers get no {} any more", command), "write it in contract { … }"};
  if (old.facts.count("via_root") != now.facts.count("via_root"))
    return Break{"subscribers get rows of partitions under another table's name", "write it in contract { … }"};
  return std::nullopt;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(changed(ctx)); }

sql::Step change(const Context& ctx, const catalog::Object& from, const catalog::Object& to) {
  const auto text = sql::quote_ident(to.name.name);
  return transaction(
      ctx, "options of publication " + text,
      {statement(sql::sql("ALTER PUBLICATION {} SET ({})", sql::Ident{to.name.name}, options_sql(from, to)))},
      has_options(ctx, to));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_publication(ctx, name(ctx));
  const auto now = changed(ctx);
  std::vector<sql::Step> steps{change(ctx, old, now)};
  steps.front().back = {change(ctx, now, old)};
  finish(steps, publication_touches(old));
  return steps;
}

}  // namespace

extern const Operation set_publication_options;  // its line in operations.def finds it
constinit const Operation set_publication_options = {
    .name = "set_publication_options",
    .form = "set publication options (publication name) (options settings)",
    .summary = "Changes what a publication sends: which commands, and how partitions are named.",
    .description =
        R"md(`publish` is the list of commands, `publish_via_partition_root` says whether rows of partitions come under the name of the
partitioned table, `publish_generated_columns` (PostgreSQL 18) is `stored` or `none`. No table is locked. The way back
sets what was set before.

Publishing less, or partitions under another name, belongs in `contract`. Publishing updates or deletes of a table
without a replica identity is refused, as in [create publication](#create_publication): they would fail.
)md",
    .example = "set publication options products_pub (publish = 'insert, update', publish_via_partition_root = true);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
