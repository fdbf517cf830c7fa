// The catalog that files are held against: a live database, a snapshot file, or an empty one. Never by guess.
#pragma once

#include <memory>
#include <string>

#include "cli/connection.hpp"
#include "compiler/catalog/catalog.hpp"

namespace mig::cli {

struct Basis {
  catalog::Catalog catalog;
  std::string name;  // "snapshots/production.json (2 days old)", "production, live", "an empty catalog"
  std::unique_ptr<Connection> connection;  // where it is live
};

// --catalog live|FILE|empty; else a target named on the command line means live; else `catalog =` of mig.toml; else
// Failure(usage) with the lines to type. --pg sets the major version whose forms are chosen.
[[nodiscard]] Basis choose_basis(const Invocation& call, const Project& project, const Output& output);
// The live catalog of the target, whatever --catalog says.
[[nodiscard]] Basis live_basis(const Invocation& call, const Project& project, const Output& output);

// What migrations began from, for a database that has them already: --catalog FILE or empty, else `catalog =` of
// mig.toml, for the server of `live`, without a journal. Throws Failure(usage) where none is named, and for live.
[[nodiscard]] catalog::Catalog base_before(const Invocation& call, const Project& project, const Output& output,
                                           const catalog::Catalog& live);

// A snapshot is read where somebody looks: call it when the work is done. Throws Failure(usage) for what was damaged.
void require_sound(const Basis& basis);

// The file beside `snapshot` that holds pg_catalog's own objects of this major version.
[[nodiscard]] std::filesystem::path system_file(const std::filesystem::path& snapshot, int major);
[[nodiscard]] std::filesystem::path sizes_file(const std::filesystem::path& snapshot);
// Reads FILE with what stands beside it; throws Failure(usage) with the diagnostics' first message when it is damaged.
[[nodiscard]] catalog::Catalog read_snapshot_file(const std::filesystem::path& path, const Output& output);

}  // namespace mig::cli
