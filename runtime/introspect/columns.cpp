// Columns of tables, views and composite types.
#include <algorithm>
#include <array>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// A column's collation, storage and compression are said only where they are not what its type gives. A default names
// no columns: printing it without its table spares the server opening (and locking) every table.
constexpr std::string_view columns_query = R"(
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
  pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END), a.attidentity, a.attgenerated,
  CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
  CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {compression}, coalesce(a.attstattarget, -1),
  a.attoptions, a.attfdwoptions, a.attislocal, a.attinhcount, a.attacl
FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum)";

std::string storage(char letter) {
  switch (letter) {
    case 'p':
      return "plain";
    case 'e':
      return "external";
    case 'm':
      return "main";
    case 'x':
      return "extended";
    default:
      return {};
  }
}

std::string compression(char letter) { return letter == 'p' ? "pglz" : letter == 'l' ? "lz4" : ""; }
std::string identity(char letter) { return letter == 'a' ? "always" : letter == 'd' ? "by default" : ""; }
std::string generated(char letter) { return letter == 's' ? "stored" : letter == 'v' ? "virtual" : ""; }

catalog::Column read_column(Build& build, Answer& row) {
  catalog::Column column;
  column.type = row.text();
  column.not_null = row.truth();
  column.default_ = row.text();
  column.identity = identity(row.letter());
  column.generated = generated(row.letter());
  column.collation = row.text();
  column.storage = storage(row.letter());
  column.compression = compression(row.letter());
  column.statistics = static_cast<int>(row.number());
  column.options = attribute_options(row.list());
  for (const auto& option : row.list()) column.options.push_back("foreign." + option);
  std::sort(column.options.begin(), column.options.end());
  column.local = row.truth();
  column.inherited = static_cast<int>(row.number());
  column.grants = build.acl(row.view());
  return column;
}

}  // namespace

void read_columns(Build& build) {
  auto rows = build.link.ask(columns_query);
  Oid last = 0;
  Relation* relation = nullptr;
  while (rows.next()) {
    const auto oid = rows.id();
    if (oid != last) {
      const auto found = build.relations.find(oid);
      relation = found == build.relations.end() ? nullptr : &found->second;
      last = oid;
    }
    if (relation == nullptr) continue;
    const auto number = static_cast<int>(rows.number());
    const auto name = rows.view();
    relation->attributes.resize(static_cast<std::size_t>(number));
    relation->attributes.back() = name;
    if (!relation->visible || of_mig(name)) continue;
    auto column = read_column(build, rows);
    column.name = relation->attributes.back();
    column.number = number;
    column.comment = build.comment("pg_class", oid, number);
    relation->columns.push_back(std::move(column));
  }
}

}  // namespace mig::runtime::introspection
