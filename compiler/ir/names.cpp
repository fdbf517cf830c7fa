// Generated names within PostgreSQL's 63 bytes.
#include "compiler/ir/names.hpp"

#include "compiler/source/hash.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::ir {

std::string park_schema(std::string_view migration) {
  const auto whole = "mig_park_" + std::string(migration);
  if (whole.size() <= sql::max_name) return whole;
  // Two long names that begin alike must not share a schema: the purge of one would meet the other's tables.
  return sql::object_name("mig_park", migration, source::sha256_hex(migration).substr(0, 8));
}

}  // namespace mig::ir
