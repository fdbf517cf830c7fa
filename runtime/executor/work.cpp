// Rows of steps in memory, events.
#include "runtime/executor/work.hpp"

#include <algorithm>

namespace mig::runtime {

void Work::tell(const std::string& name, std::map<std::string, std::string> fields) const {
  if (observer) observer({name, std::move(fields)});
}

Ask Work::asker() const {
  return [this](const sql::Fragment& query) { return session->run(query); };
}

std::string Migration::state_of(const std::string& step) const {
  const auto found = std::find_if(row.steps.begin(), row.steps.end(), [&](const auto& r) { return r.step == step; });
  return found == row.steps.end() ? "" : found->state;
}

void Migration::set_state_of(const std::string& step, const std::string& state) {
  for (auto& existing : row.steps)
    if (existing.step == step) {
      existing.state = state;
      return;
    }
  StepRow added;
  added.step = step;
  added.state = state;
  row.steps.push_back(std::move(added));
}

void Migration::forget(const std::string& prefix) {
  row.steps.erase(std::remove_if(row.steps.begin(), row.steps.end(),
                                 [&](const auto& existing) { return existing.step.rfind(prefix, 0) == 0; }),
                  row.steps.end());
}

}  // namespace mig::runtime
