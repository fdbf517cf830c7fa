// The plan that is undone, and the file that undoes it.
#include "cli/revert.hpp"

#include <algorithm>

#include "cli/due.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "compiler/sql/sql.hpp"
#include "compiler/syntax/format.hpp"

namespace mig::cli {

namespace {

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
