// One thing that is in the way of a change, by its kind.
#include "compiler/operations/rebuild_things.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::LockMode;

namespace {

Hung hung(std::string what, std::string key, std::string owner_kind, const catalog::Name& owner_name,
          const std::string& owner) {
  Hung made;
  made.what = std::move(what);
  made.key = std::move(key);
  made.owner_kind = std::move(owner_kind);
  made.owner_name = owner_name;
  made.owner = owner;
  return made;
}

std::string part_of(std::string_view kind, const std::string& name, const catalog::Name& table) {
  return fmt::format("{} {} on {}", kind, sql::quote_ident(name), table.text());
}

// Where the body begins in pg_get_functiondef(): a line of its own, BEGIN ATOMIC or RETURN.
std::size_t body_of(const std::string& definition) {
  return std::min(definition.find("\nBEGIN ATOMIC"), definition.find("\nRETURN "));
}

sql::Statement drop_publication(const catalog::Object& publication, const catalog::Use& use) {
  return statement(
      sql::sql("ALTER PUBLICATION {} DROP TABLE ONLY {}", Ident{publication.name.name}, use.relation.sql()),
      {lock(use.relation, LockMode::share_update_exclusive)});
}

// pg_get_expr() prints a row filter with its parentheses.
Fragment row_filter(const catalog::Object& publication, const catalog::Use& use) {
  const auto filter = publication.facts.find("where " + use.relation.text());
  if (filter == publication.facts.end()) return {};
  return sql::sql(" WHERE ({})", expression(filter->second));
}

}  // namespace

Hung hung_view(const Context& ctx, const catalog::View& view) {
  auto made = hung(fmt::format("{} {}", view.materialized ? "materialized view" : "view", view.name.text()),
                   catalog::key("view", view.name), "view", view.name, view.owner);
  made.drop = {drop_view(view)};
  made.make = make_view(ctx, view);
  return made;
}

Hung hung_view_parts(const Context& ctx, const catalog::View& view) {
  auto made =
      hung("triggers and rules of " + view.name.text(), catalog::key("view", view.name), "view", view.name, view.owner);
  made.make = make_view_parts(ctx, view);
  return made;
}

Hung hung_function(const Context& ctx, const catalog::Function& function) {
  auto made =
      hung(fmt::format("{} {}({})", function.kind, function.name.text(), function.arguments_key),
           catalog::key("function", function.name, function.arguments_key), "function", function.name, function.owner);
  if (function.kind == "aggregate") made.why_not = "mig does not make aggregates again";
  made.drop = {drop_function(function)};
  made.make = make_function(ctx, function);
  return made;
}

bool has_sql_body(const catalog::Function& function) {
  return function.language == "sql" && function.kind != "aggregate" &&
         body_of(function.definition) != std::string::npos;
}

Hung hung_body(const Context& ctx, const catalog::Function& function) {
  auto made =
      hung(fmt::format("{} {}({})", function.kind, function.name.text(), function.arguments_key),
           catalog::key("function", function.name, function.arguments_key), "function", function.name, function.owner);
  const auto body = body_of(function.definition);
  if (body == std::string::npos) {
    made.why_not = "its definition has no body that could be put aside";
    return made;
  }
  made.drop = {statement(sql::sql("SET LOCAL check_function_bodies = off")),
               statement(sql::sql("{} AS ''", expression(function.definition.substr(0, body))), {}, sql::Work::instant,
                         "an empty body for a moment: whoever calls it, its owner and its rights stay")};
  made.make = {statement(expression(function.definition), locks_of_text(ctx, function.definition.substr(body)))};
  return made;
}

