// The passes between syntax and ir, in the order in which compile() calls them.
#pragma once

#include "compiler/check/inline.hpp"
#include "compiler/check/parameters.hpp"
#include "compiler/check/sources.hpp"
#include "compiler/ir/ir.hpp"

namespace mig::check {

// A migration as it stands in a given file.
struct Declared {
  std::string name;  // in the journal: as written, of a repeatable with the number of its run ("reports@2")
  const syntax::Migration* tree = nullptr;
  std::uint32_t file = 0;
  std::string source_hash;           // of the file's text and of all that it brings
  std::vector<std::uint32_t> files;  // the file and all that it brings
};

// What the language has and this version lacks.
void refuse_not_built(const Sources& sources, diagnostics::Sink& sink);

// The migrations of the given files: one in a file, names once, sections in their order and once, operations where they
// can stand. Repeatables are among them.
[[nodiscard]] std::vector<Declared> declared(const Sources& sources, const source::Files& files,
                                             diagnostics::Sink& sink);

// `after` first, then by file name; repeatables after all migrations. Unknown names and circles are reported.
[[nodiscard]] std::vector<Declared> ordered(std::vector<Declared> migrations, const catalog::Catalog& catalog,
                                            const source::Files& files, diagnostics::Sink& sink);

// Repeatables whose bytes are those of their newest run are taken out, the others get the number of their next run.
[[nodiscard]] std::vector<Declared> due_repeatables(std::vector<Declared> migrations, const catalog::Catalog& catalog);

// Files of migrations that ran must be as they were.
void report_changed(const std::vector<Declared>& migrations, const catalog::Catalog& catalog,
                    const source::Files& files, diagnostics::Sink& sink);

// The policy block over the defaults.
[[nodiscard]] ir::Policy policy(const syntax::Migration& migration, ir::Policy defaults, diagnostics::Sink& sink);
// 24h and the like in milliseconds; reports a unit that is no time.
[[nodiscard]] std::optional<long long> milliseconds(const syntax::Quantity& quantity, diagnostics::Sink& sink);

// Everything that binding looks at.
struct Scope {
  const Sources& sources;
  source::Files& files;
  diagnostics::Sink& sink;
  const Environment& environment;
  ir::Policy defaults;
  Origins& origins;
  Inliner& functions;
};
// Binds the operations of all pending migrations, each to the schema at its point.
[[nodiscard]] ir::Program bind(const Scope& scope, const std::vector<Declared>& migrations,
                               const catalog::Catalog& catalog);

}  // namespace mig::check
