// What a migration waits for, as questions to the server: the runtime asks them, up.sql prints them.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// The moment from which on a gate's time is over: a timestamptz of the row of mig.migration.
[[nodiscard]] sql::Fragment opens_at(const Plan& plan, const sql::Gate& gate);
// Boolean: has somebody approved it, for this plan?
[[nodiscard]] sql::Fragment approved(const Plan& plan, const sql::Gate& gate);
// Boolean: may steps begin at this time of day? The server knows the zone.
[[nodiscard]] sql::Fragment in_window(const ir::Window& window);
// A timestamptz: when the window opens next, where it is closed now.
[[nodiscard]] sql::Fragment window_opens(const ir::Window& window);
// A timestamptz for people and tools: 2026-11-20T02:12:44Z.
[[nodiscard]] sql::Fragment utc(const sql::Fragment& moment);

// "01:00-04:00 Africa/Lagos"
[[nodiscard]] std::string words(const ir::Window& window);

}  // namespace mig::plan
