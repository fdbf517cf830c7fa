// What tests of runs on a server have in common: the sample's database, how far to go, where a migration stands, and a
// session that is in the way.
#pragma once

#include "runtime/executor.hpp"
#include "tests/support/server.hpp"

namespace mig::tests {

// A fresh database of the sample plan (sample_plan.hpp).
[[nodiscard]] runtime::Target sample_database();
[[nodiscard]] runtime::ApplyOptions through(sql::Phase phase);
// Of the migration `sample`; "none" where there is no journal or no row.
[[nodiscard]] std::string state_of(const runtime::Target& target);

// A session that holds a lock, or a snapshot, until it is destroyed.
struct Holder {
  Holder(const runtime::Target& target, const std::string& statement);
  runtime::Session session;
};

}  // namespace mig::tests
