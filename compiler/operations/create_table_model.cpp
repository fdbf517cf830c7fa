// A table as written -> its model.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/create_table.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

template <class T>
std::vector<const T*> elements(const Context& ctx) {
  std::vector<const T*> found;
  if (const auto* all = ctx.call.get<std::vector<syntax::Element>>("elements"))
    for (const auto& element : *all)
      if (const auto* each = std::get_if<T>(&element)) found.push_back(each);
  return found;
}

// An inherited column, check or NOT NULL: merged with one that is there already.
void inherit(catalog::Table& table, const catalog::Table& parent) {
  for (const auto& column : parent.columns) {
    const auto own =
        std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == column.name; });
    if (own != table.columns.end()) {
      ++own->inherited;
      own->not_null = own->not_null || column.not_null;
      continue;
    }
    catalog::Column copy;
    copy.name = column.name;
    copy.type = column.type;
    copy.not_null = column.not_null;
    copy.default_ = column.default_;
    copy.generated = column.generated;
    copy.collation = column.collation;
    copy.storage = column.storage;
    copy.compression = column.compression;
    copy.local = false;
    copy.inherited = 1;
    table.columns.push_back(std::move(copy));
  }
  for (const auto& constraint : parent.constraints) {
    if (constraint.kind != "check" || constraint.no_inherit) continue;
    auto copy = constraint;
    copy.local = false;
    copy.inherited = 1;
    copy.comment.clear();
    add_to(table, std::move(copy));
  }
}

void put_column(const Context& ctx, NewTable& made, const syntax::Column& written) {
  auto column = make_column(ctx, made.table, written.name, written.definition);
  const auto own = std::find_if(made.table.columns.begin(), made.table.columns.end(),
                                [&](const auto& each) { return each.name == column.column.name; });
  if (own != made.table.columns.end()) {  // inherited as well: one column, local too
    column.column.inherited = own->inherited;
    column.column.not_null = column.column.not_null || own->not_null;
    if (column.column.default_.empty()) column.column.default_ = own->default_;
    *own = column.column;
  } else {
    made.table.columns.push_back(column.column);
  }
  if (column.serial) made.serial.push_back(column.column.name);
  if (column.sequence) made.sequences.push_back(*column.sequence);
  for (auto& constraint : column.constraints) add_to(made.table, std::move(constraint));
}

void put_settings(const Context& ctx, catalog::Table& table) {
  if (const auto* settings = ctx.call.get<std::vector<syntax::Setting>>("options"))
    for (const auto& setting : *settings) {
      std::string name;
      for (const auto& part : setting.name.parts) name += (name.empty() ? "" : ".") + part.text;
      const auto value = setting.value ? text_of(ctx, *setting.value) : setting.word.empty() ? "true" : setting.word;
      table.options.push_back(name + "=" + value);
    }
  std::sort(table.options.begin(), table.options.end());
}

catalog::Table head(const Context& ctx) {
  catalog::Table table;
  table.name = new_name(ctx, path(ctx));
  table.owner = ctx.before.server.role;
  table.grants = initial_grants(ctx, "tables", table.name.schema);
  table.made_by = place(ctx);
  if (ctx.call.has_word("unlogged")) table.persistence = "unlogged";
  if (const auto* comment = ctx.call.get<syntax::Text>("comment")) table.comment = comment->value;
  return table;
}

// Foreign keys to other tables lock those: they get steps of their own.
void split_keys(NewTable& made) {
  auto& all = made.table.constraints;
  const auto elsewhere = [&](const catalog::Constraint& each) {
    return each.kind == "foreign key" && each.references != made.table.name;
  };
  std::copy_if(all.begin(), all.end(), std::back_inserter(made.elsewhere), elsewhere);
  std::erase_if(all, elsewhere);
}

