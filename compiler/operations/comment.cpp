// comment on: the old comment is the way back.
#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/kind_words.hpp"
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

std::vector<std::string> names_of(const catalog::Catalog& catalog, std::string_view kind) {
  std::vector<std::string> names;
  for (const auto& name : catalog.names(kind)) names.push_back(name.name);
  return names;
}

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.name);
  return names;
}

// What the name may have meant.
std::vector<std::string> candidates(const Context& ctx, const std::string& kind, const catalog::Table* owner) {
  if (owner && kind == "rule") return names_of(owner->rules);
  if (owner && kind == "constraint") return names_of(owner->constraints);
  if (owner && kind == "trigger") return names_of(owner->triggers);
  if (owner && kind == "policy") return names_of(owner->policies);
  if (kind == "index") return index_names(ctx.before, {});
  if (kind == "matview") return names_of(ctx.before, "view");
  if (kind == "domain") return names_of(ctx.before, "type");
  if (kind == "procedure" || kind == "aggregate") return names_of(ctx.before, "function");
  return names_of(ctx.before, plain_kind(kind));
}

syntax::Name name_of(const syntax::Argument& argument) {
  if (const auto* name = std::get_if<syntax::Name>(&argument.value)) return *name;
  if (const auto* path = std::get_if<syntax::Path>(&argument.value)) return path->parts.back();
  return std::get<std::vector<syntax::Callable>>(argument.value).front().path.parts.back();
}

// Something else has the name: say what.
bool report_other(const Context& ctx, const syntax::Argument& named, const std::string& kind) {
  const auto* path = std::get_if<syntax::Path>(&named.value);
  if (!path) return false;
  const auto found = what_is(ctx, *path);
  if (found.empty()) return false;
  ctx.sink
      .report(diagnostics::wrong_kind, named.span,
              fmt::format("`{}` is {}, not a {}", ctx.files.text(named.span), found, kind))
      .note(fmt::format("write: comment on {} {} …", found.substr(found.find(' ') + 1), ctx.files.text(named.span)));
  return true;
}

// A view has columns as well.
void report_missing_column(const Context& ctx, const syntax::Path& path) {
  const auto* view = find_view(ctx, table_part(path));
  if (!view) return void(require_column(ctx, path));
  report_unknown(
      ctx, diagnostics::unknown_column, path.parts.back(),
      fmt::format("no column `{}` in view `{}`", sql::quote_ident(path.parts.back().text), view->name.text()),
      names_of(view->columns));
}

// Tables and columns have the diagnostics of all operations.
void report_missing(const Context& ctx) {
  if (const auto* table = ctx.call.get<syntax::Path>("table")) return void(require_table(ctx, *table));
  if (const auto* column = ctx.call.get<syntax::Path>("column")) return report_missing_column(ctx, *column);
  const auto* owner_path = ctx.call.get<syntax::Path>("owner");
  const auto* owner = owner_path ? require_table(ctx, *owner_path) : nullptr;
  const auto* named = subject(ctx);
  if (!named || (owner_path && !owner)) return;
  const auto kind = named->hole == "matview" ? std::string("materialized view") : plain_kind(named->hole);
  if (report_other(ctx, *named, kind)) return;
  auto& diagnostic =
      report_unknown(ctx, diagnostics::unknown_object, name_of(*named),
                     fmt::format("no {} `{}`", kind, ctx.files.text(named->span)), candidates(ctx, named->hole, owner));
  if (kind == "function" || kind == "procedure" || kind == "aggregate")
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

extern const Operation comment;  // its line in operations.def finds it
constinit const Operation comment = {
    .name = "comment",
    .form =
        "comment on <table (table path) / column (column path) / index (index path) / "
        "constraint (constraint name) on (owner path) / trigger (trigger name) on (owner path) / "
        "policy (policy name) on (owner path) / view (view path) / materialized view (matview path) / "
        "sequence (sequence path) / type (type path) / domain (domain path) / function (function callable) / "
        "procedure (procedure callable) / aggregate (aggregate callable) / rule (rule name) on (owner path) / "
        "schema (schema name) / extension (extension name) / publication (publication name) / "
        "statistics (statistics path) / collation (collation path) / conversion (conversion path) / "
        "event trigger (event_trigger name) / foreign data wrapper (wrapper name) / server (server name) / "
        "language (language name) / access method (access_method name) / "
        "text search configuration (configuration path) / text search dictionary (dictionary path)> "
        "is (text text_or_null)",
    .summary = "Sets or removes the comment of an object.",
    .description =
        R"md(`COMMENT ON` takes SHARE UPDATE EXCLUSIVE on a table, view, sequence or index, ACCESS SHARE on the table of a constraint,
trigger, policy or rule, and no table lock else: reads and writes go on. `is null` removes the comment.

A column may be one of a view or of a composite type, an index one of a materialized view, a trigger or rule one of a
view. Where several functions have one name, write the types of its arguments: `comment on function f(integer) is '…'`.

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
