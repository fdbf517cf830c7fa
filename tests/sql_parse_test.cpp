// PostgreSQL's own parser behind its interface: splitting, checking, facts, and texts that must not harm it.
#include <string>

#include "compiler/sql/constant.hpp"
#include "compiler/sql/parse.hpp"
#include "tests/support/catch.hpp"

using namespace mig::sql;
using Names = std::vector<std::string>;

namespace {

Names statements(const std::string& script) {
  ParseError error;
  const auto spans = split(script, error);
  REQUIRE(spans);
  Names result;
  for (const auto& span : *spans) result.push_back(script.substr(span.offset, span.length));
  return result;
}

StatementFacts facts_of(const std::string& statement) {
  ParseError error;
  const auto known = facts(statement, error);
  INFO(statement << ": " << error.message);
  REQUIRE(known);
  return *known;
}

bool outside_transactions(const std::string& statement) { return facts_of(statement).non_transactional; }

std::string repeated(const std::string& word, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += word;
  return text;
}

}  // namespace

TEST_CASE("a script is split where PostgreSQL would split it") {
  CHECK(statements("select 1; select ';'; create function f() returns int language sql as $$ select 1; $$") ==
        Names{"select 1", "select ';'", "create function f() returns int language sql as $$ select 1; $$"});
  CHECK(statements("").empty());
  CHECK(statements(" ; ; ").empty());
  CHECK(statements("create function f() returns int begin atomic select 1; select 2; end; select 3").size() == 2);
}

TEST_CASE("an error has its place in bytes") {
  ParseError error;
  CHECK_FALSE(split("select 'äöü' oops oops oops", error));
  CHECK(error.message == "syntax error at or near \"oops\"");
  CHECK(error.offset == std::string("select 'äöü' oops ").size());
  REQUIRE(check_expression("a + ) b"));
  CHECK(check_expression("a + ) b")->offset == 4);
  REQUIRE(check_expression("'ä' = )"));
  CHECK(check_expression("'ä' = )")->offset == std::string("'ä' = ").size());
  REQUIRE(check_query("select from from"));
  CHECK(check_query("select from from")->offset == 12);
}

TEST_CASE("one expression is one expression") {
  for (const auto* good : {"a", "a + b", "(a, b)", "f(a) -- comment", "exists (select 1 from t)", "a::int", "'x'",
                           "a = any ('{}')", "case when a then b end", "not a", "row(1)", "t.a", "(t.c).d"}) {
    INFO(good);
    CHECK_FALSE(check_expression(good));
  }
  for (const auto* bad :
       {"", " ", "a b", "a as b", "a, b", "a from t", "a) from (t", "a) + (b", "a; select 1", "*", "t.*", "select 1",
        "a where b", "a limit 1", "-- comment", "a union select 1", "a)", "(a", "1) into (x"}) {
    INFO(bad);
    CHECK(check_expression(bad));
  }
}

TEST_CASE("one statement is one statement, a query is a query") {
  CHECK_FALSE(check_statement("drop table a"));
  CHECK_FALSE(check_statement("drop table a;"));
  CHECK(check_statement(""));
  CHECK(check_statement("-- nothing"));
  CHECK(check_statement("drop table a; drop table b"));
  CHECK_FALSE(check_query("select 1"));
  CHECK_FALSE(check_query("with a as (select 1) select * from a union values (1)"));
  CHECK_FALSE(check_query("table t"));
  CHECK(check_query("select 1; select 2"));
  CHECK(check_query("select 1 into t"));
  CHECK(check_query("delete from t returning a"));
}

