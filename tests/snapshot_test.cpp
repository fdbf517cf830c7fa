// Snapshots: what is written is read, lazily; what is damaged is said with its line.
#include "compiler/catalog/snapshot.hpp"

#include "compiler/catalog/memory.hpp"
#include "tests/support/catalog.hpp"
#include "tests/support/catch.hpp"

using namespace mig;
using namespace mig::catalog;

namespace {

Catalog read(const std::string& objects, diagnostics::Sink& sink, const std::string& sizes = {},
             const std::string& system = {}) {
  return read_snapshot(std::make_shared<const std::string>(objects), std::make_shared<const std::string>(system), sizes,
                       "schema.mig", sink);
}

Catalog read_well(const std::string& objects, const std::string& sizes = {}, const std::string& system = {}) {
  diagnostics::Sink sink;
  auto catalog = read(objects, sink, sizes, system);
  CHECK_FALSE(sink.has_errors());
  return catalog;
}

// The one complaint about this text.
std::string complaint(const std::string& objects) {
  diagnostics::Sink sink;
  static_cast<void>(read(objects, sink));
  REQUIRE(sink.list().size() == 1);
  CHECK_FALSE(sink.list()[0].notes.empty());
  return sink.list()[0].message;
}

const std::string head = "{\"mig_snapshot\":1,\"server\":{\"version\":150004}}\n";

}  // namespace

TEST_CASE("a snapshot is the same bytes after reading") {
  const auto original = tests::shop();
  const auto written = write_snapshot(original);
  const auto again = read_well(written.objects, written.sizes);
  CHECK(diff(original, again).empty());
  CHECK(fingerprint(original) == fingerprint(again));
  const auto rewritten = write_snapshot(again);
  CHECK(written.objects == rewritten.objects);
  CHECK(written.sizes == rewritten.sizes);
  CHECK(again.damage().empty());
}

TEST_CASE("what a snapshot holds apart comes back: server, journal, sizes") {
  const auto written = write_snapshot(tests::shop());
  const auto again = read_well(written.objects, written.sizes);
  CHECK(again.server.version == 150004);
  CHECK(again.server.settings.at("lock_timeout") == "0");
  CHECK(again.journal_present);
  REQUIRE(again.migrations.size() == 1);
  CHECK(again.migrations[0].state == "done");
  CHECK(again.migrations[0].steps_done == std::vector<std::string>{"expand/1"});
  CHECK(again.migrations[0].since == "2026-01-02T03:04:05Z");
  CHECK(again.table({"public", "users"})->rows == 17);
  CHECK(again.table({"public", "users"})->bytes == 8192);
  CHECK(again.table({"public", "orders"})->columns[3].number == 6);
  CHECK(again.sequence({"public", "users_id_seq"})->last_value == "41");
}

TEST_CASE("the questions of a catalog have the same answers over a snapshot") {
  const auto original = tests::shop();
  const auto again = read_well(write_snapshot(original).objects);
  const Name users{"public", "users"}, orders{"public", "orders"};
  CHECK(again.referencing(users) == original.referencing(users));
  CHECK(again.users(users) == original.users(users));
  CHECK(again.owned_sequences(users) == original.owned_sequences(users));
  CHECK(again.tree(orders) == original.tree(orders));
  CHECK(again.table_of_index({"public", "orders_user_idx"})->name == orders);
  for (const auto* kind : {"table", "view", "sequence", "type", "function", "publication", "schema", "role"})
    CHECK(again.names(kind) == original.names(kind));
  auto renamed = again;
  renamed.rename_table(users, {"public", "people"});
  CHECK(renamed.referencing({"public", "people"}).size() == 2);
  CHECK(again.table(users) != nullptr);
}

TEST_CASE("names with dots, quotes, blanks and other scripts come back") {
  const auto store = std::make_shared<Memory>();
  for (const auto* name : {"a.b", "q\"q", "back\\slash", "new\nline", "übergröße", "select", " ", "x\x01y", "A", "a"}) {
    Table table;
    table.name = {name, name};
    Column column;
    column.name = name;
    table.columns = {column};
    Index index;
    index.name = std::string(name) + "_idx";
    table.indexes = {index};
    store->add(table);
  }
  const Catalog original(store);
  const auto written = write_snapshot(original);
  const auto again = read_well(written.objects, written.sizes);
  CHECK(diff(original, again).empty());
  CHECK(again.names("table").size() == 10);
  for (const auto& name : again.names("table")) {
    CHECK(again.table(name)->columns.at(0).name == name.name);
    CHECK(again.table_of_index({name.schema, name.name + "_idx"}) == again.table(name));
  }
}

