// A live database to a catalog value: one query per kind of object, in one read-only repeatable-read transaction.
#pragma once

#include <memory>

#include "compiler/catalog/catalog.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

struct Scope {
  bool system = false;    // also pg_catalog's own types, operators, functions, casts
  bool sizes = true;      // estimates and sizes
  bool available = true;  // extensions that could be installed: the server reads files for it (some 10 ms)
};

// Reads the same database again and again over one connection: opening one takes a server as long as a small read.
class Introspector {
 public:
  explicit Introspector(Target target);
  ~Introspector();
  Introspector(const Introspector&) = delete;
  Introspector& operator=(const Introspector&) = delete;
  // As introspect(). After an error the next read connects anew.
  [[nodiscard]] catalog::Catalog read(const Scope& scope = {});

 private:
  struct Connection;
  Target target_;
  std::unique_ptr<Connection> connection_;
};

// PostgreSQL 13 to 18. Throws DatabaseError; a missing right to read is said with the GRANT that would mend it.
[[nodiscard]] catalog::Catalog introspect(const Target& target, const Scope& scope = {});

}  // namespace mig::runtime
