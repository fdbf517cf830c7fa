// Foreign keys and checks as steps: added NOT VALID and validated in a transaction of its own, on partitions,
// inheritors and both tables of a key, with exactly the locks that PostgreSQL takes.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The table, and those that share the constraint with it: its partitions; of a check that is inherited, its inheritors.
[[nodiscard]] std::vector<const catalog::Table*> sharers(const Context& ctx, const catalog::Table& table,
                                                         const catalog::Constraint& constraint);

// What ADD CONSTRAINT locks of this table: from PostgreSQL 18 on all inheritors too, also for what they do not get.
[[nodiscard]] std::vector<sql::Lock> adding_locks(const Context& ctx, const catalog::Table& table, sql::LockMode mode);

// The steps that add it, with their ways back, and the comments that it and its copies carry. On a table that this
// phase made one statement does, since it has no rows of anybody.
[[nodiscard]] std::vector<sql::Step> add_constraint_steps(const Context& ctx, const catalog::Table& table,
                                                          const catalog::Constraint& constraint,
                                                          const std::string& reason);
// One step; its way back adds it again as it was: name, comment, timing, validated or not.
[[nodiscard]] sql::Step drop_constraint_step(const Context& ctx, const catalog::Table& table,
                                             const catalog::Constraint& constraint);

// The steps that bring it back as it was: add_constraint_steps, and where it was NOT VALID itself the validation of
// those copies that were valid. None of them has a way back.
[[nodiscard]] std::vector<sql::Step> constraint_back(const Context& ctx, const catalog::Table& table,
                                                     const catalog::Constraint& constraint, const std::string& reason);
// Steps of a way back that brings a rule back: rows are asked for only where it held for the rows that existed.
[[nodiscard]] std::vector<sql::Step> rule_way_back(std::vector<sql::Step> steps, const catalog::Constraint& rule,
                                                   const sql::Condition& condition);

// The scan in a transaction of its own; its way back drops the constraint and adds it NOT VALID again.
[[nodiscard]] sql::Step validate_constraint_step(const Context& ctx, const catalog::Table& table,
                                                 const catalog::Constraint& constraint);

// Dropped and added in one transaction as `now`, where it is to be validated in the next; its way back does the same.
[[nodiscard]] std::vector<sql::Step> replace_constraint_steps(const Context& ctx, const catalog::Table& table,
                                                              const catalog::Constraint& was,
                                                              const catalog::Constraint& now);

// The model: on the table and on all sharers, as PostgreSQL names and marks the copies.
void put_constraint(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                    const catalog::Constraint& constraint);
void remove_constraint(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                       const catalog::Constraint& constraint);

// A constraint of this kind that the call names by `name` and `table`; reports what is wrong and returns null
// otherwise: no such name, of another kind, inherited from a parent.
[[nodiscard]] const catalog::Constraint* require_constraint(const Context& ctx, const catalog::Table& table,
                                                            std::string_view kind);
// The same of any kind.
[[nodiscard]] const catalog::Constraint* require_some_constraint(const Context& ctx, const catalog::Table& table);
[[nodiscard]] const catalog::Constraint* find_constraint(const Context& ctx, std::string_view kind);
// The operation that drops it, as it is written.
[[nodiscard]] std::string drop_of(const catalog::Table& table, const catalog::Constraint& constraint);
[[nodiscard]] const catalog::Table* table_of_call(const Context& ctx);
// The name's part of a new constraint: free on the table and its sharers.
void check_new_constraint(const Context& ctx, const catalog::Table& table);
// All these columns were added by this phase: no client of the old schema writes them.
[[nodiscard]] bool all_made_here(const Context& ctx, const catalog::Table& table,
                                 const std::vector<std::string>& columns);

[[nodiscard]] std::vector<std::string> constraint_touches(const Context& ctx, const catalog::Table& table,
                                                          const catalog::Constraint& constraint);

}  // namespace mig::operations
