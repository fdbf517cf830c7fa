// set composite schema: one instant statement; what PostgreSQL keeps as a tree follows.
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "composite";

void check(const Context& ctx) {
  const auto* schema = ctx.call.get<syntax::Name>("schema");
  if (schema && require_schema(ctx, *schema)) check_move_type(ctx, kind, moved_type(ctx, kind), schema->span);
}

std::optional<Break> breaks(const Context& ctx) { return move_type_breaks(ctx, kind); }

void effect(const Context& ctx, catalog::Catalog& after) {
  catalog::rename_type(after, find_own_type(ctx, kind)->name, moved_type(ctx, kind));
}

std::vector<sql::Step> steps(const Context& ctx) { return move_type_steps(ctx, kind, moved_type(ctx, kind)); }

}  // namespace

extern const Operation set_composite_schema;  // its line in operations.def finds it
constinit const Operation set_composite_schema = {
    .name = "set_composite_schema",
    .form = "set composite schema (composite path) to (schema name)",
    .summary = "Moves a composite type to another schema.",
    .description =
        R"md(`ALTER TYPE … SET SCHEMA`; no table is locked, and the way back moves it back. Its array type goes along. The role needs
CREATE on the other schema.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset composite schema dimensions to archive;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
