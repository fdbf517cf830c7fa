// What a backup holds, as manifest.json in its folder says it, with a hash over itself.
#pragma once

#include <optional>

#include "runtime/backup/disk.hpp"
#include "runtime/journal.hpp"

namespace mig::runtime::backup {

inline constexpr int manifest_format = 1;
inline constexpr const char* manifest_name = "manifest.json";

struct Entry {
  std::string path;    // in the backup's folder
  std::string kind;    // file, dump, rows, definition, script
  std::string source;  // of a file its path in the project, of rows the table
  Sum sum;
  long long rows = -1;  // of rows; -1: not known
  int mode = 0;         // of a file: the permissions that its source had
};

struct Manifest {
  std::string migration, database, server, made;  // made: UTC, the run's time
  long long run = 0;
  std::string way;        // "copies", "pg_dump 16.4", "mig": how it was made
  std::string read_back;  // and how it was read
  std::vector<Entry> entries;
  std::map<std::string, long long> rows;  // of each table in a dump
};

// The file's text, its own hash the last line but one.
[[nodiscard]] std::string to_json(const Manifest& manifest);
// Nothing where it does not read, or its hash is not that of its content.
[[nodiscard]] std::optional<Manifest> from_json(const std::string& text);
// Of the backup in this folder.
[[nodiscard]] std::optional<Manifest> read_manifest(const std::filesystem::path& folder);

[[nodiscard]] long long bytes_of(const Manifest& manifest);

// Holds a folder against its manifest: each file is read to its end. One line for each that is gone or another; empty:
// all is as it was made. `hash` is the manifest's own, as the journal has it; empty: not known.
[[nodiscard]] std::vector<std::string> damage(const std::filesystem::path& folder, const std::string& hash);

}  // namespace mig::runtime::backup
