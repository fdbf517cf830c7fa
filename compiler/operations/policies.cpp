// Row security policies: found, written, checked.
#include "compiler/operations/policies.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Path* table_path(const Context& ctx) { return ctx.call.get<syntax::Path>("table"); }
const syntax::Name* policy_name(const Context& ctx) { return ctx.call.get<syntax::Name>("name"); }

template <class List>
auto* by_name(List& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// The columns of the policy's own table, outside of sub-selects; new and old are no names here.
void check_columns(const Context& ctx, const catalog::Table& table, const Mentions& found) {
  for (const auto* reference : found.columns) {
    const auto& parts = reference->path.parts;
    const bool own = parts.size() == 1 || parts[parts.size() - 2].text == table.name.name;
    if (own && !reference->star) {
      (void)require_column(ctx, table, parts.back());
      continue;
    }
    ctx.sink
        .report(diagnostics::unknown_column, reference->path.span,
                fmt::format("`{}` is no column of `{}`", ctx.files.text(reference->path.span), table.name.text()))
        .note("write: the column by its name, or a sub-select: exists (select …)");
  }
}

void check_expression(const Context& ctx, const catalog::Table& table, const syntax::Expr& expression) {
  const auto found = mentions(expression);
  check_columns(ctx, table, found);
  for (const auto& span : found.aggregates)
    ctx.sink.report(diagnostics::wrong_value, span, "a policy cannot hold an aggregate or window function")
        .note("PostgreSQL evaluates it on one row at a time (42803, 42P20)");
  for (const auto& span : found.queries) {
    const std::string text(ctx.files.text(span));
    if (const auto error = sql::check_query(text))
      ctx.sink.report(diagnostics::sql_not_understood, span, "PostgreSQL's parser refuses this: " + error->message);
    else
      warn_of_unknown_relations(ctx, text, span);
  }
}

void check_roles(const Context& ctx) {
  const auto* roles = ctx.call.get<std::vector<syntax::Name>>("roles");
  if (!roles) return;
  for (const auto& role : *roles) {
    if (role.text == "public" && roles->size() > 1)
      ctx.sink.report(diagnostics::contradiction, role.span, "`public` is every role: the others beside it say nothing")
          .note("PostgreSQL would ignore them with a warning");
    if (role.text == "none")
      ctx.sink.report(diagnostics::wrong_value, role.span, "`none` is no role").note("write: to public");
  }
}

void wrong_clause(const Context& ctx, const syntax::Expr& expression, std::string message, std::string why) {
  ctx.sink.report(diagnostics::wrong_clause, expression.span, std::move(message)).note(std::move(why));
}

}  // namespace

PolicyAt find_policy(const Context& ctx) {
  const auto* path = table_path(ctx);
  if (!path || !policy_name(ctx)) return {};
  const auto* table = find_table(ctx, *path);
  return {table, table ? by_name(table->policies, policy_name(ctx)->text) : nullptr};
}

const catalog::Table* require_policy_table(const Context& ctx) {
  const auto* path = table_path(ctx);
  const auto* table = path ? require_table(ctx, *path) : nullptr;
  if (!table || !require_owner(ctx, "table", table->name, table->owner, path->span)) return nullptr;
  if (table->kind != "foreign table") return table;
  ctx.sink
      .report(diagnostics::wrong_kind, path->span,
              fmt::format("`{}` is a foreign table, and those have no policies", table->name.text()))
      .note("write: the policy on the server that holds its rows, or a view with the condition (42809)");
  return nullptr;
}

PolicyAt require_policy(const Context& ctx) {
  const auto* table = require_policy_table(ctx);
  if (!table || !policy_name(ctx)) return {};
  if (const auto* policy = by_name(table->policies, policy_name(ctx)->text)) return {table, policy};
  std::vector<std::string> names;
  for (const auto& policy : table->policies) names.push_back(policy.name);
  report_unknown(ctx, diagnostics::unknown_object, *policy_name(ctx),
                 fmt::format("`{}` has no policy `{}`", table->name.text(), sql::quote_ident(policy_name(ctx)->text)),
                 names);
  return {};
}

