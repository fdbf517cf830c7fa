// A plan in words for people: what each step locks and for how long, how much of it comes back, who notices.
#pragma once

#include <string>

#include "compiler/plan/plan.hpp"

namespace mig::review {

// The strongest lock that the step takes on something that was there before, and what runs under it:
// "ACCESS EXCLUSIVE, instant", "SHARE UPDATE EXCLUSIVE, build"; "none".
[[nodiscard]] std::string lock_words(const sql::Step& step);

// "exact", "exact for 7d", "exact until purged", "lossy", "none"; "-" where there is nothing to go back from.
[[nodiscard]] std::string back_words(const sql::Step& step, const plan::Plan& plan);
// The weakest of them over the plan, purge left out.
[[nodiscard]] std::string back_words(const plan::Plan& plan);

// "7d", "24h", "90min", "45s".
[[nodiscard]] std::string time_words(long long seconds);

// Does this step keep writers of a table waiting for longer than a change of the catalog takes?
[[nodiscard]] bool blocks_writes(const sql::Step& step);
// One sentence for each of the two questions of the person who runs it. Steps are numbered from 1 in plan order.
[[nodiscard]] std::string writes_sentence(const plan::Plan& plan);
[[nodiscard]] std::string old_clients_sentence(const plan::Plan& plan);

// review.md: the table of steps, with reasons, hazards and losses. Deterministic.
[[nodiscard]] std::string markdown(const plan::Plan& plan);

}  // namespace mig::review
