// Enums: their labels as values and as statements.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

[[nodiscard]] std::vector<sql::Statement> create_enum_statements(const catalog::Type& type);

[[nodiscard]] bool has_label(const catalog::Type& type, const std::string& label);
// Free in the enum, short enough, not mig's own.
bool require_new_label(const Context& ctx, const catalog::Type& type, const syntax::Text& label);
// Reports a label that the enum does not have, with did-you-mean.
bool require_label(const Context& ctx, const catalog::Type& type, const syntax::Text& label);

// The type has this label.
[[nodiscard]] sql::Fragment label_is_there(const catalog::Name& type, const std::string& label);
[[nodiscard]] sql::Statement rename_label_statement(const catalog::Name& type, const std::string& from,
                                                    const std::string& to);
[[nodiscard]] sql::Step rename_label_step(const Context& ctx, const catalog::Name& type, const std::string& from,
                                          const std::string& to, std::string title);
// Bodies of functions that hold 'label'.
void warn_of_label(const Context& ctx, source::Span span, const std::string& label);

}  // namespace mig::operations
