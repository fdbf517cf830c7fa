// Differences between two catalogs for people and tools: what differs, and what would take it over or undo it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "compiler/drift/drift.hpp"

namespace mig::cli {

struct Drift {
  std::vector<catalog::Difference> differences;
  std::vector<drift::Remedy> remedies;  // one for each object
};
[[nodiscard]] Drift find_drift(const catalog::Catalog& left, const catalog::Catalog& right);
// Of these objects (catalog keys) and their parts alone.
[[nodiscard]] Drift find_drift(const catalog::Catalog& left, const catalog::Catalog& right,
                               const std::vector<std::string>& keys);

// Lines: "+ column …" where it is on the right alone, "- …" on the left alone, "! …  field" with both sides; under each
// object `adopt` (.mig text, else SQL) and `revert` (SQL).
[[nodiscard]] std::string drift_text(const Drift& drift, const Output& output);
// object, field, left, right; and for each object its remedies.
[[nodiscard]] nlohmann::ordered_json differences_json(const Drift& drift);
[[nodiscard]] nlohmann::ordered_json remedies_json(const Drift& drift);

}  // namespace mig::cli
