// Between the two files that read libpg_query's JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compiler/types/expression.hpp"

namespace mig::types::reading {

using nlohmann::json;

// What was parsed, and how much of it stands in front of what the user wrote.
struct Text {
  const std::string& whole;
  int prefix = 0;
  [[nodiscard]] int place(const json& fields) const;
};

[[nodiscard]] Node read_node(const json& node, const Text& text);
[[nodiscard]] Query read_query(const json& fields, const Text& text);
[[nodiscard]] From read_from(const json& node, const Text& text);
[[nodiscard]] Window read_window(const json& fields, const Text& text);
[[nodiscard]] std::vector<SortKey> read_sort(const json& fields, const char* list, const Text& text);
[[nodiscard]] Node read_definition(const json& node, const Text& text);
[[nodiscard]] std::vector<std::string> strings(const json& fields, const char* list);

}  // namespace mig::types::reading
