// Bounds of partitions: as written, as the server prints them, and as the condition that the rows keep.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// How a table is partitioned: pg_get_partkeydef() taken apart.
struct PartitionKey {
  std::string strategy;              // RANGE LIST HASH
  std::vector<std::string> parts;    // "k", "(lower(name))": each as SQL
  std::vector<std::string> columns;  // the column of each part, "" of an expression
};
[[nodiscard]] PartitionKey partition_key(const catalog::Table& parent);

// The text of pg_get_expr(relpartbound) for a bound as written: values as their type prints them, times in UTC.
[[nodiscard]] std::string bound_text(const catalog::Table& parent, const syntax::PartitionBound& bound);
// Reports a bound that does not fit the key, one that is taken, and a time without its zone.
bool check_bound(const Context& ctx, const catalog::Table& parent, const syntax::PartitionBound& bound);

// What the rows of a partition keep, as SQL; nullopt where PostgreSQL would not take a check for proof (hash, default).
[[nodiscard]] std::optional<std::string> bound_condition(const catalog::Table& parent, const std::string& bound);
// The partition that takes what no other takes, or null.
[[nodiscard]] const catalog::Table* default_partition(const catalog::Catalog& catalog, const catalog::Table& parent);

}  // namespace mig::operations
