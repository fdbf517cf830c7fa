// drop enum: where nothing uses it; it is kept aside until purge.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation drop_enum;  // its line in operations.def finds it
constinit const Operation drop_enum = {
    .name = "drop_enum",
    .form = "drop enum (enum path)",
    .summary = "Drops an enum type that nothing uses.",
    .description =
        R"md(It moves by `SET SCHEMA` to a schema `mig_park_…`, in an instant and without a lock on a table: columns that were dropped
before, and are kept aside, go on being of it. The way back moves it home with all that it was. `purge` drops it.

Refused while a column, function, view, domain, default or any other object uses the type or its array type: each is
named. It belongs in `contract`, since clients of the old schema may name it in casts.
)md",
    .example = "create enum payment_state ('open', 'paid');\ndrop enum payment_state;",
    .check = [](const Context& ctx) { check_drop_type(ctx, "enum"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return drop_type_breaks(ctx, "enum"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { drop_type_effect(ctx, after, "enum"); },
    .steps = [](const Context& ctx) { return drop_type_steps(ctx, "enum"); },
};

}  // namespace mig::operations
