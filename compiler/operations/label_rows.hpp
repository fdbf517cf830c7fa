// Rows that hold a label of an enum and get another one, wherever the enum is stored.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// From one label to the other; `place` tells two passes of one call apart.
struct LabelRows {
  std::string from, to;
  source::Span place;
};

// Everything that stores the enum can be passed through; reports what cannot.
bool require_label_rows(const Context& ctx, const catalog::Type& type, const std::string& from, const std::string& to);
// As `update` goes: batches, kept rows, way back, purge.
[[nodiscard]] std::vector<sql::Step> label_rows_steps(const Context& ctx, const catalog::Type& type,
                                                      const LabelRows& rows);
// Materialized views that store the enum are filled again: after all of `steps`, and at the end of their way back.
void append_refreshes(const Context& ctx, const catalog::Type& type, std::vector<sql::Step>& steps);

}  // namespace mig::operations
