// Outcomes of the executor.
#include "cli/outcome.hpp"

#include <nlohmann/json.hpp>
#include <regex>

#include "cli/interrupt.hpp"

namespace mig::cli {

int exit_of(const runtime::Outcome& outcome) {
  return outcome.exit == interrupted && interrupt_exit() != 0 ? interrupt_exit() : outcome.exit;
}

Failure failure_of(const runtime::Outcome& outcome) {
  auto failure = Failure(exit_of(outcome), outcome.what);
  failure.code = outcome.code;
  return failure.at(outcome.where).state(outcome.now).then(outcome.next);
}

runtime::Outcome on_target(runtime::Outcome outcome, const Choice& choice) {
  static const std::regex command("\\bmig (apply|rollback|status|plan|snapshot)( [a-z_][a-z0-9_@]*)?");
  const auto flag = target_flag(choice);
  if (flag.empty()) return outcome;
  for (auto* text : {&outcome.now, &outcome.next}) *text = std::regex_replace(*text, command, "$&" + flag);
  return outcome;
}

nlohmann::ordered_json as_json(const std::string& migration, const runtime::Outcome& outcome) {
  nlohmann::ordered_json json{{"migration", migration}, {"state", outcome.state}, {"exit", exit_of(outcome)}};
  if (outcome.exit != done)
    json["error"] = {{"code", outcome.code},
                     {"what", outcome.what},
                     {"where", outcome.where},
                     {"now", outcome.now},
                     {"next", outcome.next}};
  return json;
}

}  // namespace mig::cli
