// The texts of tables, views, types, functions and plain objects.
#include "compiler/catalog/texts.hpp"

namespace mig::catalog {

namespace {

using Edit = std::function<void(const TextAt&, std::string&)>;
using Is = TextAt::Is;

// One object: its texts are edited in a copy.
class Editing {
 public:
  Editing(const Edit& edit, const Name& owner) : edit_(edit), owner_(owner) {}
  [[nodiscard]] bool changed() const { return changed_; }

  void text(Is is, std::string_view what, std::string_view part, std::string& text) {
    if (text.empty()) return;
    const auto before = text;
    edit_({is, what, owner_, part}, text);
    changed_ = changed_ || text != before;
  }
  void type(std::string_view what, std::string_view part, std::string& type) { text(Is::type, what, part, type); }
  void type_name(std::string_view what, Name& name) {
    if (name.name.empty()) return;
    auto written = name.text();
    type(what, {}, written);
    if (const auto parts = parse_name(written); parts && parts->size() == 2) name = {parts->front(), parts->back()};
  }

  void columns(std::vector<Column>& list, std::string_view what) {
    for (auto& column : list) {
      type(what, column.name, column.type);
      text(Is::expression, column.generated.empty() ? "the default of" : "the formula of", column.name,
           column.default_);
    }
  }
  void constraints(std::vector<Constraint>& list) {
    for (auto& each : list) {
      text(Is::expression, "constraint", each.name, each.expression);
      text(Is::plain, "constraint", each.name, each.definition);
    }
  }
  void indexes(std::vector<Index>& list) {
    for (auto& index : list) {
      for (auto& part : index.parts) text(Is::expression, "index", index.name, part.expression);
      text(Is::expression, "index", index.name, index.predicate);
      text(Is::statement, "index", index.name, index.definition);
    }
  }
  void triggers(std::vector<Trigger>& list) {
    for (auto& each : list) text(Is::statement, "trigger", each.name, each.definition);
  }
  void rules(std::vector<Rule>& list) {
    for (auto& each : list) text(Is::statement, "rule", each.name, each.definition);
  }

 private:
  const Edit& edit_;
  const Name& owner_;
  bool changed_ = false;
};

void edit_tables(Catalog& catalog, const Edit& edit) {
  for (const auto& name : catalog.names("table")) {
    auto table = *catalog.table(name);
    Editing object(edit, name);
    object.columns(table.columns, "column");
    object.text(Is::plain, "the partition key of", {}, table.partition_by);
    object.text(Is::plain, "the bound of", {}, table.partition_bound);
    object.constraints(table.constraints);
    object.indexes(table.indexes);
    object.triggers(table.triggers);
    object.rules(table.rules);
    for (auto& policy : table.policies) {
      object.text(Is::expression, "policy", policy.name, policy.using_);
      object.text(Is::expression, "policy", policy.name, policy.check);
    }
    for (auto& option : table.options) object.text(Is::plain, "table", {}, option);
    if (object.changed()) catalog.put(std::move(table));
  }
}

void edit_views(Catalog& catalog, const Edit& edit) {
  for (const auto& name : catalog.names("view")) {
    auto view = *catalog.view(name);
    Editing object(edit, name);
    object.text(Is::statement, "view", {}, view.definition);
    object.columns(view.columns, "column");
    object.indexes(view.indexes);
    object.triggers(view.triggers);
    object.rules(view.rules);
    if (object.changed()) catalog.put(std::move(view));
  }
}

void edit_types(Catalog& catalog, const Edit& edit) {
  for (const auto& name : catalog.names("type")) {
    if (catalog.type(name)->system) continue;
    auto type = *catalog.type(name);
    Editing object(edit, name);
    object.type("type", {}, type.base);
    object.text(Is::expression, "the default of type", {}, type.default_);
    for (auto& check : type.checks) object.text(Is::expression, "a check of type", {}, check.expression);
    object.columns(type.attributes, "attribute");
    object.type_name("type", type.element);
    object.text(Is::plain, "type", {}, type.options);
    if (object.changed()) catalog.put(std::move(type));
  }
}

bool edit_function(Function& function, const Edit& edit) {
  const auto name = function.name;
  const auto key = "(" + function.arguments_key + ")";
  Editing object(edit, name);
  object.type(function.kind, key, function.arguments_key);
  for (auto& argument : function.arguments) {
    object.type(function.kind, key, argument.type);
    object.text(Is::expression, function.kind, key, argument.default_);
  }
  object.type(function.kind, key, function.returns);
  object.type_name(function.kind, function.variadic);
  object.text(function.kind == "aggregate" ? Is::plain : Is::statement, function.kind, key, function.definition);
  return object.changed();
}

// Argument types are part of a function's key.
void edit_functions(Catalog& catalog, const Edit& edit) {
  for (const auto& name : catalog.names("function")) {
    std::vector<Function> overloads;
    for (const auto* function : catalog.functions(name))
      if (!function->system) overloads.push_back(*function);
    bool changed = false;
    for (auto& function : overloads) changed = edit_function(function, edit) || changed;
    if (!changed) continue;
    catalog.drop("function", name);
    for (auto& function : overloads) catalog.put(std::move(function));
  }
}

void edit_objects(Catalog& catalog, const Edit& edit) {
  for (const auto* kind :
       {"cast", "conversion", "event trigger", "foreign data wrapper", "language", "operator", "operator class",
        "operator family", "publication", "statistics", "text search parser", "text search template"})
    for (const auto& name : catalog.names(kind)) {
      const auto* found = catalog.object(kind, name);
      if (found == nullptr || found->system) continue;
      auto made = *found;
      Editing object(edit, name);
      object.text(Is::plain, kind, {}, made.name.name);  // a cast's or operator's carries types
      for (auto& [fact, value] : made.facts)
        object.text(fact == "definition" ? Is::statement : Is::plain, kind, {}, value);
      if (!object.changed()) continue;
      if (made.name != name) catalog.drop(kind, name);
      catalog.put(std::move(made));
    }
}

}  // namespace

std::string said(const TextAt& at) {
  const auto owner = at.owner.text();
  std::string text(at.what);
  text += " ";
  if (!at.part.empty() && at.part.front() == '(') return text + owner + std::string(at.part);
  if (at.part.empty()) return text + owner;
  const auto part = sql::quote_ident(at.part);
  const bool dotted = at.what == "column" || at.what == "attribute" || at.what.substr(0, 4) == "the ";
  return text + (dotted ? owner + "." + part : part + " of " + owner);
}

void edit_texts(Catalog& catalog, const Edit& edit) {
  edit_tables(catalog, edit);
  edit_views(catalog, edit);
  edit_types(catalog, edit);
  edit_functions(catalog, edit);
  edit_objects(catalog, edit);
}

void each_text(const Catalog& catalog, const std::function<void(const TextAt&, const std::string&)>& look) {
  auto copy = catalog;
  edit_texts(copy, [&](const TextAt& at, std::string& text) { look(at, text); });
}

}  // namespace mig::catalog
