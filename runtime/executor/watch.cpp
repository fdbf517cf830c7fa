// While a statement runs: who blocks it, and does the user want it cancelled?
#include <chrono>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

std::vector<SessionRow> look_for_blockers(Work& work) {
  try {
    if (!work.onlooker) work.onlooker = std::make_unique<Session>(work.target);
    return read_blockers([&](const sql::Fragment& query) { return work.onlooker->run(query); },
                         work.session->backend_pid());
  } catch (const DatabaseError&) {
    work.onlooker.reset();  // no second connection to be had: the blockers stay unknown, the step does not suffer
    return {};
  }
}

void tell_waiting(const Work& work, const std::string& step, long ms) {
  work.tell("lock_wait", {{"step", step}, {"ms", std::to_string(ms)}, {"blocked", "false"}});
  for (const auto& blocker : work.blockers)
    work.tell("blocker", {{"step", step},
                          {"pid", std::to_string(blocker.pid)},
                          {"user", blocker.user},
                          {"application", blocker.application},
                          {"client", blocker.client},
                          {"state", blocker.state},
                          {"since", std::to_string(blocker.seconds)},
                          {"query", blocker.query}});
}

// Measured to the end of the statement, however it ends.
class Timing {
 public:
  explicit Timing(Work& work) : work_(work) {}
  ~Timing() {
    const auto took = std::chrono::steady_clock::now() - begin_;
    work_.took_ms = static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }
  Timing(const Timing&) = delete;
  Timing& operator=(const Timing&) = delete;

 private:
  Work& work_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

Rows execute(Work& work, const sql::Fragment& statement, const std::string& step) {
  work.blockers.clear();
  const Timing timing(work);
  long next_look = 100;
  int told = 0;
  return work.session->run(statement, [&](long ms) {
    if (!work.cancelled && work.asked_to_stop() >= 2) {
      work.cancelled = true;
      work.session->cancel();
    }
    if (ms < next_look) return;
    next_look = ms + (ms < 1000 ? 200 : 1000);
    if (auto seen = look_for_blockers(work); !seen.empty()) work.blockers = std::move(seen);
    if (work.blockers.empty() || work.blockers.front().pid == told) return;
    told = work.blockers.front().pid;
    tell_waiting(work, step, ms);
  });
}

}  // namespace mig::runtime
