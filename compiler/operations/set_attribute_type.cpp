// set attribute type: where no column stores values of the type.
#include <fmt/format.h>

#include "compiler/operations/attribute_uses.hpp"
#include "compiler/operations/composites.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

source::Span span(const Context& ctx) { return ctx.call.get<syntax::Path>("attribute")->span; }
const syntax::Definition& definition(const Context& ctx) { return *ctx.call.get<syntax::Definition>("definition"); }

catalog::Column changed(const Context& ctx, const AttributeAt& at) {
  const auto written = make_attribute(ctx, attribute_name(ctx), definition(ctx));
  auto column = *at.attribute;
  column.type = written.type;
  column.collation = written.collation;
  return column;
}

bool check_stored(const Context& ctx, const AttributeAt& at) {
  std::vector<Dependent> found;
  for (const auto& use : uses_of(ctx, at.type->name))
    found.push_back({fmt::format("column {}.{} stores it", use.relation.text(), sql::quote_ident(use.column)),
                     "add an attribute of the new type beside it, or give the column another type"});
  for (const auto& name : ctx.before.names("table"))
    if (const auto* table = ctx.before.table(name); table->kind != "table")
      for (const auto& column : table->columns)
        if (column.type == at.type->name.text())
          found.push_back({fmt::format("column {}.{} is of it", name.text(), sql::quote_ident(column.name)),
                           "give the column another type"});
  return require_no_dependents(ctx, span(ctx), fmt::format("the shape of composite `{}`", at.type->name.text()), found);
}

void check(const Context& ctx) {
  const auto at = require_attribute(ctx);
  if (!at.attribute || !check_attribute(ctx, at.type->name, definition(ctx))) return;
  const auto to = changed(ctx, at);
  if (to.type == at.attribute->type && to.collation == at.attribute->collation) {
    ctx.sink
        .report(diagnostics::nothing_to_do, span(ctx),
                fmt::format("`{}` of `{}` is {} already", sql::quote_ident(to.name), at.type->name.text(), to.type))
        .note("take the line out");
    return;
  }
  if (!require_no_typed_tables(ctx, *at.type, span(ctx)) || !check_stored(ctx, at)) return;
  const auto what = fmt::format("attribute `{}` of `{}`", sql::quote_ident(to.name), at.type->name.text());
  if (!require_no_dependents(ctx, span(ctx), what, attribute_users(ctx, *at.type, to.name))) return;
  if (require_no_rows_of(ctx, *at.type, span(ctx))) warn_of_row_functions(ctx, *at.type, span(ctx));
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_attribute(ctx);
  return attribute_breaks(ctx, *at.type,
                          fmt::format("clients of the old schema know {}.{} as {}", at.type->name.text(),
                                      sql::quote_ident(at.attribute->name), at.attribute->type));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_attribute(ctx);
  auto type = *at.type;
  for (auto& each : type.attributes)
    if (each.name == at.attribute->name) each = changed(ctx, at);
  after.put(std::move(type));
}

sql::Step set(const Context& ctx, const catalog::Name& type, const catalog::Column& to) {
  auto text = sql::sql("ALTER ATTRIBUTE {} TYPE {}", Ident{to.name}, expression(to.type));
  if (!to.collation.empty()) text = sql::sql("{} COLLATE {}", text, expression(to.collation));
  const auto collation = to.collation.empty()
                             ? sql::sql("(SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid)")
                             : sql::sql("pg_catalog.to_regcollation({})", sql::Literal{to.collation});
  const auto is =
      sql::sql("{} AND a.attcollation = {}",
               prints(ctx, sql::sql("pg_catalog.format_type(a.atttypid, a.atttypmod)"), to.type), collation);
  return transaction(ctx, fmt::format("attribute {}.{} becomes {}", type.text(), sql::quote_ident(to.name), to.type),
                     {alter_composite(type, std::move(text))}, column_is(type, to.name, is));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_attribute(ctx);
  std::vector<sql::Step> steps{set(ctx, at.type->name, changed(ctx, at))};
  steps.front().back = {set(ctx, at.type->name, *at.attribute)};
  finish_attribute(ctx, steps, at.type->name);
  return steps;
}

}  // namespace

extern const Operation set_attribute_type;  // its line in operations.def finds it
constinit const Operation set_attribute_type = {
    .name = "set_attribute_type",
    .form = "set attribute type (attribute path) to (definition definition)",
    .summary = "Gives an attribute of a composite type another type.",
    .description =
        R"md(`ALTER TYPE … ALTER ATTRIBUTE … TYPE`, an instant with ACCESS EXCLUSIVE on the type alone. PostgreSQL converts no stored value of a
composite type (0A000), so it is refused while a column of a table or materialized view stores the type, by itself, in an array, a domain or
another type; and while a view, check or body of `begin atomic` selects the attribute. Functions may take and return it; those whose
body is a string are warned of.

The way back sets the type that was there; nothing is stored, so it is exact. It belongs in `contract` while anything uses the type.
)md",
    .example =
        "create composite parcel (weight numeric, label varchar(20));\n"
        "set attribute type parcel.weight to numeric(12,3);\nset attribute type parcel.label to text collate \"C\";",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
