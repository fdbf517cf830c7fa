// review.md.
#include <fmt/format.h>

#include "compiler/review/review.hpp"

namespace mig::review {

namespace {

// In a cell of a table `|` ends it and a line break ends the table.
std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text)
    if (c == '|')
      safe += "\\|";
    else
      safe += c == '\n' ? ' ' : c;
  return safe;
}

std::string row(std::size_t number, const sql::Step& step, const plan::Plan& plan) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", number, sql::to_string(step.phase), cell(step.title),
                     cell(lock_words(step)), cell(back_words(step, plan)));
}

std::string statements_of(std::size_t number, const sql::Step& step) {
  auto text = fmt::format("\n### {}. {}\n\n", number, step.title);
  if (!step.origin.empty()) text += "from " + step.origin + "\n\n";
  for (const auto* statement : sql::statements(step.action)) {
    if (!statement->reason.empty()) text += statement->reason + ":\n\n";
    text += "```sql\n" + statement->text.text() + ";\n```\n";
  }
  for (const auto& hazard : step.hazards) text += "\n- hazard: " + hazard + "\n";
  for (const auto& loss : step.loss) text += "\n- lost on the way back: " + loss + "\n";
  if (!step.needs_runtime.empty()) text += "\n- needs mig: " + step.needs_runtime + "\n";
  return text;
}

}  // namespace

std::string markdown(const plan::Plan& plan) {
  auto text = fmt::format("# {}\n\n", plan.migration);
  if (!plan.title.empty()) text += plan.title + "\n\n";
  text += fmt::format("- blocks writes: {}\n- old clients: {}\n- way back: {}\n- plan: `{}`\n\n", writes_sentence(plan),
                      old_clients_sentence(plan), back_words(plan), plan::hash(plan));
  text += "| # | phase | step | lock, how long | way back |\n|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) text += row(i + 1, plan.steps[i], plan);
  text += "\n## Statements\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) text += statements_of(i + 1, plan.steps[i]);
  return text;
}

}  // namespace mig::review
