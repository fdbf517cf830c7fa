// rename attribute: one instant statement; what selects it follows.
#include <fmt/format.h>

#include "compiler/operations/attribute_uses.hpp"
#include "compiler/operations/composites.hpp"
#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

source::Span span(const Context& ctx) { return ctx.call.get<syntax::Path>("attribute")->span; }
const syntax::Name& new_word(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto at = require_attribute(ctx);
  if (!at.attribute) return;
  const auto& name = at.attribute->name;
  if (name == new_word(ctx).text) {
    ctx.sink
        .report(diagnostics::nothing_to_do, new_word(ctx).span,
                fmt::format("`{}` of `{}` is called so already", sql::quote_ident(name), at.type->name.text()))
        .note("take the line out");
    return;
  }
  if (!require_new_attribute(ctx, *at.type, new_word(ctx)) || !require_no_typed_tables(ctx, *at.type, span(ctx)))
    return;
  const auto what = fmt::format("the name of attribute `{}` of `{}`", sql::quote_ident(name), at.type->name.text());
  if (!require_no_dependents(ctx, span(ctx), what, unsure_attribute_users(ctx, *at.type, name))) return;
  warn_of_bodies(ctx, span(ctx), fmt::format("{}.{}", at.type->name.text(), sql::quote_ident(name)),
                 [&](const std::string& body) { return mentions(body, name); });
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_attribute(ctx);
  return attribute_breaks(ctx, *at.type,
                          fmt::format("clients of the old schema know the attribute only as {}.{}",
                                      at.type->name.text(), sql::quote_ident(at.attribute->name)));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_attribute(ctx);
  rename_attribute_everywhere(ctx, after, *at.type, at.attribute->name, new_word(ctx).text);
}

sql::Step rename(const Context& ctx, const catalog::Name& type, const std::string& from, const std::string& to) {
  return transaction(
      ctx, fmt::format("rename attribute {}.{} to {}", type.text(), sql::quote_ident(from), sql::quote_ident(to)),
      {alter_composite(type, sql::sql("RENAME ATTRIBUTE {} TO {}", Ident{from}, Ident{to}))},
      both(has_column(type, to), negate(has_column(type, from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_attribute(ctx);
  const auto& to = new_word(ctx).text;
  std::vector<sql::Step> steps{rename(ctx, at.type->name, at.attribute->name, to)};
  steps.front().back = {rename(ctx, at.type->name, to, at.attribute->name)};
  finish_attribute(ctx, steps, at.type->name);
  return steps;
}

}  // namespace

extern const Operation rename_attribute;  // its line in operations.def finds it
constinit const Operation rename_attribute = {
    .name = "rename_attribute",
    .form = "rename attribute (attribute path) to (new name)",
    .summary = "Renames an attribute of a composite type.",
    .description =
        R"md(`ALTER TYPE … RENAME ATTRIBUTE`, an instant: ACCESS EXCLUSIVE on the type alone. Values stay as they are. Views, checks, indexes,
policies and bodies of `begin atomic` that select it (`(size).width`) follow; the columns of views keep their names. Bodies that are text do
not, and are warned of where they have the word.

Refused where nobody can tell whether a text means this type or another one with an attribute of the same name, and for typed tables, whose
columns would have to follow (`CASCADE`). It belongs in `contract` while anything uses the type.
)md",
    .example = "rename attribute dimensions.width to breadth;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
