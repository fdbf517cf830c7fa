// What the planner believes: tables that were never analyzed, or changed much since.
#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Qualified;
using sql::sql;

void look_at_statistics(Look& look) {
  // An estimate of time and space is as good as these; the three largest are enough to act on.
  const auto rows =
      look.rows(sql("SELECT s.schemaname, s.relname, greatest(s.last_analyze, s.last_autoanalyze) IS NULL,\n"
                    "  s.n_mod_since_analyze, pg_size_pretty(pg_table_size(s.relid))\n"
                    "FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid\n"
                    "WHERE s.schemaname !~ '^(mig$|mig_park_)' AND pg_table_size(s.relid) > 1048576\n"
                    "  AND (c.reltuples <= 0 OR s.n_mod_since_analyze > 0.2 * greatest(c.reltuples, 1000))\n"
                    "ORDER BY pg_table_size(s.relid) DESC, 1, 2 LIMIT 3"));
  for (const auto& row : rows) {
    const Qualified table{text(row[0]), text(row[1])};
    look.add("statistics", "stale_statistics", Grade::warning,
             sql::display(table) + " (" + text(row[4]) + ")" +
                 (row[2] == "t" ? " was never analyzed" : ": " + text(row[3]) + " rows changed since it was analyzed"),
             {pasted(sql("ANALYZE {}", table))});
  }
  look.fine("statistics", "fresh for every table of more than 10000 rows");
}

}  // namespace mig::runtime::doctor
