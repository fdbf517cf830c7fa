// rename statistics: one instant statement that no client notices.
#include <fmt/format.h>

#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("statistics"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

catalog::Name target(const Context& ctx) { return {find_statistics(ctx, path(ctx))->name.schema, new_name(ctx).text}; }

void check(const Context& ctx) {
  const auto* old = require_own_statistics(ctx, path(ctx));
  if (!old) return;
  if (old->name.name == new_name(ctx).text) {
    ctx.sink.report(diagnostics::nothing_to_do, new_name(ctx).span, "the statistics are called so already")
        .note("take the line out");
    return;
  }
  syntax::Path written;
  written.parts = {new_name(ctx)};
  written.span = new_name(ctx).span;
  (void)require_new_statistics(ctx, target(ctx), written);
}

// `CREATE STATISTICS name …`: the definition begins with the old name.
std::string renamed(const std::string& definition, const catalog::Name& from, const catalog::Name& to) {
  const auto old = sql::sql("CREATE STATISTICS {}", from.sql()).text();
  if (definition.rfind(old, 0) != 0) return definition;
  return sql::sql("CREATE STATISTICS {}", to.sql()).text() + definition.substr(old.size());
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_statistics(ctx, path(ctx));
  const auto to = target(ctx);
  auto& definition = changed.facts["definition"];
  definition = renamed(definition, changed.name, to);
  after.drop("statistics", changed.name);
  changed.name = to;
  after.put(std::move(changed));
}

sql::Step rename(const Context& ctx, const catalog::Name& from, const catalog::Name& to) {
  return transaction(ctx, fmt::format("rename statistics {} to {}", from.text(), sql::quote_ident(to.name)),
                     {statement(sql::sql("ALTER STATISTICS {} RENAME TO {}", from.sql(), sql::Ident{to.name}))},
                     both(has_statistics(to), negate(has_statistics(from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto from = find_statistics(ctx, path(ctx))->name;
  const auto to = target(ctx);
  std::vector<sql::Step> steps{rename(ctx, from, to)};
  steps.front().back = {rename(ctx, to, from)};
  finish(steps, {catalog::key("statistics", from), catalog::key("statistics", to)});
  return steps;
}

}  // namespace

extern const Operation rename_statistics;  // its line in operations.def finds it
constinit const Operation rename_statistics = {
    .name = "rename_statistics",
    .form = "rename statistics (statistics path) to (new name)",
    .summary = "Renames a statistics object.",
    .description = "One instant statement without a lock on the table; no client knows statistics by their name.",
    .example = "rename statistics products_stats to products_name_state;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
