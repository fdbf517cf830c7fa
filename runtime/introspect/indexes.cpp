// Indexes of tables and materialized views.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// An expression's text is asked for only where there is one; which operator classes and collations are worth a word is
// decided by the server's own rule: not the default of the key's type, not the column's.
constexpr std::string_view indexes_query = R"(
SELECT i.indexrelid, i.indrelid, c.relname, am.amname, i.indisunique, i.indisprimary, i.indisvalid, i.indisready,
  i.indislive, i.indisreplident, i.indisclustered, {nulls_not_distinct}, i.indnkeyatts, i.indkey, i.indclass,
  i.indcollation, i.indoption,
  CASE WHEN i.indexprs IS NOT NULL
       THEN ARRAY(SELECT CASE WHEN i.indkey[k] = 0 THEN pg_get_indexdef(i.indexrelid, k + 1, false) ELSE '' END
                  FROM generate_series(0, i.indnkeyatts - 1) k) END,
  pg_get_expr(i.indpred, i.indrelid), c.reloptions, s.spcname, con.conname, parent.relname
FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
  LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
  LEFT JOIN pg_class parent ON parent.oid = h.inhparent
WHERE i.indrelid >= 16384)";

// What is not the default of an index's columns: operator class, its options, statistics target.
struct KeyFacts {
  std::string options;
  int statistics = -1;
};

struct Names {
  std::unordered_map<Oid, std::string> opclasses;  // not the default ones
  std::unordered_map<Oid, std::string> collations;
  std::unordered_map<std::uint64_t, Oid> columns;    // collations of table columns, by (table, attnum)
  std::unordered_map<std::uint64_t, KeyFacts> keys;  // by (index, attnum)
};

std::uint64_t place(Oid relation, int number) {
  return std::uint64_t{relation} << 16U | static_cast<std::uint64_t>(number);
}

Names read_names(Build& build) {
  Names names;
  auto opclasses = build.link.ask(
      "SELECT o.oid, CASE WHEN n.nspname = 'pg_catalog' THEN quote_ident(o.opcname)"
      " ELSE quote_ident(n.nspname) || '.' || quote_ident(o.opcname) END"
      " FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE NOT o.opcdefault");
  while (opclasses.next()) {
    const auto oid = opclasses.id();
    names.opclasses.emplace(oid, opclasses.text());
  }
  auto collated = build.link.ask(
      "SELECT a.attrelid, a.attnum, a.attcollation, a.attcollation::regcollation::text FROM pg_attribute a"
      " JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'm', 'i', 'I')"
      " WHERE a.attrelid >= 16384 AND a.attcollation NOT IN (0, 100)");
  while (collated.next()) {
    const auto relation = collated.id();
    const auto number = static_cast<int>(collated.number());
    const auto collation = collated.id();
    names.columns.emplace(place(relation, number), collation);
    names.collations.emplace(collation, collated.text());
  }
  auto keys = build.link.ask(
      "SELECT a.attrelid, a.attnum, a.attoptions, coalesce(a.attstattarget, -1)"
      " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('i', 'I')"
      " WHERE a.attrelid >= 16384 AND (a.attoptions IS NOT NULL OR coalesce(a.attstattarget, -1) >= 0)");
  while (keys.next()) {
    const auto relation = keys.id();
    const auto number = static_cast<int>(keys.number());
    auto& facts = names.keys[place(relation, number)];
    for (const auto& option : attribute_options(keys.list()))
      facts.options += (facts.options.empty() ? "" : ", ") + option;
    facts.statistics = static_cast<int>(keys.number());
  }
  return names;
}

// The arrays of pg_index that describe its keys, side by side.
struct Keys {
  Oid index, relation;
  std::vector<int> columns, opclasses, collations, flags;
  std::vector<std::string> expressions;
};

template <class T>
T at(const std::vector<T>& list, std::size_t index) {
  return index < list.size() ? list[index] : T{};
}

