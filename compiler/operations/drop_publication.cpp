// drop publication: it holds no data, so the way back makes it again as it was.
#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("publication"); }

void check(const Context& ctx) { (void)require_own_publication(ctx, name(ctx)); }

std::optional<Break> breaks(const Context& ctx) {
  const auto text = ctx.files.text(name(ctx).span);
  return Break{
      fmt::format("subscribers to {} stop at their next transaction", text),
      fmt::format("write it in contract {{ drop publication {}; }}, after the subscriptions are dropped", text)};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  after.drop("publication", find_publication(ctx, name(ctx))->name);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_publication(ctx, name(ctx));
  const auto text = sql::quote_ident(old.name.name);
  auto step = transaction(ctx, "drop publication " + text,
                          {statement(sql::sql("DROP PUBLICATION {}", sql::Ident{old.name.name}))},
                          negate(has_publication(old.name.name)));
  step.hazards.push_back(
      "what is written while the publication is gone reaches no subscriber, not even after the way "
      "back: copy the tables anew there");
  step.back = {
      transaction(ctx, "create publication " + text, create_statements(ctx, old), has_publication(old.name.name))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, publication_touches(old));
  return steps;
}

}  // namespace

extern const Operation drop_publication;  // its line in operations.def finds it
constinit const Operation drop_publication = {
    .name = "drop_publication",
    .form = "drop publication (publication name)",
    .summary = "Ends a publication.",
    .description =
        R"md(`DROP PUBLICATION` takes no lock on a table. The way back makes it again with its tables, columns, row filters, options,
owner and comment.

It belongs in `contract`: a subscription to it stops with an error. What is written while the publication is gone does
not reach subscribers after the way back either; the plan says so.
)md",
    .example = "drop publication products_pub;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
