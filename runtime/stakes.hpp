// What a way back means for rows, counted before it begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/sql/step.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

// A column or table that a way back brings to its place again, or sets aside.
struct Stake {
  std::string what;                // "public.users.email"
  bool column = false;             // counted are values that are not null; of a table its rows
  bool returns = false;            // it was kept aside and comes back; else it goes aside with what was written in it
  std::optional<long long> count;  // none: it would take too long, or may not be read
  long long without = 0;  // of a column that comes back: rows that have no value, written since or never filled
};

// Of these steps of a plan, which are to be undone in this order, each thing once. Read-only; each count may take two
// seconds. Throws DatabaseError where the connection is lost.
[[nodiscard]] std::vector<Stake> at_stake(const Target& target, const std::vector<const sql::Step*>& undone);

}  // namespace mig::runtime
