// A lock that stops writers for as long as rows are read or written.
#include <fmt/format.h>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

namespace {

// Nobody writes to a materialized view; only its readers can wait.
bool has_writers(const catalog::Catalog& catalog, const sql::Qualified& relation) {
  return catalog.view({relation.schema, relation.name}) == nullptr;
}

const sql::Lock* stops_writers(const catalog::Catalog& catalog, const sql::Statement& statement) {
  const sql::Lock* strongest = nullptr;
  for (const auto& lock : statement.locks)
    if (lock.mode >= sql::LockMode::share &&
        (lock.mode == sql::LockMode::access_exclusive || has_writers(catalog, lock.relation)) &&
        (strongest == nullptr || lock.mode > strongest->mode))
      strongest = &lock;
  return strongest;
}

std::string size_of(const catalog::Catalog& catalog, const sql::Qualified& relation) {
  const auto* table = catalog.table({relation.schema, relation.name});
  return table != nullptr && table->rows > 0 ? fmt::format(" ({:.0f} rows)", table->rows) : "";
}

void look(const Context& ctx, std::size_t index, std::vector<Finding>& out) {
  for (const auto* statement : sql::statements(ctx.draft.plan.steps[index].action)) {
    const auto* lock = stops_writers(*ctx.migration.before, *statement);
    if (statement->work == sql::Work::instant || lock == nullptr) continue;
    const char* verb = statement->work == sql::Work::rewrite ? "rewritten"
                       : statement->work == sql::Work::build ? "read into an index"
                                                             : "read";
    out.push_back({index,
                   fmt::format("{} wait while {}{} is {}",
                               lock->mode == sql::LockMode::access_exclusive ? "readers and writers" : "writers",
                               sql::display(lock->relation), size_of(*ctx.migration.before, lock->relation), verb),
                   {"run it when nobody works, or ask for the online form in parts (mig explain long-lock)"}});
    return;
  }
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i) look(ctx, i, out);
  return out;
}

}  // namespace

extern const Hazard long_lock;
constinit const Hazard long_lock = {
    .code = {"H0102", "long-lock", diagnostics::Severity::warning,
             "a strong lock is held while rows are read or written"},
    .description =
        R"md(SHARE and stronger locks stop everybody who writes to the table, ACCESS EXCLUSIVE stops readers too. Where such a lock is
held only for a change of the catalog, nobody notices. Here it is held while every row is read or written, so its time
grows with the table.

mig chooses the online form wherever PostgreSQL has one (`CREATE INDEX CONCURRENTLY`, `NOT VALID` and then `VALIDATE`). This
step has none on this server's version or this kind of table. In parts: build the index on each partition first, add a
new column and move the rows, or take a time when nobody works.)md",
    .find = find,
};

}  // namespace mig::hazards
