// What a database holds, as plain values: one struct per kind of object, each with its fields listed once in fields().
//
// Every struct has `template <class V, class T> static void fields(V&& visit, T& self)`, which calls
// visit("field", member, Role). Snapshot, fingerprint, diff and equality are all written over that list, so a new
// field is added in one place. Roles:
//   identity  part of what the object is: compared, fingerprinted, in the snapshot
//   derived   the server's own text of things that other fields say: in the snapshot, not compared
//   volatile  estimates, last_value, counters: only in <file>.sizes.json, never fingerprinted
//   expression as identity, but compared by sql::same_expression where one side was written by a user or followed a
//              rename (definitions of views, triggers, rules, functions: by sql::same_statement too)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/sql/sql.hpp"

namespace mig::catalog {

enum class Role { identity, derived, volatile_, expression };

// A qualified name; the order is by bytes (schema, then name), as in snapshot files.
struct Name {
  std::string schema;
  std::string name;
  friend auto operator<=>(const Name&, const Name&) = default;
  [[nodiscard]] sql::Qualified sql() const { return {schema, name}; }
  // schema.name with quotes where needed: the key in snapshots, plans and messages.
  [[nodiscard]] std::string text() const { return sql::display(sql()); }
};

// One entry of an ACL: grantee ("" is PUBLIC), privileges as PostgreSQL's letters ("arwdDxt", * after a grantable one).
struct Grant {
  std::string grantee, privileges, grantor;
  friend auto operator<=>(const Grant&, const Grant&) = default;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("grantee", self.grantee, Role::identity);
    visit("privileges", self.privileges, Role::identity);
    visit("grantor", self.grantor, Role::identity);
  }
};

// Sequence parameters (pg_sequence).
struct SequenceOptions {
  std::string type = "bigint", start, increment, min, max, cache;
  bool cycle = false;
  friend bool operator==(const SequenceOptions&, const SequenceOptions&) = default;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("type", self.type, Role::identity);
    visit("start", self.start, Role::identity);
    visit("increment", self.increment, Role::identity);
    visit("min", self.min, Role::identity);
    visit("max", self.max, Role::identity);
    visit("cache", self.cache, Role::identity);
    visit("cycle", self.cycle, Role::identity);
  }
};

struct Column {
  std::string name;
  std::string type;  // format_type(): "character varying(20)", "public.mood[]"; types outside pg_catalog
                     // are schema-qualified
  bool not_null = false;
  std::string not_null_name;                // PostgreSQL 18: the constraint's name
  bool not_null_valid = true;               // PostgreSQL 18: false while NOT VALID
  std::string default_;                     // pg_get_expr(); empty: none
  std::string identity;                     // "", "always", "by default"
  std::optional<SequenceOptions> sequence;  // of the identity
  std::string generated;                    // "", "stored", "virtual"; the expression stands in default_
  std::string collation;                    // only where it differs from the type's
  std::string storage;                      // only where it differs from the type's: plain external extended main
  std::string compression;                  // pglz lz4 or ""
  int statistics = -1;                      // -1: the default
  std::vector<std::string> options;
  bool local = true;  // attislocal
  int inherited = 0;  // attinhcount
  std::vector<Grant> grants;
  std::string comment;
  int number = 0;       // attnum: gaps tell of dropped columns
  std::string made_by;  // not of the database: the place (migration/phase) of this compilation that adds it

  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("type", self.type, Role::identity);
    visit("not_null", self.not_null, Role::identity);
    visit("not_null_name", self.not_null_name, Role::derived);
    visit("not_null_valid", self.not_null_valid, Role::identity);
    visit("default", self.default_, Role::expression);
    visit("identity", self.identity, Role::identity);
    visit("sequence", self.sequence, Role::identity);
    visit("generated", self.generated, Role::identity);
    visit("collation", self.collation, Role::identity);
    visit("storage", self.storage, Role::identity);
    visit("compression", self.compression, Role::identity);
    visit("statistics", self.statistics, Role::identity);
    visit("options", self.options, Role::identity);
    visit("local", self.local, Role::identity);
    visit("inherited", self.inherited, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
    visit("number", self.number, Role::volatile_);
  }
};

