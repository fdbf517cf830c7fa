// rename range: the type alone; its multirange type and the functions that make its values keep their names.
#include "compiler/catalog/range_names.hpp"
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "range";

void check(const Context& ctx) { check_rename_type(ctx, kind); }

std::optional<Break> breaks(const Context& ctx) { return move_type_breaks(ctx, kind); }

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto& type = *find_own_type(ctx, kind);
  auto names = catalog::range_names(type);
  if (ctx.before.server.major() < 14) names.multirange = {};
  const auto to = moved_type(ctx, kind);
  catalog::rename_type(after, type.name, to);
  auto renamed = *after.type(to);
  catalog::set_range_names(renamed, names);
  after.put(std::move(renamed));
}

std::vector<sql::Step> steps(const Context& ctx) { return move_type_steps(ctx, kind); }

}  // namespace

extern const Operation rename_range;  // its line in operations.def finds it
constinit const Operation rename_range = {
    .name = "rename_range",
    .form = "rename range (range path) to (new name)",
    .summary = "Renames a range type.",
    .description =
        R"md(`ALTER TYPE … RENAME`; no table is locked, and the way back renames it back. Its array type follows. As PostgreSQL has it, the
multirange type and the functions that make values (`price_range(1, 2)`) keep their names: whoever calls them goes on.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies, bodies of `begin
atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema name it in casts and parameters.
)md",
    .example = "rename range price_range to price_span;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