TEST_CASE("facts: kind and relations") {
  CHECK(facts_of("alter table public.\"User\" add column a int").kind == "AlterTableStmt");
  CHECK(facts_of("alter table public.\"User\" add column a int").relations == Names{"public.\"User\""});
  CHECK(facts_of("drop table a, b.c").relations == Names{"a", "b.c"});
  CHECK(facts_of("drop index concurrently s.i").relations == Names{"s.i"});
  CHECK(facts_of("drop trigger x on s.t").relations == Names{"s.t"});
  CHECK(facts_of("drop function f(int)").relations.empty());
  CHECK(facts_of("comment on column s.t.c is 'x'").relations == Names{"s.t"});
  CHECK(facts_of("comment on constraint k on t is 'x'").relations == Names{"t"});
  CHECK(facts_of("truncate a, only b").relations == Names{"a", "b"});
  CHECK(facts_of("create index on s.t (a)").relations == Names{"s.t"});
  CHECK(facts_of("alter table a add foreign key (x) references b (y)").relations == Names{"a", "b"});
  CHECK(facts_of("with x as (select 1 from a) insert into b select * from x join c using (id)").relations ==
        Names{"a", "b", "c"});
  CHECK(facts_of("update t set a = (select max(b) from u) where c").relations == Names{"t", "u"});
  CHECK(facts_of("grant select on t to public").relations == Names{"t"});
  CHECK(facts_of("create type mood as enum ('a')").relations.empty());
}

TEST_CASE("facts: what PostgreSQL refuses in a transaction") {
  for (const auto* text :
       {"create index concurrently on t (a)", "drop index concurrently i", "reindex index concurrently i",
        "reindex (concurrently) table t", "reindex database d", "reindex schema s", "vacuum t", "vacuum (analyze) t",
        "alter table a detach partition b concurrently", "create database d", "drop database d",
        "alter system set a = 1", "create tablespace s location '/x'", "cluster", "discard all",
        "create subscription s connection '' publication p", "drop subscription s",
        "alter subscription s refresh publication", "alter database d set tablespace x"}) {
    INFO(text);
    CHECK(outside_transactions(text));
  }
  for (const auto* text : {"create index on t (a)", "drop index i", "reindex table t", "analyze t", "cluster t",
                           "alter table a detach partition b", "refresh materialized view concurrently m",
                           "discard temp", "alter type m add value 'x'", "truncate t", "alter database d set a = 1"}) {
    INFO(text);
    CHECK_FALSE(outside_transactions(text));
  }
  CHECK(facts_of("begin").transaction_control);
  CHECK(facts_of("savepoint a").transaction_control);
  CHECK(facts_of("prepare transaction 'x'").transaction_control);
  CHECK_FALSE(facts_of("select 1").transaction_control);
}

TEST_CASE("facts want one statement") {
  ParseError error;
  CHECK_FALSE(facts("select 1; select 2", error));
  CHECK(error.message == "more than one statement");
  CHECK_FALSE(facts("", error));
  CHECK_FALSE(facts("selec 1", error));
  CHECK(error.message.find("syntax error") == 0);
}

TEST_CASE("the columns of an expression") {
  CHECK(columns_of("a + b * a > t.c and \"Mixed\" is null") == Names{"Mixed", "a", "b", "c"});
  CHECK(columns_of("lower(name) || 'x'") == Names{"name"});
  CHECK(columns_of("(address).street") == Names{"address"});
  CHECK(columns_of("count(*)").empty());
  CHECK(columns_of("now()").empty());
  CHECK(columns_of("not an expression (").empty());
}

