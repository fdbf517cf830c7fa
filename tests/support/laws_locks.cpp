// Law lock: what pg_locks shows of a backend, against what the plan declares.
#include <stdexcept>

#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

sql::LockMode mode_of(const std::string& pg_locks_mode) {
  static const std::map<std::string, sql::LockMode> modes{
      {"AccessShareLock", sql::LockMode::access_share},
      {"RowShareLock", sql::LockMode::row_share},
      {"RowExclusiveLock", sql::LockMode::row_exclusive},
      {"ShareUpdateExclusiveLock", sql::LockMode::share_update_exclusive},
      {"ShareLock", sql::LockMode::share},
      {"ShareRowExclusiveLock", sql::LockMode::share_row_exclusive},
      {"ExclusiveLock", sql::LockMode::exclusive},
      {"AccessExclusiveLock", sql::LockMode::access_exclusive}};
  return modes.at(pg_locks_mode);
}

}  // namespace

Relations relations(runtime::Session& session) {
  const auto rows = session.run(
      sql::sql("SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind IN ('i', 'I') "
               "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"));
  Relations result;
  for (const auto& row : rows.rows) result[*row[0]] = {*row[1], *row[2] == "t"};
  return result;
}

Held held_locks(runtime::Session& session, int pid, bool waiting) {
  const auto rows = session.run(sql::sql(
      "SELECT relation, mode FROM pg_locks WHERE pid = {} AND locktype = 'relation' AND (granted OR {}) AND database = "
      "(SELECT oid FROM pg_database WHERE datname = current_database())",
      static_cast<long long>(pid), waiting ? sql::sql("true") : sql::sql("false")));
  Held held;
  for (const auto& row : rows.rows) {
    const auto mode = mode_of(*row[1]);
    const auto [entry, added] = held.emplace(*row[0], mode);
    if (!added && entry->second < mode) entry->second = mode;
  }
  return held;
}

std::vector<std::string> compare_locks(const Held& seen, const Held& declared, const Relations& existing) {
  std::vector<std::string> differences;
  const auto say = [](const Held& held, const std::string& oid) {
    const auto found = held.find(oid);
    return std::string(found == held.end() ? "none" : sql::to_string(found->second));
  };
  for (const auto& [oid, relation] : existing) {
    const auto s = seen.find(oid);
    const auto d = declared.find(oid);
    // On indexes only ACCESS EXCLUSIVE matters: all weaker ones let queries plan and run.
    const bool weak_index = relation.index && (s == seen.end() || s->second != sql::LockMode::access_exclusive);
    if (weak_index && d == declared.end()) continue;
    if ((s == seen.end()) != (d == declared.end()) || (s != seen.end() && s->second != d->second))
      differences.push_back(relation.name + ": declared " + say(declared, oid) + ", seen " + say(seen, oid));
  }
  return differences;
}

}  // namespace mig::tests::laws
