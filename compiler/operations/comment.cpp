// comment on: the old comment is the way back.
#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

// '' is no comment to PostgreSQL, as null is.
std::string text_of_call(const Context& ctx) {
  const auto* text = ctx.call.get<syntax::Text>("text");
  return text ? text->value : std::string{};
}

// The argument that names the object.
const syntax::Argument* subject(const Context& ctx) {
  for (const auto& argument : ctx.call.arguments)
    if (argument.hole != "text" && argument.hole != "owner") return &argument;
  return nullptr;
}

// Tables and columns have the diagnostics of all operations; other kinds say what there is not.
void report_missing(const Context& ctx) {
  if (const auto* table = ctx.call.get<syntax::Path>("table")) return void(require_table(ctx, *table));
  if (const auto* column = ctx.call.get<syntax::Path>("column")) return void(require_column(ctx, *column));
  if (const auto* owner = ctx.call.get<syntax::Path>("owner"))
    if (!require_table(ctx, *owner)) return;
  const auto* named = subject(ctx);
  if (!named) return;
  const auto kind = named->hole == "matview" ? std::string("materialized view") : named->hole;
  auto& diagnostic = ctx.sink.report(diagnostics::unknown_object, named->span,
                                     fmt::format("no {} `{}`", kind, ctx.files.text(named->span)));
  if (kind == "function" || kind == "procedure")
    diagnostic.note(fmt::format("write: {} name(argument types), where several have one name", kind));
}

void check(const Context& ctx) {
  if (ctx.call.get<syntax::Path>("column") && !require_column_path(ctx, *ctx.call.get<syntax::Path>("column"))) return;
  const auto target = find_comment_target(ctx);
  if (!target) return report_missing(ctx);
  if (!require_owner(ctx, target->owner_kind, target->owned, target->owner, ctx.call.span)) return;
  if (target->comment == text_of_call(ctx))
    ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("{} has this comment already", target->key));
}

sql::Step say(const Context& ctx, const CommentTarget& target, const std::string& text) {
  return transaction(ctx, "comment on " + target.key,
                     {statement(sql::sql("COMMENT ON {} IS {}", target.object, comment_text(text)), target.locks)},
                     sql::sql("{} IS NOT DISTINCT FROM {}", target.current, comment_text(text)));
}

void effect(const Context& ctx, catalog::Catalog& after) { find_comment_target(ctx)->set(after, text_of_call(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto target = *find_comment_target(ctx);
  std::vector<sql::Step> made{say(ctx, target, text_of_call(ctx))};
  made.front().back = {say(ctx, target, target.comment)};
  finish(made, {target.key});
  return made;
}

}  // namespace

constinit const Operation comment = {
    .name = "comment",
    .form =
        "comment on <table (table path) / column (column path) / index (index path) / "
        "constraint (constraint name) on (owner path) / trigger (trigger name) on (owner path) / "
        "policy (policy name) on (owner path) / view (view path) / materialized view (matview path) / "
        "sequence (sequence path) / type (type path) / domain (domain path) / function (function callable) / "
        "procedure (procedure callable) / schema (schema name)> is (text text_or_null)",
    .summary = "Sets or removes the comment of an object.",
    .description =
        R"md(`COMMENT ON` takes SHARE UPDATE EXCLUSIVE on a table, view, sequence or index, ACCESS SHARE on the table of a constraint,
trigger or policy, and no table lock else: reads and writes go on. `is null` removes the comment.

The way back sets the comment that was there, or none.
)md",
    .example =
        "comment on table orders is 'what was ordered, by whom';\n"
        "comment on column orders.note is 'what the customer said';\n"
        "comment on constraint orders_total_check on orders is 'nobody owes us a negative sum';",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
