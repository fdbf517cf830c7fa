// Indexes, sequences, exclusion constraints and generated names of the model.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

template <class T>
void insert_by_name(std::vector<T>& list, T value) {
  const auto after = [](const T& a, const T& b) { return a.name < b.name; };
  list.insert(std::upper_bound(list.begin(), list.end(), value, after), std::move(value));
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

// Where a name stands as a token of its own; npos: nowhere.
std::size_t token(const std::string& text, const std::string& name) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const bool ends = at + name.size() == text.size() || !is_word(text[at + name.size()]);
    if (begins && ends) return at;
  }
  return std::string::npos;
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Free: not a relation of the schema, nor a sequence, index or constraint that the table is about to get.
bool taken(const Context& ctx, const catalog::Table& table, const std::string& name) {
  return table.constraint(name) || table.index(name) || name == table.name.name ||
         !ctx.before.relation_kind({table.name.schema, name}).empty();
}

template <class Taken>
std::string choose(const std::string& table, const std::string& columns, const std::string& label, Taken&& is_taken) {
  auto name = sql::object_name(table, columns, label);
  for (int pass = 1; is_taken(name); ++pass) name = sql::object_name(table, columns, label + std::to_string(pass));
  return name;
}

}  // namespace

std::string free_relation_name(const Context& ctx, const catalog::Table& table, const std::string& columns,
                               const std::string& label) {
  return choose(table.name.name, columns, label, [&](const std::string& name) { return taken(ctx, table, name); });
}

std::string free_constraint_name(const catalog::Table& table, const std::string& columns, const std::string& label) {
  return choose(table.name.name, columns, label,
                [&](const std::string& name) { return table.constraint(name) != nullptr; });
}

std::vector<std::string> mentioned(const catalog::Table& table, const std::string& expression) {
  const auto parsed = sql::columns_of(expression);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& name : parsed) {
    if (!table.column(name)) continue;
    // columns_of folds; the text may have the name in capitals, or in quotes that double those inside it.
    found.emplace_back(std::min({token(expression, name), token(lower(expression), name),
                                 static_cast<std::size_t>(expression.find(sql::quote_ident(name)))}),
                       name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (auto& entry : found) names.push_back(std::move(entry.second));
  return names;
}

catalog::SequenceOptions make_sequence(const std::string& type, const std::vector<syntax::SeqOption>& written) {
  const auto option = [&](std::string_view word) {
    const auto found = std::find_if(written.begin(), written.end(), [&](const auto& o) { return o.word == word; });
    return found == written.end() ? nullptr : &*found;
  };
  const auto number = [&](std::string_view word, std::string& into) {
    if (const auto* found = option(word); found && found->number) into = found->number->text;
  };
  std::string increment = "1";
  number("increment", increment);
  auto options = default_sequence(type, increment.front() == '-');
  options.increment = increment;
  number("minvalue", options.min);
  number("maxvalue", options.max);
  options.start = increment.front() == '-' ? options.max : options.min;
  number("start", options.start);
  number("cache", options.cache);
  options.cycle = option("cycle") != nullptr;
  return options;
}

catalog::IndexPart make_part(const Context& ctx, const syntax::IndexElement& element) {
  catalog::IndexPart part;
  const auto* column = std::get_if<syntax::ColumnRef>(&element.value.node);
  if (column && !column->star && column->path.parts.size() == 1 && !element.parenthesised)
    part.column = column->path.parts.front().text;
  else
    part.expression = text_of(ctx, element.value);
  const auto text = [](const syntax::Path& path) {
    std::string joined;
    for (const auto& name : path.parts) joined += (joined.empty() ? "" : ".") + sql::quote_ident(name.text);
    return joined;
  };
  if (element.collation) part.collation = text(*element.collation);
  if (element.opclass) part.opclass = text(*element.opclass);
  for (const auto& [name, value] : element.opclass_options)
    part.opclass_options += fmt::format("{}{}={}", part.opclass_options.empty() ? "" : ", ", name, text_of(ctx, value));
  part.descending = element.direction == "desc";
  // Descending puts nulls first unless it says otherwise.
  part.nulls_first = element.nulls.empty() ? part.descending : element.nulls == "first";
  return part;
}

catalog::Constraint make_exclusion(const Context& ctx, const catalog::Table& table,
                                   const syntax::TableConstraint& written) {
  catalog::Constraint constraint;
  constraint.kind = "exclude";
  constraint.deferred = written.timing.deferred.value_or(false);
  constraint.deferrable = written.timing.deferrable.value_or(constraint.deferred);
  std::string columns;
  std::string text;
  for (const auto& element : written.elements) {
    const auto part = make_part(ctx, element);
    if (!part.column.empty()) constraint.columns.push_back(part.column);
    columns += (columns.empty() ? "" : "_") + (part.column.empty() ? std::string("expr") : part.column);
    text += fmt::format("{}{} WITH {}", text.empty() ? "" : ", ", index_part(part).text(), element.exclude_operator);
  }
  constraint.name = written.name ? written.name->text : free_relation_name(ctx, table, columns, "excl");
  constraint.definition =
      fmt::format("EXCLUDE USING {} ({})", written.method ? sql::quote_ident(written.method->text) : "btree", text);
  if (written.expression) constraint.definition += fmt::format(" WHERE ({})", text_of(ctx, *written.expression));
  if (constraint.deferrable) constraint.definition += " DEFERRABLE";
  if (constraint.deferred) constraint.definition += " INITIALLY DEFERRED";
  constraint.expression = constraint.definition;  // its operators stand nowhere else
  return constraint;
}

catalog::Index exclusion_index(const Context& ctx, const catalog::Constraint& constraint,
                               const syntax::TableConstraint& written) {
  catalog::Index index;
  index.name = index.constraint = constraint.name;
  // EXCLUDE without USING is a btree index in the server's grammar (DEFAULT_INDEX_TYPE).
  index.method = written.method ? written.method->text : "btree";
  for (const auto& element : written.elements) index.parts.push_back(make_part(ctx, element));
  if (written.expression) index.predicate = text_of(ctx, *written.expression);
  return index;
}

catalog::Index index_of(const catalog::Constraint& constraint) {
  catalog::Index index;
  index.name = index.constraint = constraint.name;
  index.primary = constraint.kind == "primary key";
  index.unique = constraint.kind != "exclude";
  index.include = constraint.include;
  index.nulls_not_distinct = constraint.nulls_not_distinct;
  for (const auto& column : constraint.columns) {
    catalog::IndexPart part;
    part.column = column;
    index.parts.push_back(std::move(part));
  }
  return index;
}

void add_to(catalog::Table& table, catalog::Index index) { insert_by_name(table.indexes, std::move(index)); }

void add_to(catalog::Table& table, catalog::Constraint constraint) {
  const bool key = constraint.kind == "primary key" || constraint.kind == "unique";
  if (key) add_to(table, index_of(constraint));
  if (constraint.kind == "primary key")
    for (auto& column : table.columns)
      if (std::find(constraint.columns.begin(), constraint.columns.end(), column.name) != constraint.columns.end())
        column.not_null = true;
  insert_by_name(table.constraints, std::move(constraint));
}

}  // namespace mig::operations
