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
        {"mig apply " + owner});
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

// Functions, triggers, constraints and relations by the name that only mig gives.
void look_at_names(Look& look) {
  const auto rows = look.rows(
      sql("SELECT kind, name, relation FROM (\n"
          "  SELECT 'trigger', t.tgname, t.tgrelid::regclass::text FROM pg_trigger t WHERE NOT t.tgisinternal\n"
          "  UNION ALL SELECT 'constraint', k.conname, k.conrelid::regclass::text FROM pg_constraint k\n"
          "    WHERE k.conrelid <> 0\n"
          "  UNION ALL SELECT 'function', p.proname, p.oid::regprocedure::text FROM pg_proc p\n"
          "  UNION ALL SELECT 'relation', c.relname, c.oid::regclass::text FROM pg_class c\n"
          "    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(mig$|mig_park_|pg_)'\n"
          ") x(kind, name, relation) WHERE name LIKE '\\_mig\\_%' ORDER BY 1, 2, 3"));
  for (const auto& row : rows)
    if (!look.known(text(row[1])))
      look.add("leftovers", "orphan_object", Grade::warning,
               text(row[0]) + " " + text(row[1]) + " (" + text(row[2]) + ") was made by a mig whose journal is gone",
               {"mig doctor --remove-sql"});
}

}  // namespace

void look_at_remains(Look& look) {
  look_at_columns(look);
  look_at_schemas(look);
  look_at_names(look);
  look.fine("leftovers", "no INVALID index, nothing of mig's without its journal");
}

}  // namespace mig::runtime::doctor
