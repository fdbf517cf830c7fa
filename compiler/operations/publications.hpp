// Publications: from what is written to the catalog's object, what would be wrong with it, and its SQL.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// ---- names ----
[[nodiscard]] const catalog::Object* find_publication(const Context& ctx, const syntax::Name& name);
// Reports an unknown name, and an owner that the role cannot act as.
[[nodiscard]] const catalog::Object* require_own_publication(const Context& ctx, const syntax::Name& name);
bool require_new_publication(const Context& ctx, const syntax::Name& name);

// ---- what a call publishes: `table t (columns) where (…)` and `tables in schema s`, as often as they stand in it ----
// Reports what PostgreSQL would refuse, and rights that are missing.
bool check_targets(const Context& ctx);
// The tables of the call with the inheritors that PostgreSQL adds along, and its schemas, put into the publication.
void add_targets(const Context& ctx, catalog::Object& publication);
// The tables of the call with those inheritors that are published too, and its schemas.
struct Targets {
  std::vector<catalog::Name> tables;
  std::vector<std::string> schemas;
};
[[nodiscard]] Targets targets_of_call(const Context& ctx);

// ---- options: `(publish = 'insert, update', publish_via_partition_root = true, publish_generated_columns = stored)`
// ----
bool check_options(const Context& ctx, const std::vector<syntax::Setting>& settings);
void set_options(const Context& ctx, const std::vector<syntax::Setting>& settings, catalog::Object& publication);

// ---- the object ----
[[nodiscard]] std::vector<std::string> schemas_of(const catalog::Object& publication);
void put_schemas(catalog::Object& publication, std::vector<std::string> schemas);
[[nodiscard]] bool publishes(const catalog::Object& publication, std::string_view command);
// Reports what would be wrong with it as it becomes: writes to its tables would fail, or PostgreSQL would refuse it.
// What was so `before` is not said again.
void report_problems(const Context& ctx, source::Span span, const catalog::Object* before,
                     const catalog::Object& publication);

// ---- SQL ----
// `TABLE ONLY s.t (a, b) WHERE (…), s.u, TABLES IN SCHEMA s`; empty where there is nothing.
[[nodiscard]] sql::Fragment targets_sql(const Context& ctx, const catalog::Object& publication, const Targets& targets);
[[nodiscard]] Targets all_targets(const catalog::Object& publication);
// publish = '…', publish_via_partition_root = …: those in which the two differ, with the values of `to`.
[[nodiscard]] sql::Fragment options_sql(const catalog::Object& from, const catalog::Object& to);
// A publication of this name with the options that PostgreSQL gives where nothing is said.
[[nodiscard]] catalog::Object new_publication(const Context& ctx, const std::string& name);
// CREATE PUBLICATION, its owner and comment.
[[nodiscard]] std::vector<sql::Statement> create_statements(const Context& ctx, const catalog::Object& publication);
// SHARE UPDATE EXCLUSIVE on these tables.
[[nodiscard]] std::vector<sql::Lock> target_locks(const Targets& targets);

// ---- probes ----
[[nodiscard]] sql::Fragment has_publication(const std::string& name);
// All of them are in it.
[[nodiscard]] sql::Fragment publishes_all(const std::string& publication, const Targets& targets);
// None of them is.
[[nodiscard]] sql::Fragment publishes_none(const std::string& publication, const Targets& targets);
[[nodiscard]] sql::Fragment has_options(const Context& ctx, const catalog::Object& publication);

[[nodiscard]] std::vector<std::string> publication_touches(const catalog::Object& publication);

}  // namespace mig::operations
