// Tables, views and what else stands in pg_class; who is whose parent; sizes.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

constexpr std::string_view relations_query = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind, d.objid IS NOT NULL, c.relpersistence, pg_get_userbyid(c.relowner),
  CASE WHEN c.relacl IS NOT NULL
       THEN ARRAY[c.relacl::text, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)::text] END,
  c.reloptions, t.reloptions, s.spcname, CASE WHEN a.amname <> 'heap' THEN a.amname END, c.relispopulated,
  c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.reltuples,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, p.partattrs,
  CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
  CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END, fs.srvname, ft.ftoptions
FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
  LEFT JOIN pg_am a ON a.oid = c.relam
  LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
  LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
  LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND c.relpersistence <> 't')";

std::string replica_identity(char letter) {
  switch (letter) {
    case 'n':
      return "nothing";
    case 'f':
      return "full";
    case 'i':
      return "index";
    default:
      return "default";
  }
}

std::string table_kind(char letter) {
  return letter == 'p' ? "partitioned table" : letter == 'f' ? "foreign table" : "table";
}

void add_prefixed(std::vector<std::string>& options, std::string_view prefix, const std::vector<std::string>& more) {
  for (const auto& option : more) options.push_back(std::string(prefix) + option);
}

// What is read before a table and a view part ways.
struct Common {
  std::string persistence, owner, comment, tablespace, access_method;
  std::vector<catalog::Grant> grants;
  std::vector<std::string> options;
  bool populated = true;
};

Common read_common(Build& build, Answer& row, Oid oid) {
  Common common;
  common.persistence = row.letter() == 'u' ? "unlogged" : "permanent";
  common.owner = build.role(row.text());
  common.grants = build.grants(row.view());
  common.options = row.list();
  add_prefixed(common.options, "toast.", row.list());
  std::sort(common.options.begin(), common.options.end());
  common.tablespace = row.text();
  common.access_method = row.text();
  common.populated = row.truth();
  common.comment = build.comment("pg_class", oid);
  return common;
}

catalog::Table make_table(Relation& relation, Common common, Answer& row) {
  catalog::Table table;
  table.name = relation.name;
  table.kind = table_kind(relation.kind);
  table.persistence = std::move(common.persistence);
  table.owner = std::move(common.owner);
  table.grants = std::move(common.grants);
  table.options = std::move(common.options);
  table.tablespace = std::move(common.tablespace);
  table.access_method = std::move(common.access_method);
  table.comment = std::move(common.comment);
  table.replica_identity = replica_identity(row.letter());
  table.row_security = row.truth();
  table.force_row_security = row.truth();
  table.rows = row.real();
  table.partition_by = row.text();
  relation.partition_key = row.numbers();
  table.partition_bound = row.text();
  // A typed or foreign table is one of few: what else it has stands among its options.
  if (const auto of = row.maybe()) table.options.push_back("of=" + std::string(*of));
  if (const auto server = row.maybe()) table.options.push_back("server=" + std::string(*server));
  add_prefixed(table.options, "foreign.", row.list());
  return table;
}

catalog::View make_view(const Relation& relation, Common common) {
  catalog::View view;
  view.name = relation.name;
  view.materialized = relation.kind == 'm';
  view.owner = std::move(common.owner);
  view.grants = std::move(common.grants);
  view.options = std::move(common.options);
  if (!common.access_method.empty()) view.options.push_back("access_method=" + common.access_method);
  view.populated = common.populated;
  view.tablespace = std::move(common.tablespace);
  view.comment = std::move(common.comment);
  return view;
}

void read_relation(Build& build, Answer& row) {
  const auto oid = row.id();
  auto& relation = build.relations[oid];
  relation.name.schema = row.text();
  relation.name.name = row.text();
  relation.kind = row.letter();
  const bool of_extension = row.truth();
  relation.visible = !of_extension && !of_mig(relation.name) && !system_schema(relation.name.schema);
  if (!relation.visible || relation.kind == 'S' || relation.kind == 'c') return;
  auto common = read_common(build, row, oid);
  if (relation.kind == 'v' || relation.kind == 'm')
    relation.view = make_view(relation, std::move(common));
  else
    relation.table = make_table(relation, std::move(common), row);
}

}  // namespace

void read_relations(Build& build) {
  auto rows = build.link.ask(relations_query);
  while (rows.next()) read_relation(build, rows);
}

void read_inheritance(Build& build) {
  auto rows = build.link.ask(
      "SELECT i.inhrelid, i.inhparent, {detach_pending} FROM pg_inherits i WHERE i.inhrelid >= 16384"
      " ORDER BY i.inhrelid, i.inhseqno");
  while (rows.next()) {
    auto* child = build.visible(rows.id());
    auto* parent = build.visible(rows.id());
    if (child == nullptr || parent == nullptr || !child->table || !parent->table) continue;
    const bool detaching = rows.truth();
    if (!parent->table->partitioned())
      child->table->inherits.push_back(parent->name);
    else
      child->table->partition_of = parent->name;
    if (detaching) child->table->partition_bound += " DETACH PENDING";
    parent->table->children.push_back(child->name);
  }
  for (auto& [oid, relation] : build.relations)
    if (relation.table) {
      std::sort(relation.table->children.begin(), relation.table->children.end());
      relation.table->partition_columns = relation.names(relation.partition_key);
    }
}

void read_sizes(Build& build) {
  // pg_table_size() opens the table and asks the file system: only where no ANALYZE has left an estimate (before 14,
  // an analysed empty table looks like one that was never analysed).
  auto rows = build.link.ask(
      "SELECT c.oid, CASE WHEN {never_analyzed} THEN pg_table_size(c.oid)"
      " ELSE (c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::bigint END"
      " FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid >= 16384 AND c.relkind = 'r'");
  while (rows.next())
    if (auto* relation = build.visible(rows.id()); relation != nullptr && relation->table)
      relation->table->bytes = rows.number();
}

}  // namespace mig::runtime::introspection
