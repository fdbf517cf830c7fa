// Prepared statements that return a column of another name or type.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/changed_tables.hpp"

namespace mig::hazards {

namespace {

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  std::set<std::string> said;
  for (const auto& change : reshaped_tables(ctx)) {
    if (!made_by(ctx, change.step, {"drop_column", "rename_column", "set_type"})) continue;
    if (!said.insert(change.table.text()).second) continue;
    out.push_back({change.step,
                   fmt::format("sessions that keep a prepared SELECT * of {} get 0A000 once, \"cached plan must not "
                               "change result type\", and prepare it again",
                               change.table.text()),
                   {}});
  }
  return out;
}

}  // namespace

extern const Hazard prepared_plans;
constinit const Hazard prepared_plans = {
    .code = {"H0108", "prepared-plans", diagnostics::Severity::note, "prepared statements return another shape"},
    .description =
        R"md(PostgreSQL plans a prepared statement again when a table changes, but refuses (0A000) when the columns that it returns
would have other names or types than when it was prepared: the client was told those. Within a transaction the error
ends the transaction. Drivers prepare statements by themselves (JDBC after five uses, many pools from the first), and a
pool keeps sessions for hours.

Statements that name their columns and still find them are planned again in silence. Others: let the driver prepare
again (JDBC `autosave=conservative`), `DISCARD ALL` when a session goes back to its pool, or new sessions after the step.)md",
    .find = find,
};

}  // namespace mig::hazards
