// Renaming a table: PostgreSQL refers to it by oid, so everything that names it follows. Not yet its row type, where
// columns and functions' signatures use it as a type, and policies of other tables that query it.
#include <algorithm>
#include <cassert>

#include "compiler/catalog/catalog.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::catalog {

namespace {

void follow(Name& name, const Name& from, const Name& to) {
  if (name == from) name = to;
}

void follow(std::vector<Name>& names, const Name& from, const Name& to) {
  for (auto& name : names) follow(name, from, to);
}

void follow(std::vector<Use>& uses, const Name& from, const Name& to) {
  for (auto& use : uses) follow(use.relation, from, to);
  std::sort(uses.begin(), uses.end());
}

// A server's text that names the table. What this parser does not know (a newer server's syntax) keeps the old name.
void follow_text(std::string& text, const Name& from, const Name& to, sql::Text kind = sql::Text::statement) {
  if (text.empty()) return;
  if (auto renamed = sql::rename_relation(text, kind, from.sql(), to.sql())) text = std::move(*renamed);
}

// Of a table or view.
template <class Relation>
void follow_parts(Relation& relation, const Name& from, const Name& to) {
  for (auto& index : relation.indexes) follow_text(index.definition, from, to);
  for (auto& trigger : relation.triggers) follow_text(trigger.definition, from, to);
  for (auto& rule : relation.rules) follow_text(rule.definition, from, to);
}

void follow_texts(Table& table, const Name& from, const Name& to) {
  follow_parts(table, from, to);
  for (auto& policy : table.policies) {
    follow_text(policy.using_, from, to, sql::Text::expression);
    follow_text(policy.check, from, to, sql::Text::expression);
  }
}

void follow_references(Table& table, const Name& from, const Name& to) {
  for (auto& constraint : table.constraints) {
    if (constraint.references != from) continue;
    constraint.references = to;
    follow_text(constraint.definition, from, to, sql::Text::constraint);
  }
}

// Policies and rules of tables that query it.
bool follow_queries(Table& table, const Name& from, const Name& to) {
  bool any = false;
  const auto follow = [&](std::string& text, sql::Text kind) {
    if (text.find(from.text()) == std::string::npos) return;
    any = true;
    follow_text(text, from, to, kind);
  };
  for (auto& rule : table.rules) follow(rule.definition, sql::Text::statement);
  for (auto& policy : table.policies) {
    follow(policy.using_, sql::Text::expression);
    follow(policy.check, sql::Text::expression);
  }
  return any;
}

// Facts hold the table's name in a definition (statistics) or as `where schema.table` (publications).
void follow_facts(std::map<std::string, std::string>& facts, const Name& from, const Name& to) {
  if (const auto definition = facts.find("definition"); definition != facts.end())
    follow_text(definition->second, from, to);
  if (auto filter = facts.extract("where " + from.text())) {
    filter.key() = "where " + to.text();
    facts.insert(std::move(filter));
  }
}

}  // namespace

void Catalog::rename_uses(const Name& from, const Name& to) {
  for (const auto& [kind, name] : users(from)) {
    if (kind == "view") {
      auto user = *view(name);
      follow(user.uses, from, to);
      follow_text(user.definition, from, to);
      put(std::move(user));
    } else if (kind == "function") {
      for (const auto* overload : functions(name)) {
        auto user = *overload;
        if (std::none_of(user.uses.begin(), user.uses.end(), [&](const Use& use) { return use.relation == from; }))
          continue;
        follow(user.uses, from, to);
        follow_text(user.definition, from, to);
        put(std::move(user));
      }
    } else {
      auto user = *object(kind, name);
      follow(user.uses, from, to);
      follow_facts(user.facts, from, to);
      put(std::move(user));
    }
  }
}

void Catalog::rename_table(const Name& from, const Name& to) {
  if (const auto* view = this->view(from)) {
    auto renamed = *view;
    renamed.name = to;
    follow_parts(renamed, from, to);
    drop("view", from);
    put(std::move(renamed));
    for (const auto& name : names("table"))
      if (auto other = *table(name); follow_queries(other, from, to)) put(std::move(other));
    rename_uses(from, to);
    return;
  }
  const auto* known = table(from);
  assert(known != nullptr && "an operation renames a table that its check found");
  auto renamed = *known;
  const auto referring = referencing(from);
  renamed.name = to;
  follow_references(renamed, from, to);
  follow_texts(renamed, from, to);
  drop("table", from);
  put(renamed);
  for (const auto& name : referring)
    if (name != from) follow_references(edit_table(name), from, to);
  for (const auto& child : renamed.children) {
    auto& edited = edit_table(child);
    follow(edited.partition_of, from, to);
    follow(edited.inherits, from, to);
  }
  auto parents = renamed.inherits;
  if (!renamed.partition_of.name.empty()) parents.push_back(renamed.partition_of);
  for (const auto& parent : parents) {
    auto& children = edit_table(parent).children;
    follow(children, from, to);
    std::sort(children.begin(), children.end());
  }
  for (const auto& name : owned_sequences(from)) {
    auto owned = *sequence(name);
    owned.owned_by = to;
    put(std::move(owned));
  }
  rename_uses(from, to);
}

}  // namespace mig::catalog
