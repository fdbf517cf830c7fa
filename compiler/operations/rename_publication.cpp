// rename publication: one instant statement; subscriptions know it by its name.
#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("publication"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto* old = require_own_publication(ctx, name(ctx));
  if (!old) return;
  if (old->name.name != new_name(ctx).text) return void(require_new_publication(ctx, new_name(ctx)));
  ctx.sink.report(diagnostics::nothing_to_do, new_name(ctx).span, "the publication is called so already")
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{
      fmt::format("subscriptions know the publication only as {}", written(ctx, name(ctx))),
      fmt::format("write it in contract {{ rename publication {} to {}; }}, and then on each subscriber: ALTER "
                  "SUBSCRIPTION … SET PUBLICATION {}",
                  written(ctx, name(ctx)), written(ctx, new_name(ctx)), written(ctx, new_name(ctx)))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_publication(ctx, name(ctx));
  after.drop("publication", changed.name);
  changed.name.name = new_name(ctx).text;
  after.put(std::move(changed));
}

sql::Step rename(const Context& ctx, const std::string& from, const std::string& to) {
  return transaction(ctx, fmt::format("rename publication {} to {}", sql::quote_ident(from), sql::quote_ident(to)),
                     {statement(sql::sql("ALTER PUBLICATION {} RENAME TO {}", sql::Ident{from}, sql::Ident{to}))},
                     both(has_publication(to), negate(has_publication(from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto from = name(ctx).text;
  const auto to = new_name(ctx).text;
  std::vector<sql::Step> steps{rename(ctx, from, to)};
  steps.front().back = {rename(ctx, to, from)};
  finish(steps, {catalog::key("publication", {"", from}), catalog::key("publication", {"", to})});
  return steps;
}

}  // namespace

extern const Operation rename_publication;  // its line in operations.def finds it
constinit const Operation rename_publication = {
    .name = "rename_publication",
    .form = "rename publication (publication name) to (new name)",
    .summary = "Renames a publication.",
    .description =
        R"md(One instant statement without a lock on any table. It belongs in `contract`: subscriptions ask for the publication by its
name, and stop with an error until they are told the new one (`ALTER SUBSCRIPTION … SET PUBLICATION …`).
)md",
    .example = "rename publication products_pub to catalogue_pub;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
