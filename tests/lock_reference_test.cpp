// The locks that mig declares against a table of locks measured on PostgreSQL 13 to 18, where that table is at hand
// (../shared/reference/pg_locks.tsv, or MIG_LOCK_REFERENCE): every statement of every example, on every server. The law
// `lock` watches the same statements live; this says that two measurements made apart agree.
#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "compiler/sql/parse.hpp"
#include "compiler/sql/server_parser.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests {

namespace {

using nlohmann::json;

std::string word(const json& node, const char* name) {
  const auto found = node.find(name);
  if (found == node.end() || found->is_structured()) return {};
  return std::string(" ") + name + "=" + (found->is_string() ? found->get<std::string>() : found->dump());
}

// What decides about the lock of one ALTER TABLE command: its kind, the kind of a constraint, NOT VALID, an index that
// is used, a storage parameter's name.
std::string of_command(const json& command) {
  std::string text = word(command, "subtype");
  const auto definition = command.value("def", json::object());
  if (definition.contains("Constraint")) {
    const auto& constraint = definition["Constraint"];
    for (const auto* field : {"contype", "skip_validation"}) text += word(constraint, field);
    if (constraint.contains("indexname")) text += " using index";
  }
  if (definition.contains("List"))
    for (const auto& item : definition["List"].value("items", json::array()))
      if (item.contains("DefElem")) text += word(item["DefElem"], "defname");
  if (definition.contains("PartitionCmd")) text += word(definition["PartitionCmd"], "concurrent");
  return text;
}

// Statements of one signature take the same locks, up to what the table tells apart in its notes.
std::string signature(std::string_view text) {
  const auto parsed = sql::parse_to_json(text);
  if (parsed.error) return {};
  const auto tree = json::parse(parsed.json, nullptr, false);
  if (!tree.is_object() || tree.value("stmts", json::array()).size() != 1) return {};
  const auto& statement = tree["stmts"][0]["stmt"];
  std::string made = statement.begin().key();
  const auto& node = statement.begin().value();
  for (const auto* field : {"objtype", "renameType", "relationType", "removeType", "objectType", "kind", "concurrent",
                            "unique", "isconstraint"})
    made += word(node, field);
  for (const auto& command : node.value("cmds", json::array()))
    if (command.contains("AlterTableCmd")) made += of_command(command["AlterTableCmd"]);
  return made;
}

struct Measured {
  int from = 0, to = 0;
  std::string lock;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) all.push_back(cell);
  return all;
}

std::string reference_path() {
  if (const auto* given = std::getenv("MIG_LOCK_REFERENCE")) return given;
  return std::string(MIG_SOURCE_DIR) + "/../shared/reference/pg_locks.tsv";
}

std::map<std::string, std::vector<Measured>> reference() {
  std::map<std::string, std::vector<Measured>> all;
  std::ifstream in(reference_path());
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto row = cells(line);
    if (row.size() < 10 || row[3].empty()) continue;
    const auto made = signature(row[9]);
    const auto dash = row[1].find('-');
    const int from = std::stoi(row[1]);
    if (!made.empty())
      all[made].push_back({from, dash == std::string::npos ? from : std::stoi(row[1].substr(dash + 1)), row[3]});
  }
  return all;
}

// "ACCESS EXCLUSIVE" as the table writes it.
std::string camel(std::string_view mode) {
  std::string text;
  bool first = true;
  for (const char c : mode) {
    if (c == ' ')
      first = true;
    else
      text += first ? c : static_cast<char>(c - 'A' + 'a');
    if (c != ' ') first = false;
  }
  return text;
}

struct Counts {
  int agree = 0;
  std::set<std::string> unknown;  // signatures that the table has no row for
};

// The lock declared on the relation that the statement is about: the first that it names. Queries and statements that
// make a relation are about others, in any number: what they lock is the law `lock`'s to say.
std::optional<std::string> declared_lock(const sql::Statement& statement) {
  sql::ParseError error;
  const auto facts = sql::facts(statement.text.text(), error);
  if (!facts || facts->relations.empty()) return std::nullopt;
  for (const auto* other :
       {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "CreateTableAsStmt", "CreateStmt", "ViewStmt"})
    if (facts->kind == other) return std::nullopt;
  // The table's rows about DROP INDEX are about the index's table, which the statement does not name.
  const bool drops_index = statement.text.text().rfind("DROP INDEX", 0) == 0;
  for (const auto& lock : statement.locks)
    if ((sql::display(lock.relation) == facts->relations.front()) != drops_index)
      return camel(sql::to_string(lock.mode));
  return std::nullopt;
}

void compare(const sql::Statement& statement, int major, const std::map<std::string, std::vector<Measured>>& known,
             Counts& counts) {
  const auto declared = declared_lock(statement);
  if (!declared) return;
  const auto made = signature(statement.text.text());
  const auto found = known.find(made);
  std::set<std::string> measured;
  if (found != known.end())
    for (const auto& row : found->second)
      if (row.from <= major && major <= row.to) measured.insert(row.lock);
  if (measured.empty()) {
    counts.unknown.insert(made);
    return;
  }
  INFO(major << ": " << statement.text.text());
  std::string list;
  for (const auto& lock : measured) list += " " + lock;
  INFO("declared " << *declared << ", measured" << list);
  CHECK(measured.count(*declared) == 1);
  counts.agree += static_cast<int>(measured.count(*declared));
}

void compare_plan(const plan::Plan& plan, int major, const std::map<std::string, std::vector<Measured>>& known,
                  Counts& counts) {
  for (const auto& step : plan.steps) {
    for (const auto* statement : sql::statements(step.action)) compare(*statement, major, known, counts);
    for (const auto& back : step.back)
      for (const auto* statement : sql::statements(back.action)) compare(*statement, major, known, counts);
  }
}

}  // namespace

TEST_CASE("declared locks are those of the measured table") {
  const auto known = reference();
  if (known.empty()) {
    WARN("skipped: " << reference_path() << " is not here");
    return;
  }
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    const auto before = runtime::introspect(server.database(laws::read_source("tests/support/world.sql")));
    Counts counts;
    for (const auto& example : laws::all_examples())
      if (const auto compiled = laws::compile_example(example.text, before); compiled.problem.empty())
        compare_plan(compiled.plan, server.major(), known, counts);
    fmt::print("locks on {}: {} statements agree with the table, {} kinds of statement are not in it\n", server.major(),
               counts.agree, counts.unknown.size());
    if (std::getenv("MIG_VERBOSE") != nullptr)
      for (const auto& each : counts.unknown) fmt::print("  not in the table: {}\n", each);
    CHECK(counts.agree > 100);
  }
}

}  // namespace mig::tests
