// no force row security: its owner sees all rows again.
#include "compiler/operations/row_security.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks(const Context& ctx) {
  if (!table_of(ctx).row_security) return std::nullopt;
  return row_security_breaks(ctx, "clients that connect as the owner would see rows that the policies keep from them");
}

}  // namespace

extern const Operation no_force_row_security;  // its line in operations.def finds it
constinit const Operation no_force_row_security = {
    .name = "no_force_row_security",
    .form = "no force row security (table path)",
    .summary = "Frees the owner of a table from its row security.",
    .description =
        R"(The owner sees and writes all rows again, whatever the policies say. One instant statement under ACCESS EXCLUSIVE on this
table alone. While row security is on it belongs in `contract`. The way back binds the owner again.)",
    .example = "force row security products;\nno force row security products;",
    .check = [](const Context& ctx) { check_row_security(ctx, forced_row_security, ""); },
    .breaks = breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_table_setting(ctx, after, forced_row_security, ""); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, forced_row_security, ""); },
};

}  // namespace mig::operations
