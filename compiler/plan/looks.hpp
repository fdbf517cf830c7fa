// The steps of sections that only look: measurements, the backup, assertions, checkpoints, the gate of contract.
#pragma once

#include "compiler/plan/plan.hpp"
#include "compiler/source/source.hpp"

namespace mig::plan {

// In no order but that of their phases' own; without ids.
[[nodiscard]] std::vector<sql::Step> looks(const ir::Migration& migration, const source::Files& files);

// The statements of one expectation, and what it shows where it does not hold (expectation.cpp).
[[nodiscard]] sql::Assert assertion(const ir::Migration& migration, const ir::Expectation& expectation,
                                    const source::Files& files);
// The same for `expect match`, which shows at most so many lines (match.cpp).
[[nodiscard]] sql::Assert match(const catalog::Catalog& at, const syntax::Expect::Match& what, long long most);
// A query as it stands in a measurement: its time into mig.measured, in milliseconds, as the percentile of all runs.
[[nodiscard]] sql::Statement measurement(const catalog::Catalog& at, const std::string& query,
                                         const std::string& percentile, const std::string& runs);
// The condition in one boolean answer; null is no.
[[nodiscard]] sql::Fragment question(const std::string& condition);

}  // namespace mig::plan
