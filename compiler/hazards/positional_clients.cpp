// A new column meets clients that count columns instead of naming them.
#include <fmt/format.h>

#include <string_view>

#include "compiler/hazards/hazard.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::hazards {

namespace {

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  const ir::Item* last = nullptr;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i) {
    const auto* item = ctx.draft.items[i];
    if (item == nullptr || item == last || std::string_view(item->operation->name) != "add_column") continue;
    last = item;
    bool existed = false;  // a table that this migration makes has no clients yet
    for (const auto* statement : sql::statements(ctx.draft.plan.steps[i].action))
      existed = existed || !statement->locks.empty();
    if (existed)
      out.push_back({i, "clients that write SELECT * or INSERT without column names will meet the new column", {}});
  }
  return out;
}

}  // namespace

extern const Hazard positional_clients;
constinit const Hazard positional_clients = {
    .code = {"H0105", "positional-clients", diagnostics::Severity::note, "clients that count columns meet a new one"},
    .description =
        R"md(`SELECT *` returns the new column too, `INSERT INTO t VALUES (…)` without column names still fills the first ones, `COPY t
FROM` without a list expects it. A prepared `SELECT *` fails once with "cached plan must not change result type" (0A000).
Views written with `*` keep the columns that the table had when they were made.

Clients that name their columns do not notice. Object-relational mappers name them.)md",
    .find = find,
};

}  // namespace mig::hazards
