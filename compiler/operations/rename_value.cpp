// rename value: a label of an enum gets another text; rows follow without being touched.
#include <fmt/format.h>

#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/enums.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Text& old_label(const Context& ctx) { return *ctx.call.get<syntax::Text>("value"); }
const syntax::Text& new_label(const Context& ctx) { return *ctx.call.get<syntax::Text>("new"); }

void check(const Context& ctx) {
  const auto* type = require_own_type(ctx, type_path(ctx, "enum"), "enum");
  if (!type || !require_label(ctx, *type, old_label(ctx))) return;
  if (old_label(ctx).value == new_label(ctx).value) {
    ctx.sink.report(diagnostics::nothing_to_do, new_label(ctx).span, "the value is called so already")
        .note("take the line out");
    return;
  }
  if (require_new_label(ctx, *type, new_label(ctx))) warn_of_label(ctx, old_label(ctx).span, old_label(ctx).value);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema read and write {}", ctx.files.text(old_label(ctx).span)),
               fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  catalog::rename_label(after, find_own_type(ctx, "enum")->name, old_label(ctx).value, new_label(ctx).value);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& type = find_own_type(ctx, "enum")->name;
  const auto& from = old_label(ctx).value;
  const auto& to = new_label(ctx).value;
  const auto title = fmt::format("rename a value of enum {}", type.text());
  std::vector<sql::Step> steps{rename_label_step(ctx, type, from, to, title)};
  steps.front().back = {rename_label_step(ctx, type, to, from, title)};
  auto touches = catalog::users_of_label(ctx.before, type, from);
  touches.push_back(catalog::key("type", type));
  finish(steps, touches);
  return steps;
}

}  // namespace

extern const Operation rename_value;  // its line in operations.def finds it
constinit const Operation rename_value = {
    .name = "rename_value",
    .form = "rename value (value string) of (enum path) to (new string)",
    .summary = "Renames a value of an enum.",
    .description =
        R"md(`ALTER TYPE … RENAME VALUE`; no table is locked and no row is written: rows hold a number that stays. The way back
renames it back.

What PostgreSQL keeps as a tree follows: views, defaults, checks, indexes, policies, bounds of partitions, bodies of
`begin atomic`. Bodies of functions that are text do not, and are warned of where they hold the old label.

It belongs in `contract`: a client that sends the old label gets an error (22P02), and reads one that it does not know.
)md",
    .example = "rename value 'listed' of product_state to 'for sale';",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
