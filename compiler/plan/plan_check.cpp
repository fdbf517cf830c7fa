// The soundness of plans: read ones, and by assertion those that we make.
#include "compiler/plan/plan_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mig::plan {

namespace {

bool needs_probe(const sql::Step& step) { return !sql::transactional(step.action); }

// An action that only looks has its phase, and says what it is about.
struct Place {
  sql::Phase phase;
  template <class Other>
  std::string operator()(const Other&) const {
    const bool looks = phase < sql::Phase::expand || phase == sql::Phase::verify;
    return looks ? "changes something in a phase that only looks" : "";
  }
  std::string operator()(const sql::Assert& action) const {
    if (phase != sql::Phase::require && phase != sql::Phase::verify)
      return "is an assertion outside require and verify";
    return asks(action.statements, action.timeout_ms);
  }
  std::string operator()(const sql::Measure& action) const {
    if (phase != sql::Phase::measure || action.name.empty()) return "is a measurement outside measure, or has no name";
    return asks(action.statements, action.timeout_ms);
  }
  std::string operator()(const sql::Gate& action) const {
    if (phase != sql::Phase::verify && phase != sql::Phase::contract) return "is a gate outside verify and contract";
    return action.after_seconds < 0 ? "waits for a negative time" : "";
  }
  std::string operator()(const sql::Backup& action) const {
    if (phase != sql::Phase::backup || action.to.empty()) return "is a backup outside backup, or goes nowhere";
    const bool nothing = !action.database && action.tables.empty() && action.files.empty();
    return nothing || action.keep_seconds < -1 ? "is a backup of nothing, or kept for a negative time" : "";
  }
  static std::string asks(const std::vector<sql::Statement>& statements, int timeout_ms) {
    return statements.empty() || timeout_ms < 1 ? "asks nothing, or gives no time for it" : "";
  }
};

std::string of_way_back(const sql::Step& step, std::size_t index) {
  for (std::size_t i = 0; i < step.back.size(); ++i) {
    const auto& back = step.back[i];
    if (back.id != fmt::format("{}/back/{}", step.id, i + 1))
      return fmt::format("`/steps/{}/back/{}/id` is \"{}\"", index, i, back.id);
    if (needs_probe(back) && !back.probe) return fmt::format("`/steps/{}/back/{}` has no probe", index, i);
    if (sql::only_looks(back.action)) return fmt::format("`/steps/{}/back/{}` undoes nothing", index, i);
    if (back.revival) return fmt::format("`/steps/{}/back/{}` has a revival", index, i);
  }
  return {};
}

std::string of_step(const sql::Step& step, std::size_t index, std::size_t number,
                    const std::set<std::string>& earlier) {
  if (step.id != fmt::format("{}/{}", sql::to_string(step.phase), number))
    return fmt::format("`/steps/{}/id` is \"{}\", expected \"{}/{}\"", index, step.id, sql::to_string(step.phase),
                       number);
  for (std::size_t i = 0; i < step.after.size(); ++i)
    if (earlier.count(step.after[i]) == 0)
      return fmt::format("`/steps/{}/after/{}` is \"{}\", which is no earlier step", index, i, step.after[i]);
  if (needs_probe(step) && !step.probe) return fmt::format("`/steps/{}` has no probe", index);
  if (const auto problem = std::visit(Place{step.phase}, step.action); !problem.empty())
    return fmt::format("`/steps/{}` {}", index, problem);
  return of_way_back(step, index);
}

// Gates stand first in their phase: what is behind one may not have run.
std::string of_gates(const std::vector<sql::Step>& steps) {
  for (std::size_t i = 1; i < steps.size(); ++i)
    if (std::holds_alternative<sql::Gate>(steps[i].action) && steps[i].phase == steps[i - 1].phase &&
        !std::holds_alternative<sql::Gate>(steps[i - 1].action))
      return fmt::format("`/steps/{}` is a gate behind steps of its phase", i);
  return {};
}

bool wrong_window(const std::optional<ir::Window>& window) {
  constexpr int day = 24 * 60;
  return window && (window->from < 0 || window->from >= day || window->to < 0 || window->to > day ||
                    window->from == window->to || window->zone.empty());
}

bool wrong_limit(const ir::Threshold& limit) {
  return limit.measure.empty() || (limit.op != ">" && limit.op != ">=") || limit.limit.empty() ||
         limit.limit.find_first_not_of("0123456789.") != std::string::npos;
}

bool wrong_limits(const std::vector<ir::Threshold>& limits) {
  return std::any_of(limits.begin(), limits.end(), wrong_limit);
}

}  // namespace

std::string inconsistency(const Plan& plan) {
  if (plan.migration.empty()) return "`/migration` is empty";
  if (plan.policy.lock_timeout_ms < 0 || plan.policy.statement_timeout_ms < 0 || plan.policy.lock_tries < 1 ||
      plan.policy.batch < 1 || plan.policy.pause_ms < 0 || plan.policy.expect_timeout_ms < 1)
    return "`/policy` holds a negative number, no try or no row";
  if (wrong_window(plan.policy.window)) return "`/policy/window` is no time of day";
  if (wrong_limits(plan.policy.pause_when)) return "`/policy/pause_when` holds what is no comparison";
  if (wrong_limits(plan.policy.stop_when)) return "`/policy/stop_when` holds what is no comparison";
  if (plan.retain_seconds < -1) return "`/retain_seconds` is negative";
  std::set<std::string> earlier;
  std::size_t number = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    if (i > 0 && step.phase < plan.steps[i - 1].phase)
      return fmt::format("`/steps/{}/phase` comes after a later phase", i);
    number = i > 0 && step.phase == plan.steps[i - 1].phase ? number + 1 : 1;
    if (auto problem = of_step(step, i, number, earlier); !problem.empty()) return problem;
    earlier.insert(step.id);
  }
  return of_gates(plan.steps);
}

}  // namespace mig::plan
