// A table of a publication changes, and its subscribers do not.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

namespace {

std::string publication_of(const catalog::Catalog& catalog, const catalog::Name& table) {
  for (const auto& [kind, name] : catalog.users(table))
    if (kind == "publication") return name.name;
  for (const auto& name : catalog.names("publication"))
    if (const auto* object = catalog.object("publication", name);
        object != nullptr && object->facts.count("all_tables") != 0)
      return name.name;
  return {};
}

// A change of the shape takes ACCESS EXCLUSIVE on the table itself; indexes and validation do not concern subscribers.
bool reshapes(const sql::Statement& statement, const sql::Lock& lock) {
  return lock.mode == sql::LockMode::access_exclusive && !statement.locks.empty();
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  std::set<std::string> said;
  const auto& catalog = *ctx.migration.before;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i)
    for (const auto* statement : sql::statements(ctx.draft.plan.steps[i].action))
      for (const auto& lock : statement->locks) {
        const catalog::Name name{lock.relation.schema, lock.relation.name};
        if (!reshapes(*statement, lock) || catalog.table(name) == nullptr) continue;
        const auto publication = publication_of(catalog, name);
        if (publication.empty() || !said.insert(name.text()).second) continue;
        out.push_back({i,
                       fmt::format("{} is published by {}, and a publication does not carry changes of the shape",
                                   name.text(), publication),
                       {"run the migration on the subscribers first where it adds, last where it takes away"}});
      }
  return out;
}

}  // namespace

extern const Hazard published_table;
constinit const Hazard published_table = {
    .code = {"H0104", "published-table", diagnostics::Severity::warning, "a published table changes its shape"},
    .description =
        R"md(Logical replication carries rows, not changes of tables. When a published table has a column that the subscriber's table
lacks, the subscriber's worker stops with an error at the next row, and the publisher keeps its WAL until it goes on: the
disk may fill.

Run the migration on the subscribers first where it adds something, and last where it takes something away.)md",
    .find = find,
};

}  // namespace mig::hazards
