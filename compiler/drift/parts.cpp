// What hangs on tables and views: constraints, indexes, triggers, policies, rules. A part that differs in more than
// what ALTER can say goes and comes anew.
#include "compiler/drift/change.hpp"
#include "compiler/operations/policies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"

namespace mig::drift {

using catalog::Name;
using sql::Ident;
using sql::sql;

namespace {

std::string lower_words(const std::string& text, const std::string& upper, const std::string& lower) {
  return text.rfind(upper, 0) == 0 ? lower + text.substr(upper.size()) : text;
}

const catalog::Constraint* find_constraint(const catalog::Catalog& catalog, const Name& table,
                                           const std::string& name) {
  const auto* found = catalog.table(table);
  return found == nullptr ? nullptr : found->constraint(name);
}

void add_constraint(Made& made, const Name& table, const catalog::Constraint& constraint) {
  made.add(operations::add_constraint(table, constraint, !constraint.validated));
  if (!constraint.comment.empty())
    made.add(operations::comment_on_constraint(table, constraint.name, constraint.comment));
  const auto definition = operations::constraint_definition(constraint).text();
  const auto named = ::mig::sql::quote_ident(constraint.name) + " on " + table.text() + " ";
  if (constraint.kind == "check")
    made.mig.push_back("add check " + named + lower_words(definition, "CHECK ", "") + ";");
  if (constraint.kind == "foreign key")
    made.mig.push_back("add foreign key " + named + lower_words(definition, "FOREIGN KEY ", "") + ";");
}

void drop_constraint(Made& made, const Name& table, const catalog::Constraint& constraint) {
  made.add(operations::drop_constraint(table, constraint.name));
  if (constraint.kind == "check" || constraint.kind == "foreign key")
    made.mig.push_back("drop " + constraint.kind + " " + ::mig::sql::quote_ident(constraint.name) + " on " +
                       table.text() + ";");
}

bool only_validation(const catalog::Constraint& from, const catalog::Constraint& to) {
  auto same = from;
  same.validated = to.validated;
  return !from.validated && to.validated &&
         operations::constraint_definition(same) == operations::constraint_definition(to) && from.comment == to.comment;
}

}  // namespace

Made change_constraint(const Both& both, const Name& table, const std::string& name) {
  Made made;
  const auto *from = find_constraint(both.from, table, name), *to = find_constraint(both.to, table, name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  if (!some->local || !some->parent.empty()) {
    made.note = "comes with its parent's";
  } else if (from != nullptr && to != nullptr && only_validation(*from, *to)) {
    made.add(operations::validate_constraint(table, name));
  } else if (from != nullptr && to != nullptr &&
             operations::constraint_definition(*from) == operations::constraint_definition(*to) &&
             from->validated == to->validated) {
    made.add(operations::comment_on_constraint(table, name, to->comment));
  } else {
    if (from != nullptr) drop_constraint(made, table, *from);
    if (to != nullptr) add_constraint(made, table, *to);
    if (from != nullptr && to != nullptr && made.mig.size() == 2) made.mig = {made.mig[0] + " " + made.mig[1]};
  }
  return made;
}

namespace {

struct IndexAt {
  Name relation;
  const catalog::Index* index = nullptr;
};

IndexAt find_index(const catalog::Catalog& catalog, const Name& name) {
  if (const auto* table = catalog.table_of_index(name)) return {table->name, table->index(name.name)};
  for (const auto& view : catalog.names("view"))
    if (view.schema == name.schema)
      if (const auto* found = part(&catalog.view(view)->indexes, name.name)) return {view, found};
  return {};
}

void add_index(Made& made, const IndexAt& at, const Name& name) {
  made.add(operations::create_index(at.relation, *at.index, operations::Build::concurrently));
  if (!at.index->comment.empty())
    made.add(sql("COMMENT ON INDEX {} IS {}", name.sql(), operations::comment_text(at.index->comment)));
  const auto plain = operations::create_index(at.relation, *at.index, operations::Build::plain).text();
  made.mig.push_back("add" + lower_words(plain, "CREATE", "") + ";");
}

}  // namespace

Made change_index(const Both& both, const Name& name) {
  Made made;
  const auto from = find_index(both.from, name), to = find_index(both.to, name);
  const auto* some = to.index != nullptr ? to.index : from.index;
  if (some == nullptr) return made;
  if (!some->constraint.empty()) {
    made.note = "comes with constraint " + some->constraint;
    return made;
  }
  if (!some->parent.empty()) {
    made.note = "comes with its parent's";
    return made;
  }
  const bool same = from.index != nullptr && to.index != nullptr &&
                    operations::create_index(from.relation, *from.index, operations::Build::plain) ==
                        operations::create_index(to.relation, *to.index, operations::Build::plain);
  if (same && from.index->valid == to.index->valid) {
    if (from.index->comment != to.index->comment)
      made.add(sql("COMMENT ON INDEX {} IS {}", name.sql(), operations::comment_text(to.index->comment)));
    if (!from.index->clustered && to.index->clustered)
      made.add(sql("ALTER TABLE {} CLUSTER ON {}", to.relation.sql(), Ident{name.name}));
    if (from.index->clustered && !to.index->clustered)
      made.add(sql("ALTER TABLE {} SET WITHOUT CLUSTER", to.relation.sql()));
    return made;
  }
  if (same && to.index->valid) {
    made.add(sql("REINDEX INDEX CONCURRENTLY {}", name.sql()));
    return made;
  }
  if (same) {
    made.note = "nothing makes an index INVALID on purpose";
    return made;
  }
  if (from.index != nullptr) {
    made.add(sql("DROP INDEX CONCURRENTLY {}", name.sql()));
    made.mig.push_back("drop index " + name.text() + ";");
  }
  if (to.index != nullptr) add_index(made, to, name);
  if (made.mig.size() == 2) made.mig = {made.mig[0] + " " + made.mig[1]};
  return made;
}

namespace {

template <class T>
const std::vector<T>* parts_of(const catalog::Catalog& catalog, const Name& relation,
                               std::vector<T> catalog::Table::*of_table, std::vector<T> catalog::View::*of_view) {
  if (const auto* table = catalog.table(relation)) return &(table->*of_table);
  if (const auto* view = catalog.view(relation)) return &(view->*of_view);
  return nullptr;
}

}  // namespace

Made change_trigger(const Both& both, const Name& relation, const std::string& name) {
  Made made;
  const auto find = [&](const catalog::Catalog& catalog) {
    return part(parts_of(catalog, relation, &catalog::Table::triggers, &catalog::View::triggers), name);
  };
  const auto *from = find(both.from), *to = find(both.to);
  const auto on = ::mig::sql::quote_ident(name) + " on " + relation.text();
  if (from != nullptr && to != nullptr && from->definition == to->definition) {
    const auto& state = to->enabled;
    if (from->enabled != state)
      made.add(sql("ALTER TABLE {} {} TRIGGER {}", relation.sql(),
                   state == "disabled"  ? sql("DISABLE")
                   : state == "always"  ? sql("ENABLE ALWAYS")
                   : state == "replica" ? sql("ENABLE REPLICA")
                                        : sql("ENABLE"),
                   Ident{name}));
    if (from->comment != to->comment)
      made.add(
          sql("COMMENT ON TRIGGER {} ON {} IS {}", Ident{name}, relation.sql(), operations::comment_text(to->comment)));
    if (from->enabled != state)
      made.mig.push_back(state == "disabled" ? "disable trigger " + on + ";"
                         : state == "origin" ? "enable trigger " + on + ";"
                                             : "enable trigger " + on + " as " + state + ";");
    return made;
  }
  if (from != nullptr) {
    made.add(sql("DROP TRIGGER {} ON {}", Ident{name}, relation.sql()));
    made.mig.push_back("drop trigger " + on + ";");
  }
  if (to != nullptr) {
    made.add(operations::make_trigger(relation, *to));
    made.mig.push_back(lower_words(to->definition, "CREATE ", from != nullptr ? "replace " : "create ") + ";");
    if (from != nullptr) made.mig.erase(made.mig.begin());
  }
  return made;
}

Made change_policy(const Both& both, const Name& table, const std::string& name) {
  Made made;
  const auto find = [&](const catalog::Catalog& catalog) {
    const auto* found = catalog.table(table);
    return part(found == nullptr ? nullptr : &found->policies, name);
  };
  const auto *from = find(both.from), *to = find(both.to);
  if (from != nullptr) made.add(operations::drop_policy_statement(table, name).text);
  if (to != nullptr) made.add(operations::policy_statements(both.context, table, *to));
  if (to != nullptr) {
    const auto text = operations::create_policy_statement(both.context, table, *to).text.text();
    made.mig.push_back(lower_words(text, "CREATE ", from != nullptr ? "replace " : "create ") + ";");
  }
  return made;
}

Made change_rule(const Both& both, const Name& relation, const std::string& name) {
  Made made;
  const auto find = [&](const catalog::Catalog& catalog) {
    return part(parts_of(catalog, relation, &catalog::Table::rules, &catalog::View::rules), name);
  };
  const auto *from = find(both.from), *to = find(both.to);
  if (from != nullptr) made.add(sql("DROP RULE {} ON {}", Ident{name}, relation.sql()));
  if (to != nullptr) made.add(operations::make_rule(both.context, relation, *to));
  return made;
}

}  // namespace mig::drift
