// From a plan to the operations that undo it, last one first.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/revert.hpp"
#include "cli/written.hpp"

namespace mig::cli {

namespace {

// The steps of each line, in the order of the plan.
std::vector<std::pair<std::string, Steps>> by_origin(const plan::Plan& plan) {
  std::vector<std::pair<std::string, Steps>> groups;
  for (const auto& step : plan.steps) {
    if (step.phase == sql::Phase::purge) continue;
    if (groups.empty() || groups.back().first != step.origin) groups.push_back({step.origin, {}});
    groups.back().second.push_back(&step);
  }
  return groups;
}

struct Reason {
  const char *operation, *text;
};

constexpr Reason reasons[] = {
#define MIG_NOT_UNDONE(operation, text) {operation, text},
#include "cli/not_undone.def"
#undef MIG_NOT_UNDONE
};

// Never undone, whatever its statements are; nullopt: not one of those.
std::optional<std::string> why_never(const std::string& operation, const std::string& migration) {
  for (const auto& reason : reasons)
    if (operation == reason.operation)
      return filled(reason.text, [&](const auto&) { return "mig rollback " + migration; });
  return std::nullopt;
}

std::string why_not(const Steps& steps, const std::string& operation, const std::string& migration) {
  if (auto reason = why_never(operation, migration)) return *reason;
  const auto rollback = "mig rollback " + migration;
  if (steps.empty())
    return "what it did and what others on its line did is not told apart; " + rollback + " knows the way";
  for (const auto* step : steps)
    if (std::holds_alternative<sql::Park>(step->action))
      return "what it took away is kept aside until purge; " + rollback + " brings it back, rows and all";
  if (std::all_of(steps.begin(), steps.end(), [](const auto* step) { return step->back.empty(); }))
    return "it was written without a way back";
  return "the language has no operation for it; " + rollback + " knows the way";
}

// What an action sets aside, each by what it was.
std::vector<std::string> set_aside(const sql::Action& action) {
  std::vector<std::string> names;
  if (const auto* park = std::get_if<sql::Park>(&action))
    for (const auto& kept : park->kept)
      names.push_back(kept.kind + " " + kept.original.schema + "." + kept.original.name + " " + kept.column);
  return names;
}

// The steps of the operation that is the `from_last`th from the end of its line: where several stand there, they are
// told apart only if each became one step.
Steps own_steps(const Steps& steps, std::size_t calls, std::size_t from_last) {
  if (calls == 1) return steps;
  return steps.size() == calls ? Steps{steps[calls - 1 - from_last]} : Steps{};
}

class Undoer {
 public:
  Undoer(const plan::Plan& plan, const Text& text) : plan_(plan), text_(text) { out_.schema = text.schema(); }

  Undoing run() {
    const auto groups = by_origin(plan_);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) undo(group->first, group->second);
    return std::move(out_);
  }

 private:
  void undo(const std::string& origin, const Steps& steps) {
    auto calls = text_.at(origin);
    std::reverse(calls.begin(), calls.end());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto& written = calls[i];
      const auto own = own_steps(steps, calls.size(), i);
      if (is_gone(own)) {
        out_.not_said.push_back(text_.words(written) + ": what it made is gone, a line after it took it away");
        continue;
      }
      std::optional<Inverse> inverse;
      if (!why_never(written.operation, plan_.migration)) inverse = inverse_of(written, steps, own);
      if (!inverse) remember(own);
      take(inverse, text_.words(written), written.operation, own);
    }
    // Operations of a file that it includes: only their statements are known.
    if (calls.empty()) take(by_statements(steps), steps.front()->title + " (" + origin + ")", "", steps);
  }

  std::optional<Inverse> inverse_of(const Written& written, const Steps& line, const Steps& own) const {
    if (auto inverse = by_form(written, line, text_.files())) return inverse;
    if (own.empty()) return std::nullopt;
    if (auto inverse = by_way_back({written.call, written.operation, 0}, own, text_.files())) return inverse;
    return by_statements(own);
  }

  // Of an operation that is not undone: what it set aside is not there for those before it.
  void remember(const Steps& steps) {
    for (const auto* step : steps)
      for (auto& name : set_aside(step->action)) gone_.insert(std::move(name));
  }

  bool is_gone(const Steps& steps) const {
    for (const auto* step : steps)
      for (const auto& back : step->back)
        for (const auto& name : set_aside(back.action))
          if (gone_.count(name) != 0) return true;
    return false;
  }

  // Once something stands in contract, all that comes after it does: sections run one after the other.
  void take(const std::optional<Inverse>& inverse, const std::string& words, const std::string& operation,
            const Steps& steps) {
    if (!inverse)
      out_.not_said.push_back(words + ": " + why_not(steps, operation, plan_.migration));
    else if (inverse->section == "expand" && out_.contract.empty())
      out_.expand.push_back(inverse->text);
    else
      out_.contract.push_back(inverse->text);
  }

  const plan::Plan& plan_;
  const Text& text_;
  Undoing out_;
  std::set<std::string> gone_;
};

}  // namespace

Undoing undo(const plan::Plan& plan) { return Undoer(plan, Text(plan)).run(); }

}  // namespace mig::cli
