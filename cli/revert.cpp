// From a plan to the file that undoes it.
#include "cli/revert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/due.hpp"
#include "cli/inverse.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/sql/sql.hpp"
#include "compiler/syntax/format.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::cli {

namespace {

using Steps = std::vector<const sql::Step*>;

// The operations of the plan's text, by "file:line" as steps name where they come from.
class Text {
 public:
  explicit Text(const plan::Plan& plan) {
    const auto file = files_.add(plan.file, plan.source);
    diagnostics::Sink ignored;
    tree_ = syntax::parse(files_, file, operations::vocabulary(), ignored);
    for (const auto& item : tree_.items)
      if (const auto* migration = std::get_if<syntax::Migration>(&item)) {
        if (migration->schema) schema_ = std::string(files_.text(migration->schema->span));
        for (const auto& section : migration->sections) take_section(section);
      }
  }
  [[nodiscard]] std::vector<Written> at(const std::string& origin) const {
    const auto found = calls_.find(origin);
    return found == calls_.end() ? std::vector<Written>{} : found->second;
  }
  [[nodiscard]] const source::Files& files() const { return files_; }
  [[nodiscard]] const std::string& schema() const { return schema_; }
  // The first line of an operation, as it is written.
  [[nodiscard]] std::string words(const Written& written) const {
    const auto text = std::string(files_.text(written.call->span));
    auto line = text.substr(0, text.find('\n'));
    if (!line.empty() && line.back() == ';') line.pop_back();
    return line;
  }

 private:
  void take_section(const syntax::Section& section) {
    if (const auto* phase = std::get_if<syntax::Phase>(&section))
      take_all(phase->items);
    else if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&section))
      take_all((*when)->items);
    else if (const auto* call = std::get_if<syntax::Call>(&section))
      take(*call);
  }
  void take_all(const std::vector<syntax::PhaseItem>& items) {
    for (const auto& item : items)
      if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&item))
        take_all((*when)->items);
      else if (const auto* call = std::get_if<syntax::Call>(&item))
        take(*call);
  }
  void take(const syntax::Call& call) {
    if (call.form >= operations::all().size()) return;
    const auto origin = fmt::format("{}:{}", files_[call.span.file].name, files_.place(call.span).line);
    const std::string operation = operations::all()[call.form]->name;
    auto& there = calls_[origin];
    const auto same =
        std::count_if(there.begin(), there.end(), [&](const auto& one) { return one.operation == operation; });
    there.push_back({&call, operation, static_cast<std::size_t>(same)});
  }

  source::Files files_;
  syntax::File tree_;
  std::string schema_;
  std::map<std::string, std::vector<Written>> calls_;
};

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

std::string why_not(const Steps& steps, const std::string& operation, const std::string& migration) {
  const auto rollback = "mig rollback " + migration;
  if (operation.ends_with("_rows")) return "which rows it changed, " + rollback + " knows";
  for (const auto* step : steps) {
    if (std::holds_alternative<sql::Park>(step->action))
      return "what it took away is kept aside until purge; " + rollback + " brings it back, rows and all";
    if (step->back.empty()) return "it was written without a way back";
  }
  return "the language has no operation for it; " + rollback + " knows the way";
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
    for (const auto& written : calls) {
      auto inverse = by_form(written, steps, text_.files());
      if (!inverse) inverse = by_way_back(written, steps);
      // Statements of a line with several operations cannot be told apart.
      if (!inverse && calls.size() == 1) inverse = by_statements(steps);
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
