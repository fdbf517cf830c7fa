// The whole compiler on text cases: files and a catalog in, diagnostics and plans out, compared with <name>.out.
//
// tests/cases/compile/<name>.mig holds cases that begin with `-- case: title`, then lines of
//   -- sql: …                 changes the example world before
//   -- applied: NAME STATE    the journal knows this migration, by its present file; `changed`: by another
//   -- env: NAME=VALUE
//   -- server: 17            the schema is said to be of this major version
//   -- show: steps up down    which parts of the plans are compared (diagnostics always are)
//   -- file: a.mig            a given file; its text follows
//   -- library: b.mig         a file that is only read when named
// MIG_UPDATE=1 rewrites the .out files.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/plan/print.hpp"
#include "compiler/source/hash.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/server.hpp"

using namespace mig;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Case {
  std::string title, sql, show;
  int server = 15;
  std::vector<std::pair<std::string, std::string>> files;
  std::map<std::string, std::string> library, environment;
  std::vector<std::pair<std::string, std::string>> applied;
};

// The words after `-- key: `, or null.
std::optional<std::string> directive(const std::string& line, const std::string& key) {
  const auto head = "-- " + key + ": ";
  if (line.rfind(head, 0) != 0) return std::nullopt;
  return line.substr(head.size());
}

std::vector<Case> cases_of(const std::string& text) {
  std::vector<Case> all;
  std::string* body = nullptr;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (const auto title = directive(line, "case")) {
      all.emplace_back();
      all.back().title = *title;
      body = nullptr;
    } else if (const auto sql = directive(line, "sql")) {
      all.back().sql += *sql + "\n";
    } else if (const auto show = directive(line, "show")) {
      all.back().show = *show;
    } else if (const auto server = directive(line, "server")) {
      all.back().server = std::stoi(*server);
    } else if (const auto applied = directive(line, "applied")) {
      const auto space = applied->find(' ');
      all.back().applied.emplace_back(applied->substr(0, space), applied->substr(space + 1));
    } else if (const auto set = directive(line, "env")) {
      all.back().environment[set->substr(0, set->find('='))] = set->substr(set->find('=') + 1);
    } else if (const auto file = directive(line, "file")) {
      body = &all.back().files.emplace_back(*file, "").second;
    } else if (const auto library = directive(line, "library")) {
      body = &all.back().library[*library];
    } else if (body != nullptr) {
      *body += line + "\n";
    }
  }
  return all;
}

const catalog::Catalog& catalog_of(const std::string& extra) {
  static std::map<std::string, catalog::Catalog> known;
  const auto found = known.find(extra);
  if (found != known.end()) return found->second;
  // In the database itself, not in its template: a subscription belongs to one database.
  const auto target = tests::server().database(tests::laws::read_source("tests/support/world.sql"));
  if (!extra.empty()) tests::run(target, extra);
  auto catalog = runtime::introspect(target);
  return known[extra] = std::move(catalog);
}

Input input_of(const Case& one) {
  Input input;
  input.files = one.files;
  input.catalog = catalog_of(one.sql);
  input.catalog.server.version = one.server * 10000;
  for (const auto& [name, words] : one.applied) {
    catalog::Applied row;
    row.name = name;
    row.state = words.substr(0, words.find(' '));
    const bool changed = words.find("changed") != std::string::npos;
    for (const auto& [file, text] : one.files)
      if (text.find("migration " + name + " ") != std::string::npos)
        row.source_hash = changed ? std::string(64, '0') : source::sha256_hex(text);
    input.catalog.migrations.push_back(row);
  }
  input.read = [&one](const std::string& path) -> std::optional<std::string> {
    const auto found = one.library.find(path);
    return found == one.library.end() ? std::nullopt : std::optional(found->second);
  };
  input.environment = [&one](const std::string& name) -> std::optional<std::string> {
    const auto found = one.environment.find(name);
    return found == one.environment.end() ? std::nullopt : std::optional(found->second);
  };
  return input;
}

std::string steps_of(const plan::Plan& plan) {
  std::string out;
  for (const auto& step : plan.steps) {
    out += fmt::format("  {:<12} {}  [{}, {}]\n", step.id, step.title, sql::to_string(step.reversibility), step.origin);
    for (const auto& hazard : step.hazards) out += "      " + hazard + "\n";
    for (const auto* statement : sql::statements(step.action)) out += "      " + statement->text.text() + "\n";
  }
  return out;
}

