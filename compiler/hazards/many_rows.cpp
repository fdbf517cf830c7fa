// Batches over a large table: not for its locks, but for what follows from so many row versions.
#include <fmt/format.h>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

namespace {

constexpr double many = 100'000;

// The table that the batches pass through: the first that they write in.
const catalog::Table* table_of(const Context& ctx, const sql::Step& step) {
  for (const auto* statement : sql::statements(step.action))
    for (const auto& lock : statement->locks)
      if (const auto* table = ctx.migration.before->table({lock.relation.schema, lock.relation.name})) return table;
  return nullptr;
}

double rows_of(const Context& ctx, const catalog::Table& table) {
  double rows = 0;
  for (const auto& name : ctx.migration.before->tree(table.name))
    if (const auto* each = ctx.migration.before->table(name); each != nullptr && each->rows > 0) rows += each->rows;
  return rows;
}

bool published(const catalog::Catalog& catalog, const catalog::Name& table) {
  for (const auto& [kind, name] : catalog.users(table))
    if (kind == "publication") return true;
  for (const auto& name : catalog.names("publication"))
    if (const auto* object = catalog.object("publication", name);
        object != nullptr && object->facts.count("all_tables") != 0)
      return true;
  return false;
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i) {
    const auto& step = ctx.draft.plan.steps[i];
    const auto* table = sql::in_parts(step.action) ? table_of(ctx, step) : nullptr;
    const double rows = table != nullptr ? rows_of(ctx, *table) : 0;
    if (rows < many) continue;
    const bool carried = published(*ctx.migration.before, table->name);
    out.push_back(
        {i,
         fmt::format("up to {:.0f} rows of {} are written{}, and kept besides", rows, table->name.text(),
                     carried ? ", which its publication carries to the subscribers" : ""),
         {"give it room and rest: policy { batch 5000; pause 100ms; }, and disk for the kept rows until purge"}});
  }
  return out;
}

}  // namespace

extern const Hazard many_rows;
constinit const Hazard many_rows = {
    .code = {"H0106", "many-rows", diagnostics::Severity::note, "many rows are written"},
    .description =
        R"md(An update or delete in batches locks no more than the rows of one batch. What grows with the table is the rest: a new
version of every row and of its index entries, the rows that are kept for the way back, WAL for all of it, work for
vacuum afterwards, and the same again on every replica and every subscriber of a publication.

`pause 100ms` in the policy gives replicas time between batches; `batch` sets how long one batch holds its rows. Watch
replication lag and disk. Purge gives back the room of what is kept. A statement_timeout counts for each statement of a
batch, never for all of them.)md",
    .find = find,
};

}  // namespace mig::hazards
