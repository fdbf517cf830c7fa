// The catalog: a database's schema as a value. Live from introspect(), or lazily from a snapshot file.
//
// A Catalog is cheap to copy: objects are shared, changed ones are copied. Operations change a copy (their effect), so
// that each step of a plan sees the schema as it is at that point.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <variant>

#include "compiler/catalog/objects.hpp"

namespace mig::catalog {

// Where objects come from that nobody has looked at yet (a snapshot file). Pure: reads only bytes given to it.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;
  // nullptr: no such object.
  [[nodiscard]] virtual std::shared_ptr<const Table> table(const Name& name) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const View> view(const Name& name) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const Sequence> sequence(const Name& name) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const Type> type(const Name& name) const = 0;
  [[nodiscard]] virtual std::vector<std::shared_ptr<const Function>> functions(const Name& name) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const Object> object(std::string_view kind, const Name& name) const = 0;
  // The table or materialized view that this index belongs to.
  [[nodiscard]] virtual std::optional<Name> index_owner(const Name& index) const = 0;
  // Names of all objects of a kind ("table", "view", "sequence", "type", "function", "schema", "publication" …).
  [[nodiscard]] virtual std::vector<Name> names(std::string_view kind) const = 0;
  // Tables with a foreign key to this table, itself included where it refers to itself.
  [[nodiscard]] virtual std::vector<Name> referencing(const Name& table) const = 0;
  // Views, materialized views, functions and objects (publication, statistics) whose `uses` name this relation, as
  // {kind, name} pairs.
  [[nodiscard]] virtual std::vector<std::pair<std::string, Name>> users(const Name& relation) const = 0;
  // Sequences owned by a column of this table (serial, identity).
  [[nodiscard]] virtual std::vector<Name> owned_sequences(const Name& table) const = 0;
  // What was found damaged so far in what was looked at: "line 12: …". A lazy store finds damage when it reads.
  [[nodiscard]] virtual std::vector<std::string> damage() const { return {}; }
};

// Facts about the server and the session's role.
struct Server {
  int version = 0;  // server_version_num, 150004
  std::string database, role, encoding, collation;
  bool superuser = false;
  std::vector<std::string> search_path;         // schemas that exist, in order, without pg_catalog
  std::vector<std::string> member_of;           // roles the session's role can act as, itself included
  std::map<std::string, std::string> settings;  // lock_timeout, deadlock_timeout, statement_timeout, …
  [[nodiscard]] int major() const { return version / 10000; }
  template <class V, class T>
  static void fields(V&& visit, T& self) {
    visit("version", self.version, Role::identity);
    visit("database", self.database, Role::identity);
    visit("role", self.role, Role::identity);
    visit("encoding", self.encoding, Role::identity);
    visit("collation", self.collation, Role::identity);
    visit("superuser", self.superuser, Role::identity);
    visit("search_path", self.search_path, Role::identity);
    visit("member_of", self.member_of, Role::identity);
    visit("settings", self.settings, Role::identity);
  }
};

class Catalog {
 public:
  Server server;
  std::vector<Applied> migrations;  // the journal's state rows, sorted by name
  bool journal_present = false;

  Catalog() = default;
  // A catalog over a snapshot (lazy) or over what introspection read. Copies share the store and copy only changes.
  explicit Catalog(std::shared_ptr<const Store> store) : store_(std::move(store)) {}

  // ---- look up; null: no such object. Pointers live as long as this Catalog is not changed. Objects made by mig
  // (schema mig, mig_park_*, names beginning with _mig_) are invisible here; introspect leaves them out. ----
  [[nodiscard]] const Table* table(const Name& name) const;
  [[nodiscard]] const View* view(const Name& name) const;
  [[nodiscard]] const Sequence* sequence(const Name& name) const;
  [[nodiscard]] const Type* type(const Name& name) const;
  [[nodiscard]] std::vector<const Function*> functions(const Name& name) const;
  [[nodiscard]] const Object* object(std::string_view kind, const Name& name) const;
  [[nodiscard]] bool has_schema(std::string_view schema) const;

