// drop domain: where nothing uses it; it is kept aside until purge.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation drop_domain;  // its line in operations.def finds it
constinit const Operation drop_domain = {
    .name = "drop_domain",
    .form = "drop domain (domain path)",
    .summary = "Drops a domain that nothing uses.",
    .description =
        R"md(It moves by `SET SCHEMA` to a schema `mig_park_…`, in an instant and without a lock on a table: columns that were dropped
before, and are kept aside, go on being of it. The way back moves it home with all that it was. `purge` drops it.

Refused while a column, function, view, domain, default or any other object uses the type or its array type: each is
named. It belongs in `contract`, since clients of the old schema may name it in casts.
)md",
    .example = "create domain percentage as numeric(5,2) check (value between 0 and 100);\ndrop domain percentage;",
    .check = [](const Context& ctx) { check_drop_type(ctx, "domain"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return drop_type_breaks(ctx, "domain"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { drop_type_effect(ctx, after, "domain"); },
    .steps = [](const Context& ctx) { return drop_type_steps(ctx, "domain"); },
};

}  // namespace mig::operations
