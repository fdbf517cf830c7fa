// Names of relations inside SQL that the server printed: renamed by the tree, compared without regard to aliases.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/sql/sql.hpp"

namespace mig::sql {

// What a text is, so that it can be parsed.
enum class Text {
  statement,   // a query, CREATE TRIGGER, CREATE RULE, CREATE STATISTICS …
  expression,  // of a table: `table.column` without a FROM of that name is that table's
  constraint   // FOREIGN KEY … REFERENCES …, as pg_get_constraintdef() prints it
};

// The text with this relation called by its new name, as PostgreSQL itself would print it after the rename but for the
// aliases that it invents. Spliced at the tree's places; the result's tree is held against the first one. nullopt: it
// does not parse, so that nobody can tell.
[[nodiscard]] std::optional<std::string> rename_relation(std::string_view text, Text kind, const Qualified& from,
                                                         const Qualified& to);

// The text with this column of the relation called by its new name, as PostgreSQL prints it after the rename: what a
// query shows keeps its old name by AS. `own`: the text belongs to the relation (its checks, indexes, policies, rules,
// triggers), so that bare names and those of old and new are its columns. nullopt: it does not parse.
[[nodiscard]] std::optional<std::string> rename_column(std::string_view text, Text kind, bool own,
                                                       const Qualified& relation, std::string_view from,
                                                       std::string_view to);

// The same statement, whatever its aliases are called: `orders orders_1` is `sales sales_1` where orders is sales.
[[nodiscard]] bool same_statement(std::string_view a, std::string_view b);

}  // namespace mig::sql