struct Constraint {
  std::string name;
  std::string kind;                  // "primary key" "unique" "check" "foreign key" "exclude"
  std::vector<std::string> columns;  // of this table, in key order
  std::string expression;            // check: pg_get_expr()
  Name references;                   // foreign key
  std::vector<std::string> reference_columns;
  std::string match;                           // simple full partial
  std::string on_delete, on_update;            // "no action" …
  std::vector<std::string> on_delete_columns;  // PostgreSQL 15: on delete set null (…)
  std::vector<std::string> include;
  bool deferrable = false, deferred = false;
  bool validated = true;
  bool enforced = true;  // PostgreSQL 18
  bool no_inherit = false;
  bool local = true;
  int inherited = 0;
  bool nulls_not_distinct = false;
  bool period = false;     // PostgreSQL 18: WITHOUT OVERLAPS, PERIOD
  std::string parent;      // the parent partition's constraint, if any
  std::string definition;  // pg_get_constraintdef()
  std::string comment;

  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("kind", self.kind, Role::identity);
    visit("columns", self.columns, Role::identity);
    visit("expression", self.expression, Role::expression);
    visit("references", self.references, Role::identity);
    visit("reference_columns", self.reference_columns, Role::identity);
    visit("match", self.match, Role::identity);
    visit("on_delete", self.on_delete, Role::identity);
    visit("on_update", self.on_update, Role::identity);
    visit("on_delete_columns", self.on_delete_columns, Role::identity);
    visit("include", self.include, Role::identity);
    visit("deferrable", self.deferrable, Role::identity);
    visit("deferred", self.deferred, Role::identity);
    visit("validated", self.validated, Role::identity);
    visit("enforced", self.enforced, Role::identity);
    visit("no_inherit", self.no_inherit, Role::identity);
    visit("local", self.local, Role::identity);
    visit("inherited", self.inherited, Role::identity);
    visit("nulls_not_distinct", self.nulls_not_distinct, Role::identity);
    visit("period", self.period, Role::identity);
    visit("parent", self.parent, Role::derived);
    visit("definition", self.definition, Role::derived);
    visit("comment", self.comment, Role::identity);
  }
};

struct IndexPart {
  std::string column;      // or
  std::string expression;  // pg_get_indexdef(i, n)
  std::string collation;   // only where it differs from the column's
  std::string opclass;     // only where it is not the default
  std::string opclass_options;
  bool descending = false;
  bool nulls_first = false;
  int statistics = -1;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("column", self.column, Role::identity);
    visit("expression", self.expression, Role::expression);
    visit("collation", self.collation, Role::identity);
    visit("opclass", self.opclass, Role::identity);
    visit("opclass_options", self.opclass_options, Role::identity);
    visit("descending", self.descending, Role::identity);
    visit("nulls_first", self.nulls_first, Role::identity);
    visit("statistics", self.statistics, Role::identity);
  }
};

struct Index {
  std::string name;  // in the schema of its table
  std::string method = "btree";
  bool unique = false, primary = false;
  std::string constraint;  // the constraint it belongs to, if any
  std::vector<IndexPart> parts;
  std::vector<std::string> include;
  std::string predicate;
  bool nulls_not_distinct = false;
  bool valid = true, ready = true, live = true;
  bool replica_identity = false, clustered = false;
  std::vector<std::string> options;
  std::string tablespace;
  std::string parent;      // the parent partition's index, if any
  std::string definition;  // pg_get_indexdef()
  std::string comment;

  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("method", self.method, Role::identity);
    visit("unique", self.unique, Role::identity);
    visit("primary", self.primary, Role::identity);
    visit("constraint", self.constraint, Role::identity);
    visit("parts", self.parts, Role::identity);
    visit("include", self.include, Role::identity);
    visit("predicate", self.predicate, Role::expression);
    visit("nulls_not_distinct", self.nulls_not_distinct, Role::identity);
    visit("valid", self.valid, Role::identity);
    visit("ready", self.ready, Role::identity);
    visit("live", self.live, Role::identity);
    visit("replica_identity", self.replica_identity, Role::identity);
    visit("clustered", self.clustered, Role::identity);
    visit("options", self.options, Role::identity);
    visit("tablespace", self.tablespace, Role::identity);
    visit("parent", self.parent, Role::derived);
    visit("definition", self.definition, Role::derived);
    visit("comment", self.comment, Role::identity);
  }
};

