// no inherit: a table stands on its own again.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/inheritance.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const syntax::Path& parent_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("parent"); }

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  const auto* parent = require_table(ctx, parent_path(ctx));
  if (!table || !parent) return;
  if (std::find(table->inherits.begin(), table->inherits.end(), parent->name) != table->inherits.end()) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::wrong_kind, parent_path(ctx).span,
                      fmt::format("`{}` does not inherit from `{}`", table->name.text(), parent->name.text()));
  for (const auto& each : table->inherits) diagnostic.note("found: it inherits from " + each.text());
  if (table->partition_of == parent->name)
    diagnostic.note(fmt::format("write: detach partition {} from {}", table->name.text(), parent->name.text()));
}

std::optional<Break> breaks(const Context& ctx) {
  const auto heir = find_heir(ctx);
  if (made_here(ctx, *heir.table)) return std::nullopt;
  return Break{fmt::format("clients of {} do not see the rows of {} any more", heir.parent->name.text(),
                           heir.table->name.text()),
               "write it in contract { … }"};
}

// INHERIT again takes the last place, and leaves columns and checks the table's own.
std::vector<std::string> losses(const Heir& heir) {
  std::vector<std::string> found;
  std::string list;
  for (const auto& each : only_inherited(heir)) list.append(list.empty() ? "" : ", ").append(each);
  if (!list.empty())
    found.push_back(fmt::format("{} stay {}'s own after the way back: they do not go with the parent's any more", list,
                                heir.table->name.text()));
  if (heir.table->inherits.back() != heir.parent->name)
    found.push_back(fmt::format("{} is the last of the parents after the way back", heir.parent->name.text()));
  return found;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto heir = find_heir(ctx);
  auto step = no_inherit_step(ctx, heir);
  step.back = {inherit_step(ctx, heir)};
  step.loss = losses(heir);
  if (!step.loss.empty()) step.reversibility = sql::Reversibility::lossy;
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", heir.table->name), catalog::key("table", heir.parent->name)});
  return made;
}

}  // namespace

extern const Operation no_inherit;  // its line in operations.def finds it
constinit const Operation no_inherit = {
    .name = "no_inherit",
    .form = "no inherit (table path) from (parent path)",
    .summary = "Ends the inheritance of a table from another.",
    .description =
        R"(One instant statement: ACCESS EXCLUSIVE on the table, ACCESS SHARE on the parent, whose clients go on. The columns and
checks that came from the parent become the table's own.

It belongs in `contract`, since clients of the parent do not see its rows any more. The way back lets it inherit again.
PostgreSQL has no way to make a column only inherited again: where the table was made with `inherits`, the way back is
lossy in that the columns do not go with the parent's any more, and that has to be accepted: `accept loss '…'`.)",
    .example =
        "create table old_products like products;\n"
        "inherit old_products from products;\n"
        "no inherit old_products from products;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_disinherited(after, find_heir(ctx)); },
    .steps = steps,
};

}  // namespace mig::operations