  // Resolves a written name: as it is when qualified, else by search_path among tables, views, sequences, indexes.
  [[nodiscard]] std::optional<Name> find_table(std::string_view schema, std::string_view name) const;
  [[nodiscard]] std::optional<Name> find_type(std::string_view schema, std::string_view name) const;
  // What occupies this name in the namespace of relations: "table", "view" (also materialized), "sequence", "index",
  // "type" (composite), or empty.
  [[nodiscard]] std::string relation_kind(const Name& name) const;
  // The table that owns the index of this name, or null.
  [[nodiscard]] const Table* table_of_index(const Name& index) const;

  [[nodiscard]] std::vector<Name> names(std::string_view kind) const;  // sorted
  [[nodiscard]] std::vector<Name> referencing(const Name& table) const;
  [[nodiscard]] std::vector<std::pair<std::string, Name>> users(const Name& relation) const;
  [[nodiscard]] std::vector<Name> owned_sequences(const Name& table) const;
  // This table and all its partitions or inheritors, parents first.
  [[nodiscard]] std::vector<Name> tree(const Name& table) const;

  // ---- change: the effect of an operation ----
  Table& edit_table(const Name& name);  // must exist
  void put(Table table);
  void put(View view);
  void put(Sequence sequence);
  void put(Type type);
  void put(Function function);
  void put(Object object);
  void drop(std::string_view kind, const Name& name);  // "table", "view", …; functions: all of that name
  // Renames a table and everything in the catalog that refers to it by name (foreign keys, uses, inheritance, owned
  // sequences, and the server's texts of views, rules, triggers and policies: by their trees, never by text).
  void rename_table(const Name& from, const Name& to);
  [[nodiscard]] std::vector<std::string> damage() const;  // of the store, see there
  // Keys of the objects (tables with all their parts, views, types …) that are not what they are in `earlier`, of which
  // this is a copy that was changed: made, dropped or different. Sorted.
  [[nodiscard]] std::vector<std::string> changed_since(const Catalog& earlier) const;

 private:
  template <class T>
  using Overlay = std::map<Name, std::shared_ptr<T>>;  // null: dropped
  std::shared_ptr<const Store> store_;
  Overlay<Table> tables_;
  Overlay<View> views_;
  Overlay<Sequence> sequences_;
  Overlay<Type> types_;
  std::map<Name, std::vector<std::shared_ptr<Function>>> functions_;  // all of a name; empty: dropped
  std::map<std::pair<std::string, Name>, std::shared_ptr<Object>> objects_;
  void rename_uses(const Name& from, const Name& to);
};

// The key of an object in plans, drift reports and snapshots: "table public.orders", "column public.orders.total",
// "index public.orders_total_idx", "function public.f(integer, text)".
[[nodiscard]] std::string key(std::string_view kind, const Name& name, std::string_view part = {});
// A key taken apart. `part`: of a column, constraint, trigger, policy or rule its own name; of a function its argument
// types. nullopt: not a key.
struct Key {
  std::string kind;
  Name name;
  std::string part;
  friend auto operator<=>(const Key&, const Key&) = default;
};
[[nodiscard]] std::optional<Key> parse_key(std::string_view text);
// The relation that a key is about, as text: "public.orders" for the table, its columns and constraints alike; for any
// other object its own name. Two keys with one relation may speak of one another's parts.
[[nodiscard]] std::string relation_of(std::string_view key);
// Reads `schema.name`, `name` or `schema.name.part` with quotes as display() prints them. nullopt: not such a text.
[[nodiscard]] std::optional<std::vector<std::string>> parse_name(std::string_view text);

// SHA-256, hex, over the identity and expression fields of everything mig can see, in the order of the snapshot;
// estimates, statistics of the planner, last_value and oids are left out. Equal databases, equal fingerprints.
[[nodiscard]] std::string fingerprint(const Catalog& catalog);
// The same over one object with all its parts; "absent" when there is none.
[[nodiscard]] std::string fingerprint(const Catalog& catalog, std::string_view key);

// One difference between two catalogs.
struct Difference {
  std::string key;          // of the object or part
  std::string field;        // empty: the whole object
  std::string left, right;  // its text; "absent" where missing
};
// How expressions are compared: exact text for two introspected catalogs; sql::same_expression where one side is a
// model whose expressions are as the user wrote them.
enum class Compare { exact, model };
[[nodiscard]] std::vector<Difference> diff(const Catalog& left, const Catalog& right, Compare compare = Compare::exact);

}  // namespace mig::catalog
