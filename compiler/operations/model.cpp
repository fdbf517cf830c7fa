// Columns and constraints as written -> values of the catalog.
#include "compiler/operations/model.hpp"
#include "compiler/operations/acl.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/types.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

using Is = syntax::ColumnOption::Is;

std::string path_text(const syntax::Path& path) {
  std::string text;
  for (const auto& part : path.parts) text += (text.empty() ? "" : ".") + sql::quote_ident(part.text);
  return text;
}

std::vector<std::string> texts(const std::vector<syntax::Name>& names) {
  std::vector<std::string> list;
  for (const auto& name : names) list.push_back(name.text);
  return list;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "_") + name;
  return text;
}

void apply_timing(catalog::Constraint& constraint, const syntax::Timing& timing) {
  constraint.deferred = timing.deferred.value_or(false);
  constraint.deferrable = timing.deferrable.value_or(constraint.deferred);
}

std::string label_of(const std::string& kind) {
  if (kind == "primary key") return "pkey";
  return kind == "exclude" ? "excl" : "key";
}

// A key's name is an index's name as well.
std::string key_name(const Context& ctx, const catalog::Table& table, const std::optional<syntax::Name>& name,
                     const catalog::Constraint& constraint) {
  if (name) return name->text;
  const auto columns = constraint.kind == "primary key" ? std::string{} : joined(constraint.columns);
  return free_relation_name(ctx, table, columns, label_of(constraint.kind));
}

catalog::Constraint make_key(const Context& ctx, const catalog::Table& table, std::string kind,
                             const std::optional<syntax::Name>& name, std::vector<std::string> columns,
                             const syntax::Timing& timing) {
  catalog::Constraint constraint;
  constraint.kind = std::move(kind);
  constraint.columns = std::move(columns);
  constraint.name = key_name(ctx, table, name, constraint);
  // PostgreSQL keeps these for all but checks and NOT NULL: keys of a parent are never inherited (connoinherit).
  constraint.no_inherit = false;
  apply_timing(constraint, timing);
  return constraint;
}

void add_generated(const Context& ctx, NewColumn& made, const syntax::Generated& generated,
                   const catalog::Table& table) {
  auto& column = made.column;
  using G = syntax::Generated::Is;
  if (generated.is == G::stored || generated.is == G::virtual_) {
    column.generated = generated.is == G::stored ? "stored" : "virtual";
    if (generated.expression) column.default_ = text_of(ctx, *generated.expression);
    return;
  }
  column.identity = generated.is == G::identity_always ? "always" : "by default";
  column.not_null = true;
  column.sequence = make_sequence(column.type, generated.options);
  catalog::Sequence sequence;
  sequence.identity = true;
  sequence.options = *column.sequence;
  sequence.name = {table.name.schema, free_relation_name(ctx, table, column.name, "seq")};
  made.sequence = std::move(sequence);
}

void add_serial(const Context& ctx, NewColumn& made, const catalog::Table& table) {
  made.serial = true;
  made.column.not_null = true;
  catalog::Sequence sequence;
  sequence.options = default_sequence(made.column.type);
  sequence.name = {table.name.schema, free_relation_name(ctx, table, made.column.name, "seq")};
  made.column.default_ = fmt::format("nextval({}::regclass)", sql::quote_literal(sequence.name.text()));
  made.sequence = std::move(sequence);
}

void add_constraint_option(const Context& ctx, NewColumn& made, catalog::Table& so_far,
                           const syntax::ColumnOption& option) {
  std::optional<catalog::Constraint> constraint;
  const std::vector<std::string> self{made.column.name};
  if (option.is == Is::unique) {
    constraint = make_key(ctx, so_far, "unique", option.constraint, self, option.timing);
    constraint->nulls_not_distinct = option.word == "not distinct";
  }
  if (option.is == Is::primary_key)
    constraint = make_key(ctx, so_far, "primary key", option.constraint, self, option.timing);
  if (option.is == Is::references && option.reference)
    constraint = make_foreign_key(ctx, so_far, option.constraint, self, *option.reference, option.timing);
  if (option.is == Is::check && option.expression)
    constraint = make_check(ctx, so_far, option.constraint, *option.expression, option.no_inherit);
  if (!constraint) return;
  if (constraint->kind == "primary key") made.column.not_null = true;
  add_to(so_far, *constraint);
  made.constraints.push_back(std::move(*constraint));
}