TEST_CASE("a text that libpg_query would not survive is refused, and a long one that it would is not") {
  const std::size_t many = 100'000;
  for (const auto& deep :
       {"a" + repeated("+a", many), "a" + repeated("::int", many), repeated("(", many) + "a" + repeated(")", many),
        repeated("not ", many) + "a", repeated("- ", many) + "a", "a" + repeated("[1]", many),
        repeated("f(", many) + repeated(")", many), repeated("case when ", many)}) {
    const auto refused = check_expression(deep);
    REQUIRE(refused);
    CHECK((refused->message == "the SQL text is nested too deeply" || refused->message.find("memory exhausted") == 0));
  }
  const auto deep = "a" + repeated("+a", many);
  ParseError error;
  CHECK_FALSE(facts("select " + deep, error));
  CHECK_FALSE(split("select " + deep, error));
  CHECK(columns_of(deep).empty());
  CHECK_FALSE(same_expression(deep, deep + " "));
  CHECK(check_query("select 1" + repeated(" union select 1", many)));
  CHECK_FALSE(check_statement("insert into t values (1, 'x')" + repeated(", (1, 'x')", 100'000)));
  CHECK_FALSE(check_expression("a in (1" + repeated(", 1", 100'000) + ")"));
  CHECK(statements(repeated("select 1;", 50'000)).size() == 50'000);
}

TEST_CASE("expressions nested as deeply as the parser allows do not end the program") {
  for (const std::size_t depth : {100UL, 500UL, 1500UL, 3000UL}) {
    const auto sum = "a" + repeated(" + a", depth);
    const auto nested = repeated("f(", depth) + "a" + repeated(")", depth);
    for (const auto& text : {sum, nested}) {
      const bool same = same_expression(text, "(" + text + ")");
      CHECK((same || depth > 300));  // deeper ones are not compared
      CHECK_FALSE(same_expression(text, text + " + 1"));
    }
  }
}

TEST_CASE("bytes that are no text are refused with their place") {
  ParseError error;
  CHECK_FALSE(split(std::string_view("select \0 1", 10), error));
  CHECK(error.offset == 7);
  for (const std::string bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xF0\x9F", "\xC3("}) {
    CHECK_FALSE(split("select '" + bad + "'", error));
    CHECK(error.offset == 8);
  }
  CHECK(statements("select '🦊', 'ß', 'ｗ'").size() == 1);
}

TEST_CASE("numbers as numeric_out spells them") {
  CHECK(canonical_number("1") == "1");
  CHECK(canonical_number("-0") == "0");
  CHECK(canonical_number("007") == "7");
  CHECK(canonical_number("1.50") == "1.50");
  CHECK(canonical_number(".5") == "0.5");
  CHECK(canonical_number("5.") == "5");
  CHECK(canonical_number("1e3") == "1000");
  CHECK(canonical_number("1.5e-3") == "0.0015");
  CHECK(canonical_number("-12.5E1") == "-125");
  for (const auto* bad : {"", "-", ".", "1e", "1e+", "x", "1x", "1 2", "0x1F", "1e99999999", "--1", "NaN"}) {
    INFO(bad);
    CHECK_FALSE(canonical_number(bad));
  }
}

TEST_CASE("intervals are read as the server reads them") {
  const std::int64_t hour = 3'600'000'000;
  CHECK(interval_value("1 hour") == Interval{0, 0, hour});
  CHECK(interval_value("01:00:00") == Interval{0, 0, hour});
  CHECK(interval_value("1 year 2 mons -3 days 04:00") == Interval{14, -3, 4 * hour});
  CHECK(interval_value("-1:30") == Interval{0, 0, -hour - hour / 2});
  CHECK(interval_value("1.5 days") == Interval{0, 1, 12 * hour});
  CHECK(interval_value("1.5 months") == Interval{1, 15, 0});
  CHECK(interval_value("2 weeks ago") == Interval{0, -14, 0});
  CHECK(interval_value("90") == Interval{0, 0, 90'000'000});
  CHECK(interval_value("@ 5 minutes") == Interval{0, 0, 300'000'000});
  for (const auto* bad :
       {"", "soon", "1 fortnight", "1..5 days", "P1Y", "1 day ago later", "99999999999999999 days", ".", "1:"}) {
    INFO(bad);
    CHECK_FALSE(interval_value(bad));
  }
}

TEST_CASE("constants of one type") {
  CHECK(same_constant("timestamp", "2020-1-5 10:00", "2020-01-05 10:00:00"));
  CHECK(same_constant("timestamp", "2020-01-05", "2020-01-05 00:00:00"));
  CHECK(same_constant("timestamptz", "2020-01-05 10:00:00.500", "2020-01-05 10:00:00.5+02"));
  CHECK_FALSE(same_constant("timestamp", "2020-01-05 10:00", "2020-01-05 10:01"));
  CHECK(same_constant("int4[]", "{1, 2}", "{1,2}"));
  CHECK(same_constant("text[]", "{a,\"b\",NULL}", "{a,b,null}"));
  CHECK_FALSE(same_constant("text[]", "{null}", "{\"null\"}"));
  CHECK_FALSE(same_constant("text[]", "{a,b}", "{a,{b}}"));
  CHECK(same_constant("jsonb", R"({"a": 1, "b": [2]})", R"({"b":[2],"a":1})"));
  CHECK(same_constant("bpchar", "ab", "ab "));
  CHECK_FALSE(same_constant("text", "ab", "ab "));
  CHECK(same_constant("regclass", "public.t", "t"));
  CHECK_FALSE(same_constant("regclass", "public.t", "ic.t"));
  CHECK_FALSE(same_constant("", "1", "1.0"));
}
