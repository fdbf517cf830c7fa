// Plans as text for the golden files.
#include "tests/support/plan_text.hpp"

#include <fmt/core.h>

namespace mig::tests {

namespace {

std::string action_name(const sql::Action& action) {
  struct Name {
    std::string operator()(const sql::Transaction&) const { return "transaction"; }
    std::string operator()(const sql::Concurrent&) const { return "concurrent"; }
    std::string operator()(const sql::Park&) const { return "park"; }
    std::string operator()(const sql::Purge&) const { return "purge"; }
    std::string operator()(const sql::Batches&) const { return "batches"; }
    std::string operator()(const sql::Assert&) const { return "assert"; }
    std::string operator()(const sql::Measure&) const { return "measure"; }
    std::string operator()(const sql::Gate&) const { return "gate"; }
    std::string operator()(const sql::Backup&) const { return "backup"; }
  };
  return std::visit(Name{}, action);
}

std::string statement_text(const sql::Statement& statement, const std::string& indent) {
  std::string text = indent + statement.text.text() + "\n";
  for (const auto& lock : statement.locks)
    text += fmt::format("{}  lock {} on {}\n", indent, sql::to_string(lock.mode), sql::display(lock.relation));
  if (statement.work != sql::Work::instant)
    text += fmt::format("{}  work {}\n", indent, sql::to_string(statement.work));
  if (!statement.reason.empty()) text += fmt::format("{}  because {}\n", indent, statement.reason);
  return text;
}

std::string step_text(const sql::Step& step, const std::string& indent) {
  const auto inner = indent + "  ";
  std::string text = fmt::format("{}{}: {} ({})\n", indent, step.id, step.title, action_name(step.action));
  for (const auto* statement : sql::statements(step.action)) text += statement_text(*statement, inner);
  if (step.probe) text += fmt::format("{}probe {}\n", inner, step.probe->query.text());
  if (const auto* concurrent = std::get_if<sql::Concurrent>(&step.action)) {
    if (concurrent->remnant) text += fmt::format("{}remnant {}\n", inner, concurrent->remnant->query.text());
    if (concurrent->cleanup) text += fmt::format("{}cleanup {}\n", inner, concurrent->cleanup->text.text());
  }
  if (step.reversibility != sql::Reversibility::exact)
    text += fmt::format("{}reversibility {}\n", inner, sql::to_string(step.reversibility));
  for (const auto& loss : step.loss) text += fmt::format("{}loss {}\n", inner, loss);
  for (const auto& hazard : step.hazards) text += fmt::format("{}hazard {}\n", inner, hazard);
  for (const auto& key : step.touches) text += fmt::format("{}touches {}\n", inner, key);
  if (step.revival)
    for (const auto& statement : step.revival->statements) text += inner + "revival " + statement.text.text() + "\n";
  for (const auto& back : step.back) text += step_text(back, inner);
  return text;
}

}  // namespace

std::string plan_text(const plan::Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps) text += step_text(step, "");
  return text;
}

}  // namespace mig::tests
