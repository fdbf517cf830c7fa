// A table in another schema: what moves with it and what names it.
#include "compiler/operations/table_schema.hpp"

#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/sql/function_text.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::operations {

namespace {

using catalog::Name;

// 'schema.sequence'::regclass, as the server prints a constant.
bool follow_constant(std::string& text, const Name& from, const Name& to) {
  const auto old = sql::quote_literal(from.text()) + "::regclass", now = sql::quote_literal(to.text()) + "::regclass";
  bool changed = false;
  for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + now.size())) {
    text.replace(at, old.size(), now);
    changed = true;
  }
  return changed;
}

// The row type has the name of the table.
bool follow_type(std::string& type, const Name& from, const Name& to) {
  const auto old = from.text();
  if (type != old && type != old + "[]") return false;
  type.replace(0, old.size(), to.text());
  return true;
}

bool follow_text(std::string& text, sql::Text kind, const Name& from, const Name& to) {
  if (!mentions(text, from)) return false;
  auto renamed = sql::rename_relation(text, kind, from.sql(), to.sql());
  if (!renamed || *renamed == text) return false;
  text = std::move(*renamed);
  return true;
}

// Columns of its row type; policies and rules of other tables, which Catalog::rename_table leaves alone.
bool follow_parts(catalog::Table& table, const Name& from, const Name& to) {
  bool changed = false;
  for (auto& column : table.columns) changed = follow_type(column.type, from, to) || changed;
  for (auto& policy : table.policies) {
    changed = follow_text(policy.using_, sql::Text::expression, from, to) || changed;
    changed = follow_text(policy.check, sql::Text::expression, from, to) || changed;
  }
  for (auto& rule : table.rules) changed = follow_text(rule.definition, sql::Text::statement, from, to) || changed;
  return changed;
}

void follow_everywhere(catalog::Catalog& after, const Name& from, const Name& to) {
  for (const auto& name : after.names("table"))
    if (auto copy = *after.table(name); follow_parts(copy, from, to)) after.put(std::move(copy));
  for (const auto& name : after.names("type")) {
    auto copy = *after.type(name);
    bool changed = false;
    for (auto& attribute : copy.attributes) changed = follow_type(attribute.type, from, to) || changed;
    if (changed) after.put(std::move(copy));
  }
}

void move_sequence(catalog::Catalog& after, const Name& from, const Name& to) {
  auto sequence = *after.sequence(from);
  after.drop("sequence", from);
  sequence.name = to;
  after.put(std::move(sequence));
  for (const auto& name : after.names("table")) {
    auto copy = *after.table(name);
    bool changed = false;
    for (auto& column : copy.columns) changed = follow_constant(column.default_, from, to) || changed;
    if (changed) after.put(std::move(copy));
  }
}

}  // namespace

void put_in_schema(catalog::Catalog& after, const Name& table, const std::string& schema) {
  const Name to{schema, table.name};
  for (const auto& sequence : after.owned_sequences(table)) move_sequence(after, sequence, {schema, sequence.name});
  after.rename_table(table, to);
  follow_everywhere(after, table, to);
}

std::vector<std::string> functions_of_rows(const Context& ctx, const Name& table) {
  std::vector<std::string> found;
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      bool takes = mentions(function->returns, table);
      for (const auto& argument : function->arguments) takes = takes || mentions(argument.type, table);
      if (takes && !function->system)
        found.push_back(fmt::format("{} {}({})", function->kind, name.text(), function->arguments_key));
    }
  return found;
}

void warn_of_bodies(const Context& ctx, const Name& table, source::Span span) {
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system || function->kind == "aggregate") continue;
      const auto text = sql::function_text(function->definition);
      if (!text || !text->body || !mentions(*text->body, table.name)) continue;
      ctx.sink
          .report(diagnostics::text_not_followed, span,
                  fmt::format("the body of `{}({})` names `{}`, and bodies are text: it does not follow", name.text(),
                              function->arguments_key, sql::quote_ident(table.name)))
          .note(fmt::format("write after it: replace {} {} …", function->kind, name.text()));
    }
}

}  // namespace mig::operations