TEST_CASE("pg_catalog's own objects come from the second file and stay out of the first") {
  const auto store = std::make_shared<Memory>();
  Type integer, mood;
  integer.name = {"pg_catalog", "int4"};
  integer.kind = "base";
  integer.system = true;
  mood.name = {"public", "mood"};
  mood.kind = "enum";
  store->add(integer);
  store->add(mood);
  Catalog original(store);
  original.server.version = 160001;
  const auto objects = write_snapshot(original).objects;
  const auto system = write_system(original);
  CHECK(objects.find("int4") == std::string::npos);
  CHECK(system.find("mood") == std::string::npos);
  const auto again = read_well(objects, {}, system);
  REQUIRE(again.type(integer.name) != nullptr);
  CHECK(again.type(integer.name)->system);
  CHECK(again.names("type").size() == 2);
  CHECK(write_snapshot(again).objects == objects);
  CHECK(write_system(again) == system);
  CHECK(diff(read_well(objects), again).empty());
}

TEST_CASE("damage is said with its line and a way out") {
  CHECK(complaint("") == "`schema.mig`: it is empty");
  CHECK(complaint("hello\n") == "`schema.mig`: line 1 is not the head of a snapshot");
  CHECK(complaint("{\"mig_snapshot\":0}\n") == "`schema.mig`: line 1 has the format 0, which never was");
  CHECK(complaint("{\"mig_snapshot\":2}\n") == "`schema.mig` has format 2, this mig reads up to 1");
  CHECK(complaint("{\"mig_snapshot\":1}\n") == "`schema.mig`: line 1 says nothing of the server");
  CHECK(complaint("{\"mig_snapshot\":1,\"server\":{\"version\":\"x\"}}\n") ==
        "`schema.mig`: line 1: server: `version`: not a number that fits");
  CHECK(complaint(head + "{\"table\":\"a.b\"}") == "`schema.mig`: the last line is cut off");
  CHECK(complaint(head + "<<<<<<< ours\n") == "`schema.mig`: line 2 is not the line of an object");
  CHECK(complaint(head + "{\"table\":\"a.b\"}\n{\"table\":\"a.a\"}\n") ==
        "`schema.mig`: line 3 is not in order: `a.a` stands behind what sorts after it, or twice");
  CHECK(complaint(head + "{\"table\":\"a.b\"}\n{\"table\":\"a.b\"}\n") ==
        "`schema.mig`: line 3 is not in order: `a.b` stands behind what sorts after it, or twice");
  CHECK(complaint(head + "{\"column\":\"a.b.c\"}\n") == "`schema.mig`: line 2 is a part of no object");
  CHECK(complaint(head + "{\"table\":\"a.b\"}\n{\"column\":\"a.c.x\"}\n") ==
        "`schema.mig`: line 3 belongs to another object than the lines around it");
  CHECK(complaint(head + "{\"table\":\"a..b\"}\n") == "`schema.mig`: line 2 has a name that cannot be read");
  CHECK(complaint(head + "{\"table\":\"a.\xff\"}\n") == "`schema.mig`: it is not UTF-8");
}

TEST_CASE("what a line says wrong is known once it was asked for") {
  const auto catalog = read_well(head +
                                 "{\"table\":\"a.a\",\"kind\":7}\n{\"table\":\"a.b\",\"colour\":\"red\"}\n"
                                 "{\"column\":\"a.b.x\",\"type\":\"text\"}\n{\"table\":\"a.c\",oops}\n");
  CHECK(catalog.damage().empty());
  CHECK(catalog.table({"a", "b"})->columns.size() == 1);
  CHECK(catalog.damage() == std::vector<std::string>{"line 3: unknown field `colour`"});
  static_cast<void>(catalog.table({"a", "a"}));
  static_cast<void>(catalog.table({"a", "c"}));
  const auto damage = catalog.damage();
  REQUIRE(damage.size() == 3);
  CHECK(damage[1] == "line 2: `kind`: not a text");
  CHECK(damage[2].substr(0, 8) == "line 5: ");
}

TEST_CASE("damaged sizes are said, and the rest is read") {
  diagnostics::Sink sink;
  const auto written = write_snapshot(tests::shop());
  const auto catalog = read(written.objects, sink, "{\"tables\":");
  REQUIRE(sink.list().size() == 1);
  CHECK(sink.list()[0].message == "`schema.mig`: its .sizes.json is not JSON");
  CHECK(catalog.table({"public", "users"})->rows == -1);
}
