// drop range: where nothing uses it; it is kept aside until purge, with all that came with it.
#include <fmt/format.h>

#include "compiler/operations/named_types.hpp"
#include "compiler/operations/ranges.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "range";

void check(const Context& ctx) {
  const auto& path = type_path(ctx, kind);
  const auto* type = require_own_type(ctx, path, kind);
  if (!type) return;
  const auto parts = range_parts(ctx, *type);
  (void)require_no_dependents(ctx, path.span, fmt::format("range `{}`", type->name.text()), range_users(ctx, parts));
}

std::optional<Break> breaks(const Context& ctx) { return drop_type_breaks(ctx, kind); }

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto parts = range_parts(ctx, *find_own_type(ctx, kind));
  after.drop("type", parts.range);
  if (!parts.multirange.name.empty()) after.drop("type", parts.multirange);
}

std::vector<sql::Step> steps(const Context& ctx) { return drop_type_steps(ctx, kind); }

}  // namespace

extern const Operation drop_range;  // its line in operations.def finds it
constinit const Operation drop_range = {
    .name = "drop_range",
    .form = "drop range (range path)",
    .summary = "Takes a range type away that nothing uses; it is kept aside until purge.",
    .description =
        R"md(The type, its multirange type and the functions that make their values move by `SET SCHEMA` to a schema `mig_park_…`, each in an
instant and with owner, rights and comment; the way back moves them home. A column that was dropped before and is kept aside may still
be of the type, so it outlives that until `purge`.

Refused while a column, function, view, domain, default or any other object uses the range, its multirange type or one of those functions:
each is named. It belongs in `contract`, since clients of the old schema may name it in casts.
)md",
    .example = "drop range price_range;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
