// What a migration waits for, in words: a checkpoint, the gate of its contract, the end of retain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/due.hpp"

namespace mig::cli {

struct Wait {
  std::string gate;                  // "contract", or the checkpoint's name
  std::string words;                 // "contract in 23h, needs --approve", "checkpoint looked"
  std::string until;                 // UTC, where it is a time
  std::vector<std::string> reasons;  // approval, time, condition
  std::string flags;  // what `mig apply NAME` needs to pass it: " --through contract --approve"; "" where time does it
};

// The gate that stands next in the way; `since` is when the migration came into its state, `now` in seconds of the
// epoch. None: nothing stands there but the order itself.
[[nodiscard]] std::optional<Wait> next_wait(const Due& due, const std::string& since, long long now);

// Seconds of the epoch of a time of the journal, "2026-11-20T02:12:44Z"; 0: it is none.
[[nodiscard]] long long epoch(const std::string& utc);
[[nodiscard]] long long epoch_now();
[[nodiscard]] std::string utc(long long epoch);

}  // namespace mig::cli
