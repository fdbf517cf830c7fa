// The order of introspection: session, one transaction, one query after the other, the store.
#include "runtime/introspect.hpp"

#include "runtime/introspect/build.hpp"

namespace mig::runtime {

namespace {

using introspection::Build;
using introspection::Link;

// Server texts must not depend on how the role or database is set up. With an empty path, names outside pg_catalog are
// printed with their schema. JIT would compile for a second what runs for a millisecond.
constexpr std::string_view set_up[] = {"SET search_path = ''",
                                       "SET DateStyle = 'ISO, YMD'",
                                       "SET IntervalStyle = 'postgres'",
                                       "SET TimeZone = 'UTC'",
                                       "SET extra_float_digits = 1",
                                       "SET bytea_output = 'hex'",
                                       "SET lc_monetary = 'C'",
                                       "SET lc_numeric = 'C'",
                                       "SET quote_all_identifiers = off",
                                       "SET statement_timeout = 0",
                                       "SET lock_timeout = '10s'",
                                       "SET idle_in_transaction_session_timeout = 0",
                                       "SET jit = off",
                                       "SET client_min_messages = 'warning'",
                                       "SET work_mem = '64MB'"};

void read_all(Build& build) {
  read_comments(build);
  read_relations(build);
  read_columns(build);
  read_sequences(build);
  read_inheritance(build);
  read_views(build);
  read_constraints(build);
  read_indexes(build);
  read_triggers(build);
  read_policies(build);
  read_rules(build);
  read_types(build);
  read_functions(build);
  read_objects(build);
  read_settings(build);
  read_roles(build);
  if (build.scope.sizes) read_sizes(build);
}

catalog::Catalog read_database(Link& link, const Scope& scope) {
  Build build{.link = link, .scope = scope};
  catalog::Catalog catalog(build.memory);
  read_server(build, catalog.server);
  for (const auto statement : set_up) link.tell(statement);
  link.tell("START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  read_all(build);
  read_journal(build, catalog);
  link.tell("COMMIT");
  if (scope.sizes) read_last_values(build);
  finish(build);
  return catalog;
}

// pg_get_…def() look into the catalogs of this moment, not into the transaction's snapshot: what was dropped between
// is "cache lookup failed" (XX000) or a relation that does not exist. Reading again sees it gone.
bool changed_meanwhile(const DatabaseError& error) {
  return error.sqlstate == "XX000" || error.sqlstate == "42P01" || error.sqlstate == "42704" ||
         error.sqlstate == "42883";
}

}  // namespace

struct Introspector::Connection {
  Link link;
  explicit Connection(const Target& target) : link(target) {}
};

Introspector::Introspector(Target target) : target_(std::move(target)) {}
Introspector::~Introspector() = default;

catalog::Catalog Introspector::read(const Scope& scope) {
  constexpr int tries = 3;
  for (int left = tries - 1;; --left) {
    // What an earlier read set for itself is no setting of the role's.
    if (connection_) connection_->link.tell("RESET ALL");
    if (!connection_) connection_ = std::make_unique<Connection>(target_);
    try {
      return read_database(connection_->link, scope);
    } catch (const DatabaseError& error) {
      connection_.reset();
      if (left == 0 || !changed_meanwhile(error)) throw;
    }
  }
}

catalog::Catalog introspect(const Target& target, const Scope& scope) { return Introspector(target).read(scope); }

}  // namespace mig::runtime
