// What the policy holds against the server: looked at while nothing is open, so that a migration that waits costs it no
// lock and no snapshot.
#include "compiler/plan/limits.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

using Clock = std::chrono::steady_clock;

struct Seen {
  const ir::Threshold* limit = nullptr;  // null: everything is within
  std::optional<std::string> value;      // nothing: this role may not see it

  [[nodiscard]] std::string words() const { return plan::words(*limit, *value); }
};

// The first that is over its limit, or that cannot be seen.
Seen look(const Work& work, const std::vector<ir::Threshold>& limits) {
  for (const auto& limit : limits) {
    const auto row = work.ask(limit.query).rows.at(0);
    if (!row.at(0) || row.at(1) == "t") return {&limit, row.at(0)};
  }
  return {};
}

// What is hidden is not small: a policy that sees nothing would hold nothing back.
Outcome not_seen(const Work& work, const Migration& m, const Seen& seen, const std::string& step) {
  const auto role = work.ask(sql("SELECT quote_ident(current_user)")).value();
  auto outcome = stopped(m, 7, "R0704");
  outcome.what = "this role may not see what the policy wants measured: " + plan::words(*seen.limit);
  outcome.where = place(m, step);
  outcome.next = "GRANT pg_read_all_stats TO " + role + ";\nthen: " + again(m);
  return outcome;
}

Outcome over_the_limit(const Work& work, const Migration& m, const Seen& seen, const std::string& step) {
  work.ask(plan::held_up(m.plan, step, m.run_id(), "stopped", seen.words(), 0));
  auto outcome = stopped(m, 4, "R0401");
  outcome.what = "stopped by the policy: " + seen.words() + " (stop when " + plan::words(*seen.limit) + ")";
  outcome.where = place(m, step);
  outcome.next = "when it has fallen: " + again(m);
  return outcome;
}

// True: the user asked to stop.
bool sleep_between_looks(const Work& work) {
  using namespace std::chrono_literals;
  for (const auto end = Clock::now() + 1s; Clock::now() < end; std::this_thread::sleep_for(50ms))
    if (work.asked_to_stop() != 0) return true;
  return work.asked_to_stop() != 0;
}

// One pause, from the first look that is over the limit to the first that is not.
class Pause {
 public:
  Pause(const Work& work, const Migration& m, const std::string& step) : work_(work), m_(m), step_(step) {}

  void goes_on_waiting(const Seen& seen) {
    if (!seen_.limit) begin_ = Clock::now();
    seen_ = seen;
    auto fields = said();
    fields["value"] = *seen.value;
    fields["limit"] = seen.limit->limit;
    work_.tell("paused", fields);
  }
  void is_over() const {
    if (!seen_.limit) return;
    work_.ask(plan::held_up(m_.plan, step_, m_.run_id(), "paused", seen_.words(), ms()));
    work_.tell("went_on", said());
  }

 private:
  [[nodiscard]] long long ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_).count();
  }
  [[nodiscard]] std::map<std::string, std::string> said() const {
    return {{"migration", m_.plan.migration},
            {"step", step_},
            {"measure", seen_.limit->measure},
            {"why", seen_.words()},
            {"ms", std::to_string(ms())}};
  }

  const Work& work_;
  const Migration& m_;
  const std::string& step_;
  Clock::time_point begin_;
  Seen seen_;
};

// Nothing of `waits`: it may go on.
Stop look_once(const Work& work, const Migration& m, const std::string& step, Pause& pause, bool& waits) {
  waits = false;
  const auto ends = look(work, m.plan.policy.stop_when);
  if (ends.limit) return ends.value ? over_the_limit(work, m, ends, step) : not_seen(work, m, ends, step);
  const auto held = look(work, m.plan.policy.pause_when);
  if (held.limit && !held.value) return not_seen(work, m, held, step);
  waits = held.limit != nullptr;
  if (waits)
    pause.goes_on_waiting(held);
  else
    pause.is_over();
  return std::nullopt;
}

}  // namespace

Stop within_limits(Work& work, Migration& m, const std::string& step) {
  if (m.plan.policy.pause_when.empty() && m.plan.policy.stop_when.empty()) return std::nullopt;
  Pause pause(work, m, step);
  for (bool waits = true; waits;) {
    try {
      if (auto stop = look_once(work, m, step, pause, waits)) return stop;
    } catch (const DatabaseError& error) {
      if (!error.connection_lost() && work.session->alive()) throw;
      if (auto stop = recover(work, m, error, step)) return stop;
      waits = true;
      continue;
    }
    if (waits && sleep_between_looks(work)) return interrupted(m, step);
  }
  return std::nullopt;
}

}  // namespace mig::runtime
