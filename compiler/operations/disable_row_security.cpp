// disable row security: everybody with rights on the table sees all its rows.
#include "compiler/operations/row_security.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks(const Context& ctx) {
  return row_security_breaks(ctx, "clients of the old schema would see rows that the policies keep from them");
}

}  // namespace

extern const Operation disable_row_security;  // its line in operations.def finds it
constinit const Operation disable_row_security = {
    .name = "disable_row_security",
    .form = "disable row security (table path)",
    .summary = "Switches row security of a table off.",
    .description =
        R"(From then on whoever may read the table reads all its rows; the policies stay and do nothing. One instant statement under
ACCESS EXCLUSIVE on this table alone.

It belongs in `contract`: while old clients run, their policies are what keeps rows from one another. The way back
switches it on.)",
    .example = "enable row security products;\ndisable row security products;",
    .check = [](const Context& ctx) { check_row_security(ctx, row_security, ""); },
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_table_setting(ctx, after, row_security, ""); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, row_security, ""); },
};

}  // namespace mig::operations
