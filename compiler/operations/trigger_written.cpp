// Triggers as they are written: checked, and printed as pg_get_triggerdef() prints them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/constraints.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

using Events = std::vector<syntax::Event>;

const Events& events(const Context& ctx) { return *ctx.call.get<Events>("events"); }
const syntax::Name& name_of(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }
const syntax::Path& function_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("function"); }

// `before`, `after`, `instead`: a constraint trigger has only one.
std::string timing(const Context& ctx, TriggerKind kind) {
  if (kind == TriggerKind::constraint || ctx.call.has_word("after")) return "after";
  return ctx.call.has_word("before") ? "before" : "instead of";
}

// `for each row`; a constraint trigger knows nothing else.
bool for_row(const Context& ctx, TriggerKind kind) {
  return kind == TriggerKind::constraint || ctx.call.has_word("row");
}

bool has_event(const Context& ctx, std::string_view word) {
  return std::any_of(events(ctx).begin(), events(ctx).end(), [&](const auto& event) { return event.word == word; });
}

// ---- the function ----

bool is_trigger_function(const catalog::Function& function) {
  return function.returns == "trigger" && function.arguments_key.empty();
}

const catalog::Function* find_function(const Context& ctx) {
  const auto wanted = as_name(function_path(ctx));
  for (const auto& schema : schemas_of(ctx, wanted))
    for (const auto* function : ctx.before.functions({schema, wanted.name}))
      if (is_trigger_function(*function)) return function;
  return nullptr;
}

// PostgreSQL's own; a catalog may come without its system part.
bool builtin(const catalog::Name& name) {
  constexpr std::array<std::string_view, 3> known{"suppress_redundant_updates_trigger", "tsvector_update_trigger",
                                                  "tsvector_update_trigger_column"};
  return (name.schema.empty() || name.schema == "pg_catalog") &&
         std::find(known.begin(), known.end(), name.name) != known.end();
}

catalog::Name function_name(const Context& ctx) {
  if (const auto* function = find_function(ctx)) return function->name;
  auto name = as_name(function_path(ctx));
  if (name.schema.empty()) name.schema = builtin(name) ? "pg_catalog" : ctx.schema;
  return name;
}

// Functions of extensions stand in no catalog.
bool has_extensions(const Context& ctx) {
  const auto names = ctx.before.names("extension");
  return std::any_of(names.begin(), names.end(), [](const auto& name) { return name.name != "plpgsql"; });
}

void check_function(const Context& ctx) {
  const auto wanted = as_name(function_path(ctx));
  if (find_function(ctx) || builtin(wanted)) return;
  for (const auto& schema : schemas_of(ctx, wanted))
    if (const auto others = ctx.before.functions({schema, wanted.name}); !others.empty()) {
      ctx.sink
          .report(diagnostics::wrong_kind, function_path(ctx).span,
                  fmt::format("`{}({})` is no trigger function", others.front()->name.text(),
                              others.front()->arguments_key))
          .note(fmt::format("found: it returns {}", others.front()->returns))
          .note("a trigger function takes no arguments and returns trigger; its arguments come in TG_ARGV");
      return;
    }
  if (has_extensions(ctx)) {
    ctx.sink.report(diagnostics::unknown_in_text, function_path(ctx).span,
                    fmt::format("no function `{}()` is known here; it may be an extension's", wanted.text()));
    return;
  }
  std::vector<std::string> names;
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name))
      if (is_trigger_function(*function)) names.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_object, function_path(ctx).parts.back(),
                 fmt::format("no function `{}()`", wanted.text()), names)
      .note(fmt::format("write before: create function {}() returns trigger language plpgsql as $$…$$;",
                        ctx.files.text(function_path(ctx).span)));
}

// ---- clauses ----

void refuse(const Context& ctx, source::Span span, std::string message, std::string note) {
  ctx.sink.report(diagnostics::contradiction, span, std::move(message)).note(std::move(note));
}

const syntax::Name* transition(const Context& ctx, const char* hole) { return ctx.call.get<syntax::Name>(hole); }

void check_place(const Context& ctx, const TriggerOwner& on, TriggerKind kind) {
  const auto when = timing(ctx, kind);
  const bool row = for_row(ctx, kind);
  const auto span = ctx.call.phrase;
  const auto name = on.name().text();
  if (on.table && when == "instead of")
    refuse(ctx, span, fmt::format("`{}` is a table: `instead of` is for views", name), "write: before … or after …");
  if (on.view && (kind == TriggerKind::constraint || (row && when != "instead of")))
    refuse(ctx, span, fmt::format("`{}` is a view: it has no rows of its own", name),
           "write: instead of … for each row, or for each statement");
  if (on.view && has_event(ctx, "truncate"))
    refuse(ctx, span, fmt::format("`{}` is a view: it cannot be truncated", name), "take `truncate` out");
  if (when == "instead of" && !row)
    refuse(ctx, span, "a trigger `instead of` runs for each row", "write: for each row");
  if (row && has_event(ctx, "truncate"))
    refuse(ctx, span, "truncate has no rows: its trigger runs for each statement", "write a trigger of its own for it");
  if (on.table && on.table->partitioned() && row && (transition(ctx, "old") || transition(ctx, "new")))
    refuse(ctx, span, fmt::format("`{}` is partitioned: a row trigger on it has no transition tables", name),
           "write: for each statement");
}

