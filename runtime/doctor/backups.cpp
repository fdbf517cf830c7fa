// What the server itself knows of backups: whether its WAL is archived, and how that went last.
#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::sql;

void look_at_backups(Look& look) {
  const auto mode = look.work.ask(sql("SHOW archive_mode")).value();
  if (mode == "off") {
    look.add("backups", "no_archive", Grade::warning,
             "the server archives no WAL; whether pg_dump or a snapshot of the disk runs elsewhere is not known here");
    return;
  }
  const auto row =
      look.rows(sql("SELECT last_archived_time::timestamptz(0)::text, last_failed_time::timestamptz(0)::text,\n"
                    "  last_failed_time > coalesce(last_archived_time, '-infinity'), last_failed_wal\n"
                    "FROM pg_stat_archiver"))
          .at(0);
  if (row[2] == "t")
    look.add("backups", "archive_fails", Grade::bad,
             "archiving WAL fails since " + text(row[1]) + " (" + text(row[3]) + "): no point to restore to after that",
             {"SHOW archive_command;   and the server's log says why"});
  else
    look.add("backups", "archive", Grade::good,
             row[0] ? "WAL is archived, last at " + text(row[0]) : "WAL is archived; nothing was yet");
}

}  // namespace mig::runtime::doctor
