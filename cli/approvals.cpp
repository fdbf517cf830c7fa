// Names of checkpoints against the plans that there are.
#include "cli/approvals.hpp"

#include <algorithm>

namespace mig::cli {

namespace {

bool waits_for(const plan::Plan& plan, const std::string& name) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
    const auto* gate = std::get_if<sql::Gate>(&step.action);
    return gate != nullptr && gate->approval == name;
  });
}

bool is_checkpoint(const std::string& word, const Story& story, const Connection& connection) {
  if (story.find(word) != nullptr) return false;
  return std::any_of(story.migrations.begin(), story.migrations.end(), [&](const auto& row) {
    return row.state != "pending" && row.state != "done" && waits_for(stored_plan(connection, row), word);
  });
}

}  // namespace

Approvals approvals_of(const Invocation& call, const Connection& connection) {
  Approvals made{{}, call};
  if (!call.has("approve")) return made;
  if (const auto name = call.value("approve")) {
    made.names = {*name};
    return made;
  }
  const auto story = read_story(connection);
  auto& words = made.call.arguments;
  const auto point = std::find_if(words.begin(), words.end(),
                                  [&](const auto& word) { return is_checkpoint(word, story, connection); });
  if (point != words.end()) {
    made.names = {*point};
    words.erase(point);
    return made;
  }
  if (words.size() != 1)
    throw Failure(usage, "--approve without a name lets contract pass, and needs the one migration that it is for")
        .then("mig apply NAME --through contract --approve, or --approve=CHECKPOINT");
  made.names = {"contract"};
  return made;
}

std::vector<std::string> approvals_for(const std::vector<std::string>& names, const plan::Plan& plan) {
  std::vector<std::string> mine;
  for (const auto& name : names)
    if (waits_for(plan, name)) mine.push_back(name);
  return mine;
}

void require_waiting(const std::vector<std::string>& names, const std::vector<Due>& list) {
  for (const auto& name : names) {
    if (std::any_of(list.begin(), list.end(), [&](const auto& due) { return waits_for(due.plan, name); })) continue;
    throw Failure(usage, name == "contract" ? "contract of this migration needs no approval"
                                            : "no migration here has a checkpoint `" + name + "`")
        .state("nothing was done")
        .then(name == "contract" ? "mig apply NAME --through contract" : "mig status");
  }
}

}  // namespace mig::cli
