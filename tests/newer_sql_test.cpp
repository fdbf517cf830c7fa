// SQL that mig's own grammar is too old for: the server parses it before anything runs, and only the server.
#include "compiler/sql/server_grammar.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/sample_plan.hpp"

using namespace mig;

namespace {

plan::Plan planned(const runtime::Target& target, const std::string& operations) {
  auto compiled = tests::laws::compile_example(operations, runtime::introspect(target));
  INFO(compiled.problem);
  REQUIRE(compiled.problem.empty());
  return compiled.plan;
}

}  // namespace

TEST_CASE("texts are split at their semicolons without a grammar") {
  const auto split = [](std::string_view text) {
    std::vector<std::string> parts;
    for (const auto& span : sql::split_by_tokens(text)) parts.emplace_back(text.substr(span.offset, span.length));
    return parts;
  };
  using Parts = std::vector<std::string>;
  CHECK(split("").empty());
  CHECK(split(" ;; -- nothing\n").empty());
  CHECK(split("a 'x;y' ; b \";\" (c; d) /* ; */ e;") == Parts{"a 'x;y'", "b \";\" (c; d) /* ; */ e"});
  CHECK(split("do $x$ begin; end $x$; vacuum") == Parts{"do $x$ begin; end $x$", "vacuum"});
}

TEST_CASE("the server has the last word about syntax, and has it before anything runs") {
  for (const auto& bin : tests::all_servers()) {
    tests::Server server({bin, "none", {}});
    INFO("PostgreSQL " << server.major());
    const auto target = server.database(tests::laws::read_source("tests/support/world.sql"));
    const std::string first = "add column orders.nick text;\n";
    // Parsed, though its table is not there yet; SQL of 18.
    auto plan = planned(target, first + "sql $$create table eggs (id int)$$ back $$drop table eggs$$;");
    auto& statements = std::get<sql::Transaction>(plan.steps.back().action).statements;
    statements.front().text = sql::verbatim("create table eggs (id int, constraint c not null id no inherit)");
    plan::seal(plan);
    const auto outcome = tests::apply(target, plan, {});
    const auto columns = tests::run(target, "select count(*) from pg_attribute where attname = 'nick'").value();
    if (server.major() <= sql::grammar_major()) {
      // No doubt is raised on a server whose grammar is mig's own: the compiler has read everything.
      CHECK(outcome.code == "R0501");
      CHECK(columns == "1");
    } else if (server.major() < 18) {
      CHECK(outcome.code == "R0707");
      CHECK(outcome.exit == 7);
      CHECK(outcome.what.find("cannot parse") != std::string::npos);
      CHECK(columns == "0");
    } else {
      CHECK(outcome.exit == 0);
      CHECK(columns == "1");
    }
  }
}
