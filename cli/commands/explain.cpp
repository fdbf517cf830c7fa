// mig explain: an error code, an operation, a lock mode, or what the steps of a file compile to.
#include <fmt/format.h>

#include <algorithm>

#include "cli/compilation.hpp"
#include "cli/explanations.hpp"
#include "cli/locks.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "compiler/check/manual.hpp"
#include "compiler/check/modules.hpp"
#include "compiler/hazards/hazard.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/review/review.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"catalog", "CATALOG", "for a file: live, a snapshot FILE, or empty"},
    {"pg", "MAJOR", "for a file: as for this version of PostgreSQL"},
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string underscored(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

std::string indent(std::string_view text) {
  std::string lines = "  ";
  for (const char c : text) lines += c == '\n' ? std::string("\n  ") : std::string(1, c);
  while (!lines.empty() && (lines.back() == ' ' || lines.back() == '\n')) lines.pop_back();
  return lines + "\n";
}

const diagnostics::Code* code_of(const std::string& what) {
  auto id = what;
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (const auto* code = diagnostics::find_code(id)) return code;
  return diagnostics::find_code(lower(what));
}

std::string explain_code(const diagnostics::Code& code) {
  const char* const words[] = {"error", "warning", "note"};
  const std::string id = code.id;
  std::string text =
      fmt::format("{}  {}  ({})\n  {}\n", id, code.name, words[static_cast<int>(code.severity)], code.title);
  if (const auto more = explanation(id); !more.empty()) text += "\n" + indent(more);
  return text;
}

const hazards::Hazard* hazard_of(const std::string& what) {
  for (const auto* hazard : hazards::all())
    if (lower(hazard->code.id) == lower(what) || hazard->code.name == lower(what)) return hazard;
  return nullptr;
}

std::string explain_hazard(const hazards::Hazard& hazard) {
  return fmt::format("{}  {}  (hazard)\n  {}\n\n{}", hazard.code.id, hazard.code.name, hazard.code.title,
                     indent(hazard.description));
}

std::string explain_operation(const operations::Operation& operation) {
  return fmt::format("{}\n  {}\n\n{}\nexample\n{}\nwritten\n{}", underscored(operation.name, '_', ' '),
                     operation.summary, indent(operation.description), indent(operation.example),
                     indent(operation.form));
}

std::string explain_plan(const plan::Plan& plan, const Output& output) {
  auto text = plan.migration + (plan.title.empty() ? "" : "   " + plan.title) + "\n";
  std::optional<sql::Phase> phase;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    if (phase != step.phase) text += fmt::format("\n{}\n", sql::to_string(*(phase = step.phase)));
    text +=
        fmt::format("{:3}  {}   lock: {}; way back: {}\n", i + 1, output.paint(Color::bold, step.title, Stream::answer),
                    review::lock_words(step), review::back_words(step, plan));
    for (const auto* statement : sql::statements(step.action)) {
      if (!statement->reason.empty())
        text += "    " + output.paint(Color::dim, "-- " + statement->reason, Stream::answer) + "\n";
      text += indent(indent(statement->text.text() + ";"));
    }
  }
  return text;
}

std::string explain_function(const check::Description& words) {
  auto text = words.signature + "\n";
  for (const auto& line : words.doc) text += indent(line);
  text += fmt::format("\n  {}", words.volatility);
  if (!words.needs.empty()) text += "; needs the extension " + words.needs;
  if (!words.inverse.empty()) text += "; inverse: " + words.inverse;
  text += "\n\nexamples\n";
  for (const auto& example : words.examples) text += indent(example);
  return text;
}

std::string explain_module(check::Library& library, const std::string& name) {
  std::string text = name + "\n";
  for (const auto& one : library.functions->declarations().all())
    if (one->name.starts_with(name + ".")) text += indent(one->signature(library.files));
  return text + "\nmig explain FUNCTION tells of one\n";
}

