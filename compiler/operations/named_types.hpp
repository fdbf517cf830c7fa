// Types with a name of their own (enums, domains, composite types, ranges): found by name, renamed, moved, dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// ---- look up; `kind` is the catalog's: "enum", "domain" ----
[[nodiscard]] const catalog::Type* find_named_type(const Context& ctx, const syntax::Path& path, std::string_view kind);
// Reports unknown names, types of another kind, of an extension or of PostgreSQL, and an owner that the role is not.
[[nodiscard]] const catalog::Type* require_own_type(const Context& ctx, const syntax::Path& path,
                                                    std::string_view kind);
// The hole of this kind in the call.
[[nodiscard]] const syntax::Path& type_path(const Context& ctx, std::string_view kind);
[[nodiscard]] const catalog::Type* find_own_type(const Context& ctx, std::string_view kind);

// A new type: the schema exists, the role may create in it, no type or relation has the name.
bool require_new_type(const Context& ctx, const syntax::Path& path);
bool require_free_type(const Context& ctx, const catalog::Name& name, source::Span span);
[[nodiscard]] catalog::Type new_type(const Context& ctx, std::string_view kind);

// ---- making and dropping (named_types_park.cpp) ----
// The way back keeps it aside: columns that are kept aside as well are of it.
[[nodiscard]] std::vector<sql::Step> create_type_steps(const Context& ctx, const catalog::Type& type,
                                                       std::vector<sql::Statement> statements);
void check_drop_type(const Context& ctx, std::string_view kind);
void drop_type_effect(const Context& ctx, catalog::Catalog& after, std::string_view kind);
[[nodiscard]] Break drop_type_breaks(const Context& ctx, std::string_view kind);
// It is kept aside, and destroyed by purge.
[[nodiscard]] std::vector<sql::Step> drop_type_steps(const Context& ctx, std::string_view kind);

// ---- renaming and moving (named_types_move.cpp) ----
// `rename KIND … to (new name)` and `set KIND schema … to (schema name)`: the call has the one or the other.
void check_rename_type(const Context& ctx, std::string_view kind);
void check_move_type(const Context& ctx, std::string_view kind);
[[nodiscard]] Break move_type_breaks(const Context& ctx, std::string_view kind);
void move_type_effect(const Context& ctx, catalog::Catalog& after, std::string_view kind);
[[nodiscard]] std::vector<sql::Step> move_type_steps(const Context& ctx, std::string_view kind);
// Where the call takes it; the type is there.
[[nodiscard]] catalog::Name moved_type(const Context& ctx, std::string_view kind);

// ---- SQL ----
[[nodiscard]] sql::Fragment word_of(const catalog::Type& type);  // TYPE, DOMAIN
[[nodiscard]] sql::Fragment has_type(const catalog::Name& type);
// With this condition on its row of pg_type, named t.
[[nodiscard]] sql::Fragment type_is(const catalog::Name& type, const sql::Fragment& condition);

}  // namespace mig::operations
