// --approve: what a person lets pass by this call.
#pragma once

#include <string>
#include <vector>

#include "cli/due.hpp"

namespace mig::cli {

struct Approvals {
  std::vector<std::string> names;  // "contract", names of checkpoints
  Invocation call;                 // without the word that was a checkpoint's name
};

// --approve=CHECKPOINT; --approve CHECKPOINT, where the word names a checkpoint of a migration in flight and no
// migration; --approve alone, which is the contract of the one migration named. Throws Failure(usage).
[[nodiscard]] Approvals approvals_of(const Invocation& call, const Connection& connection);

// Those of `names` that the plan waits for.
[[nodiscard]] std::vector<std::string> approvals_for(const std::vector<std::string>& names, const plan::Plan& plan);
// Throws Failure(usage) where no plan of the list waits for one of them.
void require_waiting(const std::vector<std::string>& names, const std::vector<Due>& list);

}  // namespace mig::cli