// A function or module of the standard library; empty: there is none of this name.
std::string explain_library(const std::string& what) {
  check::Library library;
  for (const auto& name : check::module_names())
    if (what == name || "std." + what == name) return explain_module(library, name);
  const auto* found = library.find(what);
  return found == nullptr ? "" : explain_function(check::describe(*library.functions, *found, library.files));
}

// A function or value map that the project declares itself.
std::string explain_own(const std::string& what, const mig::Output& compiled) {
  for (const auto& tree : compiled.program.files)
    for (const auto& item : tree->items) {
      check::Declaration one{what, tree->file, std::get_if<syntax::Function>(&item),
                             std::get_if<syntax::Values>(&item)};
      const bool named = (one.function != nullptr && check::dotted(one.function->name) == what) ||
                         (one.values != nullptr && one.values->name.text == what);
      if (!named) continue;
      auto text = one.signature(compiled.files) + "\n";
      for (const auto& line : one.doc(compiled.files)) text += indent(line);
      for (const auto* example : one.examples())
        text += indent(fmt::format("example {};", compiled.files.text(example->span)));
      return text;
    }
  return "";
}

std::vector<std::string> known_words() {
  std::vector<std::string> words = lock_names();
  for (const auto& module : check::module_names()) words.push_back(module);
  for (const auto* code : diagnostics::all_codes()) words.insert(words.end(), {code->id, code->name});
  for (const auto* hazard : hazards::all()) words.insert(words.end(), {hazard->code.id, hazard->code.name});
  for (const auto* operation : operations::all()) words.push_back(underscored(operation->name, '_', ' '));
  return words;
}

Failure nothing_called(const std::string& what) {
  return Failure(usage, "nothing called `" + what + "` to explain" + did_you_mean(what, known_words()))
      .then("mig help explain");
}

// The names of migrations stand in the files, whatever the catalog.
bool is_migration(const mig::Output& compiled, const Selection& selection) {
  const auto& migrations = compiled.program.migrations;
  return std::any_of(migrations.begin(), migrations.end(),
                     [&](const auto& m) { return selected(selection, m.name, m.file); });
}

int explain_files(const Invocation& call, const std::string& what, const Output& output) {
  const auto project = open_project(call, output);
  const auto selection = select(project, call.arguments);
  if (selection.files.empty()) {
    const auto names = compile_project(project, selection, catalog::Catalog());
    if (!is_migration(names, selection)) {
      const auto own = explain_own(what, names);
      if (own.empty()) throw nothing_called(what);
      output.answer(own);
      return done;
    }
  }
  const auto basis = choose_basis(call, project, output);
  const auto compiled = compile_to_run(project, selection, basis.catalog, output);
  for (const auto& plan : compiled.plans)
    if (selected(selection, plan.migration, plan.file)) output.answer(explain_plan(plan, output));
  return done;
}

int run(const Invocation& call) {
  const Output output(call);
  if (call.arguments.empty()) throw Failure(usage, "mig explain needs a word to explain").then("mig help explain");
  std::string what;
  for (const auto& word : call.arguments) what += (what.empty() ? "" : " ") + word;
  if (const auto* code = code_of(what))
    output.answer(explain_code(*code));
  else if (const auto* hazard = hazard_of(what))
    output.answer(explain_hazard(*hazard));
  else if (const auto mode = find_lock(what))
    output.answer(output.plain(explain_lock(*mode)));
  else if (const auto* operation = operations::find(underscored(lower(what), ' ', '_')))
    output.answer(explain_operation(*operation));
  else if (const auto function = explain_library(what); !function.empty())
    output.answer(output.plain(function));
  else
    return explain_files(call, what, output);
  return done;
}

}  // namespace

constinit const Command explain_command{
    "explain",
    "write",
    "explain WHAT",
    "an error code, an operation, a lock mode, a function, or what the steps of a file compile to",
    "mig explain E0207\n"
    "mig explain add index\n"
    "mig explain std.time.parse\n"
    "mig explain access exclusive\n"
    "mig explain migrations/a.mig --target production\n",
    flags,
    "text",
    -1,
    run};

}  // namespace mig::cli
