// Expressions of a query, from PostgreSQL's tree: their type, and the name that they show themselves by.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/operations/query_types.hpp"

namespace mig::operations {

// What only the query knows: its columns, and what a sub-select shows first.
struct QueryNames {
  std::function<ValueType(const nlohmann::json& column)> column;
  std::function<ValueType(const nlohmann::json& sublink)> first_output;
};
[[nodiscard]] ValueType type_of_expression(const nlohmann::json& node, const QueryTypes& types,
                                           const QueryNames& names);
// A type in the tree to its text; empty where it is not known.
[[nodiscard]] std::string type_of_tree(const nlohmann::json& type_name, const QueryTypes& types);
// FigureColname; "?column?" where it has no name.
[[nodiscard]] std::string figured_name(const nlohmann::json& node, int server_major);
// The words of a list of String nodes.
[[nodiscard]] std::vector<std::string> words_of(const nlohmann::json& node, const char* list);
// The function's name; extract() is date_part() before 14.
[[nodiscard]] catalog::Name function_of(const nlohmann::json& call, int server_major);

}  // namespace mig::operations
