// The catalog as a value: keys, overlay, renames, questions, fingerprints, differences.
#include "compiler/catalog/catalog.hpp"

#include "compiler/catalog/builtin_types.hpp"
#include "compiler/catalog/memory.hpp"
#include "compiler/source/hash.hpp"
#include "compiler/sql/relation_names.hpp"
#include "tests/support/catalog.hpp"
#include "tests/support/catch.hpp"

using namespace mig;
using namespace mig::catalog;
using tests::shop;
using Strings = std::vector<std::string>;

TEST_CASE("SHA-256 is NIST's") {
  CHECK(source::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(source::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a key is taken apart into what it was made of") {
  const std::vector<Key> keys = {{"table", {"public", "orders"}, ""},
                                 {"column", {"public", "orders"}, "total"},
                                 {"column", {"Odd.Schema", "a\"b"}, "select"},
                                 {"constraint", {"s", "t"}, "with space"},
                                 {"index", {"s", "t_idx"}, ""},
                                 {"function", {"public", "f"}, "integer, text"},
                                 {"function", {"public", "f(x"}, ""},
                                 {"event trigger", {"", "e"}, ""},
                                 {"text search configuration", {"s", "c"}, ""},
                                 {"operator", {"s", "===(integer, integer)"}, ""},
                                 {"schema", {"", "public"}, ""}};
  for (const auto& wanted : keys) {
    const auto text = key(wanted.kind, wanted.name, wanted.part);
    INFO(text);
    CHECK(parse_key(text) == wanted);
  }
  CHECK(key("column", {"public", "orders"}, "total") == "column public.orders.total");
  CHECK(key("function", {"public", "f"}, "integer, text") == "function public.f(integer, text)");
}

TEST_CASE("what is not a key is none") {
  for (const auto* text : {"", "table", "table ", "column a", "table a.b.c", "table \"a", "function f", "table a..b",
                           "column a.b.c.d", "table a\"b", "function f(integer"})
    CHECK_FALSE(parse_key(text).has_value());
}

TEST_CASE("a copy keeps what it saw when another changes") {
  const Catalog before = shop();
  Catalog after = before;
  after.edit_table({"public", "orders"}).comment = "changed";
  Catalog third = after;
  third.edit_table({"public", "orders"}).comment = "again";
  third.drop("table", {"public", "users"});
  CHECK(before.table({"public", "orders"})->comment.empty());
  CHECK(after.table({"public", "orders"})->comment == "changed");
  CHECK(after.table({"public", "users"}) != nullptr);
  CHECK(third.table({"public", "users"}) == nullptr);
  CHECK(third.names("table") == std::vector<Name>{{"public", "orders"}, {"public", "orders_old"}});
}

TEST_CASE("the namespace of relations knows what a name is taken by") {
  const auto catalog = shop();
  CHECK(catalog.relation_kind({"public", "orders"}) == "table");
  CHECK(catalog.relation_kind({"public", "totals"}) == "view");
  CHECK(catalog.relation_kind({"public", "users_id_seq"}) == "sequence");
  CHECK(catalog.relation_kind({"public", "orders_user_idx"}) == "index");
  CHECK(catalog.relation_kind({"public", "point3"}) == "type");
  CHECK(catalog.relation_kind({"public", "nothing"}).empty());
  CHECK(catalog.find_table("", "orders") == Name{"public", "orders"});
  CHECK(catalog.find_table("app", "orders") == std::nullopt);
  CHECK(catalog.table_of_index({"public", "orders_user_idx"})->name.name == "orders");
  auto changed = catalog;
  changed.edit_table({"public", "orders"}).indexes.clear();
  CHECK(changed.table_of_index({"public", "orders_user_idx"}) == nullptr);
  CHECK(changed.relation_kind({"public", "orders_user_idx"}).empty());
}

TEST_CASE("types are found as SQL writes them, without a system snapshot too") {
  auto catalog = shop();
  CHECK(catalog.find_type("", "integer") == Name{"pg_catalog", "int4"});
  CHECK(catalog.find_type("", "timestamp with time zone") == Name{"pg_catalog", "timestamptz"});
  CHECK(catalog.find_type("pg_catalog", "text") == Name{"pg_catalog", "text"});
  CHECK(catalog.find_type("", "mood") == Name{"public", "mood"});
  CHECK(catalog.find_type("", "orders") == Name{"public", "orders"});
  CHECK(catalog.find_type("", "intt") == std::nullopt);
  CHECK(builtin_type("int4multirange", 13) == std::nullopt);
  CHECK(builtin_type("int4multirange", 14).has_value());
}

TEST_CASE("a renamed table is followed by all that names it") {
  auto catalog = shop();
  catalog.rename_table({"public", "users"}, {"public", "people"});
  CHECK(catalog.table({"public", "users"}) == nullptr);
  CHECK(catalog.table({"public", "people"})->name.name == "people");
  CHECK(catalog.referencing({"public", "users"}).empty());
  CHECK(catalog.referencing({"public", "people"}) == std::vector<Name>{{"public", "orders"}, {"public", "people"}});
  CHECK(catalog.sequence({"public", "users_id_seq"})->owned_by == Name{"public", "people"});
  CHECK(catalog.users({"public", "users"}).empty());
  const std::vector<std::pair<std::string, Name>> users = {{"publication", {"", "feed"}},
                                                           {"view", {"public", "totals"}}};
  CHECK(catalog.users({"public", "people"}) == users);
}

TEST_CASE("a rename goes into texts by their trees") {
  using sql::Text;
  const sql::Qualified from{"public", "orders"}, to{"public", "Sales"};
  const auto renamed = [&](const char* text, Text kind = Text::statement) {
    return sql::rename_relation(text, kind, from, to).value_or("not parsed");
  };
  CHECK(renamed("SELECT orders.id, 'public.orders' AS orders FROM public.orders WHERE orders.id > 1;") ==
        "SELECT \"Sales\".id, 'public.orders' AS orders FROM public.\"Sales\" WHERE \"Sales\".id > 1;");
  CHECK(renamed("SELECT orders.id FROM public.users orders") == "SELECT orders.id FROM public.users orders");
  CHECK(renamed("SELECT o.id FROM app.orders, public.orders o") == "SELECT o.id FROM app.orders, public.\"Sales\" o");
  CHECK(
      renamed("SELECT orders.id FROM public.orders WHERE EXISTS (SELECT 1 FROM app.users orders WHERE orders.a = 1)") ==
      "SELECT \"Sales\".id FROM public.\"Sales\" WHERE EXISTS (SELECT 1 FROM app.users orders WHERE orders.a = 1)");
  CHECK(renamed("SELECT 1 FROM public.orders UNION SELECT orders.a FROM public.orders") ==
        "SELECT 1 FROM public.\"Sales\" UNION SELECT \"Sales\".a FROM public.\"Sales\"");
  CHECK(renamed("CREATE TRIGGER orders BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders()") ==
        "CREATE TRIGGER orders BEFORE INSERT ON public.\"Sales\" FOR EACH ROW EXECUTE FUNCTION public.orders()");
  CHECK(renamed("(EXISTS ( SELECT 1 FROM public.users u WHERE (u.id = orders.user_id)))", Text::expression) ==
        "(EXISTS ( SELECT 1 FROM public.users u WHERE (u.id = \"Sales\".user_id)))");
  CHECK(renamed("FOREIGN KEY (a) REFERENCES public.orders(id)", Text::constraint) ==
        "FOREIGN KEY (a) REFERENCES public.\"Sales\"(id)");
  CHECK(renamed("SELECT FROM WHERE") == "not parsed");
}

TEST_CASE("aliases are cosmetic, relations and columns are not") {
  CHECK(sql::same_statement("SELECT a.x FROM t a, t a_1 WHERE a_1.y = a.x", "SELECT t.x FROM t, t b WHERE b.y = t.x"));
  CHECK_FALSE(
      sql::same_statement("SELECT a.x FROM t a, t b WHERE b.y = a.x", "SELECT b.x FROM t a, t b WHERE b.y = a.x"));
  CHECK_FALSE(sql::same_statement("SELECT a.x FROM t a", "SELECT a.x FROM u a"));
  CHECK_FALSE(sql::same_statement("SELECT a.x FROM t a", "SELECT a.z FROM t a"));
  CHECK_FALSE(sql::same_statement("not", "not"));
}

TEST_CASE("a renamed parent or child keeps its family") {
  auto catalog = shop();
  catalog.rename_table({"public", "orders"}, {"app", "sales"});
  CHECK(catalog.table({"public", "orders_old"})->partition_of == Name{"app", "sales"});
  catalog.rename_table({"public", "orders_old"}, {"app", "sales_old"});
  CHECK(catalog.tree({"app", "sales"}) == std::vector<Name>{{"app", "sales"}, {"app", "sales_old"}});
}

TEST_CASE("functions of one name are told apart by their arguments") {
  auto catalog = shop();
  Function more;
  more.name = {"public", "f"};
  more.arguments_key = "bigint";
  catalog.put(more);
  const auto overloads = catalog.functions({"public", "f"});
  REQUIRE(overloads.size() == 2);
  CHECK(overloads[0]->arguments_key == "bigint");
  CHECK(overloads[1]->arguments_key == "integer");
  more.comment = "replaced";
  catalog.put(more);
  CHECK(catalog.functions({"public", "f"}).size() == 2);
  catalog.drop("function", {"public", "f"});
  CHECK(catalog.functions({"public", "f"}).empty());
  CHECK(catalog.names("function").empty());
}

TEST_CASE("fingerprints tell what changed and nothing else") {
  const auto base = shop();
  CHECK(fingerprint(base, "table public.nothing") == "absent");
  CHECK(fingerprint(base, "not a key") == "absent");
  CHECK(fingerprint(base, "column public.orders.nothing") == "absent");
  auto sized = base;
  sized.edit_table({"public", "orders"}).rows = 12345;
  sized.edit_table({"public", "orders"}).bytes = 12345;
  sized.edit_table({"public", "orders"}).columns[0].number = 77;
  CHECK(fingerprint(sized) == fingerprint(base));
  auto changed = base;
  changed.edit_table({"public", "orders"}).columns[1].not_null = true;
  CHECK(fingerprint(changed) != fingerprint(base));
  CHECK(fingerprint(changed, "table public.orders") != fingerprint(base, "table public.orders"));
  CHECK(fingerprint(changed, "column public.orders.user_id") != fingerprint(base, "column public.orders.user_id"));
  CHECK(fingerprint(changed, "column public.orders.id") == fingerprint(base, "column public.orders.id"));
  CHECK(fingerprint(changed, "table public.users") == fingerprint(base, "table public.users"));
  for (const auto* object :
       {"index public.orders_user_idx", "constraint public.orders.orders_user_fkey", "sequence public.users_id_seq",
        "type public.mood", "function public.f(integer)", "view public.totals", "publication feed", "schema public"}) {
    INFO(object);
    CHECK(fingerprint(base, object).size() == 64);
  }
}

TEST_CASE("differences are said by key and field") {
  const auto base = shop();
  auto changed = base;
  changed.edit_table({"public", "orders"}).columns[1].type = "integer";
  changed.edit_table({"public", "orders"}).indexes.clear();
  changed.drop("view", {"public", "totals"});
  const auto found = diff(base, changed);
  REQUIRE(found.size() == 3);
  CHECK(found[0].key == "column public.orders.user_id");
  CHECK(found[0].field == "type");
  CHECK(found[0].left == "bigint");
  CHECK(found[0].right == "integer");
  CHECK(found[1].key == "index public.orders_user_idx");
  CHECK(found[1].right == "absent");
  CHECK(found[2].key == "view public.totals");
  CHECK(diff(base, base).empty());
}

TEST_CASE("columns in another order are a difference of their table") {
  const auto base = shop();
  auto changed = base;
  auto& columns = changed.edit_table({"public", "orders"}).columns;
  std::swap(columns[0], columns[1]);
  const auto found = diff(base, changed);
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "table public.orders");
  CHECK(found[0].field == "column order");
  CHECK(fingerprint(base) != fingerprint(changed));
}

TEST_CASE("a model's expressions count as the server's text of them, facts do not") {
  const auto server = shop();
  auto model = server;
  auto& orders = model.edit_table({"public", "orders"});
  orders.columns[2].default_ = "'new'";
  orders.constraints[1].expression = "total >= 0";
  orders.constraints[1].definition = "whatever the model thinks of";
  CHECK(diff(model, server, Compare::model).empty());
  CHECK(diff(model, server, Compare::exact).size() == 2);
  orders.constraints[1].expression = "total > 0";
  const auto found = diff(model, server, Compare::model);
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "constraint public.orders.orders_total_check");
  CHECK(found[0].field == "expression");
}
