// Who stands in whose way: sessions that wait, old transactions, prepared ones, slots that nobody reads.
#include <algorithm>

#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Literal;
using sql::sql;

namespace {

constexpr long long long_transaction_s = 60;

std::string who(const std::optional<std::string>& user, const std::optional<std::string>& application) {
  return text(user) + (text(application).empty() ? "" : " (" + text(application) + ")");
}

void look_at_blockers(Look& look) {
  const auto rows =
      look.rows(sql("SELECT b.pid, b.usename, b.application_name, coalesce(b.state, 'hidden'), count(DISTINCT w.pid),\n"
                    "  max(extract(epoch FROM clock_timestamp() - w.query_start))::bigint,\n"
                    "  left(regexp_replace(b.query, '\\s+', ' ', 'g'), 60)\n"
                    "FROM pg_stat_activity w CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS x(pid)\n"
                    "JOIN pg_stat_activity b ON b.pid = x.pid\n"
                    "WHERE w.datname = current_database() AND w.wait_event_type = 'Lock'\n"
                    "  AND cardinality(pg_blocking_pids(b.pid)) = 0\n"
                    "GROUP BY 1, 2, 3, 4, 7 ORDER BY 5 DESC, 1"));
  for (const auto& row : rows)
    look.add("blockers", "blocker", Grade::bad,
             "pid " + text(row[0]) + "  " + who(row[1], row[2]) + "  " + text(row[3]) + ": " + text(row[4]) +
                 (row[4] == "1" ? " session waits" : " sessions wait") + " for it, up to " +
                 time_words(std::atoll(text(row[5]).c_str())) + "; last: " + text(row[6]),
             {"select pg_terminate_backend(" + text(row[0]) + ");"});
  look.fine("blockers", "no session waits for a lock");
}

void look_at_transactions(Look& look) {
  const auto rows = look.rows(
      sql("SELECT pid, usename, application_name, coalesce(state, 'hidden'),\n"
          "  extract(epoch FROM clock_timestamp() - xact_start)::bigint,\n"
          "  left(regexp_replace(query, '\\s+', ' ', 'g'), 60)\n"
          "FROM pg_stat_activity\n"
          "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'\n"
          "  AND xact_start < clock_timestamp() - make_interval(secs => {})\n"
          "ORDER BY xact_start LIMIT 3",
          long_transaction_s));
  for (const auto& row : rows)
    look.add("oldest tx", "old_transaction", Grade::warning,
             "pid " + text(row[0]) + "  " + who(row[1], row[2]) + "  " + text(row[3]) + ", open for " +
                 time_words(std::atoll(text(row[4]).c_str())) +
                 ": concurrent builds will wait for it; last: " + text(row[5]),
             {"select pg_terminate_backend(" + text(row[0]) + ");"});
}

// They have no session: nothing but these words ends them, and their locks outlive a restart.
void look_at_prepared(Look& look) {
  const auto rows = look.rows(
      sql("SELECT gid, owner, extract(epoch FROM clock_timestamp() - prepared)::bigint FROM pg_prepared_xacts\n"
          "WHERE database = current_database() ORDER BY prepared"));
  for (const auto& row : rows)
    look.add("oldest tx", "prepared_transaction", Grade::warning,
             "prepared transaction " + text(row[0]) + " of " + text(row[1]) + ", open for " +
                 time_words(std::atoll(text(row[2]).c_str())) + ", holds its locks until somebody decides",
             {pasted(sql("ROLLBACK PREPARED {}", Literal{text(row[0])})) + "   or   " +
              pasted(sql("COMMIT PREPARED {}", Literal{text(row[0])}))});
}

void look_at_slots(Look& look) {
  const auto rows =
      look.rows(sql("SELECT slot_name, slot_type, pg_size_pretty(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()\n"
                    "  THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn))\n"
                    "FROM pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL ORDER BY 1"));
  for (const auto& row : rows)
    look.add("replication", "inactive_slot", Grade::warning,
             text(row[1]) + " replication slot " + text(row[0]) + " is read by nobody and holds back " + text(row[2]) +
                 " of WAL: a backfill would fill the disk",
             {pasted(sql("SELECT pg_drop_replication_slot({})", Literal{text(row[0])}))});
}

}  // namespace

void look_at_sessions(Look& look) {
  look_at_blockers(look);
  look_at_transactions(look);
  look_at_prepared(look);
  look.fine("oldest tx", "no transaction is older than " + time_words(long_transaction_s));
  look_at_slots(look);
}

}  // namespace mig::runtime::doctor
