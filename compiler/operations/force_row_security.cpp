// force row security: its policies bind its owner too.
#include "compiler/operations/row_security.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks(const Context& ctx) {
  if (!table_of(ctx).row_security) return std::nullopt;
  return row_security_breaks(ctx, "clients that connect as the owner of the table may see and write fewer rows");
}

}  // namespace

extern const Operation force_row_security;  // its line in operations.def finds it
constinit const Operation force_row_security = {
    .name = "force_row_security",
    .form = "force row security (table path)",
    .summary = "Lets row security of a table bind its owner too.",
    .description =
        R"(The owner of a table is not bound by its policies; with this it is, wherever row security is on. Superusers and roles with
BYPASSRLS are never bound. One instant statement under ACCESS EXCLUSIVE on this table alone.

While row security is on it belongs in `contract`, since a client that connects as the owner may see fewer rows. The way back
frees the owner again.)",
    .example = "force row security products;",
    .check = [](const Context& ctx) { check_row_security(ctx, forced_row_security, "on"); },
    .breaks = breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_table_setting(ctx, after, forced_row_security, "on"); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, forced_row_security, "on"); },
};

}  // namespace mig::operations
