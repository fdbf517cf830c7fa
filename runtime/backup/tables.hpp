// The tables that a backup holds, and the one snapshot in which they are read.
#pragma once

#include "runtime/executor/work.hpp"

namespace mig::runtime::backup {

struct Table {
  sql::Qualified name;
  bool rows = true;  // false: a partitioned table, whose rows are in its partitions
  long long bytes = 0;
  bool readable = true;  // by this role
};

// The tables named, with their partitions and inheritors; of a whole database all but the system's and extensions'.
[[nodiscard]] std::vector<Table> tables_of(const Work& work, const sql::Backup& action);

// Opens a transaction that sees one moment and writes nothing, and in which no other timeout counts than that of locks;
// the tables keep their shape while it is open. Returns the name under which other sessions see the same moment.
[[nodiscard]] std::string open_snapshot(Work& work, const Migration& migration, const std::vector<Table>& tables);
void close_snapshot(Work& work);

// In that transaction.
[[nodiscard]] std::map<std::string, long long> count_rows(const Work& work, const std::vector<Table>& tables);
// By another session: what a restored copy holds. Nothing where a table is not there.
[[nodiscard]] std::optional<std::map<std::string, long long>> count_rows(Session& session,
                                                                         const std::vector<Table>& tables);

}  // namespace mig::runtime::backup