void add_option(const Context& ctx, NewColumn& made, const syntax::ColumnOption& option, const catalog::Table& table) {
  auto& column = made.column;
  if (option.is == Is::not_null) column.not_null = true;
  if (option.is == Is::default_ && option.expression) column.default_ = text_of(ctx, *option.expression);
  // DEFAULT NULL is no default at all: PostgreSQL stores none.
  if (column.default_ == "null" || column.default_ == "NULL") column.default_.clear();
  if (option.is == Is::generated && option.generated) add_generated(ctx, made, *option.generated, table);
  if (option.is == Is::collate && option.collation) column.collation = path_text(*option.collation);
  if (option.is == Is::storage) column.storage = option.word;
  if (option.is == Is::compression) column.compression = option.word;
  if (option.is == Is::comment && option.text) column.comment = option.text->value;
}

}  // namespace

std::string text_of(const Context& ctx, const syntax::Expr& expression) {
  return std::string(ctx.files.text(expression.span));
}

NewColumn make_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                      const syntax::Definition& definition) {
  NewColumn made;
  made.column.name = name.text;
  made.column.made_by = place(ctx);
  if (const auto type = find_type(ctx, definition.type)) {
    made.column.type = type->text;
    if (type->serial) add_serial(ctx, made, table);
  }
  for (const auto& option : definition.options) add_option(ctx, made, option, table);
  auto so_far = table;
  so_far.columns.push_back(made.column);
  for (const auto& option : definition.options) add_constraint_option(ctx, made, so_far, option);
  if (made.sequence) {
    made.sequence->owner = table.owner;
    made.sequence->grants = initial_grants(ctx, "sequences", table.name.schema);
    made.sequence->owned_by = table.name;
    made.sequence->owned_by_column = name.text;
    made.sequence->persistence = table.persistence;
  }
  return made;
}

catalog::Constraint make_check(const Context& ctx, const catalog::Table& table, const std::optional<syntax::Name>& name,
                               const syntax::Expr& condition, bool no_inherit) {
  catalog::Constraint constraint;
  constraint.kind = "check";
  constraint.expression = text_of(ctx, condition);
  constraint.columns = mentioned(table, constraint.expression);
  constraint.no_inherit = no_inherit;
  const auto column = constraint.columns.size() == 1 ? constraint.columns.front() : std::string{};
  constraint.name = name ? name->text : free_constraint_name(table, column, "check");
  return constraint;
}

catalog::Constraint make_foreign_key(const Context& ctx, const catalog::Table& table,
                                     const std::optional<syntax::Name>& name, const std::vector<std::string>& columns,
                                     const syntax::Reference& reference, const syntax::Timing& timing) {
  catalog::Constraint constraint;
  constraint.kind = "foreign key";
  constraint.columns = columns;
  constraint.name = name ? name->text : free_constraint_name(table, joined(columns), "fkey");
  constraint.match = reference.match.empty() ? "simple" : reference.match;
  constraint.on_delete = constraint.on_update = "no action";
  constraint.reference_columns = texts(reference.columns);
  const auto* target = as_name(reference.table) == table.name ? &table : find_table(ctx, reference.table);
  if (!target && reference.table.parts.size() == 1 && reference.table.parts.front().text == table.name.name)
    target = &table;
  if (target) {
    constraint.references = target->name;
    if (const auto* key = target->primary_key(); key && reference.columns.empty())
      constraint.reference_columns = key->columns;
  }
  for (const auto& action : reference.actions) {
    (action.event == "delete" ? constraint.on_delete : constraint.on_update) = action.action;
    if (action.event == "delete") constraint.on_delete_columns = texts(action.columns);
  }
  apply_timing(constraint, reference.timing.deferrable || reference.timing.deferred ? reference.timing : timing);
  return constraint;
}

catalog::Constraint make_constraint(const Context& ctx, const catalog::Table& table,
                                    const syntax::TableConstraint& written) {
  using C = syntax::TableConstraint::Is;
  if (written.is == C::check && written.expression)
    return make_check(ctx, table, written.name, *written.expression, written.no_inherit);
  if (written.is == C::foreign_key && written.reference)
    return make_foreign_key(ctx, table, written.name, texts(written.columns), *written.reference, written.timing);
  if (written.is == C::exclude) return make_exclusion(ctx, table, written);
  auto constraint = make_key(ctx, table, written.is == C::primary_key ? "primary key" : "unique", written.name,
                             texts(written.columns), written.timing);
  constraint.include = texts(written.include);
  constraint.nulls_not_distinct = written.nulls == "not distinct";
  return constraint;
}

}  // namespace mig::operations
