// drop attribute: what was stored in it cannot be read again, and that is said.
#include <fmt/format.h>

#include "compiler/operations/attribute_uses.hpp"
#include "compiler/operations/composites.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

source::Span span(const Context& ctx) { return ctx.call.get<syntax::Path>("attribute")->span; }

void check(const Context& ctx) {
  const auto at = require_attribute(ctx);
  if (!at.attribute) return;
  if (!require_no_typed_tables(ctx, *at.type, span(ctx)) || !require_no_rows_of(ctx, *at.type, span(ctx))) return;
  const auto what = fmt::format("attribute `{}` of `{}`", sql::quote_ident(at.attribute->name), at.type->name.text());
  if (!require_no_dependents(ctx, span(ctx), what, attribute_users(ctx, *at.type, at.attribute->name))) return;
  warn_of_row_functions(ctx, *at.type, span(ctx));
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_attribute(ctx);
  return attribute_breaks(ctx, *at.type,
                          fmt::format("clients of the old schema still read and write {}.{}", at.type->name.text(),
                                      sql::quote_ident(at.attribute->name)));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_attribute(ctx);
  auto type = *at.type;
  std::erase_if(type.attributes, [&](const auto& each) { return each.name == at.attribute->name; });
  after.put(std::move(type));
}

std::vector<std::string> losses(const Context& ctx, const AttributeAt& at) {
  std::vector<std::string> lost;
  const auto name = sql::quote_ident(at.attribute->name);
  for (const auto& use : uses_of(ctx, at.type->name))
    lost.push_back(fmt::format("what {} held in {}.{}", name, use.relation.text(), sql::quote_ident(use.column)));
  if (at.type->attributes.back().name != at.attribute->name)
    lost.push_back(fmt::format("the place of {}: it comes back behind the other attributes", name));
  return lost;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_attribute(ctx);
  const auto& type = at.type->name;
  const auto title = fmt::format("attribute {}.{}", type.text(), sql::quote_ident(at.attribute->name));
  auto step = transaction(ctx, "drop " + title,
                          {alter_composite(type, sql::sql("DROP ATTRIBUTE {}", Ident{at.attribute->name}))},
                          negate(has_column(type, at.attribute->name)));
  step.back = {transaction(ctx, "add " + title + " again", add_attribute_statements(type, *at.attribute),
                           has_column(type, at.attribute->name))};
  step.loss = losses(ctx, at);
  if (!step.loss.empty()) step.reversibility = sql::Reversibility::lossy;
  std::vector<sql::Step> steps{std::move(step)};
  finish_attribute(ctx, steps, type);
  return steps;
}

}  // namespace

extern const Operation drop_attribute;  // its line in operations.def finds it
constinit const Operation drop_attribute = {
    .name = "drop_attribute",
    .form = "drop attribute (attribute path)",
    .summary = "Takes an attribute from a composite type.",
    .description =
        R"md(`ALTER TYPE … DROP ATTRIBUTE`, an instant: ACCESS EXCLUSIVE on the type alone, no table is locked or rewritten. PostgreSQL has no
name under which the attribute could be kept aside without showing in every value, so what columns hold in it cannot be read any more, by
nobody: while a column stores values of the type this is **lossy** and wants `accept loss '…'`. To keep the values, copy them to a column
before.

The way back adds the attribute again, null in every value, and behind the others where it was not the last. Where nothing stores the type
and it was the last one, the way back is exact.

Refused while a view, check, index, policy or body of `begin atomic` selects it (`(size).height`), or may: of two composite types with an
attribute of one name nobody can tell from a check which is meant. It belongs in `contract` while anything uses the type.
)md",
    .example =
        "create composite parcel (weight numeric, fragile boolean);\ndrop attribute parcel.fragile;\n"
        "drop attribute parcel.weight;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
