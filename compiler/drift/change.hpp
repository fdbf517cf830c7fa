// The parts of a change, one file for each family of objects.
#pragma once

#include "compiler/drift/drift.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::drift {

// What a change goes from and to. `context` is for renderers of operations: it looks at `from` and belongs to no file.
struct Both {
  const catalog::Catalog& from;
  const catalog::Catalog& to;
  const operations::Context& context;
};

// Statements, and candidates of .mig operations: the first of them that proves right is offered. `contract` beside one
// says that it breaks old clients.
struct Made {
  std::vector<sql::Fragment> sql;
  std::vector<std::string> mig;
  std::string note;
  void add(sql::Fragment statement) { sql.push_back(std::move(statement)); }
  void add(const std::vector<sql::Statement>& statements) {
    for (const auto& statement : statements) sql.push_back(statement.text);
  }
};

// From one list of rights to another, of two objects of one kind, whose owner is `to`'s already.
template <class T>
void add_rights(Made& made, const Both& both, const T& from, const T& to) {
  const auto major = both.to.server.major();
  auto owned = from;
  owned.owner = to.owner;
  const auto object = operations::rights_object(to, major);
  made.add(operations::rights_statements(both.context,
                                         {{object, operations::rights_object(owned, major).rights, object.rights}}));
}

// tables.cpp
[[nodiscard]] Made change_table(const Both& both, const catalog::Name& name);
// columns.cpp: a column of a table; and the statements beside ADD COLUMN that give it all it has.
[[nodiscard]] Made change_column(const Both& both, const catalog::Name& table, const std::string& column);
void finish_column(Made& made, const catalog::Name& table, const catalog::Column& column);
// parts.cpp: constraints, indexes, triggers, policies, rules of tables and views
[[nodiscard]] Made change_constraint(const Both& both, const catalog::Name& table, const std::string& name);
[[nodiscard]] Made change_index(const Both& both, const catalog::Name& name);
[[nodiscard]] Made change_trigger(const Both& both, const catalog::Name& relation, const std::string& name);
[[nodiscard]] Made change_policy(const Both& both, const catalog::Name& table, const std::string& name);
[[nodiscard]] Made change_rule(const Both& both, const catalog::Name& relation, const std::string& name);
// objects.cpp: what stands by itself
[[nodiscard]] Made change_view(const Both& both, const catalog::Name& name);
[[nodiscard]] Made change_function(const Both& both, const catalog::Name& name, const std::string& arguments);
[[nodiscard]] Made change_sequence(const Both& both, const catalog::Name& name);
[[nodiscard]] Made change_object(const Both& both, const std::string& kind, const catalog::Name& name);
// types.cpp
[[nodiscard]] Made change_type(const Both& both, const catalog::Name& name);

// The first of `parts` of this name, or null.
template <class T>
[[nodiscard]] const T* part(const std::vector<T>* parts, const std::string& name) {
  if (parts != nullptr)
    for (const auto& each : *parts)
      if (each.name == name) return &each;
  return nullptr;
}

// proof.cpp: the first candidate that compiles on `from` and has the effect of `to` for this key, in its phase; empty:
// none.
[[nodiscard]] std::string proven(const Both& both, const std::string& key, const std::vector<std::string>& candidates);

}  // namespace mig::drift
