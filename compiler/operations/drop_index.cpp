// drop index: concurrently; what hung on it is remembered for the way back.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

struct Found {
  std::optional<catalog::Table> table;  // or the materialized view as one
  const catalog::Index* index = nullptr;
  explicit Found(const catalog::Table* found = nullptr, const std::string& name = {}) {
    if (!found) return;
    table = *found;
    index = table->index(name);
  }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;
};

const catalog::View* view_of_index(const Context& ctx, const catalog::Name& index) {
  for (const auto& name : ctx.before.names("view"))
    if (const auto* view = name.schema == index.schema ? ctx.before.view(name) : nullptr)
      for (const auto& each : view->indexes)
        if (each.name == index.name) return view;
  return nullptr;
}

// A written index name: of the schema, else of the migration's schema and the search path.
Found find(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("index");
  if (!path) return Found();
  const auto wanted = as_name(*path);
  std::vector<std::string> schemas{wanted.schema};
  if (wanted.schema.empty()) {
    schemas = ctx.before.server.search_path;
    schemas.insert(schemas.begin(), ctx.schema);
  }
  for (const auto& schema : schemas) {
    if (const auto* table = ctx.before.table_of_index({schema, wanted.name})) return Found(table, wanted.name);
    if (const auto* view = view_of_index(ctx, {schema, wanted.name})) {
      const auto table = table_like(*view);
      return Found(&table, wanted.name);
    }
  }
  return Found();
}

void report_missing(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  const auto candidates = index_names(ctx.before, wanted.schema);
  report_unknown(ctx, diagnostics::unknown_index, path.parts.back(), fmt::format("no index `{}`", wanted.text()),
                 candidates);
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("index");
  if (!path) return;
  const auto found = find(ctx);
  if (!found.index) return report_missing(ctx, *path);
  const auto name = catalog::Name{found.table->name.schema, found.index->name}.text();
  if (!require_owner(ctx, found.table->kind == "materialized view" ? "materialized view" : "table", found.table->name,
                     found.table->owner, path->span))
    return;
  if (!found.index->constraint.empty()) {
    ctx.sink
        .report(diagnostics::still_needed, path->span,
                fmt::format("index `{}` belongs to constraint `{}` and goes only with it", name,
                            sql::quote_ident(found.index->constraint)))
        .note("write: " + drop_of(*found.table, *found.table->constraint(found.index->constraint)));
    return;
  }
  if (!found.index->parent.empty()) {
    ctx.sink
        .report(diagnostics::inherited, path->span,
                fmt::format("index `{}` is a part of the parent's index `{}`", name, found.index->parent))
        .note(fmt::format("write: drop index {}", found.index->parent));
    return;
  }
  for (const auto& key : keys_on_index(ctx, *found.table, *found.index))
    ctx.sink.report(diagnostics::still_needed, path->span, fmt::format("foreign key {} needs index `{}`", key, name))
        .note("write: drop the foreign key first, or give it another unique index to stand on");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto found = find(ctx);
  if (!found.index) return std::nullopt;
  if (found.index->replica_identity)
    return Break{"without its replica identity, updates and deletes of a published table fail",
                 "write it in contract { … }, after a replica identity of another kind"};
  if (found.index->unique && found.table->kind == "materialized view")
    return Break{"clients of the old schema may refresh the materialized view concurrently, which takes it",
                 "write it in contract { … }"};
  if (found.index->unique)
    return Break{"clients of the old schema may say `on conflict` on its columns, and rely on its rule",
                 "write it in contract { … }"};
  return std::nullopt;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto found = find(ctx);
  remove_indexes(after, existing_tree(ctx.before, *found.table, *found.index));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto found = find(ctx);
  const auto tree = existing_tree(ctx.before, *found.table, *found.index);
  auto drop = drop_step(ctx, tree);
  for (auto& step : build_steps(ctx, tree, false)) {
    step.back.clear();
    drop.back.push_back(std::move(step));
  }
  for (auto& step : restore_index_steps(ctx, tree)) drop.back.push_back(std::move(step));
  if (tree.index.unique)
    drop.hazards.push_back("the way back fails on duplicates that were written since; this finds them: " +
                           duplicates_query(tree.table, tree.index).text());
  std::vector<sql::Step> steps{std::move(drop)};
  finish(steps, touches(tree));
  return steps;
}

}  // namespace

extern const Operation drop_index;  // its line in operations.def finds it
constinit const Operation drop_index = {
    .name = "drop_index",
    .form = "drop index (index path)",
    .summary = "Drops an index while reads and writes go on.",
    .description =
        R"md(`DROP INDEX CONCURRENTLY`, outside of any transaction: reads and writes go on. A drop that died half-way leaves an
`INVALID` index; the next run drops it.

A **partitioned** index cannot be dropped concurrently (0A000): it goes with its parts in one transaction under ACCESS
EXCLUSIVE, with `lock_timeout` and retries.

An index of a **materialized view** is dropped in the same way; without a unique one its refreshes lock readers out.

The way back builds it again, online, from its definition, and restores what hung on it: comment, `CLUSTER ON`,
replica identity, statistics targets. Rows written in between may break a unique index; the plan prints the query that
finds them.

Refused: an index that belongs to a constraint (it goes with the constraint), a part of a partitioned index, a unique
index that a foreign key stands on. A unique index belongs in `contract`: old clients may say `on conflict` on its
columns. So does a replica identity: without it, updates of a published table fail.
)md",
    .example = "drop index orders_status_idx;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
