// Steps in words.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/review/review.hpp"

namespace mig::review {

namespace {

using sql::LockMode;
using sql::Work;

// The strongest lock of the step; nullopt: only on what it makes itself.
std::optional<LockMode> strongest(const sql::Step& step) {
  std::optional<LockMode> found;
  for (const auto* statement : sql::statements(step.action))
    for (const auto& lock : statement->locks) found = std::max(found.value_or(lock.mode), lock.mode);
  return found;
}

// A lock is held to the end of its transaction: the longest work of the step counts.
Work longest(const sql::Step& step) {
  auto work = Work::instant;
  for (const auto* statement : sql::statements(step.action)) work = std::max(work, statement->work);
  return work;
}

bool is_purge(const sql::Step& step) { return std::holds_alternative<sql::Purge>(step.action); }

}  // namespace

std::string lock_words(const sql::Step& step) {
  const auto mode = strongest(step);
  if (!mode || sql::only_looks(step.action)) return "none";
  return fmt::format("{}, {}", sql::to_string(*mode), sql::to_string(longest(step)));
}

std::string time_words(long long seconds) {
  if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{}min", seconds / 60);
  return fmt::format("{}s", seconds);
}

std::string back_words(const sql::Step& step, const plan::Plan& plan) {
  if (is_purge(step) || sql::only_looks(step.action)) return "-";
  switch (step.reversibility) {
    case sql::Reversibility::exact:
      return "exact";
    case sql::Reversibility::exact_until_purged:
      return plan.retain_seconds >= 0 ? "exact for " + time_words(plan.retain_seconds) : "exact until purged";
    case sql::Reversibility::lossy:
      return "lossy";
    case sql::Reversibility::irreversible:
      return "none";
  }
  return "";
}

std::string back_words(const plan::Plan& plan) {
  const sql::Step* weakest = nullptr;
  for (const auto& step : plan.steps)
    if (!is_purge(step) && !sql::only_looks(step.action) &&
        (weakest == nullptr || step.reversibility > weakest->reversibility))
      weakest = &step;
  return weakest == nullptr ? "-" : back_words(*weakest, plan);
}

bool blocks_writes(const sql::Step& step) {
  // ROW EXCLUSIVE, what writers take, conflicts with SHARE and everything stronger (manual 13.3.1).
  const auto mode = strongest(step);
  return mode && *mode >= LockMode::share && longest(step) != Work::instant;
}

std::string writes_sentence(const plan::Plan& plan) {
  std::string numbers;
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    if (blocks_writes(plan.steps[i])) numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", i + 1);
  const auto limits = fmt::format("(lock_timeout {}ms, {} tries)", plan.policy.lock_timeout_ms, plan.policy.lock_tries);
  if (numbers.empty()) return "no step for longer than a change of the catalog " + limits;
  return fmt::format("step {} while it reads or writes the table's rows {}", numbers, limits);
}

std::string old_clients_sentence(const plan::Plan& plan) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    if (plan.steps[i].phase >= sql::Phase::contract && !sql::only_looks(plan.steps[i].action))
      return fmt::format("work until step {}", i + 1);
  return "work throughout";
}

}  // namespace mig::review
