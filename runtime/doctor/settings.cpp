// Settings that decide how a migration fares, and where each was said.
#include <algorithm>

#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Ident;
using sql::Literal;
using sql::sql;

namespace {

long long number(const Look& look, const char* setting) {
  return std::atoll(
      look.work.ask(sql("SELECT setting FROM pg_settings WHERE name = {}", Literal{setting})).value().c_str());
}

std::string words(long long milliseconds) {
  return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + "s" : std::to_string(milliseconds) + "ms";
}

// Who waits longer than deadlock_timeout looks for a deadlock, and ends one by ending itself: mig must have let go by
// then, or a client may be the one that finds it.
void look_at_lock_timeout(Look& look) {
  const auto limit = number(look, "deadlock_timeout");
  const auto tell = [&](long long timeout, const std::string& whose, const std::string& remedy) {
    if (timeout != 0 && timeout < limit) return;
    look.add("settings", "lock_timeout", Grade::warning,
             whose + " waits " + words(timeout) + " for a lock; deadlock_timeout is " + words(limit) +
                 ": a client may be ended as the victim of a deadlock",
             {remedy});
  };
  const auto good = words(std::max(limit / 2, 1LL));
  tell(look.background.policy.lock_timeout_ms, "mig.toml", "in mig.toml:  [policy]  lock_timeout = \"" + good + "\"");
  for (const auto& plan : look.background.pending)
    if (plan.policy.lock_timeout_ms != look.background.policy.lock_timeout_ms)
      tell(plan.policy.lock_timeout_ms, plan.migration, "in " + plan.file + ":  lock_timeout " + good);
}

// A statement on a partitioned table takes a lock on every partition and every index of it: one transaction may need
// more than fit into the server's table of locks (manual 20.12).
void look_at_lock_table(Look& look) {
  const auto each = number(look, "max_locks_per_transaction");
  const auto fit = each * (number(look, "max_connections") + number(look, "max_prepared_transactions"));
  const auto largest =
      look.rows(sql("SELECT r.relid::regclass::text, count(*) + coalesce(sum((SELECT count(*) FROM pg_index i\n"
                    "  WHERE i.indrelid = t.relid)), 0)\n"
                    "FROM (SELECT c.oid AS relid FROM pg_class c WHERE c.relkind = 'p' AND NOT c.relispartition) r\n"
                    "CROSS JOIN LATERAL pg_partition_tree(r.relid) t GROUP BY 1 ORDER BY 2 DESC LIMIT 1"));
  if (largest.empty()) return;
  const auto needed = std::atoll(text(largest[0][1]).c_str());
  // Half of the table is left to the clients.
  if (needed * 2 < fit) return;
  const auto enough = ((needed * 2 * each) / std::max(fit, 1LL) / 64 + 1) * 64;
  look.add("settings", "max_locks_per_transaction", Grade::warning,
           text(largest[0][0]) + " has " + text(largest[0][1]) +
               " partitions and indexes: a change of it locks them all," + " and " + std::to_string(fit) +
               " locks fit (max_locks_per_transaction = " + std::to_string(each) + ")",
           {pasted(sql("ALTER SYSTEM SET max_locks_per_transaction = {}", enough)) + "   then restart the server"});
}

void look_at_switches(Look& look) {
  const auto off = [&](const char* setting, Grade grade, const char* why) {
    const auto rows = look.rows(sql("SELECT setting FROM pg_settings WHERE name = {}", Literal{setting}));
    if (rows.empty() || rows[0][0] != "off") return;
    look.add("settings", setting, grade, std::string(setting) + " is off: " + why,
             {pasted(sql("ALTER SYSTEM SET {} = on", Ident{setting})) + "   select pg_reload_conf();"});
  };
  off("autovacuum", Grade::warning, "rows that a backfill leaves behind stay until somebody vacuums");
  off("track_activities", Grade::warning, "what blocks a step cannot be said");
  off("fsync", Grade::bad, "a crash of the machine destroys the database, journal and all");
  off("full_page_writes", Grade::bad, "a crash of the machine may destroy pages");
}

// Every ALTER and CREATE of a migration runs these functions.
void look_at_event_triggers(Look& look) {
  const auto rows =
      look.rows(sql("SELECT evtname, evtevent, evtfoid::regprocedure::text FROM pg_event_trigger\n"
                    "WHERE evtenabled <> 'D' AND evtevent <> 'login' ORDER BY 1"));
  for (const auto& row : rows)
    look.add("settings", "event_trigger", Grade::warning,
             "event trigger " + text(row[0]) + " runs " + text(row[2]) + " at " + text(row[1]) + " of each step");
}

// Transaction numbers are 32 bits wide: at two thousand million the server takes no more writes.
void look_at_wraparound(Look& look) {
  const auto age =
      std::atoll(look.work.ask(sql("SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()"))
                     .value()
                     .c_str());
  if (age > 1'000'000'000)
    look.add("settings", "wraparound", age > 1'600'000'000 ? Grade::bad : Grade::warning,
             "the oldest transaction number is " + std::to_string(age / 1'000'000) +
                 " million back: writes end at 2,147 million",
             {"VACUUM (FREEZE);"});
}

}  // namespace

void look_at_settings(Look& look) {
  look_at_lock_timeout(look);
  look_at_lock_table(look);
  if (!look.background.throwaway) look_at_switches(look);
  look_at_event_triggers(look);
  look_at_wraparound(look);
  look.fine("settings", "lock_timeout is below deadlock_timeout; the locks fit");
}

}  // namespace mig::runtime::doctor

namespace mig::runtime {

std::vector<Setting> server_settings(const Target& target) {
  // Before anything is set: what this role's sessions begin with.
  Session session(target);
  const auto rows = session.run(sql::sql(
      "SELECT name, current_setting(name), CASE WHEN sourcefile IS NOT NULL\n"
      "  THEN regexp_replace(sourcefile, '.*/', '') || ':' || sourceline ELSE source END\n"
      "FROM pg_settings WHERE name IN ('autovacuum', 'deadlock_timeout', 'idle_in_transaction_session_timeout',\n"
      "  'idle_session_timeout', 'lock_timeout', 'maintenance_work_mem', 'max_connections',\n"
      "  'max_locks_per_transaction', 'max_parallel_maintenance_workers', 'max_prepared_transactions',\n"
      "  'search_path', 'session_replication_role', 'statement_timeout', 'synchronous_standby_names',\n"
      "  'transaction_timeout', 'wal_level')\n"
      "ORDER BY name COLLATE \"C\""));
  std::vector<Setting> settings;
  for (const auto& row : rows.rows)
    settings.push_back({doctor::text(row[0]), doctor::text(row[1]), doctor::text(row[2])});
  return settings;
}

}  // namespace mig::runtime
