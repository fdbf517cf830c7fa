// PostgreSQL's own parser (libpg_query) behind a small interface. Pure text in, values out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::sql {

// A parse error with its byte offset.
struct ParseError {
  std::string message;
  std::size_t offset = 0;
};

// Splits a script into statements by PostgreSQL's grammar (offset, length). An error: nullopt and `error` is set.
struct StatementSpan {
  std::size_t offset = 0, length = 0;
};
[[nodiscard]] std::optional<std::vector<StatementSpan>> split(std::string_view script, ParseError& error);

// Does this parse as exactly one statement / one scalar expression / one query?
[[nodiscard]] std::optional<ParseError> check_statement(std::string_view text);
[[nodiscard]] std::optional<ParseError> check_expression(std::string_view text);
[[nodiscard]] std::optional<ParseError> check_query(std::string_view text);

// Equal as PostgreSQL would store them, as far as a parser can tell: modulo parentheses, blanks, casts that the server
// adds (`'x'::text`), IN against = ANY (ARRAY[…]), BETWEEN against >= AND <=, LIKE against ~~. Used to compare what a
// user wrote with what pg_get_expr prints; never to decide about data.
[[nodiscard]] bool same_expression(std::string_view a, std::string_view b);

// What a statement is and what it names, from the parse tree.
struct StatementFacts {
  std::string kind;                    // node name: "AlterTableStmt", "CreateStmt", …
  std::vector<std::string> relations;  // as written: "schema.name" or "name"
  bool non_transactional = false;      // CREATE INDEX CONCURRENTLY, VACUUM, …
  bool transaction_control = false;    // BEGIN, COMMIT, …
};
[[nodiscard]] std::optional<StatementFacts> facts(std::string_view statement, ParseError& error);

// Column names that an expression mentions (unqualified parts of ColumnRef), sorted, once each.
[[nodiscard]] std::vector<std::string> columns_of(std::string_view expression);

}  // namespace mig::sql
