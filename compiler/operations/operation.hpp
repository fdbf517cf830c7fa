// The one interface of an operation. Each operation is one file that ends with its `constinit const Operation` entry;
// operations.def lists them, and only operations.cpp reads that list, so that a new one recompiles nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"
#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/sql/step.hpp"
#include "compiler/syntax/tree.hpp"
#include "grammar/form.hpp"

namespace mig::operations {

// What an operation may look at. `before` is the schema as it is at this point of the plan: after all earlier
// operations of the migration and of the migrations before it.
struct Context {
  const catalog::Catalog& before;
  const syntax::Call& call;
  const source::Files& files;
  diagnostics::Sink& sink;
  std::string schema;       // where unqualified new names go: `in schema`, else the first of search_path
  std::string migration;    // its name, for generated names
  std::string park_schema;  // mig_park_<run>: where dropped tables are kept aside
  sql::Phase phase = sql::Phase::expand;
};

// The place that an effect writes into `made_by` of the tables and columns that it makes: nobody but this phase of this
// migration knows them, so no old client writes them and no lock on them makes anybody wait.
[[nodiscard]] inline std::string place(const Context& ctx) { return ctx.migration + "/" + sql::to_string(ctx.phase); }

// Why a client of the old schema would notice, and the way out, e.g. {"clients of the old schema still read
// \"User\".email", "write it in contract { … }"}.
struct Break {
  std::string why;
  std::string way_out;
};

struct Operation {
  const char* name;         // the file's name: "add_column"
  const char* form;         // form text: "add column (column path) (definition definition)"
  const char* summary;      // one sentence for docs and help
  const char* description;  // Markdown: what it compiles to and why, what it refuses, version differences
  const char* example;      // .mig text of the operation(s) on the example world (tests/support/world.sql)

  // Reports everything that is wrong; the other functions are called only when it reported no error.
  void (*check)(const Context&);
  // Does it break clients of the old schema? Then it belongs in contract.
  std::optional<Break> (*breaks)(const Context&);
  // The schema afterwards: exactly what introspection will find (law: effect).
  void (*effect)(const Context&, catalog::Catalog&);
  // The steps with probes, locks, way back. Chosen from ctx.before alone. Ids, `after` and `origin` are given by the
  // planner; it also makes ctx.park_schema before a Park into it (also one in `back`) and removes it when it is empty.
  // An operation that parks also returns the steps of phase purge (Action Purge, no way back) that destroy what it
  // parked, after its own: the planner moves them to the end of the plan, in the order of their operations.
  std::vector<sql::Step> (*steps)(const Context&);
  // Looks at the schema after the whole migration and warns of what no later operation has mended; may be null.
  void (*advise)(const Context&, const catalog::Catalog& after) = nullptr;
};

// All operations in the order of operations.def (the order of the manual).
[[nodiscard]] const std::vector<const Operation*>& all();
[[nodiscard]] const Operation* find(std::string_view name);
// Their forms, index by index: the base of every vocabulary.
[[nodiscard]] const grammar::Vocabulary& vocabulary();

}  // namespace mig::operations
