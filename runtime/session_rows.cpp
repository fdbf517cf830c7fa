// Other sessions as pg_stat_activity shows them. State and query are null for a role without pg_read_all_stats.
#include <cstdlib>

#include "runtime/journal_rows.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

const std::string& text(const std::optional<std::string>& value) {
  static const std::string none;
  return value ? *value : none;
}

// The last statement is cut: a query may be a page long, and the line names the session, not its work.
sql::Fragment columns() {
  return sql(
      "a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), '[local]'), a.state,\n"
      "  extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.state_change))::bigint,\n"
      "  left(regexp_replace(a.query, '\\s+', ' ', 'g'), 60)");
}

std::vector<SessionRow> sessions(const Rows& rows) {
  std::vector<SessionRow> all;
  for (const auto& row : rows.rows) {
    auto& one = all.emplace_back();
    one.pid = std::atoi(text(row[0]).c_str());
    one.user = text(row[1]);
    one.application = text(row[2]);
    one.client = text(row[3]);
    one.state = text(row[4]);
    one.seconds = std::atoll(text(row[5]).c_str());
    one.query = text(row[6]);
  }
  return all;
}

}  // namespace

std::optional<SessionRow> read_lock_holder(const Ask& ask) {
  // A 64-bit key stands in pg_locks as two halves, objsubid 1 (manual 54.12).
  constexpr auto high = plan::journal::lock_key >> 32, low = plan::journal::lock_key & 0xffffffff;
  const auto found = sessions(
      ask(sql("SELECT {} FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid\n"
              "WHERE l.locktype = 'advisory' AND l.classid = {} AND l.objid = {} AND l.objsubid = 1 AND l.granted\n"
              "  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
              columns(), high, low)));
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::vector<SessionRow> read_blockers(const Ask& ask, int waiting_pid) {
  return sessions(
      ask(sql("SELECT {} FROM unnest(pg_blocking_pids({})) WITH ORDINALITY b(pid, nr)\n"
              "JOIN pg_stat_activity a ON a.pid = b.pid ORDER BY b.nr",
              columns(), static_cast<long long>(waiting_pid))));
}

}  // namespace mig::runtime
