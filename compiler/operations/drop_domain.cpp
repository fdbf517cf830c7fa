// drop domain: where nothing uses it; the way back makes it again.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "domain";

void check(const Context& ctx) { check_drop_type(ctx, kind); }

std::optional<Break> breaks(const Context& ctx) { return drop_type_breaks(ctx, kind); }

void effect(const Context& ctx, catalog::Catalog& after) { after.drop("type", find_own_type(ctx, kind)->name); }

std::vector<sql::Step> steps(const Context& ctx) { return drop_type_steps(ctx, kind); }

}  // namespace

extern const Operation drop_domain;  // its line in operations.def finds it
constinit const Operation drop_domain = {
    .name = "drop_domain",
    .form = "drop domain (domain path)",
    .summary = "Drops a domain type that nothing uses.",
    .description =
        R"md(One instant statement, without `CASCADE`. Refused while a column, function, view, domain, default or any other object
uses the type or its array type: each is named.

The way back makes it again with its default, checks, owner, rights and comment. It belongs in `contract`, since clients of the
old schema may name it in casts.
)md",
    .example = "create domain percentage as numeric(5,2) check (value between 0 and 100);\ndrop domain percentage;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
