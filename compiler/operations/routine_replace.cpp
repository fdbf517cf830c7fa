// replace function, replace procedure: another body under the same signature; where PostgreSQL cannot, dropped and made
// anew with what hangs on it.
#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }

// The one that has the same name and argument types.
const catalog::Function* replaced(const Context& ctx, Routine kind) {
  const auto written = written_routine(ctx, kind);
  for (const auto* function : ctx.before.functions(written.name))
    if (function->arguments_key == written.arguments_key) return function;
  return nullptr;
}

// Owner, rights and comment stay.
catalog::Function replacement(const Context& ctx, Routine kind) {
  auto made = written_routine(ctx, kind);
  const auto* before = replaced(ctx, kind);
  made.owner = before->owner;
  made.grants = before->grants;
  made.comment = before->comment;
  return made;
}

// CREATE OR REPLACE changes no result, no name that an argument has, and takes no default away (42P13).
std::string why_not(const catalog::Function& from, const catalog::Function& to) {
  if (from.returns != to.returns || from.returns_set != to.returns_set) return "its result is of another type";
  if (from.arguments.size() != to.arguments.size()) return "its out parameters are others";
  for (std::size_t i = 0; i < from.arguments.size(); ++i) {
    const auto &a = from.arguments[i], &b = to.arguments[i];
    if (a.mode != b.mode || a.type != b.type) return "its out parameters are others";
    if (!a.name.empty() && a.name != b.name) return fmt::format("its argument {} is called so", a.name);
    if (!a.default_.empty() && b.default_.empty()) return fmt::format("its argument {} has a default", a.name);
  }
  return {};
}

bool same_result(const catalog::Function& from, const catalog::Function& to) {
  return from.returns == to.returns && from.returns_set == to.returns_set &&
         from.arguments.size() == to.arguments.size();
}

std::vector<sql::Statement> change(const Context& ctx, const catalog::Function& from, const catalog::Function& to) {
  const auto why = why_not(from, to);
  if (why.empty()) return {create_routine_statement(ctx, to, Make::replace)};
  const auto hanging = what_hangs(ctx, {.columns = {}, .relations = {}, .functions = {from.name}, .types = {}});
  auto made = drop_hanging(hanging);
  made.push_back(drop_routine_statement(from));
  made.back().reason = fmt::format("CREATE OR REPLACE cannot: {}", why);
  for (auto& each : make_routine(ctx, to)) made.push_back(std::move(each));
  for (auto& each : make_hanging(hanging)) made.push_back(std::move(each));
  return made;
}

bool check_anew(const Context& ctx, const catalog::Function& from, const catalog::Function& to) {
  auto why = why_not(from, to);
  if (why.empty()) why = why_not(to, from);
  if (why.empty()) return true;
  const auto what = fmt::format("`{}` ({})", signature(from), why);
  const auto hanging = what_hangs(ctx, {.columns = {}, .relations = {}, .functions = {from.name}, .types = {}});
  if (!hanging.empty() && ctx.before.functions(from.name).size() > 1) {
    ctx.sink.report(diagnostics::still_needed, path(ctx).span, what + " has to be dropped and made anew")
        .note("found: " + said(hanging))
        .note("others have its name, so that nobody can tell here which of them is used: drop what hangs on it before");
    return false;
  }
  return require_rebuild(ctx, path(ctx).span, what, hanging);
}

}  // namespace

void check_replace_routine(const Context& ctx, Routine kind) {
  if (!ctx.call.get<syntax::Path>("name")) return;
  const auto errors = ctx.sink.count(diagnostics::Severity::error);
  check_routine(ctx, kind);
  if (ctx.sink.count(diagnostics::Severity::error) > errors) return;
  const auto* before = replaced(ctx, kind);
  const auto written = written_routine(ctx, kind);
  if (!before) {
    auto& diagnostic = ctx.sink.report(diagnostics::unknown_object, path(ctx).span,
                                       fmt::format("there is no {} `{}` to replace", word(kind), signature(written)));
    for (const auto* other : ctx.before.functions(written.name)) diagnostic.note("found: " + signature(*other));
    diagnostic.note(
        fmt::format("write: create {} …; by other argument types it is another {}", word(kind), word(kind)));
    return;
  }
  if (before->kind != written.kind) {
    ctx.sink
        .report(diagnostics::wrong_kind, path(ctx).span,
                fmt::format("`{}` is {} {}, not a {}", signature(*before), before->kind == "aggregate" ? "an" : "a",
                            before->kind, word(kind)))
        .note("drop it before");
    return;
  }
  if (!require_owner(ctx, word(kind), before->name, before->owner, path(ctx).span)) return;
  const auto made = replacement(ctx, kind);
  if (sql::same_expression(made.definition, before->definition)) {
    ctx.sink.report(diagnostics::nothing_to_do, path(ctx).span, fmt::format("`{}` is so already", signature(*before)))
        .note("take the line out");
    return;
  }
  if (!check_anew(ctx, *before, made)) return;
  for (const auto& what : computed_by(ctx, *before))
    ctx.sink.report(diagnostics::computed_before, path(ctx).span, fmt::format("{} was computed by the old body", what))
        .note("its values stay as they are until they are computed again");
}

void replace_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind) {
  after.put(replacement(ctx, kind));
}

std::optional<Break> replace_routine_breaks(const Context& ctx, Routine kind) {
  const auto* before = replaced(ctx, kind);
  if (same_result(*before, replacement(ctx, kind))) return std::nullopt;
  return calls_break(ctx, kind, *before);
}

std::vector<sql::Step> replace_routine_steps(const Context& ctx, Routine kind) {
  const auto& before = *replaced(ctx, kind);
  const auto now = replacement(ctx, kind);
  const auto title = fmt::format("{} {}", before.kind, signature(before));
  const auto as_before = routine_is(ctx, before);
  auto step =
      transaction(ctx, "replace " + title, change(ctx, before, now), both(has_routine(ctx, before), negate(as_before)));
  step.back = {transaction(ctx, "bring back " + title, change(ctx, now, before), as_before)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {routine_key(before)});
  return made;
}

}  // namespace mig::operations
