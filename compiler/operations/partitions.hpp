// Partitions that come and go: what PostgreSQL makes of a table when it is attached and detached, and the steps that do
// it without keeping anybody waiting.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/partition_bounds.hpp"

namespace mig::operations {

// The same call on another schema: after what an earlier part of the operation does.
[[nodiscard]] Context with(const Context& ctx, const catalog::Catalog& before);

// A table that is (to be) a partition of another.
struct Partition {
  const catalog::Table* parent = nullptr;
  const catalog::Table* table = nullptr;
  std::string bound;  // as the server prints it
};
// `partition` and `table` of the call, where the one is a partition of the other; members are null otherwise.
[[nodiscard]] Partition find_partition(const Context& ctx);

// ---- model ----
void put_attached(catalog::Catalog& after, const Partition& partition);
void put_detached(catalog::Catalog& after, const Partition& partition);

// What the parent has and the table lacks, named as PostgreSQL would name it there.
struct Missing {
  std::vector<catalog::Constraint> checks, foreign_keys;
  std::vector<catalog::Constraint> keys;  // primary key, unique; each with its index in `indexes`
  std::vector<catalog::Index> indexes;    // of the keys, and others
  [[nodiscard]] bool empty() const { return checks.empty() && foreign_keys.empty() && indexes.empty(); }
};
[[nodiscard]] Missing missing(const catalog::Catalog& catalog, const Partition& partition);
void put_missing(catalog::Catalog& after, const catalog::Name& table, const Missing& missing);

// ---- checks ----
// An own partitioned table.
[[nodiscard]] const catalog::Table* require_partitioned(const Context& ctx, const syntax::Path& path);
// Reports whatever keeps the table from becoming a partition: columns, NOT NULL, its place.
bool check_attachable(const Context& ctx, const catalog::Table& parent, const catalog::Table& table, source::Span span);
// `partition` and `table` (or, alone, the parent that it has): an own partition that can be detached.
[[nodiscard]] Partition require_partition(const Context& ctx);

// ---- steps ----
// What is missing is built online; then ATTACH, without a scan where a validated check can prove the bound.
[[nodiscard]] std::vector<sql::Step> attach_steps(const Context& ctx, const Partition& partition);
// DETACH CONCURRENTLY where the server can, else the short form under ACCESS EXCLUSIVE. Ways back are not filled in.
[[nodiscard]] std::vector<sql::Step> detach_steps(const Context& ctx, const Partition& partition);
// The same with the way back: attached again with the bound that it had.
[[nodiscard]] std::vector<sql::Step> detach_and_back(const Context& ctx, const Partition& partition);
[[nodiscard]] std::vector<std::string> partition_touches(const Partition& partition);

}  // namespace mig::operations