struct Trigger {
  std::string name, definition;    // pg_get_triggerdef()
  std::string enabled = "origin";  // origin always replica disabled
  Name function;
  std::vector<std::string> columns;  // UPDATE OF
  bool row = true, constraint = false;
  std::string comment;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("definition", self.definition, Role::expression);
    visit("enabled", self.enabled, Role::identity);
    visit("function", self.function, Role::identity);
    visit("columns", self.columns, Role::identity);
    visit("row", self.row, Role::identity);
    visit("constraint", self.constraint, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

struct Policy {
  std::string name, command;  // all select insert update delete
  bool permissive = true;
  std::vector<std::string> roles;
  std::string using_, check, comment;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("command", self.command, Role::identity);
    visit("permissive", self.permissive, Role::identity);
    visit("roles", self.roles, Role::identity);
    visit("using", self.using_, Role::expression);
    visit("check", self.check, Role::expression);
    visit("comment", self.comment, Role::identity);
  }
};

struct Rule {
  std::string name, definition, enabled = "origin", comment;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("definition", self.definition, Role::expression);
    visit("enabled", self.enabled, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

// A relation that depends on columns of another: for the question "who would notice?".
struct Use {
  Name relation;
  std::vector<std::string> columns;  // empty: the whole row
  friend auto operator<=>(const Use&, const Use&) = default;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("relation", self.relation, Role::identity);
    visit("columns", self.columns, Role::identity);
  }
};

// A table of any kind (ordinary, partitioned, foreign) with all that belongs to it alone.
struct Table {
  Name name;
  std::string kind = "table";             // table, partitioned table, foreign table
  std::string persistence = "permanent";  // permanent unlogged
  std::string owner;
  std::string partition_by;  // pg_get_partkeydef()
  std::vector<std::string> partition_columns;
  Name partition_of;  // the parent of a partition
  std::string partition_bound;
  std::vector<Name> inherits;  // plain inheritance, in order
  std::vector<Name> children;  // partitions and inheritors, sorted
  std::string access_method;   // only where it is not heap
  std::string tablespace;
  std::vector<std::string> options;
  std::string replica_identity = "default";  // default full nothing index
  bool row_security = false, force_row_security = false;
  std::vector<Grant> grants;
  std::string comment;
  std::vector<Column> columns;          // in order of attnum
  std::vector<Constraint> constraints;  // sorted by name, like all below
  std::vector<Index> indexes;
  std::vector<Trigger> triggers;
  std::vector<Policy> policies;
  std::vector<Rule> rules;
  double rows = -1;        // pg_class.reltuples; -1: never analyzed
  std::int64_t bytes = 0;  // by the last ANALYZE, else pg_table_size()
  // Not of the database, so neither compared nor written: what this compilation knows about the table beyond it.
  std::string made_by;  // the place (migration/phase) that creates it; empty: it exists
  std::string opaque;   // the place of an `sql` that changed it in a way that is not known here

  [[nodiscard]] const Column* column(std::string_view column) const;
  [[nodiscard]] const Constraint* constraint(std::string_view constraint) const;
  [[nodiscard]] const Index* index(std::string_view index) const;
  [[nodiscard]] const Constraint* primary_key() const;
  [[nodiscard]] bool partitioned() const { return kind == "partitioned table"; }

