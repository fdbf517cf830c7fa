// set domain default: what columns of the domain get that have no default of their own.
#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/domains.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Expr& value(const Context& ctx) { return *ctx.call.get<syntax::Expr>("value"); }

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain || !require_constant_expression(ctx, value(ctx), "a default")) return;
  const auto* constant = std::get_if<syntax::Constant>(&value(ctx).node);
  if (constant && constant->is == syntax::Constant::Is::null) {
    ctx.sink.report(diagnostics::wrong_value, value(ctx).span, "`default null` is no default")
        .note(fmt::format("write: drop domain default {};", ctx.files.text(type_path(ctx, "domain").span)));
    return;
  }
  if (!domain->default_.empty() && sql::same_expression(domain->default_, text_of(ctx, value(ctx))))
    ctx.sink
        .report(diagnostics::nothing_to_do, value(ctx).span,
                fmt::format("domain `{}` has this default already", domain->name.text()))
        .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  domain.default_ = text_of(ctx, value(ctx));
  after.put(std::move(domain));
}

std::vector<sql::Step> steps(const Context& ctx) { return change_default_steps(ctx, text_of(ctx, value(ctx))); }

}  // namespace

extern const Operation set_domain_default;  // its line in operations.def finds it
constinit const Operation set_domain_default = {
    .name = "set_domain_default",
    .form = "set domain default (domain path) to (value value)",
    .summary = "Sets the value that columns of a domain get where an INSERT leaves them out.",
    .description =
        R"md(One instant statement; no table is locked and no row is written. It counts for columns that have no default of their
own. A domain over this one keeps the default that it was made with. The way back sets the default that was there
before.
)md",
    .example = "set domain default money_amount to 0;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
