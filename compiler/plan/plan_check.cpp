// The soundness of plans: read ones, and by assertion those that we make.
#include "compiler/plan/plan_check.hpp"

#include <fmt/format.h>

#include <set>

namespace mig::plan {

namespace {

bool needs_probe(const sql::Step& step) { return !sql::transactional(step.action); }

std::string of_way_back(const sql::Step& step, std::size_t index) {
  for (std::size_t i = 0; i < step.back.size(); ++i) {
    const auto& back = step.back[i];
    if (back.id != fmt::format("{}/back/{}", step.id, i + 1))
      return fmt::format("`/steps/{}/back/{}/id` is \"{}\"", index, i, back.id);
    if (needs_probe(back) && !back.probe) return fmt::format("`/steps/{}/back/{}` has no probe", index, i);
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
  return of_way_back(step, index);
}

}  // namespace

std::string inconsistency(const Plan& plan) {
  if (plan.migration.empty()) return "`/migration` is empty";
  if (plan.policy.lock_timeout_ms < 0 || plan.policy.statement_timeout_ms < 0 || plan.policy.lock_tries < 1 ||
      plan.policy.batch < 1 || plan.policy.pause_ms < 0)
    return "`/policy` holds a negative number, no try or no row";
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
  return {};
}

}  // namespace mig::plan
