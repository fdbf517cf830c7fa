// enable row security: from then on its policies say who sees which rows.
#include <fmt/format.h>

#include "compiler/operations/row_security.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks(const Context& ctx) {
  return row_security_breaks(ctx, table_of(ctx).policies.empty()
                                      ? "without a policy clients that do not own the table see no row at all"
                                      : "clients of the old schema may see and write fewer rows");
}

std::vector<sql::Step> steps(const Context& ctx) {
  auto made = table_setting_steps(ctx, row_security, "on");
  if (table_of(ctx).policies.empty())
    made.front().hazards.push_back(fmt::format(
        "{} has no policy at this point: who does not own it sees and writes no row", table_of(ctx).name.text()));
  return made;
}

}  // namespace

extern const Operation enable_row_security;  // its line in operations.def finds it
constinit const Operation enable_row_security = {
    .name = "enable_row_security",
    .form = "enable row security (table path)",
    .summary = "Switches row security of a table on.",
    .description =
        R"(From then on roles that do not own the table see and write only the rows that its policies let them; without a policy
none at all, which the plan says. The owner, superusers and roles with BYPASSRLS go on to see all: see
[force row security](#force_row_security). One instant statement under ACCESS EXCLUSIVE on this table alone: a partition has
row security of its own, which counts only where it is named in a query.

It belongs in `contract`, since old clients may see fewer rows. The way back switches it off.)",
    .example = "enable row security products;",
    .check = [](const Context& ctx) { check_row_security(ctx, row_security, "on"); },
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_table_setting(ctx, after, row_security, "on"); },
    .steps = steps,
};

}  // namespace mig::operations
