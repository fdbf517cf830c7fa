// remove value: rows get another value, and the label is hidden, since PostgreSQL takes none away.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/enums.hpp"
#include "compiler/operations/label_rows.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Text& label(const Context& ctx) { return *ctx.call.get<syntax::Text>("value"); }
const syntax::Text& other(const Context& ctx) { return *ctx.call.get<syntax::Text>("other"); }

bool check_users(const Context& ctx, const catalog::Type& type) {
  std::vector<Dependent> found;
  for (const auto& key : catalog::users_of_label(ctx.before, type.name, label(ctx).value))
    found.push_back({key + " names it", "change it before by a line of its own"});
  return require_no_dependents(ctx, label(ctx).span, fmt::format("value {}", ctx.files.text(label(ctx).span)), found);
}

void check(const Context& ctx) {
  const auto* type = require_own_type(ctx, type_path(ctx, "enum"), "enum");
  if (!type || !require_label(ctx, *type, label(ctx)) || !require_label(ctx, *type, other(ctx))) return;
  if (label(ctx).value == other(ctx).value) {
    ctx.sink.report(diagnostics::contradiction, other(ctx).span, "rows get another value instead of the one that goes")
        .also(label(ctx).span, "this one");
    return;
  }
  if (!check_users(ctx, *type) || !require_label_rows(ctx, *type, label(ctx).value, other(ctx).value)) return;
  warn_of_label(ctx, label(ctx).span, label(ctx).value);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema may still write {}", ctx.files.text(label(ctx).span)),
               fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto type = *find_own_type(ctx, "enum");
  std::erase(type.labels, label(ctx).value);
  after.put(std::move(type));
}

void append(std::vector<sql::Step>& steps, std::vector<sql::Step> more) {
  for (auto& each : more) steps.push_back(std::move(each));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& type = *find_own_type(ctx, "enum");
  const auto& from = label(ctx).value;
  const auto hidden = kept_name(ctx, from, fmt::format("removed\n{} {}", type.name.text(), ctx.call.span.begin));
  std::vector<sql::Step> made = label_rows_steps(ctx, type, {from, other(ctx).value, label(ctx).span});
  auto hide = rename_label_step(ctx, type.name, from, hidden, fmt::format("hide a value of enum {}", type.name.text()));
  hide.back = {
      rename_label_step(ctx, type.name, hidden, from, fmt::format("bring back a value of enum {}", type.name.text()))};
  finish(hide.back, {catalog::key("type", type.name)});
  std::vector<sql::Step> middle{std::move(hide)};
  finish(middle, {catalog::key("type", type.name)});
  append(made, std::move(middle));
  append(made, label_rows_steps(ctx, type, {hidden, other(ctx).value, other(ctx).span}));
  append_refreshes(ctx, type, made);
  return made;
}

}  // namespace

extern const Operation remove_value;  // its line in operations.def finds it
constinit const Operation remove_value = {
    .name = "remove_value",
    .form = "remove value (value string) from (enum path) replace with (other string)",
    .summary = "Takes a value away from an enum: rows that hold it get another one.",
    .description =
        R"md(Rows are passed through as `update` does it: along a key, in batches that each commit, with the earlier rows kept aside
until purge. That goes for all tables with a column of the enum, of a domain over it, of its array type, and of a
composite type that holds it. Then the label is renamed to a hidden one, `_mig_…`, in an instant and without a lock on a
table: PostgreSQL takes no label away, and a type made anew would rewrite every table under ACCESS EXCLUSIVE. Nobody
can write the value any more (22P02), mig shows it nowhere, and a value of this name may be added again. Rows that
clients wrote in the meantime are passed through once more. Materialized views with such a column are filled again.

The hidden label stays in `pg_enum` for good, also after purge. A statement that a client prepared before may still write
it; it then reads as `_mig_…`.

The way back renames it back and restores the rows that nobody changed since; what stands in the way of an exact way
back is said as for `update`: a row trigger before each update makes it `lossy` and wants `accept loss '…'`.

Refused while a default, check, view, index, policy, bound of a partition or any other text names the value, where
arrays of composite types or ranges hold the enum, where a foreign key is on such a column, and for rows that no key
tells apart in a large table. It belongs in `contract`.
)md",
    .example =
        "remove value 'gone' from product_state replace with 'draft'\n"
        "  accept loss 'names that were not trimmed before';",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
