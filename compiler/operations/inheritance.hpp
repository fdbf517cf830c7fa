// Plain inheritance that begins and ends: what columns and checks become.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct Heir {
  const catalog::Table* table = nullptr;
  const catalog::Table* parent = nullptr;
};
// `table` and `parent` of the call; null where there is none.
[[nodiscard]] Heir find_heir(const Context& ctx);

void put_inherited(catalog::Catalog& after, const Heir& heir);
void put_disinherited(catalog::Catalog& after, const Heir& heir);
// Columns and checks that PostgreSQL would count as the table's own after an end and a new beginning: they are only
// inherited now.
[[nodiscard]] std::vector<std::string> only_inherited(const Heir& heir);

[[nodiscard]] sql::Step inherit_step(const Context& ctx, const Heir& heir);
[[nodiscard]] sql::Step no_inherit_step(const Context& ctx, const Heir& heir);

}  // namespace mig::operations
