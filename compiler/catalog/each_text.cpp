// The walk over all kinds; each knows which of its fields are SQL.
#include "compiler/catalog/each_text.hpp"

namespace mig::catalog {

namespace {

class Walk {
 public:
  Walk(Catalog& catalog, const ChangeText& change) : catalog_(catalog), change_(change) {}

  void run() {
    for (const auto& name : catalog_.names("table"))
      if (auto table = *catalog_.table(name); visit(table)) catalog_.put(std::move(table));
    for (const auto& name : catalog_.names("view"))
      if (auto view = *catalog_.view(name); visit(view)) catalog_.put(std::move(view));
    for (const auto& name : catalog_.names("type"))
      if (const auto* type = catalog_.type(name); type && !type->system)
        if (auto changed = *type; visit(changed)) catalog_.put(std::move(changed));
    for (const auto& name : catalog_.names("function")) functions(name);
    for (const auto* kind : {"operator", "operator class", "operator family", "cast", "statistics", "publication",
                             "event trigger", "conversion", "default privileges", "text search template"})
      for (const auto& name : catalog_.names(kind)) object(kind, name);
  }

 private:
  bool text(const std::string& key, std::string& text) const { return !text.empty() && change_(key, text); }

  bool columns(std::string_view kind, const Name& owner, std::vector<Column>& list) const {
    bool changed = false;
    for (auto& column : list) {
      const auto where = kind == "column" ? key(kind, owner, column.name) : key(kind, owner);
      changed = text(where, column.type) || changed;
      changed = text(where, column.default_) || changed;
    }
    return changed;
  }
  bool indexes(const Name& owner, std::vector<Index>& list) const {
    bool changed = false;
    for (auto& index : list) {
      const auto where = key("index", {owner.schema, index.name});
      for (auto& part : index.parts) changed = text(where, part.expression) || changed;
      changed = text(where, index.predicate) || changed;
      changed = text(where, index.definition) || changed;
    }
    return changed;
  }
  bool triggers(const Name& owner, std::vector<Trigger>& list) const {
    bool changed = false;
    for (auto& trigger : list) changed = text(key("trigger", owner, trigger.name), trigger.definition) || changed;
    return changed;
  }
  bool rules(const Name& owner, std::vector<Rule>& list) const {
    bool changed = false;
    for (auto& rule : list) changed = text(key("rule", owner, rule.name), rule.definition) || changed;
    return changed;
  }

  bool visit(Table& table) const {
    bool changed = columns("column", table.name, table.columns);
    changed = text(key("table", table.name), table.partition_by) || changed;
    for (auto& option : table.options)  // of=schema.type: a typed table
      if (option.rfind("of=", 0) == 0) changed = text(key("table", table.name), option) || changed;
    for (auto& constraint : table.constraints) {
      const auto where = key("constraint", table.name, constraint.name);
      changed = text(where, constraint.expression) || changed;
      changed = text(where, constraint.definition) || changed;
    }
    changed = indexes(table.name, table.indexes) || changed;
    changed = triggers(table.name, table.triggers) || changed;
    for (auto& policy : table.policies) {
      const auto where = key("policy", table.name, policy.name);
      changed = text(where, policy.using_) || changed;
      changed = text(where, policy.check) || changed;
    }
    return rules(table.name, table.rules) || changed;
  }
  bool visit(View& view) const {
    bool changed = text(key("view", view.name), view.definition);
    changed = columns("view", view.name, view.columns) || changed;
    changed = indexes(view.name, view.indexes) || changed;
    changed = triggers(view.name, view.triggers) || changed;
    return rules(view.name, view.rules) || changed;
  }
  bool visit(Type& type) const {
    const auto where = key("type", type.name);
    bool changed = text(where, type.base);
    changed = text(where, type.default_) || changed;
    for (auto& check : type.checks) changed = text(where, check.expression) || changed;
    changed = columns("type", type.name, type.attributes) || changed;
    return text(where, type.options) || changed;
  }

  bool visit(Function& function) const {
    const auto where = key("function", function.name, function.arguments_key);
    bool changed = text(where, function.arguments_key);
    for (auto& argument : function.arguments) {
      changed = text(where, argument.type) || changed;
      changed = text(where, argument.default_) || changed;
    }
    changed = text(where, function.returns) || changed;
    return text(where, function.definition) || changed;
  }
  // Overloads are known by their argument types: if one changes all of the name are put anew.
  void functions(const Name& name) {
    std::vector<Function> all;
    bool changed = false;
    for (const auto* function : catalog_.functions(name)) {
      if (function->system) return;
      all.push_back(*function);
      changed = visit(all.back()) || changed;
    }
    if (!changed) return;
    catalog_.drop("function", name);
    for (auto& function : all) catalog_.put(std::move(function));
  }

  void object(const char* kind, const Name& name) {
    const auto* found = catalog_.object(kind, name);
    if (!found || found->system) return;
    auto object = *found;
    const auto where = key(kind, name);
    bool changed = false;
    for (auto& [fact, value] : object.facts) changed = text(where, value) || changed;
    const bool by_types = object.kind == "operator" || object.kind == "cast";
    if (by_types && text(where, object.name.name)) {
      catalog_.drop(kind, name);
      changed = true;
    }
    if (changed) catalog_.put(std::move(object));
  }

  Catalog& catalog_;
  const ChangeText& change_;
};

}  // namespace

void each_text(Catalog& catalog, const ChangeText& change) { Walk(catalog, change).run(); }

}  // namespace mig::catalog
