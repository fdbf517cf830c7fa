// Primary keys and unique constraints: a unique index that is built while writers go on, and then becomes the
// constraint's. What `add primary key`, `add unique` and their drops have in common.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/indexes.hpp"

namespace mig::operations {

// A key with its index and those of the partitions. An index and its constraint always bear one name.
struct Key {
  catalog::Constraint constraint;  // of the table itself
  IndexTree tree;
};

// ---- words (key_rules.cpp) ----
[[nodiscard]] std::string listed(const std::vector<std::string>& names);          // (a, "B")
[[nodiscard]] std::string kind_words(const std::string& kind);                    // "primary key", "unique constraint"
[[nodiscard]] std::vector<std::string> key_columns(const catalog::Index& index);  // an expression is ""

// ---- model (keys.cpp) ----
// What the call says, named as PostgreSQL would name it; copies on partitions included.
[[nodiscard]] Key key_of_call(const Context& ctx, const catalog::Table& table, const std::string& kind);
[[nodiscard]] Key existing_key(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint);
// The index that `using index` names, or null.
[[nodiscard]] const catalog::Index* index_to_use(const Context& ctx, const catalog::Table& table);
// The key of the call, and where it uses an index: that one under its new name.
void put_new_key(const Context& ctx, catalog::Catalog& after, const std::string& kind);
void remove_key(catalog::Catalog& after, const Key& key);
// The constraint of this part of the tree: its own where it exists, else a copy of the key's.
[[nodiscard]] catalog::Constraint constraint_at(const Context& ctx, const Key& key, const IndexTree& node);

// ---- rules (key_rules.cpp) ----
// Reports everything that PostgreSQL would refuse.
void check_new_key(const Context& ctx, const std::string& kind);
// The index that `using index` names can become the key's (key_index.cpp).
bool require_used_index(const Context& ctx, const catalog::Table& table, const Key& key);
void check_drop_key(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint);
// Foreign keys that stand on this index, as "name of table".
[[nodiscard]] std::vector<std::string> keys_on_index(const Context& ctx, const catalog::Table& table,
                                                     const catalog::Index& index);

// ---- steps (key_steps.cpp) ----
// The key of the call, each step with its way back. Of a table that this phase made: one statement; an index that is
// to be used becomes the constraint's.
[[nodiscard]] std::vector<sql::Step> new_key_steps(const Context& ctx, const std::string& kind);
// Index and constraint of a table that exists, online, each step with its way back.
[[nodiscard]] std::vector<sql::Step> online_key_steps(const Context& ctx, const Key& key);
[[nodiscard]] std::vector<sql::Step> drop_key_steps(const Context& ctx, const Key& key);

}  // namespace mig::operations
