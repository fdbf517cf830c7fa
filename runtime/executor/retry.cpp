// Letting go and coming back: each try waits for its lock at most lock_timeout, so that no queue forms behind it.
#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

// 40001 also outside of serializable transactions: a row to lock was moved to another partition meanwhile.
bool worth_retrying(const DatabaseError& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.sqlstate == "40001";
}

bool pause_before(const Work& work, int next) {
  using namespace std::chrono_literals;
  // Full jitter over a growing window: two runners, or a runner and a periodic job, must not stay in step.
  thread_local std::mt19937 random{std::random_device{}()};
  const auto most = std::min<long>(100L << std::min(next, 6), 5000);
  const auto wait = std::uniform_int_distribution<long>(most / 4, most)(random);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait);
  while (std::chrono::steady_clock::now() < end) {
    if (work.asked_to_stop() != 0) return true;
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(50ms, std::chrono::milliseconds(wait)));
  }
  return work.asked_to_stop() != 0;
}

void tell_refused_try(const Work& work, const std::string& step, const DatabaseError& error, int attempt, int tries) {
  work.tell("lock_wait", {{"step", step},
                          {"blocked", "true"},
                          {"sqlstate", error.sqlstate},
                          {"ms", std::to_string(work.took_ms)},
                          {"try", std::to_string(attempt)},
                          {"tries", std::to_string(tries)}});
}

}  // namespace mig::runtime
