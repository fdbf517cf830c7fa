// Gates against the journal and the clock of this machine; whether one is open, the server says when it is looked at.
#include "cli/waits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cli/text.hpp"

namespace mig::cli {

namespace {

// The first step that is not done, where it is a gate.
const sql::Gate* next_gate(const Due& due) {
  for (const auto& step : due.plan.steps) {
    if (step.phase < sql::Phase::expand || due.done.count(step.id) != 0) continue;
    return std::get_if<sql::Gate>(&step.action);
  }
  return nullptr;
}

}  // namespace

std::string utc(long long seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

long long epoch(const std::string& text) {
  std::tm parts{};
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%dZ", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
                  &parts.tm_min, &parts.tm_sec) != 6)
    return 0;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return timegm(&parts);
}

long long epoch_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<Wait> next_wait(const Due& due, const std::string& since, long long now) {
  const auto* gate = next_gate(due);
  if (gate == nullptr) return std::nullopt;
  const bool contract = gate->approval.empty() || gate->approval == "contract";
  Wait wait;
  wait.gate = contract ? "contract" : gate->approval;
  wait.words = contract ? "contract" : "checkpoint " + gate->approval;
  if (const auto opens = epoch(since) + gate->after_seconds; gate->after_seconds > 0 && opens > now) {
    wait.until = utc(opens);
    wait.reasons.emplace_back("time");
    wait.words += " in " + age(std::max<long long>(opens - now, 60));
  }
  if (!gate->condition.empty()) {
    wait.reasons.emplace_back("condition");
    wait.words += " when " + gate->condition;
  }
  const bool approved = gate->approval.empty() || due.approved.count(gate->approval) != 0;
  if (!approved) {
    wait.reasons.emplace_back("approval");
    wait.words += contract ? ", needs --approve" : ", needs --approve=" + gate->approval;
  }
  if (contract && (gate->approval.empty() || !approved)) wait.flags = " --through contract";
  if (!approved) wait.flags += contract ? " --approve" : " --approve=" + gate->approval;
  return wait;
}

}  // namespace mig::cli
