// A function under another name, in everything that PostgreSQL keeps as a tree.
#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/sql/function_text.hpp"

namespace mig::operations {

namespace {

// Its name in every text that PostgreSQL keeps as a tree.
class Follow {
 public:
  Follow(const catalog::Name& from, const catalog::Name& to) : from_(from), to_(to) {}

  bool expression(std::string& text) const { return text_of(text, sql::Text::expression); }
  bool statement(std::string& text) const { return text_of(text, sql::Text::statement); }
  // `sfunc public.f, …`: facts that are no SQL.
  bool plain(std::string& text) const {
    if (!mentions(text, from_)) return false;
    const auto name = from_.text();
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + to_.text().size()))
      text.replace(at, name.size(), to_.text());
    return true;
  }
  bool name(catalog::Name& name) const {
    if (name != from_) return false;
    name = to_;
    return true;
  }

 private:
  bool text_of(std::string& text, sql::Text kind) const {
    if (text.find(sql::quote_ident(from_.name)) == std::string::npos) return false;
    const auto renamed = sql::rename_function(text, kind, from_.sql(), to_.sql());
    if (!renamed || *renamed == text) return false;
    text = *renamed;
    return true;
  }
  const catalog::Name& from_;
  const catalog::Name& to_;
};

bool follow_triggers(std::vector<catalog::Trigger>& triggers, const Follow& follow) {
  bool changed = false;
  for (auto& trigger : triggers) {
    changed = follow.statement(trigger.definition) || changed;
    changed = follow.name(trigger.function) || changed;
  }
  return changed;
}

bool follow_index(catalog::Index& index, const Follow& follow) {
  bool changed = follow.expression(index.predicate);
  for (auto& part : index.parts) changed = follow.expression(part.expression) || changed;
  return follow.statement(index.definition) || changed;
}

bool follow_table(catalog::Table& table, const Follow& follow) {
  bool changed = follow_triggers(table.triggers, follow);
  for (auto& column : table.columns) changed = follow.expression(column.default_) || changed;
  for (auto& constraint : table.constraints) changed = follow.expression(constraint.expression) || changed;
  for (auto& index : table.indexes) changed = follow_index(index, follow) || changed;
  for (auto& rule : table.rules) changed = follow.statement(rule.definition) || changed;
  for (auto& policy : table.policies) {
    changed = follow.expression(policy.using_) || changed;
    changed = follow.expression(policy.check) || changed;
  }
  return changed;
}

bool follow_view(catalog::View& view, const Follow& follow) {
  bool changed = follow_triggers(view.triggers, follow);
  changed = follow.statement(view.definition) || changed;
  for (auto& function : view.functions) changed = follow.name(function) || changed;
  for (auto& index : view.indexes) changed = follow_index(index, follow) || changed;
  for (auto& rule : view.rules) changed = follow.statement(rule.definition) || changed;
  return changed;
}

bool follow_type(catalog::Type& type, const Follow& follow) {
  bool changed = follow.expression(type.default_);
  changed = follow.plain(type.options) || changed;
  for (auto& check : type.checks) changed = follow.expression(check.expression) || changed;
  return changed;
}

// Bodies of BEGIN ATOMIC, defaults of arguments, parts of aggregates; the text of other bodies stays.
bool follow_function(catalog::Function& function, const Follow& follow) {
  if (function.kind == "aggregate") return follow.plain(function.definition);
  bool changed = false;
  for (auto& argument : function.arguments) changed = follow.expression(argument.default_) || changed;
  return follow.statement(function.definition) || changed;
}

bool follow_object(catalog::Object& object, const Follow& follow) {
  bool changed = false;
  for (auto& [name, text] : object.facts)
    changed = (name == "definition" ? follow.statement(text) : follow.plain(text)) || changed;
  return changed;
}

void follow_all(const Context& ctx, catalog::Catalog& after, const Follow& follow) {
  for (const auto& name : ctx.before.names("table"))
    if (auto table = *after.table(name); follow_table(table, follow)) after.put(std::move(table));
  for (const auto& name : ctx.before.names("view"))
    if (auto view = *after.view(name); follow_view(view, follow)) after.put(std::move(view));
  for (const auto& name : ctx.before.names("type"))
    if (const auto* type = after.type(name); type && !type->system)
      if (auto changed = *type; follow_type(changed, follow)) after.put(std::move(changed));
  for (const auto* kind : {"operator", "cast", "conversion", "event trigger", "language", "access method",
                           "foreign data wrapper", "text search parser", "text search template", "statistics"})
    for (const auto& name : ctx.before.names(kind))
      if (const auto* object = after.object(kind, name); object && !object->system)
        if (auto changed = *object; follow_object(changed, follow)) after.put(std::move(changed));
}

void follow_functions(const Context& ctx, catalog::Catalog& after, const Follow& follow) {
  for (const auto& name : ctx.before.names("function")) {
    std::vector<catalog::Function> changed;
    for (const auto* function : after.functions(name))
      if (!function->system)
        if (auto copy = *function; follow_function(copy, follow)) changed.push_back(std::move(copy));
    for (auto& each : changed) after.put(std::move(each));
  }
}

}  // namespace

catalog::Function renamed(const catalog::Function& function, const catalog::Name& to) {
  auto moved = function;
  const auto name = function.name.text();
  if (const auto at = moved.definition.find(name + "("); at != std::string::npos)
    moved.definition.replace(at, name.size(), to.text());
  moved.name = to;
  return moved;
}

void rename_routine(const Context& ctx, catalog::Catalog& after, const catalog::Function& function,
                    const catalog::Name& to) {
  const auto from = function.name;
  auto moved = renamed(function, to);
  erase_function(after, function);
  after.put(std::move(moved));
  // Of several with one name a text does not say which it calls.
  if (ctx.before.functions(from).size() > 1) return;
  const Follow follow(from, to);
  follow_all(ctx, after, follow);
  follow_functions(ctx, after, follow);
}

}  // namespace mig::operations
