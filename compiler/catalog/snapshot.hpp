// Snapshot files: a catalog as text, one object a line, sorted by key, stable and diffable.
//
//   {"mig_snapshot":1,"server":{…}}                                     first line
//   {"column":"public.orders.total","type":"numeric(10,2)","not_null":true}
// Lines are sorted by (schema, relation, kind, part), so all that belongs to one table is one range of lines; columns
// keep the order of the table. The place and order of all lines are checked when the file is read, what a line says
// when somebody asks for it: Catalog::damage() has what was wrong there.
// Fields equal to their default are left out. pg_catalog's own objects stand in a second file per major version,
// sizes and estimates in `<file>.sizes.json`.
#pragma once

#include "compiler/catalog/catalog.hpp"
#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::catalog {

inline constexpr int snapshot_format = 1;

struct SnapshotText {
  std::string objects;  // the main file
  std::string sizes;    // <file>.sizes.json
};
[[nodiscard]] SnapshotText write_snapshot(const Catalog& catalog);
// pg_catalog's own types, operators, functions, casts, aggregates, as a snapshot file: equal for all servers of a
// major.
[[nodiscard]] std::string write_system(const Catalog& catalog);

// A catalog that reads `objects` lazily, line by line on demand. `system` and `sizes` may be empty. A damaged file is
// a diagnostic with its line; a newer format is refused with its number.
[[nodiscard]] Catalog read_snapshot(std::shared_ptr<const std::string> objects,
                                    std::shared_ptr<const std::string> system, std::string_view sizes,
                                    std::string_view file_name, diagnostics::Sink& sink);

}  // namespace mig::catalog
