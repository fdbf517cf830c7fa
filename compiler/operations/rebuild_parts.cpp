// Triggers, rules and policies that are made again; what a server's text names.
#include <algorithm>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::LockMode;

namespace {

// A letter of a name: what follows or goes before it makes it another one. Bytes over 127 belong to names.
bool of_name(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || c == '_' || c == '$' || (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') ||
         (u >= 'A' && u <= 'Z');
}

bool stands_in(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !(of_name(text[at - 1]) || text[at - 1] == '"');
    const auto end = at + word.size();
    const bool ends = end >= text.size() || !(of_name(text[end]) || text[end] == '"');
    if (begins && ends) return true;
  }
  return false;
}

// INSERT INTO x, UPDATE x, DELETE FROM x, MERGE INTO x, as the server prints them.
bool writes(const std::string& text, const catalog::Name& relation) {
  const auto name = relation.text();
  for (const char* verb : {"INTO ", "UPDATE ", "DELETE FROM "})
    if (stands_in(text, verb + name)) return true;
  return false;
}

Fragment on_off(const std::string& enabled) {
  if (enabled == "always") return sql::sql("ENABLE ALWAYS");
  if (enabled == "replica") return sql::sql("ENABLE REPLICA");
  return enabled == "disabled" ? sql::sql("DISABLE") : sql::sql("ENABLE");
}

}  // namespace

bool mentions(const std::string& text, const catalog::Name& object) { return stands_in(text, object.text()); }

bool mentions(const std::string& text, const std::string& name) { return stands_in(text, sql::quote_ident(name)); }

std::vector<sql::Lock> locks_of_text(const Context& ctx, const std::string& text, const catalog::Name& except) {
  std::vector<sql::Lock> locks;
  for (const char* kind : {"table", "view"})
    for (const auto& name : ctx.before.names(kind))
      if (name != except && mentions(text, name))
        locks.push_back(lock(name, writes(text, name) ? LockMode::row_exclusive : LockMode::access_share));
  return locks;
}

std::vector<sql::Statement> make_trigger(const catalog::Name& relation, const catalog::Trigger& trigger) {
  std::vector<sql::Statement> out{
      statement(expression(trigger.definition), {lock(relation, LockMode::share_row_exclusive)})};
  if (!trigger.comment.empty())
    out.push_back(statement(sql::sql("COMMENT ON TRIGGER {} ON {} IS {}", Ident{trigger.name}, relation.sql(),
                                     comment_text(trigger.comment))));
  if (trigger.enabled != "origin")
    out.push_back(statement(
        sql::sql("ALTER TABLE {} {} TRIGGER {}", relation.sql(), on_off(trigger.enabled), Ident{trigger.name}),
        {lock(relation, LockMode::share_row_exclusive)}));
  return out;
}

std::vector<sql::Statement> make_rule(const Context& ctx, const catalog::Name& relation, const catalog::Rule& rule) {
  auto locks = locks_of_text(ctx, rule.definition, relation);
  locks.push_back(lock(relation, LockMode::access_exclusive));
  std::vector<sql::Statement> out{statement(expression(rule.definition), std::move(locks))};
  if (!rule.comment.empty())
    out.push_back(statement(
        sql::sql("COMMENT ON RULE {} ON {} IS {}", Ident{rule.name}, relation.sql(), comment_text(rule.comment))));
  if (rule.enabled != "origin")
    out.push_back(
        statement(sql::sql("ALTER TABLE {} {} RULE {}", relation.sql(), on_off(rule.enabled), Ident{rule.name}),
                  {lock(relation, LockMode::access_exclusive)}));
  return out;
}

std::vector<sql::Statement> make_policy(const Context& ctx, const catalog::Name& table, const catalog::Policy& policy) {
  std::vector<Fragment> parts{sql::sql("CREATE POLICY {} ON {}", Ident{policy.name}, table.sql())};
  if (!policy.permissive) parts.push_back(sql::sql("AS RESTRICTIVE"));
  if (policy.command == "select") parts.push_back(sql::sql("FOR SELECT"));
  if (policy.command == "insert") parts.push_back(sql::sql("FOR INSERT"));
  if (policy.command == "update") parts.push_back(sql::sql("FOR UPDATE"));
  if (policy.command == "delete") parts.push_back(sql::sql("FOR DELETE"));
  std::vector<Fragment> roles;
  for (const auto& role : policy.roles)
    roles.push_back(role == "public" ? sql::sql("PUBLIC") : sql::fragment(Ident{role}));
  if (!roles.empty()) parts.push_back(sql::sql("TO {}", sql::join(roles, ", ")));
  if (!policy.using_.empty()) parts.push_back(sql::sql("USING ({})", expression(policy.using_)));
  if (!policy.check.empty()) parts.push_back(sql::sql("WITH CHECK ({})", expression(policy.check)));
  auto locks = locks_of_text(ctx, policy.using_ + " " + policy.check, table);
  locks.push_back(lock(table, LockMode::access_exclusive));
  std::vector<sql::Statement> out{statement(sql::join(parts, " "), std::move(locks))};
  if (!policy.comment.empty())
    out.push_back(statement(
        sql::sql("COMMENT ON POLICY {} ON {} IS {}", Ident{policy.name}, table.sql(), comment_text(policy.comment))));
  return out;
}

}  // namespace mig::operations
