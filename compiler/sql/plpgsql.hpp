// PL/pgSQL as PostgreSQL's own parser sees it (libpg_query): mistakes with their line, and what a body does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::sql {

struct PlpgsqlError {
  std::string message;
  int line = 1;  // of the body, from 1
};

struct PlpgsqlFacts {
  std::vector<std::string> statements;  // SQL statements of the body, as written
  std::vector<std::string> assigned;    // columns of NEW that it assigns, sorted, once each
  bool raises = false;                  // raise exception: it can refuse
  bool returns_null = false;            // return null: before a row it swallows the write
};

// `definition` is a whole CREATE FUNCTION or CREATE PROCEDURE statement. nullopt: `error` says what is wrong, or, where
// it is empty, the parser stopped at something that only a database can tell (the fields of a row type).
[[nodiscard]] std::optional<PlpgsqlFacts> plpgsql_facts(std::string_view definition,
                                                        std::optional<PlpgsqlError>& error);

}  // namespace mig::sql
