// Schemas: what is in one, who may make one, and the statements that make one as it was.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

[[nodiscard]] const catalog::Object* find_schema(const Context& ctx, const syntax::Name& name);
// Reports an unknown schema, one of PostgreSQL's or mig's own, one of an extension, and an owner that the role cannot
// act as.
[[nodiscard]] const catalog::Object* require_own_schema(const Context& ctx, const syntax::Name& name);
// The name is free and nobody's own, and the role may create in the database.
bool require_new_schema(const Context& ctx, const syntax::Name& name);
// CREATE on the database: for schemas, publications, trusted extensions.
bool require_create_on_database(const Context& ctx, source::Span span, std::string_view what);

// Everything in it, and what goes with it without a word.
[[nodiscard]] std::vector<Dependent> contents(const Context& ctx, const std::string& schema);

// CREATE SCHEMA, its owner, rights and comment.
[[nodiscard]] std::vector<sql::Statement> create_schema_statements(const Context& ctx, const catalog::Object& schema);
[[nodiscard]] sql::Fragment has_schema(const std::string& name);

}  // namespace mig::operations
