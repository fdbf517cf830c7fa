// Renaming a column: PostgreSQL refers to it by number, so everything that names it follows.
#include "compiler/catalog/rename_column.hpp"

#include <algorithm>

#include "compiler/sql/query_text.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::catalog {

namespace {

struct Renaming {
  Name relation;
  const std::string& from;
  const std::string& to;

  void name(std::string& column) const {
    if (column == from) column = to;
  }
  void names(std::vector<std::string>& columns) const {
    for (auto& each : columns) name(each);
  }
  // What this parser does not know (a newer server's syntax) keeps the old name.
  void text(std::string& text, sql::Text kind, bool own) const {
    if (text.empty()) return;
    if (auto renamed = sql::rename_column(text, kind, own, relation.sql(), from, to)) text = std::move(*renamed);
  }
  void expression(std::string& value) const { text(value, sql::Text::expression, true); }
};

// A name in a list of names, where the parser gives it no place: between two words of the statement.
void in_list(std::string& text, const std::string& begin, const std::string& end, const Renaming& renaming) {
  const auto first = text.find(begin);
  const auto last = first == std::string::npos ? first : text.find(end, first + begin.size());
  if (last == std::string::npos) return;
  std::string list;
  const auto old_name = sql::quote_ident(renaming.from);
  for (auto at = first + begin.size(); at < last;) {
    const auto comma = std::min(text.find(", ", at), last);
    const auto item = text.substr(at, comma - at);
    list += (list.empty() ? "" : ", ") + (item == old_name ? sql::quote_ident(renaming.to) : item);
    at = comma + 2;
  }
  text.replace(first + begin.size(), last - first - begin.size(), list);
}

void follow_index(Index& index, const Renaming& renaming) {
  for (auto& part : index.parts) {
    renaming.name(part.column);
    renaming.expression(part.expression);
  }
  renaming.names(index.include);
  renaming.expression(index.predicate);
  renaming.text(index.definition, sql::Text::statement, true);
}

void follow_trigger(Trigger& trigger, const Renaming& renaming) {
  if (std::find(trigger.columns.begin(), trigger.columns.end(), renaming.from) != trigger.columns.end())
    in_list(trigger.definition, " OF ", " ON ", renaming);
  renaming.names(trigger.columns);
  renaming.text(trigger.definition, sql::Text::statement, true);
}

void follow_constraint(Constraint& constraint, const Renaming& renaming) {
  renaming.names(constraint.columns);
  renaming.names(constraint.on_delete_columns);
  renaming.names(constraint.include);
  if (constraint.kind == "check") renaming.expression(constraint.expression);
  if (constraint.kind == "exclude") renaming.text(constraint.expression, sql::Text::constraint, true);
  renaming.text(constraint.definition, sql::Text::constraint, true);
}

void follow_own(Table& table, const Renaming& renaming) {
  for (auto& column : table.columns) {
    renaming.name(column.name);
    if (!column.generated.empty()) renaming.expression(column.default_);
  }
  renaming.names(table.partition_columns);
  if (!table.partition_by.empty()) {
    auto by = "(" + table.partition_by.substr(table.partition_by.find('(') + 1);
    in_list(by, "(", ")", renaming);
    table.partition_by = table.partition_by.substr(0, table.partition_by.find('(')) + by;
  }
  for (auto& constraint : table.constraints) follow_constraint(constraint, renaming);
  for (auto& index : table.indexes) follow_index(index, renaming);
  for (auto& trigger : table.triggers) follow_trigger(trigger, renaming);
  for (auto& rule : table.rules) renaming.text(rule.definition, sql::Text::statement, true);
  for (auto& policy : table.policies) {
    renaming.expression(policy.using_);
    renaming.expression(policy.check);
  }
}

void follow_references(Catalog& catalog, const Renaming& renaming) {
  for (const auto& name : catalog.referencing(renaming.relation))
    for (auto& constraint : catalog.edit_table(name).constraints)
      if (constraint.references == renaming.relation) {
        renaming.names(constraint.reference_columns);
        constraint.definition.clear();  // the server's own text of the fields above
      }
}

bool follow(std::vector<Use>& uses, const Renaming& renaming) {
  bool any = false;
  for (auto& use : uses)
    if (use.relation == renaming.relation) {
      any = any || std::find(use.columns.begin(), use.columns.end(), renaming.from) != use.columns.end();
      renaming.names(use.columns);
    }
  return any;
}

void follow_facts(std::map<std::string, std::string>& facts, const Renaming& renaming) {
  if (const auto definition = facts.find("definition"); definition != facts.end()) {
    in_list(definition->second, " ON ", " FROM ", renaming);
    renaming.text(definition->second, sql::Text::statement, true);
  }
  if (const auto filter = facts.find("where " + renaming.relation.text()); filter != facts.end())
    renaming.expression(filter->second);
}

void follow_users(Catalog& catalog, const Renaming& renaming) {
  for (const auto& [kind, name] : catalog.users(renaming.relation)) {
    if (kind == "view") {
      auto user = *catalog.view(name);
      follow(user.uses, renaming);
      renaming.text(user.definition, sql::Text::statement, false);
      catalog.put(std::move(user));
    } else if (kind == "function") {
      for (const auto* overload : catalog.functions(name)) {
        auto user = *overload;
        if (!follow(user.uses, renaming)) continue;
        renaming.text(user.definition, sql::Text::statement, false);
        catalog.put(std::move(user));
      }
    } else {
      auto user = *catalog.object(kind, name);
      follow(user.uses, renaming);
      follow_facts(user.facts, renaming);
      catalog.put(std::move(user));
    }
  }
}

// Policies and rules of other tables that query this one.
void follow_others(Catalog& catalog, const Renaming& renaming) {
  const auto names_it = [&](const std::string& text) {
    return text.find(renaming.relation.text()) != std::string::npos;
  };
  for (const auto& name : catalog.names("table")) {
    const auto* table = catalog.table(name);
    const bool any = std::any_of(table->policies.begin(), table->policies.end(),
                                 [&](const Policy& policy) { return names_it(policy.using_ + policy.check); }) ||
                     std::any_of(table->rules.begin(), table->rules.end(),
                                 [&](const Rule& rule) { return names_it(rule.definition); });
    if (!any || name == renaming.relation) continue;
    auto& edited = catalog.edit_table(name);
    for (auto& policy : edited.policies) {
      renaming.text(policy.using_, sql::Text::expression, false);
      renaming.text(policy.check, sql::Text::expression, false);
    }
    for (auto& rule : edited.rules) renaming.text(rule.definition, sql::Text::statement, false);
  }
}

// Where its query shows the column.
void follow_output(View& view, const Renaming& renaming) {
  for (std::size_t i = 0; i < view.columns.size(); ++i)
    if (view.columns[i].name == renaming.from)
      if (auto renamed = sql::rename_output(view.definition, i, renaming.to)) view.definition = std::move(*renamed);
}

}  // namespace

void rename_view_column(Catalog& catalog, const Name& view, const std::string& from, const std::string& to) {
  const Renaming renaming{view, from, to};
  auto renamed = *catalog.view(view);
  follow_output(renamed, renaming);
  for (auto& column : renamed.columns) renaming.name(column.name);
  for (auto& index : renamed.indexes) follow_index(index, renaming);
  for (auto& trigger : renamed.triggers) follow_trigger(trigger, renaming);
  for (auto& rule : renamed.rules) renaming.text(rule.definition, sql::Text::statement, true);
  catalog.put(std::move(renamed));
  follow_users(catalog, renaming);
  follow_others(catalog, renaming);
}

void rename_column(Catalog& catalog, const Name& table, const std::string& from, const std::string& to) {
  for (const auto& name : catalog.tree(table)) {
    const Renaming renaming{name, from, to};
    follow_own(catalog.edit_table(name), renaming);
    follow_references(catalog, renaming);
    follow_users(catalog, renaming);
    follow_others(catalog, renaming);
    for (const auto& owned : catalog.owned_sequences(name)) {
      auto sequence = *catalog.sequence(owned);
      renaming.name(sequence.owned_by_column);
      catalog.put(std::move(sequence));
    }
  }
}

}  // namespace mig::catalog
