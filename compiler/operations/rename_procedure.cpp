// rename procedure: what PostgreSQL keeps as a tree follows, bodies that are text do not.
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routines.hpp"

namespace mig::operations {

namespace {

catalog::Name target(const Context& ctx) {
  const auto* function = find_routine(ctx, Routine::procedure);
  const auto& written = *ctx.call.get<syntax::Name>("new");
  return function ? catalog::Name{function->name.schema, written.text} : catalog::Name{};
}

void check(const Context& ctx) {
  const auto* written = ctx.call.get<syntax::Name>("new");
  if (written && require_name(ctx, *written)) check_move_routine(ctx, Routine::procedure, target(ctx), written->span);
}

std::optional<Break> breaks(const Context& ctx) {
  return calls_break(ctx, Routine::procedure, *find_routine(ctx, Routine::procedure));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  rename_routine(ctx, after, *find_routine(ctx, Routine::procedure), target(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) { return move_routine_steps(ctx, Routine::procedure, target(ctx)); }

}  // namespace

extern const Operation rename_procedure;  // its line in operations.def finds it
constinit const Operation rename_procedure = {
    .name = "rename_procedure",
    .form = "rename procedure (routine callable) to (new name)",
    .summary = "Renames a procedure.",
    .description =
        R"md(`ALTER PROCEDURE … RENAME`; no table is locked, and the way back renames it back. A name that several functions have is written with argument types: `product_label(bigint)`.

What PostgreSQL keeps as a tree follows: triggers, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies
that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema call it by its old name; a trigger function may be renamed in
`expand`.
)md",
    .example = "rename procedure sell_product to give_product;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
