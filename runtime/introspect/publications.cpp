// Publications and statistics objects: they hang on tables and their columns.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

std::string publish(Answer& row) {
  std::string list;
  for (const char* word : {"insert", "update", "delete", "truncate"})
    if (row.truth()) list.append(list.empty() ? "" : ", ").append(word);
  return list;
}

void note(catalog::Object& object, const char* fact, std::optional<std::string_view> value) {
  if (value && !value->empty()) object.facts.emplace(fact, *value);
}

std::unordered_map<Oid, catalog::Object> read_heads(Build& build) {
  std::unordered_map<Oid, catalog::Object> publications;
  auto rows = build.link.ask(
      "SELECT o.oid, o.pubname, pg_get_userbyid(o.pubowner), o.pubinsert, o.pubupdate, o.pubdelete, o.pubtruncate,"
      " CASE WHEN o.puballtables THEN 'true' END, CASE WHEN o.pubviaroot THEN 'true' END, {publish_schemas},"
      " {publish_generated} FROM pg_publication o");
  while (rows.next()) {
    const auto oid = rows.id();
    auto& object = publications[oid];
    object.kind = "publication";
    object.name.name = rows.text();
    object.owner = build.role(rows.text());
    note(object, "publish", publish(rows));
    note(object, "all_tables", rows.maybe());
    note(object, "via_root", rows.maybe());
    note(object, "schemas", rows.maybe());
    note(object, "generated_columns", rows.maybe());
    object.comment = build.comment("pg_publication", oid);
  }
  return publications;
}

}  // namespace

void read_publications(Build& build) {
  auto publications = read_heads(build);
  auto rows =
      build.link.ask("SELECT pr.prpubid, pr.prrelid, {publish_columns}, {publish_filter} FROM pg_publication_rel pr");
  while (rows.next()) {
    auto& object = publications[rows.id()];
    const auto* table = build.visible(rows.id());
    if (table == nullptr) continue;
    object.uses.push_back({table->name, table->names(rows.numbers())});
    if (const auto filter = rows.maybe()) object.facts.emplace("where " + table->name.text(), *filter);
  }
  for (auto& [oid, object] : publications) {
    std::sort(object.uses.begin(), object.uses.end());
    build.memory->add(std::move(object));
  }
}

void read_statistics(Build& build) {
  auto rows = build.link.ask(
      "SELECT o.oid, o.stxrelid, o.stxkeys, n.nspname, o.stxname, pg_get_userbyid(o.stxowner),"
      " pg_get_statisticsobjdef(o.oid), {statistics_target}"
      " FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace");
  while (rows.next()) {
    const auto oid = rows.id();
    const auto* table = build.visible(rows.id());
    const auto columns = rows.numbers();
    if (table == nullptr || table->parked(columns)) continue;
    catalog::Object object;
    object.kind = "statistics";
    object.name.schema = rows.text();
    object.name.name = rows.text();
    if (of_mig(object.name)) continue;
    object.owner = build.role(rows.text());
    note(object, "definition", rows.maybe());
    note(object, "target", rows.maybe());
    object.uses.push_back({table->name, table->names(columns)});
    object.comment = build.comment("pg_statistic_ext", oid);
    build.memory->add(std::move(object));
  }
}

}  // namespace mig::runtime::introspection
