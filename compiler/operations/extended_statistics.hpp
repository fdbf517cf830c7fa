// Statistics objects: the catalog's object from what is written, and its SQL.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

[[nodiscard]] const catalog::Object* find_statistics(const Context& ctx, const syntax::Path& path);
// Reports an unknown name, and an owner that the role cannot act as.
[[nodiscard]] const catalog::Object* require_own_statistics(const Context& ctx, const syntax::Path& path);
// The name is free among the statistics objects of the schema, in which the role may create.
bool require_new_statistics(const Context& ctx, const catalog::Name& name, const syntax::Path& written);

// ALTER STATISTICS … SET STATISTICS; an empty target is the server's default.
[[nodiscard]] sql::Fragment target_statement(const catalog::Name& name, const std::string& target);
// CREATE STATISTICS by its definition, and its target, owner and comment.
[[nodiscard]] std::vector<sql::Statement> create_statements_of(const Context& ctx, const catalog::Object& statistics);
[[nodiscard]] sql::Step drop_statistics_step(const Context& ctx, const catalog::Object& statistics);

[[nodiscard]] sql::Fragment has_statistics(const catalog::Name& name);
[[nodiscard]] sql::Fragment has_target(const catalog::Name& name, const std::string& target);
[[nodiscard]] std::string fact_of(const catalog::Object& object, const std::string& fact);

}  // namespace mig::operations
