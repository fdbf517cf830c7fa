// What there is to do on a database: migrations in flight by their stored plans, then the pending ones of the files.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/compilation.hpp"
#include "compiler/plan/journal.hpp"
#include "runtime/journal.hpp"

namespace mig::cli {

struct Due {
  plan::Plan plan;
  std::string state = "pending";
  std::string since;               // UTC; when it came into its state
  std::set<std::string> done;      // ids of steps
  std::set<std::string> approved;  // gates that a person let pass
  bool in_flight = false;          // goes by its stored plan
};

// The journal as one value: read once.
struct Story {
  bool present = false;
  std::vector<runtime::MigrationRow> migrations;
  std::vector<runtime::KeptRow> kept;
  [[nodiscard]] const runtime::MigrationRow* find(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
};

// Throws Failure(no_connection) where a newer mig made the journal.
[[nodiscard]] Story read_story(const Connection& connection);
// What the journal says of a migration's steps and approvals, put into `due`.
void take_row(Due& due, const runtime::MigrationRow& row);

// The stored plan of a migration; throws Failure where it is not there or does not read.
[[nodiscard]] plan::Plan stored_plan(const Connection& connection, const runtime::MigrationRow& row);
// Reads a plan.json; its diagnostics go to stderr. Throws Failure(no).
[[nodiscard]] plan::Plan read_plan_file(const std::string& path, const Output& output);

// The steps that are left up to this phase.
[[nodiscard]] std::vector<const sql::Step*> steps_left(const Due& due, sql::Phase through);
// The first phase with steps left after `through`; none: nothing is left.
[[nodiscard]] std::optional<sql::Phase> next_phase(const Due& due, sql::Phase through);

// How far `mig apply` goes without being told: verify, or contract where it was approved or has begun.
[[nodiscard]] sql::Phase usual_phase(const Due& due);

// Migrations in flight that are selected, in the journal's order, then the pending ones of `compiled`.
[[nodiscard]] std::vector<Due> all_due(const Connection& connection, const Story& story, const mig::Output& compiled,
                                       const Selection& selection);

// Both for the arguments of a command: compiles, reports warnings on stderr, reads the journal where the basis is live.
[[nodiscard]] std::vector<Due> collect_due(const Project& project, const Selection& selection, const Basis& basis,
                                           const Output& output);

}  // namespace mig::cli
