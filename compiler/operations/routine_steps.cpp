// Functions and procedures as SQL: made, dropped, asked for; the steps of create, drop and alter.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/rights.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/function_text.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;
using sql::LockMode;

namespace {

void add_lock(std::vector<sql::Lock>& locks, const catalog::Name& name, LockMode mode) {
  for (auto& each : locks)
    if (each.relation.schema == name.schema && each.relation.name == name.name) {
      each.mode = std::max(each.mode, mode);
      return;
    }
  locks.push_back(lock(name, mode));
}

// A view is read with all that it reads.
void add_reads(const Context& ctx, const catalog::Name& name, std::vector<sql::Lock>& locks) {
  add_lock(locks, name, LockMode::access_share);
  if (const auto* view = ctx.before.view(name); view && !view->materialized)
    for (const auto& use : view->uses) add_reads(ctx, use.relation, locks);
}

// PostgreSQL analyses a body in SQL when the function is made, and locks what it names as if it ran.
std::vector<sql::Lock> body_locks(const Context& ctx, const catalog::Function& function) {
  if (function.language != "sql") return {};
  const auto text = sql::function_text(function.definition);
  if (!text || !text->body) return locks_of_text(ctx, function.definition);
  std::vector<sql::Lock> locks;
  sql::ParseError error;
  const auto spans = sql::split(*text->body, error);
  if (!spans) return locks;
  for (const auto& [offset, length] : *spans) {
    const auto statement = text->body->substr(offset, length);
    const auto facts = sql::facts(statement, error);
    const bool writes = facts && (facts->kind == "InsertStmt" || facts->kind == "UpdateStmt" ||
                                  facts->kind == "DeleteStmt" || facts->kind == "MergeStmt");
    bool first = true;
    for (const auto& name : named_relations(ctx, statement)) {
      add_reads(ctx, name, locks);
      if (writes && first) add_lock(locks, name, LockMode::row_exclusive);
      first = false;
    }
  }
  return locks;
}

Fragment routine_where(const Context& ctx, const catalog::Function& function, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
      "WHERE n.nspname = {} AND p.proname = {} AND {}{})",
      Literal{function.name.schema}, Literal{function.name.name},
      prints(ctx, sql::sql("pg_catalog.oidvectortypes(p.proargtypes)"), function.arguments_key), condition);
}

sql::Step make_step(const Context& ctx, const char* verb, const catalog::Function& function) {
  return transaction(ctx, fmt::format("{} {} {}", verb, function.kind, signature(function)),
                     make_routine(ctx, function), has_routine(ctx, function));
}

sql::Step drop_step(const Context& ctx, const catalog::Function& function) {
  return transaction(ctx, fmt::format("drop {} {}", function.kind, signature(function)),
                     {drop_routine_statement(function)}, negate(has_routine(ctx, function)));
}

std::vector<sql::Step> finished(sql::Step step, const catalog::Function& function) {
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {routine_key(function)});
  return made;
}

// ---- alter ----

RoutineExtras extras_of(const catalog::Function& function) {
  const auto text = sql::function_text(function.definition);
  return text ? RoutineExtras{text->window, text->cost, text->rows, text->support} : RoutineExtras{};
}

struct Altered {
  catalog::Function function;
  RoutineExtras extras;
};

Altered altered(const Context& ctx, const catalog::Function& before) {
  Altered made{before, extras_of(before)};
  apply_routine_options(ctx, made.function, made.extras);
  if (const auto text = sql::function_text(before.definition))
    made.function.definition = before.definition.substr(0, text->options_begin) +
                               options_text(made.function, made.extras) + before.definition.substr(text->options_end);
  return made;
}

Fragment volatility(const std::string& word) {
  if (word == "immutable") return sql::sql("IMMUTABLE");
  return word == "stable" ? sql::sql("STABLE") : sql::sql("VOLATILE");
}

Fragment parallel(const std::string& word) {
  if (word == "safe") return sql::sql("PARALLEL SAFE");
  return word == "restricted" ? sql::sql("PARALLEL RESTRICTED") : sql::sql("PARALLEL UNSAFE");
}

Fragment or_default(const std::string& number, const char* usual) {
  return expression(number.empty() ? usual : number);
}

// The actions of ALTER FUNCTION that lead from one to the other; all settings anew, since their order is kept.
Fragment actions(const Altered& from, const Altered& to) {
  std::vector<Fragment> parts;
  const auto &a = from.function, &b = to.function;
  if (a.volatility != b.volatility) parts.push_back(volatility(b.volatility));
  if (a.strict != b.strict) parts.push_back(b.strict ? sql::sql("STRICT") : sql::sql("CALLED ON NULL INPUT"));
  if (a.security_definer != b.security_definer)
    parts.push_back(b.security_definer ? sql::sql("SECURITY DEFINER") : sql::sql("SECURITY INVOKER"));
  if (a.leakproof != b.leakproof) parts.push_back(b.leakproof ? sql::sql("LEAKPROOF") : sql::sql("NOT LEAKPROOF"));
  if (a.parallel != b.parallel) parts.push_back(parallel(b.parallel));
  const bool native = b.language == "c" || b.language == "internal";
  if (from.extras.cost != to.extras.cost)
    parts.push_back(sql::sql("COST {}", or_default(to.extras.cost, native ? "1" : "100")));
  if (from.extras.rows != to.extras.rows) parts.push_back(sql::sql("ROWS {}", or_default(to.extras.rows, "1000")));
  if (a.settings != b.settings) {
    if (!a.settings.empty()) parts.push_back(sql::sql("RESET ALL"));
    for (const auto& entry : b.settings) parts.push_back(expression(proconfig_text(entry)));
  }
  return sql::join(parts, " ");
}

