// What failed builds and crashed runs left behind.
#include "compiler/catalog/catalog.hpp"
#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Ident;
using sql::Qualified;
using sql::sql;

namespace {

struct Index {
  Qualified name;
  std::string table;
  bool partitioned = false, building = false, constraint = false;
};

std::vector<Index> invalid_indexes(const Look& look) {
  const auto rows = look.rows(
      sql("SELECT n.nspname, c.relname, i.indrelid::regclass::text, c.relkind = 'I',\n"
          "  EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid),\n"
          "  EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)\n"
          "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace\n"
          "WHERE NOT (i.indisvalid AND i.indisready) AND n.nspname !~ '^pg_toast'\n"
          "ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\""));
  std::vector<Index> found;
  for (const auto& row : rows)
    found.push_back({{text(row[0]), text(row[1])}, text(row[2]), row[3] == "t", row[4] == "t", row[5] == "t"});
  return found;
}

// Writers keep a remnant up for nothing until it is gone; the step that builds it does so again.
std::vector<sql::Fragment> remnant(const Look& look, const Index& index) {
  if (look.running || index.partitioned || index.constraint) return {};
  return {sql("DROP INDEX CONCURRENTLY {}", index.name)};
}

void tell_index(Look& look, const Index& index) {
  const auto name = sql::display(index.name);
  if (index.building) {
    look.add("leftovers", "index_building", Grade::good,
             "index " + name + " on " + index.table + " is being built now");
    return;
  }
  const auto owner = look.owner_of(catalog::key("index", {index.name.schema, index.name.name}));
  if (!owner.empty())
    look.add(
        "leftovers", "invalid_index", Grade::bad,
        "index " + name + " on " + index.table + " is INVALID: " + owner + " was building it and will build it again",
        {"mig apply " + owner}, remnant(look, index));
  else if (index.partitioned)
    look.add("leftovers", "invalid_partitioned_index", Grade::warning,
             "index " + name + " on " + index.table + " is INVALID: not every partition has its part",
             {pasted(sql("SELECT relid FROM pg_partition_tree({}::regclass) WHERE isleaf", sql::Literal{index.table})),
              "build the index on each partition that lacks it, then:  " +
                  pasted(sql("ALTER INDEX {} ATTACH PARTITION …", index.name))});
  else
    look.add(
        "leftovers", "invalid_index", Grade::warning,
        "index " + name + " on " + index.table + " is INVALID (not made by mig): writes keep it up, no query uses it",
        {pasted(index.constraint ? sql("REINDEX INDEX CONCURRENTLY {}", index.name)
                                 : sql("DROP INDEX CONCURRENTLY {}", index.name))});
}

}  // namespace

void look_at_indexes(Look& look) {
  for (const auto& index : invalid_indexes(look)) tell_index(look, index);
}

namespace {

// Columns that mig set aside and that no journal speaks of any more.
void look_at_columns(Look& look) {
  const auto rows = look.rows(
      sql("SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid\n"
          "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
          "WHERE a.attname LIKE '\\_mig\\_%' AND NOT a.attisdropped AND n.nspname !~ '^(mig$|mig_park_|pg_)'\n"
          "  AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition\n"
          "ORDER BY 1, 2, 3"));
  for (const auto& row : rows) {
    if (look.known(text(row[2]))) continue;
    const Qualified table{text(row[0]), text(row[1])};
    look.add("leftovers", "orphan_column", Grade::warning,
             "column " + text(row[2]) + " of " + sql::display(table) + " was kept aside by a mig whose journal is gone",
             {pasted(sql("SELECT {} FROM {} LIMIT 10", Ident{text(row[2])}, table)),
              pasted(sql("ALTER TABLE {} DROP COLUMN {}", table, Ident{text(row[2])}))});
  }
}

void look_at_schemas(Look& look) {
  const auto rows = look.rows(sql(
      "SELECT n.nspname, (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p'))\n"
      "FROM pg_namespace n WHERE n.nspname LIKE 'mig\\_park\\_%' ORDER BY 1"));
  for (const auto& row : rows) {
    if (look.known(text(row[0]))) continue;
    look.add("leftovers", "orphan_schema", Grade::warning,
             "schema " + text(row[0]) + " holds " + text(row[1]) + " tables kept aside by a mig whose journal is gone",
             {"look into it, then:  " + pasted(sql("DROP SCHEMA {} CASCADE", Ident{text(row[0])}))});
  }
}

// What carries a name that only mig gives.
struct Named {
  std::string kind, name, shown;  // "trigger", its name, on what (regclass) or itself (regprocedure)
  Qualified of;                   // the table of a trigger, else the thing itself
  bool plain = false;             // told by `of` alone: a function without arguments
};

// Triggers and functions of mig's hold no rows, and only mig calls them; a relation may hold some, and what a
// constraint guards nobody knows any more.
std::vector<sql::Fragment> removed(const Look& look, const Named& object) {
  if (look.running) return {};
  if (object.kind == "trigger") return {sql("DROP TRIGGER {} ON {}", Ident{object.name}, object.of)};
  if (object.kind == "function" && object.plain) return {sql("DROP FUNCTION {}()", object.of)};
  return {};
}

// Functions behind the triggers that call them.
std::vector<Named> named_by_mig(const Look& look) {
  const auto rows = look.rows(sql(
      "SELECT kind, name, shown, schema, object, plain FROM (\n"
      "  SELECT 3, 'trigger', t.tgname, c.oid::regclass::text, c.relnamespace, c.relname, true FROM pg_trigger t\n"
      "    JOIN pg_class c ON c.oid = t.tgrelid\n"
      "    WHERE NOT t.tgisinternal AND t.tgparentid = 0\n"
      "  UNION ALL SELECT 1, 'constraint', k.conname, k.conrelid::regclass::text, k.connamespace, k.conname, false\n"
      "    FROM pg_constraint k WHERE k.conrelid <> 0\n"
      "  UNION ALL SELECT 4, 'function', p.proname, p.oid::regprocedure::text, p.pronamespace, p.proname,\n"
      "    p.pronargs = 0 AND p.prokind = 'f' FROM pg_proc p\n"
      "  UNION ALL SELECT 2, 'relation', c.relname, c.oid::regclass::text, c.relnamespace, c.relname, false\n"
      "    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
      "    WHERE n.nspname !~ '^(mig$|mig_park_|pg_)'\n"
      ") x(place, kind, name, shown, space, object, plain), LATERAL (SELECT nspname AS schema FROM pg_namespace n\n"
      "  WHERE n.oid = x.space) AS s WHERE name LIKE '\\_mig\\_%' ORDER BY place, name, shown"));
  std::vector<Named> found;
  for (const auto& row : rows)
    found.push_back({text(row[0]), text(row[1]), text(row[2]), {text(row[3]), text(row[4])}, row[5] == "t"});
  return found;
}

void look_at_names(Look& look) {
  for (const auto& object : named_by_mig(look))
    if (!look.known(object.name))
      look.add("leftovers", "orphan_object", Grade::warning,
               object.kind + " " + object.name + " (" + object.shown + ") was made by a mig whose journal is gone",
               {"mig doctor --remove-sql"}, removed(look, object));
}

}  // namespace

void look_at_remains(Look& look) {
  look_at_columns(look);
  look_at_schemas(look);
  look_at_names(look);
  look.fine("leftovers", "no INVALID index, nothing of mig's without its journal");
}

}  // namespace mig::runtime::doctor