// Its expressions are set aside, not the policy: roles, comment and order of evaluation stay.
Hung hung_policy(const Context& ctx, const catalog::Table& table, const catalog::Policy& policy) {
  auto made = hung(part_of("policy", policy.name, table.name), catalog::key("policy", table.name, policy.name), "table",
                   table.name, table.owner);
  const auto set = [&](const Fragment& of_using, const Fragment& of_check) {
    auto text = sql::sql("ALTER POLICY {} ON {}", Ident{policy.name}, table.name.sql());
    if (!policy.using_.empty()) text = sql::sql("{} USING ({})", text, of_using);
    if (!policy.check.empty()) text = sql::sql("{} WITH CHECK ({})", text, of_check);
    return text;
  };
  made.drop = {statement(set(sql::sql("false"), sql::sql("false")), {lock(table.name, LockMode::access_exclusive)})};
  auto locks = locks_of_text(ctx, policy.using_ + " " + policy.check, table.name);
  locks.push_back(lock(table.name, LockMode::access_exclusive));
  made.make = {statement(set(expression(policy.using_), expression(policy.check)), std::move(locks))};
  return made;
}

Hung hung_rule(const Context& ctx, const catalog::Table& table, const catalog::Rule& rule) {
  auto made = hung(part_of("rule", rule.name, table.name), catalog::key("rule", table.name, rule.name), "table",
                   table.name, table.owner);
  made.drop = {statement(sql::sql("DROP RULE {} ON {}", Ident{rule.name}, table.name.sql()),
                         {lock(table.name, LockMode::access_exclusive)})};
  made.make = make_rule(ctx, table.name, rule);
  return made;
}

bool is_clone(const Context& ctx, const catalog::Table& table, const catalog::Trigger& trigger) {
  for (auto above = table.partition_of; !above.name.empty();) {
    const auto* parent = ctx.before.table(above);
    if (!parent) return false;
    for (const auto& each : parent->triggers)
      if (each.name == trigger.name) return true;
    above = parent->partition_of;
  }
  return false;
}

Hung hung_trigger(const Context& ctx, const catalog::Table& table, const catalog::Trigger& trigger) {
  auto made = hung(part_of("trigger", trigger.name, table.name), catalog::key("trigger", table.name, trigger.name),
                   "table", table.name, table.owner);
  made.drop = {statement(sql::sql("DROP TRIGGER {} ON {}", Ident{trigger.name}, table.name.sql()))};
  made.make = make_trigger(table.name, trigger);
  if (!table.partitioned()) {
    made.drop.front().locks = {lock(table.name, LockMode::access_exclusive)};
    return made;
  }
  // Its copies on partitions go and come with it; those that were switched by themselves are switched again.
  made.drop.front().locks = tree_locks(ctx, table.name, LockMode::access_exclusive);
  made.make.front().locks = tree_locks(ctx, table.name, LockMode::share_row_exclusive);
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* part = ctx.before.table(name);
    if (!part || name == table.name) continue;
    for (const auto& each : part->triggers)
      if (each.name == trigger.name) {
        auto copy = each;
        copy.comment.clear();
        auto switched = make_trigger(name, copy);
        made.make.insert(made.make.end(), switched.begin() + 1, switched.end());
        if (each.enabled == "origin")
          made.make.push_back(statement(sql::sql("ALTER TABLE {} ENABLE TRIGGER {}", name.sql(), Ident{each.name}),
                                        {lock(name, LockMode::share_row_exclusive)}));
      }
  }
  return made;
}

Hung hung_publication(const catalog::Object& publication, const catalog::Use& use) {
  auto made = hung(fmt::format("publication {} of {}", sql::quote_ident(publication.name.name), use.relation.text()),
                   catalog::key("publication", publication.name), "publication", publication.name, publication.owner);
  made.drop = {drop_publication(publication, use)};
  auto table = sql::sql("ALTER PUBLICATION {} ADD TABLE ONLY {}", Ident{publication.name.name}, use.relation.sql());
  if (!use.columns.empty()) table = sql::sql("{} ({})", table, names(use.columns));
  made.make = {statement(sql::sql("{}{}", table, row_filter(publication, use)),
                         {lock(use.relation, LockMode::share_update_exclusive)})};
  return made;
}

}  // namespace mig::operations
