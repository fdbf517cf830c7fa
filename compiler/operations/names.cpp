// Generated names, by the rules of PostgreSQL's source.
#include "compiler/operations/names.hpp"

#include <algorithm>

#include "compiler/sql/sql.hpp"

namespace mig::operations {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// Any constraint of a table of this schema (pg_constraint.connamespace is the schema of its table).
bool constraint_exists(const catalog::Catalog& catalog, const std::string& schema, std::string_view name) {
  for (const auto& table_name : catalog.names("table")) {
    if (table_name.schema != schema) continue;
    const auto* table = catalog.table(table_name);
    if (!table) continue;
    if (table->constraint(name)) return true;
    for (const auto& column : table->columns)
      if (column.not_null_name == name) return true;  // PostgreSQL 18
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
    return !contains(taken, name) && !constraint_exists(catalog, schema, name);
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
