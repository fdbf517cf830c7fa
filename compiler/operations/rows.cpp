// How rows are told apart, and where they are kept.
#include "compiler/operations/rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

bool among(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// No row without it, no two rows with the same, whatever a transaction does, and ORDER BY its columns goes along it.
bool tells_rows_apart(const catalog::Table& table, const catalog::Index& index) {
  if (!index.unique || !index.valid || !index.live || index.method != "btree" || !index.predicate.empty()) return false;
  const auto* constraint = table.constraint(index.constraint);
  if (constraint && (constraint->deferrable || constraint->period)) return false;
  return std::all_of(index.parts.begin(), index.parts.end(), [&](const auto& part) {
    const auto* column = table.column(part.column);
    return column && column->not_null && column->not_null_valid && column->generated.empty() && !part.descending &&
           !part.nulls_first && part.collation.empty() && part.opclass.empty();
  });
}

std::vector<std::string> columns_of(const catalog::Index& index) {
  std::vector<std::string> columns;
  for (const auto& part : index.parts) columns.push_back(part.column);
  return columns;
}

// Everything that makes the kept tables what they are: two statements of a migration never share one.
std::string definition(const Context& ctx, const RowsOf& of) {
  auto text = fmt::format("{} {} {}", ctx.files.text(ctx.call.span), ctx.call.span.begin, of.table->name.text());
  for (const auto& column : of.table->columns) text += fmt::format(" {} {}", column.name, column.type);
  return text;
}

}  // namespace

std::vector<std::string> value_columns(const catalog::Table& table) {
  std::vector<std::string> columns;
  for (const auto& column : table.columns)
    if (column.generated.empty()) columns.push_back(column.name);
  return columns;
}

std::vector<std::string> row_key(const catalog::Table& table, const std::vector<std::string>& assigned) {
  const catalog::Index* found = nullptr;
  for (const auto& index : table.indexes) {
    if (!tells_rows_apart(table, index)) continue;
    const auto columns = columns_of(index);
    if (std::any_of(columns.begin(), columns.end(), [&](const auto& column) { return among(assigned, column); }))
      continue;
    if (!found || (index.primary && !found->primary)) found = &index;
  }
  return found ? columns_of(*found) : std::vector<std::string>{};
}

std::vector<RowsOf> relations_of(const Context& ctx, const catalog::Table& table,
                                 const std::vector<std::string>& assigned) {
  const auto one = [&](const catalog::Table& each, bool only) {
    return RowsOf{&each, table.name.name, only, value_columns(each), row_key(each, assigned)};
  };
  if (table.partitioned() || table.children.empty()) return {one(table, false)};
  std::vector<RowsOf> all;
  for (const auto& name : ctx.before.tree(table.name))
    if (const auto* each = ctx.before.table(name)) all.push_back(one(*each, true));
  return all;
}

bool small(const Context& ctx, const catalog::Table& table, bool whole_tree) {
  constexpr double most_rows = 10'000;
  constexpr std::int64_t most_bytes = 4 << 20;
  double rows = 0;
  std::int64_t unknown = 0;
  const auto names = whole_tree ? ctx.before.tree(table.name) : std::vector{table.name};
  for (const auto& name : names)
    if (const auto* each = ctx.before.table(name)) {
      if (each->rows < 0)
        unknown += each->bytes;
      else
        rows += each->rows;
    }
  return rows <= most_rows && unknown <= most_bytes;
}

catalog::Name kept_rows_name(const Context& ctx, const RowsOf& of, const std::string& role) {
  return {ctx.park_schema, kept_name(ctx, of.table->name.name, role + definition(ctx, of))};
}

void name_kept(const Context& ctx, RowWork& work) {
  work.state = kept_rows_name(ctx, work.parts.front().of, "state");
  for (std::size_t i = 0; i < work.parts.size(); ++i) {
    auto& part = work.parts[i];
    part.before = kept_rows_name(ctx, part.of, fmt::format("before {} ", i));
    part.after = kept_rows_name(ctx, part.of, fmt::format("after {} ", i));
    part.left = kept_rows_name(ctx, part.of, fmt::format("left {} ", i));
  }
}

std::vector<std::string> meddling_triggers(const Context& ctx, const catalog::Table& table, std::string_view event) {
  std::vector<std::string> found;
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* each = ctx.before.table(name);
    if (!each) continue;
    for (const auto& trigger : each->triggers) {
      // The server's own text: CREATE TRIGGER name BEFORE INSERT OR UPDATE ON …
      const auto begin = trigger.definition.find(" BEFORE ");
      const auto end = trigger.definition.find(" ON ", begin);
      const bool before = begin != std::string::npos && end != std::string::npos;
      const bool fires = trigger.enabled == "origin" || trigger.enabled == "always";
      if (!before || !trigger.row || !fires) continue;
      if (trigger.definition.substr(begin, end - begin).find(event) == std::string::npos) continue;
      if (!among(found, trigger.name)) found.push_back(trigger.name);
    }
  }
  return found;
}

}  // namespace mig::operations
