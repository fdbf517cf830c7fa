// Text that the server printed (pg_get_functiondef, pg_get_triggerdef, pg_get_expr): as SQL again, and in probes.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A definition as the server printed it, to be run again.
[[nodiscard]] sql::Fragment server_text(const std::string& text);
// `printed`, an expression of SQL, is this text of the catalog. Introspection reads with an empty search_path; the
// session that asks prints names without their schema where its search_path finds them.
[[nodiscard]] sql::Fragment prints(const Context& ctx, const sql::Fragment& printed, const std::string& text);

// Warns of relations that a text names (a sub-select, a statement of a body) and the schema does not have. `text` is
// what is parsed, `span` the place of it in the file.
void warn_of_unknown_relations(const Context& ctx, const std::string& text, source::Span span);
// The tables and views of the schema that a text names.
[[nodiscard]] std::vector<catalog::Name> named_relations(const Context& ctx, const std::string& text);

// A role that comes into use stands in the catalog from then on.
void note_role(catalog::Catalog& after, const std::string& role);

}  // namespace mig::operations
