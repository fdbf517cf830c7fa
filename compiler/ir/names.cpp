// Generated names within PostgreSQL's 63 bytes.
#include "compiler/ir/names.hpp"

#include <charconv>

#include "compiler/source/hash.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::ir {

std::string park_schema(std::string_view migration) {
  const auto whole = "mig_park_" + std::string(migration);
  if (whole.size() <= sql::max_name) return whole;
  // Two long names that begin alike must not share a schema: the purge of one would meet the other's tables.
  return sql::object_name("mig_park", migration, source::sha256_hex(migration).substr(0, 8));
}

std::string run_name(std::string_view repeatable, int number) {
  return std::string(repeatable) + "@" + std::to_string(number);
}

std::optional<Run> as_run(std::string_view migration) {
  const auto at = migration.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto digits = migration.substr(at + 1);
  int number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || number < 1) return std::nullopt;
  return Run{std::string(migration.substr(0, at)), number};
}

}  // namespace mig::ir
