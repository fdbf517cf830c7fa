// Indexes: from their syntax to the model, from the model to SQL, and the steps that build and drop them online.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// An index with those of the partitions that are (to be) attached to it. A table that is not partitioned has none.
struct IndexTree {
  catalog::Name table;
  catalog::Index index;
  bool partitioned = false;
  std::vector<IndexTree> parts;
  bool view = false;  // of a materialized view
};
// A materialized view as the table that it is to an index.
[[nodiscard]] catalog::Table table_like(const catalog::View& view);

// ---- model ----
// What `elements`, `using`, `include` … of an `add index` call say; the name is chosen where none was written.
[[nodiscard]] catalog::Index index_of_call(const Context& ctx, const catalog::Table& table, bool unique);
// The same index on all partitions, with the names that PostgreSQL would choose for them.
[[nodiscard]] IndexTree index_tree(const Context& ctx, const catalog::Table& table, const catalog::Index& index);
// An index that exists, with those attached to it.
[[nodiscard]] IndexTree existing_tree(const catalog::Catalog& catalog, const catalog::Table& table,
                                      const catalog::Index& index);
void put_indexes(catalog::Catalog& after, const IndexTree& tree);
void remove_indexes(catalog::Catalog& after, const IndexTree& tree);
// Names of the indexes of a schema, of all schemas where it is empty: for did-you-mean.
[[nodiscard]] std::vector<std::string> index_names(const catalog::Catalog& catalog, const std::string& schema);
// All tables and all index names of the tree, parents first.
[[nodiscard]] std::vector<const IndexTree*> nodes(const IndexTree& tree);

// ---- SQL ----
// The rows that make a unique index fail.
[[nodiscard]] sql::Fragment duplicates_query(const catalog::Name& table, const catalog::Index& index);

// ---- steps ----
[[nodiscard]] std::vector<std::string> touches(const IndexTree& tree);
// Online: CONCURRENTLY; for partitions an empty parent index, one concurrent build per partition, then ATTACH. `fresh`:
// nobody knows the table yet, so that one plain statement does. Each step has its way back.
[[nodiscard]] std::vector<sql::Step> build_steps(const Context& ctx, const IndexTree& tree, bool fresh);
// ALTER INDEX … ATTACH PARTITION; its way back drops the parent, since PostgreSQL cannot detach an index.
[[nodiscard]] sql::Step attach_step(const Context& ctx, const IndexTree& parent, const IndexTree& part);
// One step, without its way back.
[[nodiscard]] sql::Step drop_step(const Context& ctx, const IndexTree& tree);
// What hung on the index: comment, CLUSTER ON, REPLICA IDENTITY, statistics targets. Empty where there was nothing.
[[nodiscard]] std::vector<sql::Step> restore_index_steps(const Context& ctx, const IndexTree& tree);

}  // namespace mig::operations
