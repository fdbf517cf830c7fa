// Migrations stand on earlier ones: what came later goes back first.
#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

bool names(const plan::Plan& plan, const std::string& migration) {
  const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), migration) != list.end(); };
  return in(plan.after) || in(plan.after_done);
}

bool overlap(const plan::Plan& a, const plan::Plan& b) {
  const auto relations = plan::touched(a);
  const auto others = plan::touched(b);
  return std::any_of(others.begin(), others.end(), [&](const auto& name) { return relations.count(name) != 0; });
}

// Runs are numbered in order: the first run of a migration says when it came.
long long first_run(Work& work, const std::string& migration) {
  const auto runs = read_runs(work.asker(), migration);
  return runs.empty() ? 0 : runs.back().id;
}

Outcome stands_on(const Migration& m, const MigrationRow& later, const std::string& why) {
  Outcome outcome;
  outcome.exit = 8;
  outcome.code = "R0807";
  outcome.state = m.row.state;
  outcome.what = later.name + " stands on " + m.plan.migration + ": " + why;
  outcome.where = later.name + " is " + later.state;
  outcome.now = "nothing was changed by this call; " + position(m.plan, m.row);
  outcome.next = "mig rollback " + later.name + " --to pending, then call mig again";
  return outcome;
}

}  // namespace

Stop refuse_later_migrations(Work& work, const Migration& m) {
  const auto mine = first_run(work, m.plan.migration);
  for (const auto& row : read_migrations(work.asker(), std::nullopt)) {
    if (row.name == m.plan.migration || row.state == "pending") continue;
    plan::Plan other;
    if (auto stop = stored_plan(work, row.name, row.plan_hash, other)) return stop;
    if (names(other, m.plan.migration)) return stands_on(m, row, "it comes after it");
    if (overlap(m.plan, other) && first_run(work, row.name) > mine)
      return stands_on(m, row, "it came later and touches the same table");
  }
  return std::nullopt;
}

}  // namespace mig::runtime