void check_transition(const Context& ctx, TriggerKind kind) {
  const auto* old = transition(ctx, "old");
  const auto* fresh = transition(ctx, "new");
  const auto* any = old ? old : fresh;
  if (!any) return;
  const auto& list = events(ctx);
  if (timing(ctx, kind) != "after")
    refuse(ctx, any->span, "only an `after` trigger has transition tables", "write: after …");
  if (list.size() > 1 || !list.front().columns.empty())
    refuse(ctx, any->span, "transition tables stand for one event without columns", "write one trigger for each event");
  if (old && list.front().word == "insert") refuse(ctx, old->span, "an insert has no old rows", "take `old table` out");
  if (fresh && list.front().word == "delete")
    refuse(ctx, fresh->span, "a delete has no new rows", "take `new table` out");
  if (old && fresh && old->text == fresh->text) refuse(ctx, fresh->span, "two names are needed", "rename one");
}

void check_events(const Context& ctx, const TriggerOwner& on) {
  std::vector<std::string> seen;
  for (const auto& event : events(ctx)) {
    if (std::find(seen.begin(), seen.end(), event.word) != seen.end())
      refuse(ctx, ctx.call.phrase, fmt::format("`{}` stands twice", event.word), "write each event once");
    seen.push_back(event.word);
    if (on.view && !event.columns.empty())
      refuse(ctx, event.columns.front().span, "a view's trigger watches no columns", "write: update");
    for (const auto& column : event.columns)
      if (on.table) (void)require_column(ctx, *on.table, column);
  }
}

// new.column and old.column of a row trigger.
void check_reference(const Context& ctx, const TriggerOwner& on, const syntax::ColumnRef& reference, bool row) {
  const auto& parts = reference.path.parts;
  const auto& first = parts.front().text;
  const auto written = ctx.files.text(reference.path.span);
  if (parts.size() != 2 || (first != "new" && first != "old")) {
    refuse(ctx, reference.path.span, fmt::format("`{}`: a trigger's condition sees only the row", written),
           fmt::format("write: new.{0} or old.{0}", parts.back().text));
    return;
  }
  if (!row) return refuse(ctx, reference.path.span, "a trigger for each statement has no row", "write: for each row");
  if (first == "old" && has_event(ctx, "insert"))
    refuse(ctx, reference.path.span, "an insert has no old row", "write a trigger of its own for insert");
  if (first == "new" && has_event(ctx, "delete"))
    refuse(ctx, reference.path.span, "a delete has no new row", "write a trigger of its own for delete");
  if (on.table && !reference.star) (void)require_column(ctx, *on.table, parts.back());
}

void check_when(const Context& ctx, const TriggerOwner& on, TriggerKind kind) {
  const auto* when = ctx.call.get<syntax::Expr>("condition");
  if (!when) return;
  if (timing(ctx, kind) == "instead of")
    return refuse(ctx, when->span, "a trigger `instead of` has no condition", "ask in the function (0A000)");
  const auto found = mentions(*when);
  for (const auto* reference : found.columns) check_reference(ctx, on, *reference, for_row(ctx, kind));
  for (const auto& span : found.queries)
    refuse(ctx, span, "a trigger's condition cannot hold a sub-select", "ask in the function (0A000)");
}

// A constant or a bare word, as PostgreSQL's grammar has it; nullopt: something else.
std::optional<std::string> argument_text(const syntax::CallArgument& argument) {
  if (argument.name || argument.variadic || !argument.value) return std::nullopt;
  const auto& node = (*argument.value)->node;
  if (const auto* constant = std::get_if<syntax::Constant>(&node)) {
    if (constant->is == syntax::Constant::Is::null) return "null";
    return constant->value;
  }
  const auto* word = std::get_if<syntax::ColumnRef>(&node);
  return word && word->path.parts.size() == 1 && !word->star ? std::optional(word->path.parts.front().text)
                                                             : std::nullopt;
}

using Arguments = std::vector<syntax::CallArgument>;

