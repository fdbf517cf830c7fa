// What a policy holds against the server: in words, and as the journal's events.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// "replication_lag > 10s", as it is written.
[[nodiscard]] std::string words(const ir::Threshold& limit);
// "replication lag 12 s > 10 s", with the value that was seen.
[[nodiscard]] std::string words(const ir::Threshold& limit, std::string_view value);
// "pause when replication_lag > 10s or …; stop when …"; empty where the policy holds nothing against the server.
[[nodiscard]] std::string words(const ir::Policy& policy);

// An event of this step, `paused` (when it goes on) or `stopped`: what was measured, and how long it paused.
[[nodiscard]] sql::Fragment held_up(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                    std::string_view name, std::string_view why, long long ms);

}  // namespace mig::plan
