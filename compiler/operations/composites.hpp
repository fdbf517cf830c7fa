// Composite types: their attributes as written and as the catalog has them, and where values of them are.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// ---- attributes that are there: written type.attribute or schema.type.attribute ----
struct AttributeAt {
  const catalog::Type* type = nullptr;
  const catalog::Column* attribute = nullptr;
};
// Of the hole `attribute`. Silent.
[[nodiscard]] AttributeAt find_attribute(const Context& ctx);
// Reports an unknown type or attribute, another kind of type, and a role that does not own it.
[[nodiscard]] AttributeAt require_attribute(const Context& ctx);
// The type alone, for an attribute that is to come.
[[nodiscard]] const catalog::Type* find_attribute_type(const Context& ctx);
[[nodiscard]] const catalog::Type* require_attribute_type(const Context& ctx);
[[nodiscard]] const syntax::Name& attribute_name(const Context& ctx);

// ---- attributes as written ----
[[nodiscard]] catalog::Column make_attribute(const Context& ctx, const syntax::Name& name,
                                             const syntax::Definition& definition);
// Type, collation, no other option; the type does not hold `owner` itself.
bool check_attribute(const Context& ctx, const catalog::Name& owner, const syntax::Definition& definition);
// The name is free in the type.
bool require_new_attribute(const Context& ctx, const catalog::Type& type, const syntax::Name& name);

// ---- what stands in the way ----
// Tables of the type (`create table … of`): an attribute would come and go with CASCADE.
bool require_no_typed_tables(const Context& ctx, const catalog::Type& type, source::Span span);
// ROW(…) of the type in views, defaults, checks: PostgreSQL prints it with another number of fields afterwards.
bool require_no_rows_of(const Context& ctx, const catalog::Type& type, source::Span span);
// Functions whose body is a string and that take or return it: written for its attributes as they are. Warns.
void warn_of_row_functions(const Context& ctx, const catalog::Type& type, source::Span span);
// Old clients have values of it: a column, a function or a view does. nullopt: nothing does.
[[nodiscard]] std::optional<Break> attribute_breaks(const Context& ctx, const catalog::Type& type, std::string why);

// ---- SQL ----
[[nodiscard]] std::vector<sql::Statement> create_composite_statements(const catalog::Type& type);
[[nodiscard]] sql::Statement alter_composite(const catalog::Name& type, sql::Fragment action);
[[nodiscard]] std::vector<sql::Statement> add_attribute_statements(const catalog::Name& type,
                                                                   const catalog::Column& attribute);
// Where something in the type changes: it and all that names it.
void finish_attribute(const Context& ctx, std::vector<sql::Step>& steps, const catalog::Name& type);

}  // namespace mig::operations