void check_arguments(const Context& ctx) {
  const auto* arguments = ctx.call.get<Arguments>("arguments");
  if (!arguments) return;
  for (const auto& argument : *arguments)
    if (!argument_text(argument))
      ctx.sink
          .report(diagnostics::wrong_value, argument.value ? (*argument.value)->span : ctx.call.span,
                  "an argument of a trigger is a string or a number")
          .note("the function reads it as text from TG_ARGV");
}

// ---- as SQL ----

Fragment event(const syntax::Event& written) {
  if (written.word == "insert") return sql::sql("INSERT");
  if (written.word == "delete") return sql::sql("DELETE");
  if (written.word == "truncate") return sql::sql("TRUNCATE");
  if (written.columns.empty()) return sql::sql("UPDATE");
  std::vector<std::string> columns;
  for (const auto& column : written.columns) columns.push_back(column.text);
  return sql::sql("UPDATE OF {}", names(columns));
}

Fragment all_events(const Context& ctx) {
  std::vector<Fragment> parts;
  for (const auto* word : {"insert", "delete", "update", "truncate"})
    for (const auto& each : events(ctx))
      if (each.word == word) parts.push_back(event(each));
  return sql::join(parts, " OR ");
}

Fragment timing_word(const std::string& when) {
  if (when == "before") return sql::sql("BEFORE");
  return when == "after" ? sql::sql("AFTER") : sql::sql("INSTEAD OF");
}

Fragment deferral(const Context& ctx) {
  if (!ctx.call.has_word("deferrable")) return sql::sql("NOT DEFERRABLE INITIALLY IMMEDIATE");
  return ctx.call.has_word("deferred") ? sql::sql("DEFERRABLE INITIALLY DEFERRED")
                                       : sql::sql("DEFERRABLE INITIALLY IMMEDIATE");
}

Fragment call(const Context& ctx) {
  std::vector<Fragment> parts;
  if (const auto* arguments = ctx.call.get<Arguments>("arguments"))
    for (const auto& argument : *arguments)
      parts.push_back(sql::fragment(Literal{argument_text(argument).value_or("")}));
  return sql::sql("EXECUTE FUNCTION {}({})", function_name(ctx).sql(), sql::join(parts, ", "));
}

Fragment definition(const Context& ctx, const TriggerOwner& on, TriggerKind kind) {
  const bool constraint = kind == TriggerKind::constraint;
  std::vector<Fragment> parts{constraint ? sql::sql("CREATE CONSTRAINT TRIGGER {}", Ident{name_of(ctx).text})
                                         : sql::sql("CREATE TRIGGER {}", Ident{name_of(ctx).text}),
                              timing_word(timing(ctx, kind)), all_events(ctx), sql::sql("ON {}", on.name().sql())};
  if (const auto* from = ctx.call.get<syntax::Path>("referenced"))
    if (const auto* table = find_table(ctx, *from)) parts.push_back(sql::sql("FROM {}", table->name.sql()));
  if (constraint) parts.push_back(deferral(ctx));
  const auto *old = transition(ctx, "old"), *fresh = transition(ctx, "new");
  if (old || fresh) parts.push_back(sql::sql("REFERENCING"));
  if (old) parts.push_back(sql::sql("OLD TABLE AS {}", Ident{old->text}));
  if (fresh) parts.push_back(sql::sql("NEW TABLE AS {}", Ident{fresh->text}));
  parts.push_back(for_row(ctx, kind) ? sql::sql("FOR EACH ROW") : sql::sql("FOR EACH STATEMENT"));
  if (const auto* when = ctx.call.get<syntax::Expr>("condition"))
    parts.push_back(sql::sql("WHEN ({})", expression(text_of(ctx, *when))));
  parts.push_back(call(ctx));
  return sql::join(parts, " ");
}

}  // namespace

void check_trigger_clauses(const Context& ctx, const TriggerOwner& on, TriggerKind kind) {
  check_place(ctx, on, kind);
  check_events(ctx, on);
  check_transition(ctx, kind);
  check_when(ctx, on, kind);
  check_arguments(ctx);
  check_function(ctx);
  if (const auto* from = ctx.call.get<syntax::Path>("referenced")) (void)require_table(ctx, *from);
}

catalog::Trigger written_trigger(const Context& ctx, const TriggerOwner& on, TriggerKind kind) {
  catalog::Trigger trigger;
  trigger.name = name_of(ctx).text;
  trigger.definition = definition(ctx, on, kind).text();
  trigger.function = function_name(ctx);
  for (const auto& each : events(ctx))
    for (const auto& column : each.columns) trigger.columns.push_back(column.text);
  trigger.row = for_row(ctx, kind);
  trigger.constraint = kind == TriggerKind::constraint;
  return trigger;
}

}  // namespace mig::operations
