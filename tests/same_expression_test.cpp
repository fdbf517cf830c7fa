// What users write against what the server prints of it: every line of tests/cases/expressions, on a real server.
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "compiler/sql/parse.hpp"
#include "runtime/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"

using namespace mig;

namespace {

using Line = std::vector<std::string>;  // "check", "id > 0", …

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string read(const std::string& name) {
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/tests/cases/expressions/" + name);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Parts are apart by " | ": no PostgreSQL operator is written with blanks around a single bar in these files, but one.
std::vector<Line> lines(const std::string& name, std::size_t parts) {
  std::vector<Line> result;
  std::istringstream text(read(name));
  for (std::string each; std::getline(text, each);) {
    if (each.empty() || each.front() == '#') continue;
    Line line;
    for (std::size_t begin = 0; line.size() + 1 < parts;) {
      const auto end = each.find(" | ", begin);
      REQUIRE(end != std::string::npos);
      line.push_back(trimmed(each.substr(begin, end - begin)));
      begin = end + 3;
      if (line.size() + 1 == parts) line.push_back(trimmed(each.substr(begin)));
    }
    result.push_back(line);
  }
  return result;
}

// One session in the world of the cases; every question is rolled back.
class World {
 public:
  World() : session_(tests::server().database(read("world.sql"))) {}

  // What `query` answers after these statements.
  std::string after(const std::vector<std::string>& statements, const std::string& query) {
    run("begin");
    for (const auto& statement : statements) run(statement);
    auto answer = run(query).value();
    run("rollback");
    return answer;
  }

 private:
  runtime::Rows run(const std::string& text) { return session_.run(sql::verbatim(text)); }
  runtime::Session session_;
};

struct Question {
  std::string make, query;
};

// How to put an expression where `kind` says, and how to ask for the server's text of it.
Question question(const std::string& kind, const std::string& text) {
  const auto word = kind.substr(0, kind.find(' '));
  const auto type = word.size() < kind.size() ? kind.substr(word.size() + 1) : "";
  if (word == "default" || word == "generated")
    return {"alter table t add column c " + type +
                (word == "default" ? " default " + text : " generated always as (" + text + ") stored"),
            "select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'public.t'::regclass"};
  if (word == "check")
    return {"alter table t add constraint c check (" + text + ")",
            "select pg_get_expr(conbin, conrelid) from pg_constraint where conname = 'c'"};
  if (word == "where")
    return {"create index i on t (id) where " + text,
            "select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = 'public.i'::regclass"};
  if (word == "index")
    return {"create index i on t (" + text + ")", "select pg_get_indexdef('public.i'::regclass, 1, false)"};
  REQUIRE(word == "policy");
  return {"create policy p on t using (" + text + ")",
          "select pg_get_expr(polqual, polrelid) from pg_policy where polname = 'p'"};
}

std::string printed(World& world, const std::string& kind, const std::string& text) {
  const auto asked = question(kind, text);
  return world.after({asked.make}, asked.query);
}

}  // namespace

TEST_CASE("what the server prints is the same as what was written") {
  World world;
  const auto cases = lines("same.txt", 2);
  REQUIRE(cases.size() > 200);
  for (const auto& line : cases) {
    const auto server = printed(world, line[0], line[1]);
    INFO(line[0] << ": " << line[1] << "   printed: " << server);
    CHECK(sql::same_expression(line[1], server));
    CHECK(sql::same_expression(server, line[1]));
    CHECK(sql::same_expression(server, server));
  }
}

TEST_CASE("what is printed with every name qualified is the same, too") {
  World world;
  for (const auto& line : lines("same.txt", 2)) {
    const auto asked = question(line[0], line[1]);
    const auto server = world.after({asked.make, "set local search_path = pg_catalog"}, asked.query);
    INFO(line[0] << ": " << line[1] << "   printed: " << server);
    CHECK(sql::same_expression(line[1], server));
  }
}

TEST_CASE("whole definitions are the same, too") {
  World world;
  for (const auto& line : lines("same.txt", 2)) {
    std::string written, server;
    if (line[0] == "check") {
      written = "check (" + line[1] + ")";
      server = world.after({"alter table t add constraint c " + written},
                           "select pg_get_constraintdef(oid) from pg_constraint where conname = 'c'");
    } else if (line[0] == "where" || line[0] == "index") {
      written = line[0] == "index" ? "create index on t (" + line[1] + ")" : "create index on t (id) where " + line[1];
      server = world.after({written},
                           "select pg_get_indexdef(indexrelid) from pg_index "
                           "where indrelid = 't'::regclass and not indisprimary");
    } else {
      continue;
    }
    INFO(written << "   printed: " << server);
    CHECK(sql::same_expression(written, server));
  }
}

TEST_CASE("index elements and constraints in other words") {
  World world;
  const auto definition = [&](const std::string& written) {
    return world.after({written},
                       "select pg_get_indexdef(indexrelid) from pg_index "
                       "where indrelid = 't'::regclass and not indisprimary");
  };
  const auto same = [&](const std::string& a, const std::string& b) { return sql::same_expression(a, definition(b)); };
  CHECK(same("create index on t ((txt collate \"C\"))", "create index i on t (txt collate \"C\")"));
  CHECK(same("create index on t (id asc nulls last, big desc nulls first)", "create index i on t (id, big desc)"));
  CHECK(same("create index on t ((id))", "create index i on t (id)"));
  CHECK(same("create unique index on t (vc varchar_pattern_ops) include (id)",
             "create unique index i on public.t using btree (vc varchar_pattern_ops) include (id)"));
  CHECK_FALSE(same("create index on t (txt collate \"C\")", "create index i on t (txt)"));
  CHECK_FALSE(same("create index on t (id desc)", "create index i on t (id)"));
  CHECK_FALSE(same("create index on t (id)", "create unique index i on t (id)"));
  CHECK_FALSE(same("create index on t (id)", "create index i on t using hash (id)"));
  CHECK_FALSE(same("create index on t (id)", "create index i on t (id) where flag"));
  CHECK_FALSE(same("create index on t (id, big)", "create index i on t (big, id)"));
  CHECK(sql::same_expression("exclude using gist (rng with &&) where (flag)",
                             "EXCLUDE USING gist (rng WITH &&) WHERE (flag)"));
  CHECK_FALSE(sql::same_expression("check (id > 0)", "check (id > 0) not valid"));
  CHECK_FALSE(sql::same_expression("this is (no SQL", "this is (no SQL at all"));
}

TEST_CASE("what differs is not the same, however it is printed") {
  World world;
  const auto cases = lines("different.txt", 3);
  REQUIRE(cases.size() > 80);
  for (const auto& line : cases) {
    const auto first = printed(world, line[0], line[1]);
    const auto second = printed(world, line[0], line[2]);
    INFO(line[1] << " -> " << first << "   " << line[2] << " -> " << second);
    CHECK_FALSE(sql::same_expression(line[1], line[2]));
    CHECK_FALSE(sql::same_expression(first, second));
    CHECK_FALSE(sql::same_expression(line[1], second));
    CHECK_FALSE(sql::same_expression(first, line[2]));
  }
}

TEST_CASE("no two conditions of the cases are the same, unless the server prints them alike") {
  World world;
  std::vector<std::pair<std::string, std::string>> texts;
  std::set<std::string> seen;
  for (const auto& line : lines("same.txt", 2))
    if (line[0] == "check")
      if (auto server = printed(world, line[0], line[1]); seen.insert(server).second)
        texts.emplace_back(line[1], std::move(server));
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t k = i + 1; k < texts.size(); ++k) {
      INFO(texts[i].first << "   " << texts[k].first);
      CHECK_FALSE(sql::same_expression(texts[i].first, texts[k].second));
    }
}
