// One transaction that locks more relations than the server keeps room for.
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

namespace {

// The lock table has room for max_locks_per_transaction locks for each of max_connections sessions. One transaction may
// use the room of others, but not count on it.
std::size_t room(const catalog::Server& server) {
  const auto found = server.settings.find("max_locks_per_transaction");
  std::size_t value = 64;
  if (found != server.settings.end())
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  const auto most = room(ctx.migration.before->server);
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i) {
    std::set<std::string> relations;
    for (const auto* statement : sql::statements(ctx.draft.plan.steps[i].action))
      for (const auto& lock : statement->locks) relations.insert(sql::display(lock.relation));
    if (relations.size() > most)
      out.push_back(
          {i,
           fmt::format("one transaction locks {} relations, max_locks_per_transaction is {}", relations.size(), most),
           {fmt::format("set max_locks_per_transaction = {} (needs a restart)",
                        relations.size() + relations.size() / 4)}});
  }
  return out;
}

}  // namespace

extern const Hazard many_locks;
constinit const Hazard many_locks = {
    .code = {"H0103", "many-locks", diagnostics::Severity::warning, "one transaction locks very many relations"},
    .description =
        R"md(A change of a partitioned or inherited table locks every partition in one transaction, and each of its indexes. The server's
lock table has room for `max_locks_per_transaction` × (`max_connections` + `max_prepared_transactions`) locks in all. A
transaction that wants more than its share takes the room of others, and when none is left fails with "out of shared
memory" (53200), itself or somebody else. Every one of the locks must also be free within `lock_timeout`.

Raise `max_locks_per_transaction` before, which needs a restart.)md",
    .find = find,
};

}  // namespace mig::hazards
