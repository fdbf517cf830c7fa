// The hand-made catalog.
#include "tests/support/catalog.hpp"

#include "compiler/catalog/memory.hpp"

namespace mig::tests {

using namespace catalog;

namespace {

Column column(std::string name, std::string type, std::string default_ = {}) {
  Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.default_ = std::move(default_);
  return made;
}

Constraint foreign_key(std::string name, std::string from) {
  Constraint made;
  made.name = std::move(name);
  made.kind = "foreign key";
  made.columns = {std::move(from)};
  made.references = {"public", "users"};
  made.reference_columns = {"id"};
  return made;
}

void number(Table& table) {
  int next = 1;
  for (auto& each : table.columns) each.number = next++;
}

Table users() {
  Table made;
  made.name = {"public", "users"};
  made.owner = "postgres";
  made.columns = {column("id", "bigint"), column("name", "text"), column("boss", "bigint")};
  made.columns[0].identity = "by default";
  made.constraints = {foreign_key("users_boss_fkey", "boss")};
  made.rows = 17;
  made.bytes = 8192;
  number(made);
  return made;
}

Table orders() {
  Table made;
  made.name = {"public", "orders"};
  made.kind = "partitioned table";
  made.children = {{"public", "orders_old"}};
  made.columns = {column("id", "bigint"), column("user_id", "bigint"), column("status", "text", "'new'::text"),
                  column("total", "numeric(10,2)")};
  number(made);
  made.columns[3].number = 6;  // two columns are gone
  Constraint check;
  check.name = "orders_total_check";
  check.kind = "check";
  check.columns = {"total"};
  check.expression = "(total >= (0)::numeric)";
  made.constraints = {foreign_key("orders_user_fkey", "user_id"), check};

  Index index;
  index.name = "orders_user_idx";
  index.parts.emplace_back().column = "user_id";
  made.indexes = {index};
  return made;
}

}  // namespace

Catalog shop() {
  const auto store = std::make_shared<Memory>();
  store->add(users());
  store->add(orders());
  Table old;
  old.name = {"public", "orders_old"};
  old.partition_of = {"public", "orders"};
  old.partition_bound = "FOR VALUES IN (1)";
  store->add(old);
  View totals;
  totals.name = {"public", "totals"};
  totals.definition = " SELECT users.id\n   FROM public.users;";
  totals.columns = {column("id", "bigint")};
  totals.uses = {{{"public", "users"}, {"id"}}};
  store->add(totals);
  Sequence sequence;
  sequence.name = {"public", "users_id_seq"};
  sequence.owned_by = {"public", "users"};
  sequence.owned_by_column = "id";
  sequence.last_value = "41";
  store->add(sequence);
  Type mood, point;
  mood.name = {"public", "mood"};
  mood.kind = "enum";
  mood.labels = {"sad", "it's \"ok\"\n"};
  store->add(mood);
  point.name = {"public", "point3"};
  point.kind = "composite";
  point.attributes = {column("x", "double precision")};
  store->add(point);
  Function function;
  function.name = {"public", "f"};
  function.arguments_key = "integer";
  function.arguments = {{"a", "integer", "in", "1"}};
  store->add(function);
  Object feed, schema;
  feed.kind = "publication";
  feed.name.name = "feed";
  feed.facts = {{"publish", "insert"}};
  feed.uses = {{{"public", "users"}, {}}};
  store->add(feed);
  schema.kind = "schema";
  schema.name.name = "public";
  schema.grants = {{"", "U", "postgres"}};
  store->add(schema);
  Catalog made(store);
  made.server.version = 150004;
  made.server.search_path = {"public"};
  made.server.settings = {{"lock_timeout", "0"}};
  made.journal_present = true;
  made.migrations = {{"first", "done", "aa", "bb", "2026-01-02T03:04:05Z", {"expand/1"}}};
  return made;
}

}  // namespace mig::tests
