// lock_timeout above deadlock_timeout: mig may make a client the victim of a deadlock.
#include <fmt/format.h>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

namespace {

bool waits(const sql::Step& step) {
  if (!sql::transactional(step.action)) return false;  // runs without lock_timeout under a lock that lets others work
  for (const auto* statement : sql::statements(step.action))
    if (!statement->locks.empty()) return true;
  return false;
}

std::vector<Finding> find(const Context& ctx) {
  const auto lock = ctx.draft.plan.policy.lock_timeout_ms;
  const auto deadlock = setting_ms(ctx.migration.before->server, "deadlock_timeout", 1000);
  if (lock != 0 && lock < deadlock) return {};
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i)
    if (waits(ctx.draft.plan.steps[i]))
      return {
          {i,
           lock == 0 ? std::string("lock_timeout is off, so a deadlock may end a client's transaction")
                     : fmt::format("lock_timeout {}ms is not below the server's deadlock_timeout {}ms", lock, deadlock),
           {fmt::format("write: policy {{ lock_timeout {}ms; }}, and mig gives way, and tries again", deadlock / 2)}}};
  return {};
}

}  // namespace

extern const Hazard deadlock_timeout;
constinit const Hazard deadlock_timeout = {
    .code = {"H0101", "deadlock-timeout", diagnostics::Severity::warning, "lock_timeout is not below deadlock_timeout"},
    .description =
        R"md(Two sessions that wait for each other are found after `deadlock_timeout` (1 s unless set), by the one whose timer runs out
first, and that one is ended. A migration that locks two tables while a client locks them the other way round makes such
a pair. With `lock_timeout` below `deadlock_timeout` the migration gives up first, lets the client through and tries
again; with a longer one the client is the victim, and sees an error.

Write `policy { lock_timeout 500ms; }` (the default), and more `lock_tries` where a lock is hard to get.)md",
    .find = find,
};

}  // namespace mig::hazards
