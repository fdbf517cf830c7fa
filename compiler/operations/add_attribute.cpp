// add attribute: an instant; values that are stored show null in it.
#include <fmt/format.h>

#include "compiler/operations/composites.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

source::Span span(const Context& ctx) { return ctx.call.get<syntax::Path>("attribute")->span; }
const syntax::Definition& definition(const Context& ctx) { return *ctx.call.get<syntax::Definition>("definition"); }

void check(const Context& ctx) {
  const auto* type = require_attribute_type(ctx);
  if (!type || !require_new_attribute(ctx, *type, attribute_name(ctx))) return;
  if (!check_attribute(ctx, type->name, definition(ctx))) return;
  if (!require_no_typed_tables(ctx, *type, span(ctx)) || !require_no_rows_of(ctx, *type, span(ctx))) return;
  warn_of_row_functions(ctx, *type, span(ctx));
}

std::optional<Break> breaks(const Context& ctx) {
  const auto& type = *find_attribute_type(ctx);
  return attribute_breaks(ctx, type,
                          fmt::format("clients of the old schema write whole values of {}, which then have too few "
                                      "fields (22P02)",
                                      type.name.text()));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto type = *find_attribute_type(ctx);
  type.attributes.push_back(make_attribute(ctx, attribute_name(ctx), definition(ctx)));
  after.put(std::move(type));
}

// Values that were written to the attribute since, where a column is of the type itself.
sql::Fragment written_values(const std::vector<TypeUse>& uses, const std::string& attribute) {
  std::vector<sql::Fragment> parts;
  for (const auto& use : uses)
    if (use.directly && !use.generated && !use.view)
      parts.push_back(sql::sql("SELECT {} AS relation, ctid FROM ONLY {} WHERE ({}).{} IS NOT NULL",
                               sql::Literal{use.relation.text()}, use.relation.sql(), Ident{use.column},
                               Ident{attribute}));
  return sql::join(parts, " UNION ALL ");
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& type = *find_attribute_type(ctx);
  const auto attribute = make_attribute(ctx, attribute_name(ctx), definition(ctx));
  const auto title = fmt::format("attribute {}.{}", type.name.text(), sql::quote_ident(attribute.name));
  auto step = transaction(ctx, "add " + title, add_attribute_statements(type.name, attribute),
                          has_column(type.name, attribute.name));
  step.back = {transaction(ctx, "drop " + title,
                           {alter_composite(type.name, sql::sql("DROP ATTRIBUTE {}", Ident{attribute.name}))},
                           negate(has_column(type.name, attribute.name)))};
  const auto uses = uses_of(ctx, type.name);
  auto written = written_values(uses, attribute.name);
  if (!written.empty() && !ctx.call.loss)
    step.back.front().condition = sql::Condition{
        fmt::format("no value of {} has {}", type.name.text(), sql::quote_ident(attribute.name)), std::move(written)};
  for (const auto& use : uses)
    if (!use.directly) {
      step.reversibility = sql::Reversibility::lossy;
      step.loss.push_back(fmt::format("what was written to {} within {}.{}", sql::quote_ident(attribute.name),
                                      use.relation.text(), sql::quote_ident(use.column)));
    }
  std::vector<sql::Step> steps{std::move(step)};
  finish_attribute(ctx, steps, type.name);
  return steps;
}

}  // namespace

extern const Operation add_attribute;  // its line in operations.def finds it
constinit const Operation add_attribute = {
    .name = "add_attribute",
    .form = "add attribute (attribute path) (definition definition)",
    .summary = "Adds an attribute to a composite type.",
    .description =
        R"md(`ALTER TYPE … ADD ATTRIBUTE`, an instant: ACCESS EXCLUSIVE on the type alone, no table is locked or rewritten. Values that are
stored show null in it. Written `type.attribute type`, with `collate` where it is text.

Whoever writes a whole value (`'(1,2)'`, `row(1,2)::dimensions`) writes too few fields afterwards and is refused, so it belongs in
`contract` while anything uses the type. Functions whose body is a string and that take or return the type are warned of. Refused where
PostgreSQL would print something anew in another way: a `row(…)` of the type in a view, default or check; and for typed tables.

The way back drops it. It asks before whether a value was written to it: then it does not go. With `accept loss '…'` it does not ask.
What was written within arrays and other types cannot be asked for: there it is `lossy`.
)md",
    .example = "add attribute dimensions.depth numeric(10,2);\nadd attribute dimensions.unit text collate \"C\";",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
