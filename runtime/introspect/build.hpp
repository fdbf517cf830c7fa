// A catalog in the making: what the queries of introspection share, and the list of them.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "compiler/catalog/memory.hpp"
#include "runtime/introspect.hpp"
#include "runtime/introspect/link.hpp"

namespace mig::runtime::introspection {

// The first oid that initdb does not give away: FirstNormalObjectId of PostgreSQL's transam.h.
inline constexpr Oid first_user_oid = 16384;

// A row of pg_class with what was read of it so far.
struct Relation {
  catalog::Name name;
  char kind = 0;                        // relkind
  bool visible = false;                 // not mig's, not an extension's
  std::vector<std::string> attributes;  // by attnum - 1; empty: dropped
  std::vector<int> partition_key;       // attnums; 0: an expression
  std::vector<catalog::Column> columns;
  std::optional<catalog::Table> table;
  std::optional<catalog::View> view;
  [[nodiscard]] std::string attribute(int number) const;
  // These attributes include one that mig has put aside.
  [[nodiscard]] bool parked(const std::vector<int>& numbers) const;
  [[nodiscard]] std::vector<std::string> names(const std::vector<int>& numbers) const;
};

struct Build {
  Link& link;
  Scope scope;
  std::unordered_map<Oid, Relation> relations{};
  std::unordered_map<Oid, catalog::Sequence> sequences{};
  std::map<std::string, std::unordered_map<std::uint64_t, std::string>, std::less<>> comments{};  // by catalog
  std::set<std::string> roles{};  // that own or are granted something
  std::shared_ptr<catalog::Memory> memory = std::make_shared<catalog::Memory>();

  [[nodiscard]] int major() const { return link.version() / 10000; }
  // Of this object in this system catalog ("pg_class"), or of one of its columns.
  [[nodiscard]] std::string comment(std::string_view system_catalog, Oid object, int part = 0) const;
  // The relation, if it is one that operations may see.
  [[nodiscard]] Relation* visible(Oid relation);
  // Its name, also of one that is not visible; empty: none of the user's.
  [[nodiscard]] catalog::Name name(Oid relation) const;
  std::string role(std::string name);  // notes that it is in use
  // From ARRAY[acl::text, acldefault(…)::text]: empty where it says nothing but the default.
  [[nodiscard]] std::vector<catalog::Grant> grants(std::string_view acl);
  // From acl::text of what has no rights by default (columns, default privileges).
  [[nodiscard]] std::vector<catalog::Grant> acl(std::string_view text);
  void note_roles(const std::vector<catalog::Grant>& list);
  // " AND o.oid >= 16384", and nothing where the system's own are asked for too.
  [[nodiscard]] std::string oids(std::string_view column) const;
};

// Does mig itself own this? Schema mig, mig_park_*; names that begin with _mig_; triggers ~_mig_ and !_mig_.
[[nodiscard]] bool of_mig(const catalog::Name& name);
[[nodiscard]] bool of_mig(std::string_view name);
// Is this schema PostgreSQL's own, or one of temporary objects?
[[nodiscard]] bool system_schema(std::string_view schema);

// pg_attribute.attoptions without pg_attver: Debian's 15.20 stamps each column with the WAL position of its last change
// of type, and pg_dump leaves that out as well.
[[nodiscard]] std::vector<std::string> attribute_options(std::vector<std::string> options);

// The texts that pg_get_indexdef() and pg_get_constraintdef() print, made of what was read anyway: asking for them
// costs more than all other queries together. Not for exclusion constraints.
[[nodiscard]] std::string definition(const catalog::Index& index, const Relation& owner);
[[nodiscard]] std::string definition(const catalog::Constraint& constraint);

// origin, always, replica, disabled: of triggers and rules.
[[nodiscard]] std::string enabled(char letter);

// ---- the queries, in the order that they run; each is one kind of object ----
void read_server(Build& build, catalog::Server& server);  // before the session is set up: the target's real settings
void read_comments(Build& build);
void read_relations(Build& build);
void read_columns(Build& build);
void read_sequences(Build& build);
void read_inheritance(Build& build);
void read_views(Build& build);
void read_constraints(Build& build);
void read_indexes(Build& build);
void read_triggers(Build& build);
void read_policies(Build& build);
void read_rules(Build& build);
void read_types(Build& build);
void read_functions(Build& build);
void read_publications(Build& build);
void read_statistics(Build& build);
void read_objects(Build& build);
void read_settings(Build& build);  // ALTER DATABASE … SET, ALTER ROLE … SET
void read_roles(Build& build);
void read_sizes(Build& build);
void read_last_values(Build& build);  // outside the transaction: each one takes a lock that lives as long as it
void read_journal(Build& build, catalog::Catalog& catalog);
// Hands tables and views over to the store.
void finish(Build& build);

}  // namespace mig::runtime::introspection