catalog::Policy written_policy(const Context& ctx, catalog::Policy base) {
  if (const auto* roles = ctx.call.get<std::vector<syntax::Name>>("roles")) {
    base.roles.clear();
    for (const auto& role : *roles) base.roles.push_back(role.text);
    std::sort(base.roles.begin(), base.roles.end());
    base.roles.erase(std::unique(base.roles.begin(), base.roles.end()), base.roles.end());
  }
  if (const auto* using_ = ctx.call.get<syntax::Expr>("using")) base.using_ = text_of(ctx, *using_);
  if (const auto* check = ctx.call.get<syntax::Expr>("check")) base.check = text_of(ctx, *check);
  return base;
}

catalog::Policy written_policy(const Context& ctx) {
  catalog::Policy policy;
  policy.name = policy_name(ctx)->text;
  policy.roles = {"public"};
  policy.command = "all";
  policy.permissive = !ctx.call.has_word("restrictive");
  for (const auto* command : {"select", "insert", "update", "delete"})
    if (ctx.call.has_word(command)) policy.command = command;
  return written_policy(ctx, std::move(policy));
}

void check_policy_clauses(const Context& ctx, const catalog::Table& table, const std::string& command) {
  const auto* using_ = ctx.call.get<syntax::Expr>("using");
  const auto* check = ctx.call.get<syntax::Expr>("check");
  if (using_) check_expression(ctx, table, *using_);
  if (check) check_expression(ctx, table, *check);
  if (using_ && command == "insert")
    wrong_clause(ctx, *using_, "a policy for insert takes no `using`",
                 "an insert has no old row: write with check (…)");
  if (check && (command == "select" || command == "delete"))
    wrong_clause(ctx, *check, fmt::format("a policy for {} takes no `with check`", command),
                 "no new row is written: write using (…)");
  check_roles(ctx);
}

void put_policy(const Context&, catalog::Catalog& after, const catalog::Name& table, const catalog::Policy& policy,
                const std::string& instead_of) {
  auto changed = *after.table(table);
  std::erase_if(changed.policies,
                [&](const auto& each) { return each.name == policy.name || each.name == instead_of; });
  changed.policies.push_back(policy);
  after.put(std::move(changed));
  for (const auto& role : policy.roles) note_role(after, role);
}

std::optional<Break> narrows(const Context& ctx, const catalog::Table& table, std::string_view why) {
  if (!table.row_security || made_here(ctx, table)) return std::nullopt;
  return Break{std::string(why),
               fmt::format("write it in contract {{ … }}: row security of {} is on", table.name.text())};
}

void require_policy_change(const Context& ctx, const PolicyAt& at, const catalog::Policy& wanted,
                           std::string_view note) {
  const auto same = [](const std::string& a, const std::string& b) { return a == b || sql::same_expression(a, b); };
  const auto& now = *at.policy;
  if (wanted.command != now.command || wanted.permissive != now.permissive || wanted.roles != now.roles ||
      !same(wanted.using_, now.using_) || !same(wanted.check, now.check))
    return;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span,
              fmt::format("policy `{}` of `{}` is so already", now.name, at.table->name.text()))
      .note(std::string(note));
}

std::optional<Break> policy_change_breaks(const Context& ctx) {
  return narrows(ctx, *find_policy(ctx).table,
                 "clients of the old schema may see and write fewer rows under the new policy");
}

void advise_row_security(const Context& ctx, const catalog::Catalog& after) {
  const auto* path = table_path(ctx);
  const auto* before = path ? find_table(ctx, *path) : nullptr;
  const auto* table = before ? after.table(before->name) : nullptr;
  if (!table || table->row_security) return;
  ctx.sink
      .report(diagnostics::row_security_off, ctx.call.phrase,
              fmt::format("row security of `{}` is off: its policies do nothing", table->name.text()))
      .note(fmt::format("write, when they are all there: enable row security {}", table->name.text()));
}

}  // namespace mig::operations
