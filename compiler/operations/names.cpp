// Generated names, by the rules of PostgreSQL's source.
#include "compiler/operations/names.hpp"

#include <algorithm>

#include "compiler/sql/sql.hpp"

namespace mig::operations {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool has_constraint(const catalog::Table& table, std::string_view name) {
  const auto is_not_null = [&](const catalog::Column& column) {
    return column.not_null_name == name;
  };  // PostgreSQL 18
  return table.constraint(name) || std::any_of(table.columns.begin(), table.columns.end(), is_not_null);
}

// PostgreSQL looks at all constraints of the schema. A name that begins with the table's can be that of another table
// only where that table's name ends at one of its underscores; a catalog of 10,000 tables is not read for the rest.
bool constraint_exists(const catalog::Catalog& catalog, const std::string& schema, const std::string& name) {
  for (std::size_t i = 1; i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '_') continue;
    const auto* table = catalog.table({schema, name.substr(0, i)});
    if (table && has_constraint(*table, name)) return true;
  }
  return false;
}

// "label", "label1", "label2" … until `free` says yes.
template <class Free>
std::string numbered(std::string_view name1, std::string_view name2, std::string_view label, const Free& free) {
  for (int pass = 0;; ++pass) {
    const auto suffix = pass == 0 ? std::string(label) : std::string(label) + std::to_string(pass);
    auto name = sql::object_name(name1, name2, suffix);
    if (free(name)) return name;
  }
}

}  // namespace

std::string relation_name(const catalog::Catalog& catalog, const std::string& schema, std::string_view name1,
                          std::string_view name2, std::string_view label, bool constraint_too,
                          const std::vector<std::string>& taken) {
  return numbered(name1, name2, label, [&](const std::string& name) {
    return !contains(taken, name) && catalog.relation_kind({schema, name}).empty() &&
           !(constraint_too && constraint_exists(catalog, schema, name));
  });
}

std::string constraint_name(const catalog::Catalog& catalog, const std::string& schema, std::string_view name1,
                            std::string_view name2, std::string_view label, const std::vector<std::string>& taken) {
  return numbered(name1, name2, label, [&](const std::string& name) {
    const auto* own = catalog.table({schema, std::string(name1)});
    return !contains(taken, name) && !(own && has_constraint(*own, name)) && !constraint_exists(catalog, schema, name);
  });
}

std::string name_addition(const std::vector<std::string>& columns) {
  std::string result;
  for (const auto& column : columns) {
    if (!result.empty()) result += '_';
    result += column.substr(0, sql::max_name);
    if (result.size() > sql::max_name) break;
  }
  return result;
}

std::vector<std::string> index_column_names(const std::vector<std::string>& columns) {
  std::vector<std::string> result;
  for (const auto& column : columns) {
    auto name = column;
    for (int i = 1; contains(result, name); ++i) {
      const auto number = std::to_string(i);
      // The server clips at a character boundary; object_name does that for it.
      name = column.size() + number.size() > sql::max_name
                 ? sql::object_name(column.substr(0, sql::max_name - number.size()), {}, {}) + number
                 : column + number;
    }
    result.push_back(name);
  }
  return result;
}

std::string index_name(const catalog::Catalog& catalog, const catalog::Name& table,
                       const std::vector<std::string>& columns, const std::vector<std::string>& taken) {
  return relation_name(catalog, table.schema, table.name, name_addition(index_column_names(columns)), "idx", false,
                       taken);
}

std::string check_name(const catalog::Catalog& catalog, const catalog::Name& table,
                       const std::vector<std::string>& columns, const std::vector<std::string>& taken) {
  return constraint_name(catalog, table.schema, table.name, columns.size() == 1 ? columns.front() : std::string{},
                         "check", taken);
}

std::string foreign_key_name(const catalog::Catalog& catalog, const catalog::Name& table,
                             const std::vector<std::string>& columns, const std::vector<std::string>& taken) {
  return constraint_name(catalog, table.schema, table.name, name_addition(columns), "fkey", taken);
}

}  // namespace mig::operations
