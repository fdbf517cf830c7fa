// set collation: another order of a column's texts; the same type.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/retype.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Path& collation(const Context& ctx) { return *ctx.call.get<syntax::Path>("collation"); }

// pg_catalog's own print without their schema; "default" is what the type has by itself.
std::optional<std::string> find_collation(const Context& ctx) {
  const auto wanted = as_name(collation(ctx));
  std::vector<std::string> schemas{wanted.schema};
  if (wanted.schema.empty()) {
    schemas = ctx.before.server.search_path;
    schemas.insert(schemas.begin(), "pg_catalog");
  }
  if (wanted.name == "default" && (wanted.schema.empty() || wanted.schema == "pg_catalog")) return std::string{};
  for (const auto& schema : schemas)
    if (ctx.before.object("collation", {schema, wanted.name}))
      return schema == "pg_catalog" ? sql::quote_ident(wanted.name) : catalog::Name{schema, wanted.name}.text();
  const auto names = ctx.before.names("collation");
  const bool knows_own =
      std::any_of(names.begin(), names.end(), [](const auto& name) { return name.schema == "pg_catalog"; });
  // A catalog without its system part does not know the server's own: the server says.
  const bool own = wanted.schema.empty() || wanted.schema == "pg_catalog";
  if (own && (!knows_own || wanted.name == "C" || wanted.name == "POSIX")) return sql::quote_ident(wanted.name);
  return std::nullopt;
}

void report_missing(const Context& ctx) {
  std::vector<std::string> candidates{"C", "POSIX", "default"};
  for (const auto& name : ctx.before.names("collation")) candidates.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_object, collation(ctx).parts.back(),
                 fmt::format("no collation `{}`", as_name(collation(ctx)).text()), candidates);
}

Retype change_of(const Context& ctx, const ColumnAt& at) {
  return plan_retype(ctx, at, at.column->type, *find_collation(ctx), nullptr);
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column) return;
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (!collatable(ctx, at.column->type)) {
    ctx.sink
        .report(diagnostics::wrong_kind, path(ctx).span,
                fmt::format("{} is {}: only texts have a collation", name, at.column->type))
        .note("take the line out");
    return;
  }
  const auto found = find_collation(ctx);
  if (!found) return report_missing(ctx);
  if (*found == at.column->collation) {
    ctx.sink.report(diagnostics::nothing_to_do, collation(ctx).span, fmt::format("{} has this collation already", name))
        .note("take the line out");
    return;
  }
  check_retype(ctx, change_of(ctx, at), path(ctx).span, collation(ctx).span);
}

// Clients see the same values; only where they sort do they see another order, which no schema promises them.
std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  retype(ctx, after, change_of(ctx, find_column(ctx, path(ctx))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  return retype_steps(ctx, change_of(ctx, find_column(ctx, path(ctx))));
}

}  // namespace

extern const Operation set_collation;  // its line in operations.def finds it
constinit const Operation set_collation = {
    .name = "set_collation",
    .form = "set collation (column path) to (collation path)",
    .summary = "Changes the order in which a column's texts are compared.",
    .description =
        R"md(`ALTER COLUMN … TYPE` with the same type and another `COLLATE`: no row is written, but every index on the column is built
again under ACCESS EXCLUSIVE, since its order changes. On a large table drop those indexes before and add them
after: both go online. What hangs on the column is taken away and comes back, as `set type` does it.

`"default"` is the database's own collation. A unique index fails where a collation that is not deterministic finds two
values equal.)md",
    .example = "set collation orders.note to \"C\";",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
