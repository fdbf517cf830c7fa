// The order of the house, read off the sources: who includes whom, which library stands behind which door, who may
// bring SQL text in, and how large and how named files are.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"

namespace fs = std::filesystem;

namespace {

struct File {
  std::string path;  // "compiler/sql/sql.cpp"
  std::vector<std::string> lines;
  std::vector<std::string> ours, theirs;  // #include "…", #include <…>
};

std::string between(const std::string& line, char open, char close) {
  const auto begin = line.find(open);
  const auto end = line.find(close, begin + 1);
  return begin == std::string::npos || end == std::string::npos ? "" : line.substr(begin + 1, end - begin - 1);
}

File read(const fs::path& path, const fs::path& root) {
  File file;
  file.path = fs::relative(path, root).generic_string();
  std::ifstream text(path);
  for (std::string line; std::getline(text, line);) {
    file.lines.push_back(line);
    if (line.rfind("#include \"", 0) == 0) file.ours.push_back(between(line, '"', '"'));
    if (line.rfind("#include <", 0) == 0) file.theirs.push_back(between(line, '<', '>'));
  }
  return file;
}

const std::map<std::string, File>& files() {
  static const auto all = [] {
    const fs::path root(MIG_SOURCE_DIR);
    std::map<std::string, File> found;
    for (const auto* folder : {"grammar", "compiler", "runtime", "cli"})
      for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const auto ending = entry.path().extension();
        if (ending != ".cpp" && ending != ".hpp" && ending != ".def") continue;
        auto file = read(entry.path(), root);
        found.emplace(file.path, std::move(file));
      }
    return found;
  }();
  return all;
}

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

bool begins_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const auto& each) { return begins(text, each); });
}

// The folders of the compiler from left to right; each sees only those to its left. "compiler" itself is compile.*.
const std::vector<std::string> order{"grammar",         "compiler/source",  "compiler/diagnostics",
                                     "compiler/syntax", "compiler/catalog", "compiler/types",
                                     "compiler/sql",    "compiler/ir",      "compiler/operations",
                                     "compiler/check",  "compiler/plan",    "compiler/hazards",
                                     "compiler/review", "compiler",         "compiler/drift"};

// -1: a folder that the order does not know.
int rank(const std::string& path) {
  const auto found = std::find(order.begin(), order.end(), fs::path(path).parent_path().generic_string());
  return found == order.end() ? -1 : static_cast<int>(found - order.begin());
}

// Shapes of data, and functions of text, that depend on nothing but the standard library: the catalog may hold them,
// too.
const std::set<std::string> plain_shapes{"compiler/sql/sql.hpp",          "compiler/sql/step.hpp",
                                         "compiler/sql/parse.hpp",        "compiler/sql/relation_names.hpp",
                                         "compiler/sql/words.hpp",        "compiler/sql/query_text.hpp",
                                         "compiler/sql/server_parser.hpp"};

const std::vector<std::string> seen_by_runtime{"runtime/",          "compiler/source/", "compiler/diagnostics/",
                                               "compiler/catalog/", "compiler/sql/",    "compiler/ir/",
                                               "compiler/plan/"};

bool may_include(const std::string& from, const std::string& what) {
  if (begins(from, "cli/")) return true;
  if (begins(from, "runtime/")) return begins_with_any(what, seen_by_runtime);
  const bool before_sql = begins(from, "compiler/catalog/") || begins(from, "compiler/types/");
  if (before_sql && plain_shapes.count(what) != 0) return true;
  return rank(from) >= 0 && rank(what) >= 0 && rank(what) <= rank(from);
}

// A library header, by how its name begins, and the files that may see it, directly or through our headers.
struct Door {
  std::string header;
  std::vector<std::string> files;
};

const std::vector<Door> doors{
    {"tao/", {"compiler/syntax/parse", "grammar/"}},
    {"nlohmann/json.hpp",
     {"compiler/plan/", "compiler/catalog/snapshot", "compiler/sql/parse.cpp", "compiler/sql/expression_tree.cpp",
      "compiler/sql/constant.cpp", "compiler/sql/function_text.cpp", "compiler/sql/plpgsql.cpp",
      "compiler/sql/relation_names.cpp", "compiler/sql/relation_walk.cpp", "compiler/sql/query_text.cpp",
      "compiler/types/parse", "compiler/operations/view_columns.cpp", "compiler/operations/query_", "runtime/journal",
      "runtime/backup/manifest.cpp", "cli/"}},
    {"simdjson", {"compiler/catalog/"}},
    {"boost/", {"cli/"}},
    {"toml++/", {"cli/"}},
    {"libpq-fe.h", {"runtime/database.cpp"}},
    {"pqxx/", {"runtime/introspect", "runtime/journal"}},
    {"pg_query",
     {"compiler/sql/parse.cpp", "compiler/sql/plpgsql.cpp", "compiler/sql/server_parser.cpp",
      "compiler/sql/server_grammar.cpp"}},
    {"openssl/", {"compiler/source/hash.cpp"}},
    {"zlib.h", {"compiler/plan/compress.cpp"}}};

// The library headers that a file sees, itself and through our own headers.
std::set<std::string> reached(const std::string& path, std::set<std::string>& seen) {
  if (!seen.insert(path).second) return {};
  const auto found = files().find(path);
  if (found == files().end()) return {};
  std::set<std::string> result(found->second.theirs.begin(), found->second.theirs.end());
  for (const auto& header : found->second.ours) result.merge(reached(header, seen));
  return result;
}