// Without the plan's own bytes, their number and hash, which any word of any step changes.
std::string script(const plan::Plan& plan, std::string text) {
  const auto hide = [&](const std::string& what, const char* word) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.replace(at, what.size(), word);
  };
  hide(plan::hash(plan), "HASH");
  hide("', " + std::to_string(plan::to_json(plan).size()) + ",\n", "', SIZE,\n");
  const auto begin = text.find("decode('") + 8;
  const auto end = text.find("', 'base64'");
  return end == std::string::npos ? text : text.replace(begin, end - begin, "PLAN");
}

std::string text_of(const Case& one) {
  const auto out = compile(input_of(one));
  auto text = "== " + one.title + "\n";
  if (!out.diagnostics.list().empty()) text += diagnostics::render(out.diagnostics.list(), out.files, {}) + "\n";
  for (const auto& plan : out.plans) {
    text += "plan " + plan.migration + "\n";
    if (one.show.find("steps") != std::string::npos) text += steps_of(plan);
    if (one.show.find("up") != std::string::npos) text += script(plan, plan::up_sql(plan));
    if (one.show.find("down") != std::string::npos) text += script(plan, plan::down_sql(plan));
  }
  return text + "\n";
}

}  // namespace

TEST_CASE("text cases of the compiler") {
  for (const auto& entry : fs::directory_iterator(fs::path(MIG_SOURCE_DIR) / "tests/cases/compile")) {
    if (entry.path().extension() != ".mig") continue;
    std::string text;
    for (const auto& one : cases_of(read(entry.path()))) text += text_of(one);
    auto expected = entry.path();
    expected.replace_extension(".out");
    if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(expected) << text;
    CAPTURE(entry.path().filename().string());
    CHECK(read(expected) == text);
  }
}

TEST_CASE("compiling twice gives the same bytes") {
  for (const auto& entry : fs::directory_iterator(fs::path(MIG_SOURCE_DIR) / "tests/cases/compile")) {
    if (entry.path().extension() != ".mig") continue;
    for (const auto& one : cases_of(read(entry.path()))) {
      const auto first = compile(input_of(one)), second = compile(input_of(one));
      REQUIRE(first.plans.size() == second.plans.size());
      for (std::size_t i = 0; i < first.plans.size(); ++i) {
        CHECK(plan::to_json(first.plans[i]) == plan::to_json(second.plans[i]));
        CHECK(plan::up_sql(first.plans[i]) == plan::up_sql(second.plans[i]));
        CHECK(plan::down_sql(first.plans[i]) == plan::down_sql(second.plans[i]));
      }
    }
  }
}

TEST_CASE("every plan that is compiled comes back from its JSON") {
  for (const auto& entry : fs::directory_iterator(fs::path(MIG_SOURCE_DIR) / "tests/cases/compile")) {
    if (entry.path().extension() != ".mig") continue;
    for (const auto& one : cases_of(read(entry.path())))
      for (const auto& plan : compile(input_of(one)).plans) {
        diagnostics::Sink sink;
        const auto again = plan::from_json(plan::to_json(plan), "plan.json", sink);
        REQUIRE(again);
        CHECK(plan::to_json(*again) == plan::to_json(plan));
      }
  }
}

TEST_CASE("a file that is not text is refused, whatever is in it") {
  Input input;
  input.files = {{"a.mig", std::string("migration a { \xff\xfe }")}, {"b.mig", std::string("\0\1\2", 3)}};
  const auto out = compile(std::move(input));
  REQUIRE(out.diagnostics.has_errors());
  CHECK(out.diagnostics.list().front().code == &diagnostics::not_text);
  CHECK(out.plans.empty());
}

TEST_CASE("names are found though a thousand migrations wait") {
  Input input;
  for (int i = 0; i < 1000; ++i)
    input.files.emplace_back(
        fmt::format("m{:04}.mig", i),
        fmt::format("migration m{0} {{ expand {{ comment on table orders is 'number {0}'; }} }}\n", i));
  input.catalog = catalog_of("");
  const auto out = compile(std::move(input));
  CHECK_FALSE(out.diagnostics.has_errors());
  REQUIRE(out.plans.size() == 1000);
  CHECK(out.plans.back().migration == "m999");
}
