// SQL text is made as PostgreSQL would: names, constants, patterns, generated names.
#include <string>

#include "compiler/sql/sql.hpp"
#include "compiler/sql/step.hpp"
#include "tests/support/catch.hpp"

using namespace mig::sql;

static_assert(holes("ALTER TABLE {} DROP COLUMN {}") == 2);
static_assert(holes("'{{}}'::int[] {}") == 1);
static_assert(holes("lonely { brace") == std::string_view::npos);
static_assert(holes("ends with {") == std::string_view::npos);
static_assert(!std::is_convertible_v<std::string, Fragment>, "a bare string is no SQL");
static_assert(!std::is_constructible_v<Fragment, std::string>, "nor by asking for it");

TEST_CASE("a name is quoted exactly where quote_ident quotes it") {
  CHECK(quote_ident("orders") == "orders");
  CHECK(quote_ident("_mig_p_x1") == "_mig_p_x1");
  CHECK(quote_ident("Order") == "\"Order\"");
  CHECK(quote_ident("order") == "\"order\"");
  CHECK(quote_ident("1st") == "\"1st\"");
  CHECK(quote_ident("a$b") == "\"a$b\"");
  CHECK(quote_ident("a b") == "\"a b\"");
  CHECK(quote_ident("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(quote_ident("straße") == "\"straße\"");
  CHECK(quote_ident("") == "\"\"");
}

TEST_CASE("every keyword level but the unreserved is quoted, as of PostgreSQL 18") {
  CHECK(quote_ident("timestamp") == "\"timestamp\"");      // allowed as a column, quoted all the same
  CHECK(quote_ident("left") == "\"left\"");                // allowed as a function
  CHECK(quote_ident("system_user") == "\"system_user\"");  // reserved since 16
  CHECK(quote_ident("json_table") == "\"json_table\"");    // since 17
  CHECK(quote_ident("name") == "name");
  CHECK(quote_ident("key") == "key");
  CHECK(quote_ident("enforced") == "enforced");
  CHECK(is_reserved("select"));
  CHECK(is_reserved("ilike"));
  CHECK_FALSE(is_reserved("timestamp"));
  CHECK_FALSE(is_reserved("map"));
}

TEST_CASE("a literal doubles quotes, and says E where a backslash stands") {
  CHECK(quote_literal("new") == "'new'");
  CHECK(quote_literal("o'clock") == "'o''clock'");
  CHECK(quote_literal(R"(a\b'c)") == R"(E'a\\b''c')");
  CHECK(quote_literal("") == "''");
}

TEST_CASE("a pattern takes fragments, names, literals and numbers in order") {
  const auto text = sql("ALTER TABLE {} ADD COLUMN {} text DEFAULT {}", Qualified{"public", "use\"rs"}, Ident{"e mail"},
                        Literal{"o'k"});
  CHECK(text.text() == R"(ALTER TABLE public."use""rs" ADD COLUMN "e mail" text DEFAULT 'o''k')");
  CHECK(sql("SELECT {}", 7).text() == "SELECT 7");
  CHECK(sql("SELECT '{{1,2}}'::int[], {}", sql("{}", Ident{"a"})).text() == "SELECT '{1,2}'::int[], a");
  CHECK(sql("{}{}", Ident{"{}"}, Ident{"a"}).text() == "\"{}\"a");
  CHECK(sql("SELECT 1").text() == "SELECT 1");
}

TEST_CASE("fragments join with a separator") {
  CHECK(join({sql("a"), sql("b"), sql("c")}, ", ").text() == "a, b, c");
  CHECK(join({sql("a")}, ", ").text() == "a");
  CHECK(join({}, ", ").empty());
}

TEST_CASE("generated names are PostgreSQL's") {
  CHECK(object_name("orders", "user_id", "fkey") == "orders_user_id_fkey");
  CHECK(object_name("orders", "", "pkey") == "orders_pkey");
  CHECK(object_name("orders", "", "") == "orders");
  const std::string fifty(50, 't');
  CHECK(object_name(fifty, "column", "key") == fifty + "_column_key");
  // the longer part gives way first; on equal size the second
  CHECK(object_name(std::string(60, 't'), "column", "key") == std::string(52, 't') + "_column_key");
  CHECK(object_name(std::string(60, 't'), std::string(60, 'c'), "key") ==
        std::string(29, 't') + "_" + std::string(29, 'c') + "_key");
  CHECK(object_name(std::string(60, 't'), std::string(60, 'c'), "idx1") ==
        std::string(29, 't') + "_" + std::string(28, 'c') + "_idx1");
}

TEST_CASE("a generated name never cuts a character in two") {
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  const auto name = object_name(umlauts, "", "key");  // 59 bytes are left: 29 characters of two
  CHECK(name == umlauts.substr(0, 58) + "_key");
  CHECK(object_name("_mig_p", umlauts, "").size() <= max_name);
}

TEST_CASE("a name for people keeps its schema") {
  CHECK(display({"public", "User"}) == "public.\"User\"");
  CHECK(display({"", "users"}) == "users");
}

TEST_CASE("the words of locks and phases go both ways") {
  for (const auto mode :
       {LockMode::access_share, LockMode::row_share, LockMode::row_exclusive, LockMode::share_update_exclusive,
        LockMode::share, LockMode::share_row_exclusive, LockMode::exclusive, LockMode::access_exclusive})
    CHECK(lock_mode(to_string(mode)) == mode);
  for (const auto each : {Phase::expand, Phase::contract, Phase::purge}) CHECK(phase(to_string(each)) == each);
  CHECK(lock_mode("access exclusive") == std::nullopt);
  CHECK(std::string(to_string(Reversibility::exact_until_purged)) == "exact until purged");
  CHECK(std::string(to_string(Work::rewrite)) == "rewrite");
}

TEST_CASE("the statements of every action come in execution order") {
  const auto statement = [](int number) { return Statement{sql("SELECT {}", number), {}, Work::instant, ""}; };
  CHECK(statements(Transaction{{statement(1), statement(2)}}).at(1)->text.text() == "SELECT 2");
  const Action concurrent = Concurrent{statement(1), std::nullopt, statement(2)};
  CHECK(statements(concurrent).size() == 1);  // the clean-up is not part of it
  CHECK_FALSE(transactional(concurrent));
  CHECK(statements(Park{{statement(3)}, {}}).size() == 1);
  CHECK(transactional(Purge{{statement(3)}, {}}));
}