// Where SQL text that a user wrote, or that the server or a plan printed, enters. A new door wants a reason.
const std::set<std::string> verbatim_callers{
    "compiler/sql/sql.hpp",                     // its declaration
    "compiler/sql/sql.cpp",                     // its definition
    "compiler/operations/render.cpp",           // expressions and types of the file
    "compiler/operations/sql_body.cpp",         // sql $$…$$
    "compiler/operations/comment_objects.cpp",  // argument types as the server prints them
    "compiler/operations/server_text.cpp",      // definitions as the server prints them
    "compiler/plan/plan_read.cpp",              // statements of a plan.json
};

// Lists of plain structs, and of PostgreSQL's functions: one place for one shape of data.
const std::set<std::string> long_files{"compiler/syntax/tree.hpp", "compiler/catalog/objects.hpp",
                                       "compiler/types/builtins.def", "compiler/operations/builtin_functions.def"};

}  // namespace

TEST_CASE("a folder includes only those to its left") {
  REQUIRE(files().size() > 50);
  for (const auto& [path, file] : files())
    for (const auto& header : file.ours) {
      INFO(path << " includes " << header);
      CHECK(files().count(header) == 1);
      CHECK(may_include(path, header));
    }
}

// What several share stands in pieces of its own; an operation itself is known to its file and to operations.def.
TEST_CASE("operations do not refer to one another") {
  const std::string declares = "extern const Operation ";
  int found = 0;
  for (const auto& [path, file] : files())
    for (const auto& line : file.lines) {
      if (!begins(line, declares)) continue;
      const auto name = line.substr(declares.size(), line.find(';') - declares.size());
      INFO(path << ": " << line);
      CHECK(path.rfind("compiler/operations/", 0) == 0);
      CHECK((fs::path(path).stem() == name || path == "compiler/operations/operations.cpp"));
      ++found;
    }
  CHECK(found > 150);
}

TEST_CASE("the shapes that the catalog borrows depend on nothing") {
  for (const auto& path : plain_shapes) {
    INFO(path);
    REQUIRE(files().count(path) == 1);
    for (const auto& header : files().at(path).ours) CHECK(plain_shapes.count(header) == 1);
  }
}

TEST_CASE("a library stands behind its door") {
  for (const auto& [path, file] : files()) {
    std::set<std::string> seen;
    for (const auto& header : reached(path, seen))
      for (const auto& door : doors) {
        if (!begins(header, door.header)) continue;
        INFO(path << " sees <" << header << ">");
        CHECK(begins_with_any(path, door.files));
      }
  }
}

TEST_CASE("headers bring no heavy library along") {
  // PEGTL and simdjson are templates and values: their folders' own headers need them, and nobody else reaches those.
  const std::vector<std::string> heavy{"nlohmann/json.hpp", "boost/", "pqxx/", "libpq-fe.h", "toml++/"};
  for (const auto& [path, file] : files()) {
    if (fs::path(path).extension() != ".hpp") continue;
    for (const auto& header : file.theirs) {
      INFO(path << " includes <" << header << ">");
      CHECK_FALSE(begins_with_any(header, heavy));
    }
  }
}

TEST_CASE("SQL text enters by the listed doors only") {
  std::set<std::string> seen;
  for (const auto& [path, file] : files())
    for (const auto& line : file.lines) {
      const auto code = line.substr(0, line.find("//"));
      if (code.find("verbatim(") == std::string::npos) continue;
      INFO(path << ": " << line);
      CHECK(verbatim_callers.count(path) == 1);
      seen.insert(path);
    }
  CHECK(seen == verbatim_callers);  // no entry of the list is left over
}

TEST_CASE("files have names that say something") {
  const std::set<std::string> banned{"util",    "utils", "common", "helper", "helpers",
                                     "manager", "misc",  "stuff",  "tools"};
  for (const auto& [path, file] : files()) {
    INFO(path);
    std::string word;
    for (const char c : path + "/") {
      if (c != '/' && c != '_' && c != '.') {
        word += c;
        continue;
      }
      CHECK(banned.count(word) == 0);
      word.clear();
    }
  }
}

TEST_CASE("files are small, and their first line says what they are for") {
  for (const auto& [path, file] : files()) {
    INFO(path << ", " << file.lines.size() << " lines");
    CHECK((file.lines.size() <= 400 || long_files.count(path) == 1));
    REQUIRE_FALSE(file.lines.empty());
    CHECK(begins(file.lines.front(), "// "));
    if (fs::path(path).extension() == ".hpp")
      CHECK(std::count(file.lines.begin(), file.lines.end(), "#pragma once") == 1);
  }
  for (const auto& path : long_files) CHECK(files().at(path).lines.size() > 400);
}

TEST_CASE("no unfinished marks, no machine's paths") {
  const std::vector<std::string> marks{
      "TO"
      "DO",
      "FIX"
      "ME",
      "XX"
      "X:",
      "/wo"
      "rk/",
      "/ro"
      "ot/"};
  for (const auto& [path, file] : files())
    for (const auto& line : file.lines)
      for (const auto& mark : marks) {
        INFO(path << ": " << line);
        CHECK(line.find(mark) == std::string::npos);
      }
}
