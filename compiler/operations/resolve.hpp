// Written names to catalog objects, with the diagnostics for names that are not there, are taken or belong to mig.
//
// find_*: silent, null when there is none: for breaks, effect and steps, which run after check.
// require_*: report and return null (or false): for check.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The name as it stands in the file, quotes and case included.
[[nodiscard]] std::string_view written(const Context& ctx, const syntax::Name& name);
// The last part and the part before it (the schema), as PostgreSQL reads a qualified name.
[[nodiscard]] catalog::Name as_name(const syntax::Path& path);

// ---- tables ----
[[nodiscard]] const catalog::Table* find_table(const Context& ctx, const syntax::Path& path);
// Unknown names get did-you-mean; a view, sequence or index is said to be one.
[[nodiscard]] const catalog::Table* require_table(const Context& ctx, const syntax::Path& path);
// require_table and require_owner of it and of all its partitions and inheritors.
[[nodiscard]] const catalog::Table* require_own_table(const Context& ctx, const syntax::Path& path);

// ---- columns: written table.column or schema.table.column ----
struct ColumnAt {
  const catalog::Table* table = nullptr;
  const catalog::Column* column = nullptr;
};
// The path without its last part.
[[nodiscard]] syntax::Path table_part(const syntax::Path& path);
[[nodiscard]] ColumnAt find_column(const Context& ctx, const syntax::Path& path);
// Both members are set, or both are null and something was reported.
[[nodiscard]] ColumnAt require_column(const Context& ctx, const syntax::Path& path);
[[nodiscard]] const catalog::Column* require_column(const Context& ctx, const catalog::Table& table,
                                                    const syntax::Name& name);
// As require_column, and the role must own the table.
[[nodiscard]] ColumnAt require_own_column(const Context& ctx, const syntax::Path& path);
// A path of one part where table.column is meant is reported; true when it has two or three.
bool require_column_path(const Context& ctx, const syntax::Path& path);

// ---- new names ----
// Where a new object goes: the written schema, else the migration's.
[[nodiscard]] catalog::Name new_name(const Context& ctx, const syntax::Path& path);
// At most 63 bytes, and none of mig's own (_mig_…, schemas mig and mig_park_…).
bool require_name(const Context& ctx, const syntax::Name& name);
// A new table, index, sequence or view: the schema exists, the role may create in it, the name is free.
bool require_new_relation(const Context& ctx, const syntax::Path& path);
bool require_new_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name);
bool require_new_constraint(const Context& ctx, const catalog::Table& table, const syntax::Name& name);
bool require_schema(const Context& ctx, const syntax::Name& schema);

// ---- permission: what the server would refuse with 42501, said before anything runs ----
bool require_owner(const Context& ctx, std::string_view kind, const catalog::Name& name, std::string_view owner,
                   source::Span span);
bool require_create(const Context& ctx, const std::string& schema, source::Span span);
// REFERENCES on a table, for foreign keys.
bool require_references(const Context& ctx, const catalog::Table& table, source::Span span);

// Reports a name that is not among `candidates`: did-you-mean, and the quotes that names in mixed case need.
diagnostics::Diagnostic& report_unknown(const Context& ctx, const diagnostics::Code& code, const syntax::Name& name,
                                        std::string message, const std::vector<std::string>& candidates);

}  // namespace mig::operations