  template <class V, class T>
  static void fields(V&& visit, T& self) {  // without the parts: those have lines of their own
    visit("kind", self.kind, Role::identity);
    visit("persistence", self.persistence, Role::identity);
    visit("owner", self.owner, Role::identity);
    visit("partition_by", self.partition_by, Role::identity);
    visit("partition_columns", self.partition_columns, Role::identity);
    visit("partition_of", self.partition_of, Role::identity);
    visit("partition_bound", self.partition_bound, Role::identity);
    visit("inherits", self.inherits, Role::identity);
    visit("children", self.children, Role::identity);
    visit("access_method", self.access_method, Role::identity);
    visit("tablespace", self.tablespace, Role::identity);
    visit("options", self.options, Role::identity);
    visit("replica_identity", self.replica_identity, Role::identity);
    visit("row_security", self.row_security, Role::identity);
    visit("force_row_security", self.force_row_security, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
    visit("rows", self.rows, Role::volatile_);
    visit("bytes", self.bytes, Role::volatile_);
  }
};

struct View {
  Name name;
  bool materialized = false;
  std::string owner, definition;     // pg_get_viewdef()
  std::vector<Column> columns;       // names, types, defaults, comments, grants
  std::vector<std::string> options;  // security_barrier, security_invoker, check_option
  std::vector<Use> uses;             // from pg_depend: relations and columns read
  std::vector<Name> functions;       // functions called
  bool populated = true;
  std::string tablespace;
  std::vector<Grant> grants;
  std::vector<Index> indexes;  // of a materialized view
  std::vector<Trigger> triggers;
  std::vector<Rule> rules;  // other than _RETURN
  std::string comment;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("materialized", self.materialized, Role::identity);
    visit("owner", self.owner, Role::identity);
    visit("definition", self.definition, Role::expression);
    visit("options", self.options, Role::identity);
    visit("uses", self.uses, Role::derived);
    visit("functions", self.functions, Role::derived);
    visit("populated", self.populated, Role::identity);
    visit("tablespace", self.tablespace, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

struct Sequence {
  Name name;
  std::string owner;
  SequenceOptions options;
  Name owned_by;  // table
  std::string owned_by_column;
  bool identity = false;  // made by an identity column: lives and dies with it
  std::string persistence = "permanent";
  std::vector<Grant> grants;
  std::string comment;
  std::string last_value;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("owner", self.owner, Role::identity);
    visit("options", self.options, Role::identity);
    visit("owned_by", self.owned_by, Role::identity);
    visit("owned_by_column", self.owned_by_column, Role::identity);
    visit("identity", self.identity, Role::identity);
    visit("persistence", self.persistence, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
    visit("last_value", self.last_value, Role::volatile_);
  }
};

struct DomainCheck {
  std::string name, expression;
  bool validated = true;
  std::string comment = {};
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("expression", self.expression, Role::expression);
    visit("validated", self.validated, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

struct Type {
  Name name;
  std::string kind;      // base enum domain composite range multirange pseudo
  std::string category;  // pg_type.typcategory, a letter
  bool preferred = false;
  std::string owner;
  std::vector<std::string> labels;  // enum, in order
  std::string base;                 // domain: format_type(); range: its subtype
  bool not_null = false;            // domain
  std::string default_;             // domain
  std::string collation;
  std::vector<DomainCheck> checks;  // domain
  std::vector<Column> attributes;   // composite
  Name element;                     // array and subscriptable types
  Name array;                       // its array type
  int length = 0;                   // typlen
  std::string storage;
  std::string options;    // range: opclass, diff, canonical; base: its functions
  std::string extension;  // the extension that it belongs to
  std::vector<Grant> grants;
  std::string comment;
  bool system = false;  // made by initdb: stands in the system snapshot; not in fields()
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("kind", self.kind, Role::identity);
    visit("category", self.category, Role::identity);
    visit("preferred", self.preferred, Role::identity);
    visit("owner", self.owner, Role::identity);
    visit("labels", self.labels, Role::identity);
    visit("base", self.base, Role::identity);
    visit("not_null", self.not_null, Role::identity);
    visit("default", self.default_, Role::expression);
    visit("collation", self.collation, Role::identity);
    visit("checks", self.checks, Role::identity);
    visit("attributes", self.attributes, Role::identity);
    visit("element", self.element, Role::identity);
    visit("array", self.array, Role::derived);
    visit("length", self.length, Role::identity);
    visit("storage", self.storage, Role::identity);
    visit("options", self.options, Role::identity);
    visit("extension", self.extension, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

struct FunctionArgument {
  std::string name, type, mode = "in", default_;
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("name", self.name, Role::identity);
    visit("type", self.type, Role::identity);
    visit("mode", self.mode, Role::identity);
    visit("default", self.default_, Role::expression);
  }
};

// A function, procedure, aggregate or window function. Its key is name(argument types).
struct Function {
  Name name;
  std::string arguments_key;  // pg_get_function_identity_arguments() without names: "integer, text"
  std::string kind = "function";
  std::vector<FunctionArgument> arguments;
  std::string returns;  // format_type(); setof told apart
  bool returns_set = false, strict = false, security_definer = false, leakproof = false;
  std::string volatility = "volatile", parallel = "unsafe", language, owner;
  Name variadic;  // element type of a variadic argument
  std::vector<std::string> settings;
  std::string definition;  // pg_get_functiondef(); aggregates: their parts
  std::vector<Use> uses;   // BEGIN ATOMIC bodies: tracked by pg_depend
  std::vector<Grant> grants;
  std::string comment;
  bool system = false;  // as in Type
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("kind", self.kind, Role::identity);
    visit("arguments", self.arguments, Role::identity);
    visit("returns", self.returns, Role::identity);
    visit("returns_set", self.returns_set, Role::identity);
    visit("strict", self.strict, Role::identity);
    visit("security_definer", self.security_definer, Role::identity);
    visit("leakproof", self.leakproof, Role::identity);
    visit("volatility", self.volatility, Role::identity);
    visit("parallel", self.parallel, Role::identity);
    visit("language", self.language, Role::identity);
    visit("owner", self.owner, Role::identity);
    visit("variadic", self.variadic, Role::identity);
    visit("settings", self.settings, Role::identity);
    visit("definition", self.definition, Role::expression);
    visit("uses", self.uses, Role::derived);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

// Everything that is known by name and text and has no parts that operations look into: schema, extension,
// publication, subscription, statistics, operator, operator class, operator family, cast, collation, conversion,
// event trigger, foreign server, foreign data wrapper, user mapping, language, text search objects, access method,
// default privileges, role, tablespace. `facts` hold the kind's own fields by name.
struct Object {
  std::string kind;
  Name name;  // schema empty where the kind has none; an operator's name carries its argument types
  std::string owner;
  std::map<std::string, std::string> facts;
  std::vector<Use> uses;  // tables of a publication or statistics object
  std::vector<Grant> grants;
  std::string comment;
  bool system = false;  // as in Type
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("owner", self.owner, Role::identity);
    visit("facts", self.facts, Role::identity);
    visit("uses", self.uses, Role::identity);
    visit("grants", self.grants, Role::identity);
    visit("comment", self.comment, Role::identity);
  }
};

// A migration as the journal knows it: what is applied, in flight, pending.
struct Applied {
  std::string name;
  std::string state;        // pending expanded mapped verified contracted done (…ing while it runs)
  std::string source_hash;  // SHA-256 of the file's bytes, hex
  std::string plan_hash;
  std::string since;                    // UTC, ISO 8601
  std::vector<std::string> steps_done;  // ids, sorted
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("state", self.state, Role::identity);
    visit("source_hash", self.source_hash, Role::identity);
    visit("plan_hash", self.plan_hash, Role::identity);
    visit("since", self.since, Role::volatile_);
    visit("steps_done", self.steps_done, Role::identity);
  }
};

}  // namespace mig::catalog
