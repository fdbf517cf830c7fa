// set range schema: the type with its multirange type and the functions that make their values.
#include <fmt/format.h>

#include "compiler/catalog/range_names.hpp"
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/ranges.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "range";

RangeParts target(const Context& ctx, const RangeParts& parts) {
  return moved_parts(parts, parts.range.schema, moved_type(ctx, kind).schema);
}

// Those that move, so that what stays where it is is not in its own way.
RangeParts moving(const RangeParts& from, RangeParts to) {
  if (to.multirange == from.multirange) to.multirange = to.multirange_constructor = {};
  return to;
}

void check(const Context& ctx) {
  const auto* schema = ctx.call.get<syntax::Name>("schema");
  if (!schema) return;
  const auto before = ctx.sink.list().size();
  check_move_type(ctx, kind);
  const auto* type = find_own_type(ctx, kind);
  if (!type || ctx.sink.list().size() != before) return;
  const auto parts = range_parts(ctx, *type);
  (void)require_free_parts(ctx, moving(parts, target(ctx, parts)), schema->span);
}

std::optional<Break> breaks(const Context& ctx) { return move_type_breaks(ctx, kind); }

void rename_names(catalog::Catalog& after, const catalog::Name& type, const catalog::RangeNames& names) {
  auto changed = *after.type(type);
  catalog::set_range_names(changed, names);
  after.put(std::move(changed));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto from = range_parts(ctx, *find_own_type(ctx, kind));
  const auto to = target(ctx, from);
  catalog::rename_type(after, from.range, to.range);
  if (from.multirange != to.multirange) catalog::rename_type(after, from.multirange, to.multirange);
  catalog::rename_calls(after, from.constructor, to.constructor);
  if (!from.multirange.name.empty())
    catalog::rename_calls(after, from.multirange_constructor, to.multirange_constructor);
  rename_names(after, to.range, {to.constructor, to.multirange});
  if (!to.multirange.name.empty()) rename_names(after, to.multirange, {to.multirange_constructor, {}});
}

sql::Step move(const Context& ctx, const RangeParts& from, const RangeParts& to) {
  return transaction(ctx,
                     fmt::format("move range {} to schema {}", from.range.text(), sql::quote_ident(to.range.schema)),
                     move_parts(from, to), both(has_type(to.range), negate(has_type(from.range))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto from = range_parts(ctx, *find_own_type(ctx, kind));
  const auto to = target(ctx, from);
  std::vector<sql::Step> steps{move(ctx, from, to)};
  steps.front().back = {move(ctx, to, from)};
  auto touches = catalog::users_of_type(ctx.before, from.range);
  for (const auto& name : {from.range, to.range, from.multirange, to.multirange})
    if (!name.name.empty()) touches.push_back(catalog::key("type", name));
  finish(steps, touches);
  return steps;
}

}  // namespace

extern const Operation set_range_schema;  // its line in operations.def finds it
constinit const Operation set_range_schema = {
    .name = "set_range_schema",
    .form = "set range schema (range path) to (schema name)",
    .summary = "Moves a range type to another schema, with all that came with it.",
    .description =
        R"md(`ALTER TYPE … SET SCHEMA` leaves the multirange type and the functions that make values where they are; here they move along, as far
as they are in the same schema, so that everything that was found together is found together. No table is locked, and the way back
moves all of them back. The role needs CREATE on the other schema.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies, bodies of `begin
atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset range schema price_range to archive;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
