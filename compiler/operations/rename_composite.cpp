// rename composite: one instant statement; what PostgreSQL keeps as a tree follows.
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "composite";

void check(const Context& ctx) {
  const auto* name = ctx.call.get<syntax::Name>("new");
  if (name && require_name(ctx, *name)) check_move_type(ctx, kind, renamed_type(ctx, kind), name->span);
}

std::optional<Break> breaks(const Context& ctx) { return move_type_breaks(ctx, kind); }

void effect(const Context& ctx, catalog::Catalog& after) {
  catalog::rename_type(after, find_own_type(ctx, kind)->name, renamed_type(ctx, kind));
}

std::vector<sql::Step> steps(const Context& ctx) { return move_type_steps(ctx, kind, renamed_type(ctx, kind)); }

}  // namespace

extern const Operation rename_composite;  // its line in operations.def finds it
constinit const Operation rename_composite = {
    .name = "rename_composite",
    .form = "rename composite (composite path) to (new name)",
    .summary = "Renames a composite type.",
    .description =
        R"md(`ALTER TYPE … RENAME`; an instant, with ACCESS EXCLUSIVE on the type alone, so no table is locked; the way back
renames it back. Its array type follows.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies,
bodies of `begin atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema name it in casts and parameters.
)md",
    .example = "rename composite dimensions to product_size;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
