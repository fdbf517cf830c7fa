// How operations build steps: statements with their locks, probes that ask pg_catalog, one transaction or one
// concurrent statement.
//
// Probes never use ::regclass or to_regclass: those read search_path and raise errors for what is not there.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// ---- locks ----
[[nodiscard]] sql::Lock lock(const catalog::Name& relation, sql::LockMode mode);
// The same lock on the table and all its partitions and inheritors, parents first.
[[nodiscard]] std::vector<sql::Lock> tree_locks(const Context& ctx, const catalog::Name& table, sql::LockMode mode);
// True when this phase of this migration made the table: no rows of old clients, nobody waits.
[[nodiscard]] bool made_here(const Context& ctx, const catalog::Table& table);
[[nodiscard]] bool made_here(const Context& ctx, const catalog::Table& table, const catalog::Column& column);

// ---- statements and steps ----
[[nodiscard]] sql::Statement statement(sql::Fragment text, std::vector<sql::Lock> locks = {},
                                       sql::Work work = sql::Work::instant, std::string reason = {});
// A step of the operation's phase; `touches` and `origin` are filled by finish().
[[nodiscard]] sql::Step transaction(const Context& ctx, std::string title, std::vector<sql::Statement> statements,
                                    sql::Fragment done);
[[nodiscard]] sql::Step concurrent(const Context& ctx, std::string title, sql::Statement statement, sql::Fragment done);
[[nodiscard]] sql::Statement drop_index_concurrently(const Context& ctx, const catalog::Name& table,
                                                     const catalog::Name& index);
// CREATE INDEX CONCURRENTLY with its probe, the INVALID remnant and the cleanup; the way back drops it concurrently.
[[nodiscard]] sql::Step build_index(const Context& ctx, const catalog::Name& table, const catalog::Index& index,
                                    std::string reason);
// add_constraint_steps() of constraints.hpp, for a table that exists.
[[nodiscard]] std::vector<sql::Step> add_and_validate(const Context& ctx, const catalog::Name& table,
                                                      const catalog::Constraint& constraint, std::string reason);
// Steps of a way back have none of their own; the first carries the condition.
[[nodiscard]] std::vector<sql::Step> as_way_back(std::vector<sql::Step> steps, const sql::Condition& condition);
// Gives all steps (and the steps of their way back) what the operation touches.
void finish(std::vector<sql::Step>& steps, const std::vector<std::string>& touches);

// ---- probes: boolean SQL over pg_catalog ----
[[nodiscard]] sql::Probe probe(const sql::Fragment& condition);  // SELECT condition AS done
[[nodiscard]] sql::Fragment both(const sql::Fragment& a, const sql::Fragment& b);
[[nodiscard]] sql::Fragment either(const sql::Fragment& a, const sql::Fragment& b);
[[nodiscard]] sql::Fragment negate(const sql::Fragment& condition);
[[nodiscard]] sql::Fragment has_relation(const catalog::Name& relation);
[[nodiscard]] sql::Fragment has_column(const catalog::Name& table, const std::string& column);
// With this condition on its row of pg_attribute, named a.
[[nodiscard]] sql::Fragment column_is(const catalog::Name& table, const std::string& column,
                                      const sql::Fragment& condition);
[[nodiscard]] sql::Fragment is_not_null(const catalog::Name& table, const std::string& column);
[[nodiscard]] sql::Fragment has_default(const catalog::Name& table, const std::string& column);
// With this text, as pg_get_expr prints it.
[[nodiscard]] sql::Fragment has_default_text(const catalog::Name& table, const std::string& column,
                                             const sql::Literal& text);
[[nodiscard]] sql::Fragment has_constraint(const catalog::Name& table, const std::string& constraint);
[[nodiscard]] sql::Fragment is_validated(const catalog::Name& table, const std::string& constraint);
[[nodiscard]] sql::Fragment has_valid_index(const catalog::Name& index);
[[nodiscard]] sql::Fragment has_invalid_index(const catalog::Name& index);

// ---- what mig keeps aside ----
// The name under which a column (or an index, constraint, sequence of it) is kept. It carries a mark of the migration
// and of `definition`, so that two migrations can keep a column of one name at once, and a column that comes back is
// never one of another definition.
[[nodiscard]] std::string kept_name(const Context& ctx, const std::string& name, const std::string& definition = {});
// A name with a mark of `text` at its end, for names that would be cut off otherwise.
[[nodiscard]] std::string kept_mark(const std::string& name, const std::string& text);
// The schema for tables that a way back keeps aside: as Context::park_schema, marked by the definition.
[[nodiscard]] std::string kept_schema(const Context& ctx, const std::string& definition);

}  // namespace mig::operations
