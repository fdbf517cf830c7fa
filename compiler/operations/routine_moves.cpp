// Renaming functions and procedures, moving them to another schema.
#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

sql::Step move_step(const Context& ctx, const catalog::Function& from, const catalog::Function& to) {
  const auto reference = routine_reference(from);
  auto text = from.name.schema == to.name.schema ? sql::sql("ALTER {} RENAME TO {}", reference, Ident{to.name.name})
                                                 : sql::sql("ALTER {} SET SCHEMA {}", reference, Ident{to.name.schema});
  return transaction(ctx, fmt::format("{} {} becomes {}", from.kind, signature(from), to.name.text()),
                     {statement(std::move(text))}, both(has_routine(ctx, to), negate(has_routine(ctx, from))));
}
void check_move_routine(const Context& ctx, Routine kind, const catalog::Name& to, source::Span span) {
  const auto* function = require_routine(ctx, kind);
  if (!function) return;
  if (function->name == to) {
    ctx.sink.report(diagnostics::nothing_to_do, span, fmt::format("`{}` is there already", to.text()))
        .note("take the line out");
    return;
  }
  for (const auto* other : ctx.before.functions(to))
    if (other->arguments_key == function->arguments_key)
      ctx.sink.report(diagnostics::duplicate_name, span,
                      fmt::format("there is {} {} `{}` already", other->kind == "aggregate" ? "an" : "a", other->kind,
                                  signature(*other)));
  (void)require_create(ctx, to.schema, span);
  if (ctx.before.functions(function->name).size() > 1 &&
      !what_hangs(ctx, {.columns = {}, .relations = {}, .functions = {function->name}, .types = {}}).empty())
    ctx.sink
        .report(diagnostics::still_needed, span,
                fmt::format("several functions are called `{}`, and something uses one of them", function->name.text()))
        .note("which one is not known here, so neither is the schema afterwards: write sql $$…$$ back $$…$$");
  warn_of_texts(ctx, *function, span);
}

}  // namespace

catalog::Name renamed_routine(const Context& ctx, Routine kind) {
  const auto* function = find_routine(ctx, kind);
  return function ? catalog::Name{function->name.schema, ctx.call.get<syntax::Name>("new")->text} : catalog::Name{};
}

catalog::Name routine_in_schema(const Context& ctx, Routine kind) {
  const auto* function = find_routine(ctx, kind);
  return function ? catalog::Name{ctx.call.get<syntax::Name>("schema")->text, function->name.name} : catalog::Name{};
}

void check_rename_routine(const Context& ctx, Routine kind) {
  const auto* name = ctx.call.get<syntax::Name>("new");
  if (name && require_name(ctx, *name)) check_move_routine(ctx, kind, renamed_routine(ctx, kind), name->span);
}

void check_routine_schema(const Context& ctx, Routine kind) {
  const auto* schema = ctx.call.get<syntax::Name>("schema");
  if (schema && require_schema(ctx, *schema)) check_move_routine(ctx, kind, routine_in_schema(ctx, kind), schema->span);
}

std::vector<sql::Step> move_routine_steps(const Context& ctx, Routine kind, const catalog::Name& to) {
  const auto& from = *find_routine(ctx, kind);
  const auto moved = renamed(from, to);
  auto step = move_step(ctx, from, moved);
  step.back = {move_step(ctx, moved, from)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {routine_key(from), routine_key(moved)});
  return made;
}

}  // namespace mig::operations