std::string collation(const Names& names, const Keys& keys, std::size_t i) {
  constexpr Oid default_collation = 100;
  const auto own = static_cast<Oid>(at(keys.collations, i));
  const auto column = names.columns.find(place(keys.relation, at(keys.columns, i)));
  const auto of_column = column == names.columns.end() ? default_collation : column->second;
  if (own == 0 || own == of_column) return {};
  const auto found = names.collations.find(own);
  return found == names.collations.end() ? "\"default\"" : found->second;
}

catalog::IndexPart part(const Names& names, const Relation& owner, const Keys& keys, std::size_t i) {
  // pg_index.indoption: INDOPTION_DESC and INDOPTION_NULLS_FIRST.
  constexpr unsigned descending = 1, nulls_first = 2;
  catalog::IndexPart made;
  made.column = owner.attribute(keys.columns[i]);
  if (keys.columns[i] == 0) made.expression = at(keys.expressions, i);
  made.collation = collation(names, keys, i);
  if (const auto opclass = names.opclasses.find(static_cast<Oid>(at(keys.opclasses, i)));
      opclass != names.opclasses.end())
    made.opclass = opclass->second;
  const auto flags = static_cast<unsigned>(at(keys.flags, i));
  made.descending = (flags & descending) != 0;
  made.nulls_first = (flags & nulls_first) != 0;
  const auto facts = names.keys.find(place(keys.index, static_cast<int>(i) + 1));
  if (facts == names.keys.end()) return made;
  made.opclass_options = facts->second.options;
  made.statistics = facts->second.statistics;
  return made;
}

void read_flags(Answer& row, catalog::Index& index) {
  index.unique = row.truth();
  index.primary = row.truth();
  index.valid = row.truth();
  index.ready = row.truth();
  index.live = row.truth();
  index.replica_identity = row.truth();
  index.clustered = row.truth();
  index.nulls_not_distinct = row.truth();
}

void add(Relation& owner, catalog::Index index) {
  if (owner.view) return owner.view->indexes.push_back(std::move(index));
  for (auto& constraint : owner.table->constraints)
    if (constraint.name == index.constraint) {
      constraint.include = index.include;
      constraint.nulls_not_distinct = index.nulls_not_distinct;
    }
  owner.table->indexes.push_back(std::move(index));
}

void read_index(Build& build, const Names& names, Answer& row) {
  Keys keys{};
  keys.index = row.id();
  keys.relation = row.id();
  auto* owner = build.visible(keys.relation);
  if (owner == nullptr) return;
  catalog::Index index;
  index.name = row.text();
  index.method = row.text();
  read_flags(row, index);
  const auto count = static_cast<std::size_t>(row.number());
  keys.columns = row.numbers();
  keys.opclasses = row.numbers();
  keys.collations = row.numbers();
  keys.flags = row.numbers();
  keys.expressions = row.list();
  if (of_mig(index.name) || owner->parked(keys.columns)) return;
  for (std::size_t i = 0; i < keys.columns.size(); ++i)
    if (i < count)
      index.parts.push_back(part(names, *owner, keys, i));
    else
      index.include.push_back(owner->attribute(keys.columns[i]));
  index.predicate = row.text();
  index.options = row.list();
  std::sort(index.options.begin(), index.options.end());
  index.tablespace = row.text();
  index.constraint = row.text();
  index.parent = row.text();
  index.definition = definition(index, *owner);
  index.comment = build.comment("pg_class", keys.index);
  add(*owner, std::move(index));
}

}  // namespace

void read_indexes(Build& build) {
  const auto names = read_names(build);
  auto rows = build.link.ask(indexes_query);
  while (rows.next()) read_index(build, names, rows);
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  for (auto& [oid, relation] : build.relations) {
    if (relation.table) {
      std::sort(relation.table->indexes.begin(), relation.table->indexes.end(), by_name);
      for (auto& constraint : relation.table->constraints)
        if (constraint.definition.empty()) constraint.definition = definition(constraint);
    }
    if (relation.view) std::sort(relation.view->indexes.begin(), relation.view->indexes.end(), by_name);
  }
}

}  // namespace mig::runtime::introspection
