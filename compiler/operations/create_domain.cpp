// create domain: one instant statement.
#include <fmt/format.h>

#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/domains.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_shape.hpp"
#include "compiler/operations/type_text.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using Is = syntax::ColumnOption::Is;

const syntax::Definition& definition(const Context& ctx) { return *ctx.call.get<syntax::Definition>("definition"); }

bool check_option(const Context& ctx, catalog::Type& so_far, const syntax::ColumnOption& each) {
  switch (each.is) {
    case Is::default_:
      return !each.expression || require_constant_expression(ctx, *each.expression, "a default");
    case Is::check:
      if (each.constraint) {
        if (!require_new_check(ctx, so_far, *each.constraint)) return false;
        so_far.checks.push_back({each.constraint->text, {}, true});
      }
      return !each.expression || require_domain_condition(ctx, *each.expression);
    case Is::not_null:
    case Is::null:
    case Is::collate:
      return true;
    default:
      ctx.sink.report(diagnostics::wrong_clause, each.span, "a domain does not take this")
          .note("a domain has a type, collate, default, not null and checks");
      return false;
  }
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("name");
  if (!path || !ctx.call.get<syntax::Definition>("definition")) return;
  const bool named = require_new_type(ctx, *path);
  const auto type = require_type(ctx, definition(ctx).type);
  if (!named || !type) return;
  if (type->serial) {
    ctx.sink.report(diagnostics::wrong_value, definition(ctx).type.span, "a serial type is one of columns alone")
        .note("write: bigint");
    return;
  }
  catalog::Type so_far;
  so_far.name = new_name(ctx, *path);
  bool good = true;
  for (const auto& each : definition(ctx).options) good = check_option(ctx, so_far, each) && good;
  const auto* null = option(definition(ctx), Is::null);
  const auto* not_null = option(definition(ctx), Is::not_null);
  if (good && null && not_null)
    ctx.sink.report(diagnostics::contradiction, null->span, "`null` and `not null` exclude each other")
        .also(not_null->span, "and this");
  if (const auto* collate = option(definition(ctx), Is::collate); collate && !collatable(ctx, type->text))
    ctx.sink.report(diagnostics::wrong_value, collate->span, fmt::format("values of {} have no collation", type->text));
}

// What a domain has from its base, the default of a domain below it included.
void take_from_base(const Context& ctx, catalog::Type& domain) {
  auto shape = type_shape(ctx, domain.base);
  domain.category = std::move(shape.category);
  domain.length = shape.length;
  domain.storage = std::move(shape.storage);
  if (const auto* base = type_of(ctx.before, domain.base); base && base->kind == "domain")
    domain.default_ = base->default_;
}

catalog::Type domain_of(const Context& ctx) {
  auto domain = new_type(ctx, "domain");
  domain.base = find_type(ctx, definition(ctx).type)->text;
  take_from_base(ctx, domain);
  for (const auto& each : definition(ctx).options) {
    if (each.is == Is::not_null) domain.not_null = true;
    if (each.is == Is::default_ && each.expression) domain.default_ = text_of(ctx, *each.expression);
    if (each.is == Is::collate && each.collation)
      domain.collation = each.collation->parts.size() == 1 ? sql::quote_ident(each.collation->parts.front().text)
                                                           : as_name(*each.collation).text();
    if (each.is == Is::check && each.expression) {
      const auto name = each.constraint ? each.constraint->text : domain_check_name(ctx, domain);
      domain.checks.push_back({name, text_of(ctx, *each.expression), true});
    }
  }
  sort_checks(domain);
  return domain;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(domain_of(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto domain = domain_of(ctx);
  return create_type_steps(ctx, domain, create_domain_statements(domain));
}

}  // namespace

extern const Operation create_domain;  // its line in operations.def finds it
constinit const Operation create_domain = {
    .name = "create_domain",
    .form = "create domain (name path) as (definition definition)",
    .summary = "Makes a domain: a type with rules of its own.",
    .description =
        R"md(One instant statement. The definition is a type with `collate`, `default`, `not null` and checks, in which the value is
called `value`. A check without a name gets the one that PostgreSQL would choose, `price_check` for a domain `price`.
The session's role owns it. An unqualified name goes to the schema of the migration.

A column of a domain with checks, added to a table with rows, is written into every row under a lock: add the check
later, `add domain check`, where the domain is for such a column.

The way back moves it to a schema `mig_park_…`, since columns that are kept aside as well may be of it; applying again
brings it back with them.
)md",
    .example = "create domain percentage as numeric(5,2) default 0 not null check (value between 0 and 100);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
