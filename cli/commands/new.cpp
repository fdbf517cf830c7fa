// mig new: a migration's file, from a template or as the undoing of another one; a project where there is none.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/lock_file.hpp"
#include "cli/options.hpp"
#include "cli/revert.hpp"
#include "cli/templates.hpp"
#include "cli/text.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::cli {

namespace {

namespace fs = std::filesystem;

constexpr Flag flags[] = {
    {"template", "TEMPLATE", "what it begins with (mig help templates); default: create-table"},
    {"on", "TABLE[.COLUMN]", "the table and column that the template is about"},
    {"after", "NAME", "the migration that it comes after"},
    {"revert", "NAME", "undo this migration by its stored plan, as far as the language can say it"},
};

constexpr const char* first_config = R"(migrations = "migrations"

[target.dev]
url = "sandbox:"
default = true
)";

// A migration's name and its file's: "20251029_webhook_events" is the migration webhook_events.
struct Named {
  std::string name, file;
};

Named named(const std::string& word) {
  const auto digits = word.find_first_not_of("0123456789");
  const auto name = digits != 0 && digits != std::string::npos && word[digits] == '_' ? word.substr(digits + 1) : word;
  const bool plain = !name.empty() && name.size() <= 63 && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
                     name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
                     name.rfind("_mig_", 0) != 0;
  if (plain) return {name, word};
  std::string mended;
  for (const char c : word)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      mended += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!mended.empty() && mended.back() != '_')
      mended += '_';
  while (!mended.empty() && mended.back() == '_') mended.pop_back();
  throw Failure(usage, "`" + word + "` is no name for a migration: small letters, digits and _, at most 63")
      .then("mig new " + (mended.empty() ? "add_customers" : mended.substr(0, 63)));
}

// "add_customers" is about customers.
std::string table_of(const std::string& name) {
  for (const std::string verb : {"add_", "create_"})
    if (name.size() > verb.size() && name.rfind(verb, 0) == 0) return sql::quote_ident(name.substr(verb.size()));
  return sql::quote_ident(name);
}

// --on TABLE, TABLE.COLUMN or SCHEMA.TABLE.COLUMN, as it would stand in a file.
void set_object(const std::string& on, Filling& filling) {
  const auto dot = on.rfind('.');
  filling.table = on.substr(0, dot);
  if (dot != std::string::npos) filling.column = filling.new_column = on.substr(dot + 1);
  if (filling.table.empty() || filling.column.empty())
    throw Failure(usage, "`--on " + on + "` names no table").then("--on users, or --on users.phone");
}

const Template& template_of(const Invocation& call) {
  const auto asked = call.value("template");
  if (!asked) return templates().front();
  if (const auto* found = find_template(*asked)) return *found;
  std::vector<std::string> names;
  for (const auto& one : templates()) names.emplace_back(one.name);
  throw Failure(usage, "no template `" + *asked + "`" + did_you_mean(*asked, names)).then("mig help templates");
}

std::vector<std::string> after_of(const Invocation& call, const std::vector<LockRow>& known) {
  const auto after = call.value("after");
  if (!after) return {};
  std::vector<std::string> names;
  for (const auto& row : known) names.push_back(row.name);
  if (std::find(names.begin(), names.end(), *after) == names.end())
    throw Failure(usage, "no migration `" + *after + "`" + did_you_mean(*after, names))
        .at("--after")
        .then("mig status");
  return {sql::quote_ident(*after)};
}

std::string from_template(const Invocation& call, const std::string& name, const std::vector<LockRow>& known) {
  const auto& chosen = template_of(call);
  Filling filling;
  filling.name = sql::quote_ident(name);
  filling.after = after_of(call, known);
  if (const auto on = call.value("on"))
    set_object(*on, filling);
  else if (&chosen == &templates().front())
    filling.table = table_of(name);
  return fill(chosen, filling);
}

// git keeps the lines of both sides of a merge; said once, where the lock file begins and git is used.
bool write_attributes(const fs::path& root) {
  std::error_code ignored;
  const auto path = root / ".gitattributes";
  const auto text = read_if_there(path).value_or("");
  if (!fs::exists(root / ".git", ignored) || text.find("mig.lock") != std::string::npos) return false;
  write_file(path, text + (text.empty() || text.back() == '\n' ? "" : "\n") + "mig.lock merge=union\n");
  return true;
}

std::string created(const std::string& file, const std::string& about) {
  return about.empty() ? "created " + file + "\n" : pad("created " + file, 36) + about + "\n";
}

int run(const Invocation& call) {
  const Output output(call);
  auto project = open_project(call, output);
  if (call.arguments.empty()) throw Failure(usage, "mig new needs a name").then("mig new add_customers");
  const auto [name, file] = named(call.arguments[0]);
  if (call.has("revert") && (call.has("template") || call.has("on") || call.has("after")))
    throw Failure(usage, "`--revert` writes the whole file: no template stands beside it")
        .then("mig new NAME --revert OLD");
  const auto& root = project.config.root;
  const auto path = fs::path(project.config.migrations) / (file + ".mig");
  auto files = migration_files(project);
  const auto known = rows_of(project, files);
  std::error_code ignored;
  if (fs::exists(root / path, ignored))
    throw Failure(usage, path.generic_string() + " is there already").state("nothing was written").then("another name");
  if (std::any_of(known.begin(), known.end(), [&](const auto& row) { return row.name == name; }))
    throw Failure(usage, "there is a migration `" + name + "` already")
        .state("nothing was written")
        .then("another name");
  const auto text = call.has("revert") ? revert_text(call, project, name, output) : from_template(call, name, known);
  std::vector<std::vector<std::string>> made;
  if (project.config.file.empty()) {
    write_file(root / "mig.toml", first_config);
    made.push_back({"mig.toml", "target dev = sandbox: (a PostgreSQL that mig starts for you)"});
  }
  write_file(root / path, text);
  made.push_back({path.generic_string(), ""});
  files.emplace_back(path.generic_string(), text);
  auto rows = rows_of(project, files);
  const bool first = !read_if_there(root / "mig.lock");
  (void)update_lock(project, rows);
  if (first && write_attributes(root)) made.push_back({".gitattributes", "mig.lock merges by line"});
  if (output.machine()) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& row : made) list.push_back(row[0]);
    output.object(done, {{"migration", name}, {"created", list}});
    return done;
  }
  for (const auto& row : made) output.answer(created(row[0], row[1]));
  output.answer("next: edit it, then  mig apply\n");
  return done;
}

}  // namespace

constinit const Command new_command{"new",
                                    "write",
                                    "new NAME",
                                    "start a migration file, and mig.toml when there is none",
                                    "mig new add_customers                                a table customers\n"
                                    "mig new nick --template add-column --on users.nick   mig help templates\n"
                                    "mig new no_nick --revert nick                        what undoes nick\n",
                                    flags,
                                    "text json",
                                    1,
                                    run};

}  // namespace mig::cli
