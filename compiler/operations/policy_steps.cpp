// Row security policies as SQL: made, altered, dropped, asked for.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/policies.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

Fragment role_list(const std::vector<std::string>& roles) {
  std::vector<Fragment> parts;
  for (const auto& role : roles) parts.push_back(role == "public" ? sql::sql("PUBLIC") : sql::fragment(Ident{role}));
  return sql::join(parts, ", ");
}

Fragment command_word(const std::string& command) {
  if (command == "select") return sql::sql("SELECT");
  if (command == "insert") return sql::sql("INSERT");
  if (command == "update") return sql::sql("UPDATE");
  return command == "delete" ? sql::sql("DELETE") : sql::sql("ALL");
}

const char* command_letter(const std::string& command) {
  if (command == "select") return "r";
  if (command == "insert") return "a";
  if (command == "update") return "w";
  return command == "delete" ? "d" : "*";
}

// The policy's table, and, shared, what its sub-selects read.
std::vector<sql::Lock> policy_locks(const Context& ctx, const catalog::Name& table, const catalog::Policy& policy) {
  std::vector<sql::Lock> locks{lock(table, LockMode::access_exclusive)};
  for (const auto* text : {&policy.using_, &policy.check})
    for (const auto& name : named_relations(ctx, "SELECT (" + *text + "\n)"))
      if (name != table) locks.push_back(lock(name, LockMode::access_share));
  return locks;
}

Fragment policy_where(const catalog::Name& table, const std::string& policy, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_policy o JOIN pg_catalog.pg_class c ON c.oid = o.polrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND "
      "o.polname = {}{})",
      Literal{table.schema}, Literal{table.name}, Literal{policy}, condition);
}

// As the catalog has it.
Fragment policy_is(const Context& ctx, const catalog::Name& table, const catalog::Policy& policy) {
  std::vector<Fragment> roles;
  for (const auto& role : policy.roles) roles.push_back(sql::fragment(Literal{role}));
  const auto permissive = policy.permissive ? sql::sql("o.polpermissive") : sql::sql("NOT o.polpermissive");
  return policy_where(
      table, policy.name,
      sql::sql(" AND o.polcmd = {} AND {} AND {} AND {} AND ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE "
               "pg_catalog.pg_get_userbyid(r) END FROM pg_catalog.unnest(o.polroles) r ORDER BY 1) = ARRAY[{}]::name[]",
               Literal{command_letter(policy.command)}, permissive,
               prints(ctx, sql::sql("pg_catalog.pg_get_expr(o.polqual, o.polrelid)"), policy.using_),
               prints(ctx, sql::sql("pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid)"), policy.check),
               sql::join(roles, ", ")));
}

Fragment clauses(const catalog::Policy& policy) {
  std::vector<Fragment> parts{sql::sql("TO {}", role_list(policy.roles))};
  if (!policy.using_.empty()) parts.push_back(sql::sql("USING ({})", expression(policy.using_)));
  if (!policy.check.empty()) parts.push_back(sql::sql("WITH CHECK ({})", expression(policy.check)));
  return sql::join(parts, " ");
}

sql::Statement comment(const catalog::Name& table, const catalog::Policy& policy) {
  return statement(
      sql::sql("COMMENT ON POLICY {} ON {} IS {}", Ident{policy.name}, table.sql(), comment_text(policy.comment)),
      {lock(table, LockMode::access_share)});
}

// ALTER POLICY changes roles and expressions; it takes none away and changes no kind.
bool alter_says_it(const catalog::Policy& from, const catalog::Policy& to) {
  return from.command == to.command && from.permissive == to.permissive &&
         (from.using_.empty() || !to.using_.empty()) && (from.check.empty() || !to.check.empty());
}

std::vector<sql::Statement> change(const Context& ctx, const catalog::Name& table, const catalog::Policy& from,
                                   const catalog::Policy& to) {
  if (alter_says_it(from, to))
    return {statement(sql::sql("ALTER POLICY {} ON {} {}", Ident{to.name}, table.sql(), clauses(to)),
                      policy_locks(ctx, table, to))};
  auto made = policy_statements(ctx, table, to);
  made.insert(made.begin(), drop_policy_statement(table, from.name));
  made.front().reason = "ALTER POLICY takes no expression away and changes neither FOR nor AS: dropped and made anew";
  return made;
}

}  // namespace

sql::Statement create_policy_statement(const Context& ctx, const catalog::Name& table, const catalog::Policy& policy) {
  return statement(sql::sql("CREATE POLICY {} ON {} AS {} FOR {} {}", Ident{policy.name}, table.sql(),
                            policy.permissive ? sql::sql("PERMISSIVE") : sql::sql("RESTRICTIVE"),
                            command_word(policy.command), clauses(policy)),
                   policy_locks(ctx, table, policy));
}

std::vector<sql::Statement> policy_statements(const Context& ctx, const catalog::Name& table,
                                              const catalog::Policy& policy) {
  std::vector<sql::Statement> made{create_policy_statement(ctx, table, policy)};
  if (!policy.comment.empty()) made.push_back(comment(table, policy));
  return made;
}

sql::Statement drop_policy_statement(const catalog::Name& table, const std::string& policy) {
  return statement(sql::sql("DROP POLICY {} ON {}", Ident{policy}, table.sql()),
                   {lock(table, LockMode::access_exclusive)});
}

Fragment has_policy(const catalog::Name& table, const std::string& policy) { return policy_where(table, policy, {}); }

std::vector<sql::Step> change_policy(const Context& ctx, const catalog::Table& table, const catalog::Policy& from,
                                     const catalog::Policy& to) {
  const auto title = fmt::format("policy {} of {}", sql::quote_ident(from.name), table.name.text());
  const auto as_before = policy_is(ctx, table.name, from);
  auto step = transaction(ctx, "change " + title, change(ctx, table.name, from, to),
                          both(has_policy(table.name, to.name), negate(as_before)));
  step.back = {transaction(ctx, "bring back " + title, change(ctx, table.name, to, from), as_before)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("policy", table.name, from.name), catalog::key("table", table.name)});
  return made;
}

}  // namespace mig::operations
