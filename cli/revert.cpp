// From a plan to the file that undoes it.
#include "cli/revert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/due.hpp"
#include "cli/inverse.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "cli/written.hpp"
#include "compiler/sql/sql.hpp"
#include "compiler/syntax/format.hpp"

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

std::string why_not(const Steps& steps, const std::string& operation, const std::string& migration) {
  const auto rollback = "mig rollback " + migration;
  for (const auto& reason : reasons)
    if (operation == reason.operation) return filled(reason.text, [&](const auto&) { return rollback; }).value_or("");
  for (const auto* step : steps)
    if (std::holds_alternative<sql::Park>(step->action))
      return "what it took away is kept aside until purge; " + rollback + " brings it back, rows and all";
  if (std::all_of(steps.begin(), steps.end(), [](const auto* step) { return step->back.empty(); }))
    return "it was written without a way back";
  return "the language has no operation for it; " + rollback + " knows the way";
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
      auto inverse = by_form(written, steps, text_.files());
      if (const auto own = own_steps(steps, calls.size(), i); !inverse && !own.empty()) {
        const Written alone{written.call, written.operation, 0};
        inverse = by_way_back(alone, own, text_.files());
        if (!inverse) inverse = by_statements(own);
      }
      take(inverse, text_.words(written), written.operation, steps);
    }
    // Operations of a file that it includes: only their statements are known.
    if (calls.empty()) take(by_statements(steps), steps.front()->title + " (" + origin + ")", "", steps);
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
};

std::string section(const std::string& name, const std::vector<std::string>& operations) {
  if (operations.empty()) return "";
  std::string text = "\n  " + name + " {\n";
  for (const auto& operation : operations) text += "    " + operation + "\n";
  return text + "  }\n";
}

// Only what is in: a stored plan may be half done.
plan::Plan what_ran(plan::Plan plan, const runtime::MigrationRow& row) {
  std::erase_if(plan.steps, [&](const auto& step) {
    return std::none_of(row.steps.begin(), row.steps.end(),
                        [&](const auto& one) { return one.step == step.id && one.state == "done"; });
  });
  return plan;
}

std::optional<plan::Plan> compiled_plan(const Project& project, const std::string& name, catalog::Catalog catalog) {
  const auto compiled = compile_project(project, {}, std::move(catalog));
  for (const auto& plan : compiled.plans)
    if (plan.migration == name) return plan;
  return std::nullopt;
}

plan::Plan plan_of(const Invocation& call, const Project& project, const std::string& name, const Output& output) {
  const bool named = call.flags.count("url") + call.flags.count("target") + call.flags.count("sandbox") != 0;
  if (!named && project.config.catalog) {
    const auto basis = choose_basis(call, project, output);
    if (auto plan = compiled_plan(project, name, basis.catalog)) return std::move(*plan);
  }
  const auto basis = live_basis(call, project, output);
  const auto story = read_story(*basis.connection);
  if (const auto* row = story.find(name); row != nullptr && row->state != "pending")
    return what_ran(stored_plan(*basis.connection, *row), *row);
  if (auto plan = compiled_plan(project, name, basis.catalog)) return std::move(*plan);
  throw Failure(usage, "no plan of a migration `" + name + "`" + did_you_mean(name, story.names()))
      .at("the journal of " + basis.connection->short_line() + ", and the files")
      .state("nothing was written")
      .then("mig status, mig check");
}

}  // namespace

Undoing undo(const plan::Plan& plan) { return Undoer(plan, Text(plan)).run(); }

std::string revert_file(const Undoing& undoing, const std::string& name, const std::string& undone) {
  std::string text = "-- Undoes " + undone + ", by its plan. Read it before you apply it.\n";
  if (!undoing.not_said.empty()) text += "-- Not undone here:\n";
  for (const auto& line : undoing.not_said) text += "--   " + line + "\n";
  text += "migration " + sql::quote_ident(name) + " " + sql::quote_literal("undo " + undone) + " after " +
          sql::quote_ident(undone) + (undoing.schema.empty() ? "" : " in schema " + undoing.schema) + " {" +
          section("expand", undoing.expand) + section("contract", undoing.contract) + "}\n";
  return syntax::format(text).value_or(text);
}

std::string revert_text(const Invocation& call, const Project& project, const std::string& name, const Output& output) {
  const auto undone = call.value("revert").value_or("");
  const auto undoing = undo(plan_of(call, project, undone, output));
  if (undoing.expand.empty() && undoing.contract.empty())
    throw Failure(no, "nothing of `" + undone + "` can be undone by operations of the language")
        .at(undoing.not_said.empty() ? undone : undoing.not_said.front())
        .state("nothing was written")
        .then("mig rollback " + undone);
  for (const auto& line : undoing.not_said) output.warning("not undone: " + line);
  return revert_file(undoing, name, undone);
}

}  // namespace mig::cli