void put_constraints(const Context& ctx, NewTable& made) {
  for (const auto* written : elements<syntax::TableConstraint>(ctx)) {
    auto constraint = make_constraint(ctx, made.table, *written);
    if (written->is == syntax::TableConstraint::Is::exclude)
      add_to(made.table, exclusion_index(ctx, constraint, *written));
    add_to(made.table, std::move(constraint));
  }
}

}  // namespace

void put_partitioning(const Context& ctx, catalog::Table& table) {
  const auto* method = ctx.call.get<syntax::Word>("method");
  const auto* keys = ctx.call.get<std::vector<syntax::IndexElement>>("keys");
  if (!method || !keys) return;
  table.kind = "partitioned table";
  std::string text;
  for (const auto& key : *keys) {
    const auto part = make_part(ctx, key);
    if (!part.column.empty()) table.partition_columns.push_back(part.column);
    text += fmt::format("{}{}", text.empty() ? "" : ", ",
                        part.column.empty() ? "(" + part.expression + ")" : sql::quote_ident(part.column));
    if (!part.collation.empty()) text += " COLLATE " + part.collation;
    if (!part.opclass.empty()) text += " " + part.opclass;
  }
  auto upper = method->text;
  for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  table.partition_by = fmt::format("{} ({})", upper, text);  // as pg_get_partkeydef prints it
}

std::vector<syntax::Path> parent_paths(const Context& ctx) {
  std::vector<syntax::Path> paths;
  if (const auto* written = ctx.call.get<std::vector<syntax::IndexElement>>("parents"))
    for (const auto& element : *written)
      if (const auto* name = std::get_if<syntax::ColumnRef>(&element.value.node); name && !name->star)
        paths.push_back(name->path);
  return paths;
}

std::vector<const catalog::Table*> parents_of(const Context& ctx) {
  std::vector<const catalog::Table*> found;
  for (const auto& parent : parent_paths(ctx))
    if (const auto* table = find_table(ctx, parent)) found.push_back(table);
  return found;
}

catalog::Table columns_of_table(const Context& ctx) {
  NewTable made;
  made.table = head(ctx);
  for (const auto* parent : parents_of(ctx)) inherit(made.table, *parent);
  made.table.constraints.clear();
  if (const auto* source = ctx.call.get<syntax::Path>("source")) copy_like(ctx, made, {*source, {}, source->span});
  for (const auto* like : elements<syntax::LikeTable>(ctx)) copy_like(ctx, made, {like->table, {}, like->span});
  for (const auto* written : elements<syntax::Column>(ctx)) {
    catalog::Column column;
    column.name = written->name.text;
    if (const auto type = find_type(ctx, written->definition.type)) column.type = type->text;
    made.table.columns.push_back(std::move(column));
  }
  return std::move(made.table);
}

NewTable make_table(const Context& ctx) {
  NewTable made;
  made.table = head(ctx);
  made.text = std::string(ctx.files.text(ctx.call.span));
  for (const auto* parent : parents_of(ctx)) {
    made.table.inherits.push_back(parent->name);
    inherit(made.table, *parent);
  }
  // In the order written: a column after `like` stands after the columns that it copies.
  if (const auto* all = ctx.call.get<std::vector<syntax::Element>>("elements"))
    for (const auto& element : *all) {
      if (const auto* column = std::get_if<syntax::Column>(&element)) put_column(ctx, made, *column);
      if (const auto* like = std::get_if<syntax::LikeTable>(&element)) copy_like(ctx, made, *like);
    }
  if (const auto* source = ctx.call.get<syntax::Path>("source"))
    copy_like(ctx, made, {*source, {{true, "all"}}, source->span});
  put_partitioning(ctx, made.table);
  put_settings(ctx, made.table);
  put_constraints(ctx, made);
  split_keys(made);
  if (ctx.before.server.major() < 15)  // sequences follow an unlogged table from 15 on
    for (auto& sequence : made.sequences) sequence.persistence = "permanent";
  return made;
}

}  // namespace mig::operations
