// add value: an enum gets another label; the way back hides it, since PostgreSQL takes none away.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/enums.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

using sql::Literal;

namespace {

const syntax::Text& label(const Context& ctx) { return *ctx.call.get<syntax::Text>("value"); }
const syntax::Text* neighbour(const Context& ctx) { return ctx.call.get<syntax::Text>("neighbour"); }

void check(const Context& ctx) {
  const auto* type = require_own_type(ctx, type_path(ctx, "enum"), "enum");
  if (!type) return;
  if (neighbour(ctx)) (void)require_label(ctx, *type, *neighbour(ctx));
  if (has_label(*type, label(ctx).value)) {
    ctx.sink
        .report(diagnostics::nothing_to_do, label(ctx).span,
                fmt::format("`{}` has the value {} already", type->name.text(), ctx.files.text(label(ctx).span)))
        .note("take the line out");
    return;
  }
  (void)require_new_label(ctx, *type, label(ctx));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto type = *find_own_type(ctx, "enum");
  auto place = type.labels.end();
  if (neighbour(ctx)) {
    place = std::find(type.labels.begin(), type.labels.end(), neighbour(ctx)->value);
    if (ctx.call.has_word("after")) ++place;
  }
  type.labels.insert(place, label(ctx).value);
  after.put(std::move(type));
}

sql::Statement add_statement(const Context& ctx, const catalog::Name& type) {
  auto text = sql::sql("ALTER TYPE {} ADD VALUE {}", type.sql(), Literal{label(ctx).value});
  if (neighbour(ctx))
    text = ctx.call.has_word("after") ? sql::sql("{} AFTER {}", text, Literal{neighbour(ctx)->value})
                                      : sql::sql("{} BEFORE {}", text, Literal{neighbour(ctx)->value});
  return statement(std::move(text), {}, sql::Work::instant,
                   "alone in its transaction: a new value cannot be used before it is committed (55P04)");
}

// Where it stands, in the enum and in the file, is a part of the name under which a way back keeps it.
std::string hidden(const Context& ctx, const catalog::Name& type) {
  return kept_name(ctx, label(ctx).value,
                   fmt::format("{} {}", add_statement(ctx, type).text.text(), ctx.call.span.begin));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& type = find_own_type(ctx, "enum")->name;
  const auto& added = label(ctx).value;
  const auto aside = hidden(ctx, type);
  auto step = transaction(ctx, fmt::format("add a value to enum {}", type.text()), {add_statement(ctx, type)},
                          label_is_there(type, added));
  step.revival = sql::Revival{probe(label_is_there(type, aside)), {rename_label_statement(type, aside, added)}, {}};
  auto back = rename_label_step(ctx, type, added, aside, fmt::format("hide a value of enum {}", type.text()));
  if (auto rows = rows_with_label(ctx, type, added); !rows.text().empty())
    back.condition = sql::Condition{fmt::format("no row holds {}", sql::fragment(Literal{added}).text()), rows};
  step.back = {std::move(back)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("type", type)});
  return made;
}

}  // namespace

extern const Operation add_value;  // its line in operations.def finds it
constinit const Operation add_value = {
    .name = "add_value",
    .form = "add value (value string) to (enum path) [<before / after> (neighbour string)]",
    .summary = "Adds a value to an enum.",
    .description =
        R"md(`ALTER TYPE … ADD VALUE`; no table is locked. It is alone in its transaction, since PostgreSQL lets nobody use the value
before that is committed (55P04); the next operation may. Without `before` or `after` it sorts behind all others.

PostgreSQL takes no value away, so the way back renames it to a hidden one, `_mig_…`, which mig shows nowhere: nobody
can write it any more. Applying again brings the same one back. Rows that hold the value stand in the way and are
listed before anything changes: in columns of the type, of domains over it, in arrays and composite values.
)md",
    .example = "add value 'reserved' to product_state after 'listed';\nadd value 'lost' to product_state;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
