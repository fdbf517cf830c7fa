// Which tables a plan's steps change the shape of: what several hazards ask.
#pragma once

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

// The first step that changes this table's shape, and the statements of that step that do.
struct Reshaped {
  std::size_t step = 0;
  catalog::Name table;
  std::vector<const sql::Statement*> statements;
};

// Tables that existed before the migration and are locked ACCESS EXCLUSIVE, one entry for each table and step: indexes,
// validation and comments do not change a shape.
[[nodiscard]] std::vector<Reshaped> reshaped_tables(const Context& ctx);

// The operation that the step comes from is one of these, by the name of its file.
[[nodiscard]] bool made_by(const Context& ctx, std::size_t step, std::initializer_list<std::string_view> operations);

}  // namespace mig::hazards
