// Rows of the journal's backups as people read them.
#include "cli/backups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/text.hpp"

namespace mig::cli {

runtime::BackupOptions backup_options(const Project& project) {
  runtime::BackupOptions options;
  options.project = project.config.root.string();
  options.sandbox_bin = project.config.sandbox_bin;
  if (const auto program = project.environment.get("MIG_PG_DUMP")) options.pg_dump = program->value;
  return options;
}

std::vector<runtime::BackupRow> read_backups(const Connection& connection) {
  try {
    const runtime::JournalReader reader(connection.target());
    return reader.format() == 0 ? std::vector<runtime::BackupRow>() : reader.backups();
  } catch (const runtime::DatabaseError& error) {
    throw database_failure(error);
  }
}

std::vector<runtime::BackupRow> due_backups(const Connection& connection, const std::vector<std::string>& migrations) {
  auto rows = read_backups(connection);
  std::erase_if(rows, [&](const auto& row) {
    const bool asked =
        migrations.empty() || std::find(migrations.begin(), migrations.end(), row.migration) != migrations.end();
    return !row.due || !asked;
  });
  return rows;
}

std::string age_words(const std::vector<runtime::BackupRow>& backups) {
  std::string ages;
  for (std::size_t i = 0; i < backups.size(); ++i)
    ages += (i == 0 ? "" : i + 1 == backups.size() ? " and " : ", ") + std::to_string(backups[i].days);
  const auto count = static_cast<long long>(backups.size());
  return fmt::format("{} ({} {} old)", plural(count, "backup"), ages,
                     count == 1 && backups.front().days == 1 ? "day" : "days");
}

std::string backup_text(const std::vector<runtime::BackupRow>& backups, const std::string& migration,
                        const Connection& connection) {
  const auto flag = target_flag(connection.choice());
  std::string text;
  for (const auto& row : backups) {
    if (row.migration != migration) continue;
    text += fmt::format("backup of {}   {}, {}  ->  {}   {}; {}{}\n", minute(row.made), plural(row.files, "file"),
                        size(row.bytes), row.directory, row.way, row.read_back,
                        row.until.empty() ? "" : "; kept until " + row.until.substr(0, 10));
    for (std::size_t begin = 0, end = 0; (end = row.restore.find('\n', begin)) != std::string::npos; begin = end + 1)
      text += "  bring it back:  " + row.restore.substr(begin, end - begin) +
              (row.restore.compare(begin, 4, "mig ") == 0 ? flag : "") + "\n";
  }
  return text;
}

nlohmann::ordered_json as_json(const runtime::BackupRow& row) {
  return {{"directory", row.directory},
          {"made", row.made},
          {"host", row.host},
          {"run", row.run},
          {"way", row.way},
          {"read_back", row.read_back},
          {"bytes", row.bytes},
          {"files", row.files},
          {"manifest", row.manifest},
          {"until", row.until},
          {"restore", row.restore}};
}

}  // namespace mig::cli