sql::Step alter_step(const Context& ctx, const char* verb, const Altered& from, const Altered& to,
                     const Fragment& done) {
  return transaction(ctx, fmt::format("{} {} {}", verb, from.function.kind, signature(from.function)),
                     {statement(sql::sql("ALTER {} {}", routine_reference(from.function), actions(from, to)))}, done);
}

}  // namespace

Fragment routine_reference(const catalog::Function& function) {
  const auto kind = function.kind == "procedure" ? sql::sql("PROCEDURE") : sql::sql("FUNCTION");
  return sql::sql("{} {}({})", kind, function.name.sql(), expression(function.arguments_key));
}

sql::Statement create_routine_statement(const Context& ctx, const catalog::Function& function, Make make) {
  constexpr std::string_view head = "CREATE OR REPLACE ";
  auto text = make == Make::fresh && function.definition.rfind(head, 0) == 0
                  ? sql::sql("CREATE {}", server_text(function.definition.substr(head.size())))
                  : server_text(function.definition);
  return statement(std::move(text), body_locks(ctx, function));
}

std::vector<sql::Statement> make_routine(const Context& ctx, const catalog::Function& function) {
  std::vector<sql::Statement> made{create_routine_statement(ctx, function, Make::fresh)};
  const auto reference = routine_reference(function);
  for (auto& each : restore_rights(ctx.before, {reference, reference, 'f', function.owner, function.grants}))
    made.push_back(std::move(each));
  if (!function.comment.empty())
    made.push_back(statement(sql::sql("COMMENT ON {} IS {}", reference, comment_text(function.comment))));
  return made;
}

sql::Statement drop_routine_statement(const catalog::Function& function) {
  return statement(sql::sql("DROP {}", routine_reference(function)));
}

Fragment has_routine(const Context& ctx, const catalog::Function& function) { return routine_where(ctx, function, {}); }

// An aggregate has no definition: asking for it is an error, so CASE holds the order.
Fragment routine_is(const Context& ctx, const catalog::Function& function) {
  const auto same = prints(ctx, sql::sql("pg_catalog.pg_get_functiondef(p.oid)"), function.definition);
  return routine_where(ctx, function, sql::sql(" AND CASE WHEN p.prokind <> 'a' THEN {} ELSE false END", same));
}

void create_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind) {
  auto function = written_routine(ctx, kind);
  function.grants = initial_grants(ctx, "functions", function.name.schema);
  after.put(std::move(function));
}

std::vector<sql::Step> create_routine_steps(const Context& ctx, Routine kind) {
  const auto function = written_routine(ctx, kind);
  auto step = transaction(ctx, fmt::format("create {} {}", function.kind, signature(function)),
                          {create_routine_statement(ctx, function, Make::fresh)}, has_routine(ctx, function));
  step.back = {drop_step(ctx, function)};
  return finished(std::move(step), function);
}

void check_drop_routine(const Context& ctx, Routine kind) {
  const auto* function = require_routine(ctx, kind);
  if (function)
    require_no_dependents(ctx, ctx.call.span, fmt::format("`{}`", signature(*function)),
                          routine_dependents(ctx, *function));
}

std::vector<sql::Step> drop_routine_steps(const Context& ctx, Routine kind) {
  const auto& function = *find_routine(ctx, kind);
  auto step = drop_step(ctx, function);
  step.back = {make_step(ctx, "bring back", function)};
  return finished(std::move(step), function);
}

void check_alter_routine(const Context& ctx, Routine kind) {
  const auto* function = require_routine(ctx, kind);
  if (!function) return;
  const auto errors = ctx.sink.count(diagnostics::Severity::error);
  check_routine_options(ctx, kind);
  if (ctx.sink.count(diagnostics::Severity::error) > errors) return;
  if (!sql::function_text(function->definition)) {
    ctx.sink
        .report(diagnostics::sql_not_understood, ctx.call.span,
                fmt::format("the definition of `{}` has syntax that is not known here", signature(*function)))
        .note("write: sql $$alter function …$$ back $$alter function …$$");
    return;
  }
  const Altered before{*function, extras_of(*function)};
  if (actions(before, altered(ctx, *function)).empty())
    ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("`{}` is so already", signature(*function)))
        .note("write what is to change: stable, security definer, set search_path to …");
  const auto* rows = ctx.call.get<syntax::Number>("rows");
  if (rows && !function->returns_set)
    ctx.sink.report(diagnostics::contradiction, rows->span, "`rows` is for functions that return a set")
        .note("take `rows` out (22023)");
}

void alter_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind) {
  after.put(altered(ctx, *find_routine(ctx, kind)).function);
}

std::vector<sql::Step> alter_routine_steps(const Context& ctx, Routine kind) {
  const auto& function = *find_routine(ctx, kind);
  const Altered before{function, extras_of(function)};
  const auto now = altered(ctx, function);
  const auto as_before = routine_is(ctx, function);
  auto step = alter_step(ctx, "alter", before, now, both(has_routine(ctx, function), negate(as_before)));
  step.back = {alter_step(ctx, "alter back", now, before, as_before)};
  return finished(std::move(step), function);
}

}  // namespace mig::operations
