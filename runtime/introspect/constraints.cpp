// Constraints of tables; those of domains belong to their type.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// A foreign key to a partitioned table has helper rows for each partition of it: rows of the same table whose parent
// is a row of that table too. They come and go with partitions and are no constraints of their own.
constexpr std::string_view constraints_query = R"(
SELECT con.oid, con.conrelid, con.conname, con.contype, con.conkey, con.confrelid, con.confkey, con.confmatchtype,
  con.confdeltype, con.confupdtype, {delete_columns}, con.condeferrable, con.condeferred, con.convalidated, {enforced},
  con.connoinherit AND con.contype = 'c', con.conislocal, con.coninhcount, {period}, parent.conname,
  CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END,
  CASE WHEN con.contype = 'x' THEN pg_get_constraintdef(con.oid) END
FROM pg_constraint con
  LEFT JOIN pg_constraint parent ON parent.oid = con.conparentid
WHERE con.conrelid >= 16384 AND con.contype IN ('p', 'u', 'c', 'f', 'x', {not_null_kind})
  AND (parent.oid IS NULL OR parent.conrelid <> con.conrelid))";

std::string kind(char letter) {
  switch (letter) {
    case 'p':
      return "primary key";
    case 'u':
      return "unique";
    case 'c':
      return "check";
    case 'f':
      return "foreign key";
    default:
      return "exclude";
  }
}

std::string match(char letter) { return letter == 'f' ? "full" : letter == 'p' ? "partial" : "simple"; }

std::string action(char letter) {
  switch (letter) {
    case 'r':
      return "restrict";
    case 'c':
      return "cascade";
    case 'n':
      return "set null";
    case 'd':
      return "set default";
    default:
      return "no action";
  }
}

// Reads the columns of the query from confrelid on. False: it refers to what nobody sees.
bool read_reference(Build& build, Answer& row, const Relation& owner, catalog::Constraint& constraint) {
  const auto referenced = row.id();
  const auto keys = row.numbers();
  const auto matching = row.letter(), on_delete = row.letter(), on_update = row.letter();
  const auto delete_columns = row.numbers();
  if (referenced == 0) return true;
  const auto* target = build.visible(referenced);
  if (target == nullptr && of_mig(build.name(referenced))) return false;
  constraint.references = build.name(referenced);
  const auto& relation = build.relations.at(referenced);
  if (relation.parked(keys)) return false;
  constraint.reference_columns = relation.names(keys);
  constraint.match = match(matching);
  constraint.on_delete = action(on_delete);
  constraint.on_update = action(on_update);
  constraint.on_delete_columns = owner.names(delete_columns);
  return true;
}

void read_flags(Answer& row, catalog::Constraint& constraint) {
  constraint.deferrable = row.truth();
  constraint.deferred = row.truth();
  constraint.validated = row.truth();
  constraint.enforced = row.truth();
  constraint.no_inherit = row.truth();
  constraint.local = row.truth();
  constraint.inherited = static_cast<int>(row.number());
  constraint.period = row.truth();
  constraint.parent = row.text();
}

// PostgreSQL 18 keeps NOT NULL as a constraint; here it stays a fact of its column.
void note_not_null(Relation& owner, const catalog::Constraint& constraint) {
  for (auto& column : owner.columns)
    if (constraint.columns.size() == 1 && column.name == constraint.columns[0]) {
      column.not_null_name = constraint.name;
      column.not_null_valid = constraint.validated;
    }
}

void read_constraint(Build& build, Answer& row) {
  const auto oid = row.id();
  auto* owner = build.visible(row.id());
  if (owner == nullptr || !owner->table) return;
  catalog::Constraint constraint;
  constraint.name = row.text();
  const auto letter = row.letter();
  const auto keys = row.numbers();
  if (of_mig(constraint.name) || owner->parked(keys)) return;
  constraint.kind = kind(letter);
  constraint.columns = owner->names(keys);
  if (!read_reference(build, row, *owner, constraint)) return;
  read_flags(row, constraint);
  if (letter == 'n') return note_not_null(*owner, constraint);
  constraint.expression = row.text();
  constraint.definition = row.text();
  // An exclusion constraint's operators stand nowhere else.
  if (letter == 'x') constraint.expression = constraint.definition;
  constraint.comment = build.comment("pg_constraint", oid);
  owner->table->constraints.push_back(std::move(constraint));
}

}  // namespace

void read_constraints(Build& build) {
  auto rows = build.link.ask(constraints_query);
  while (rows.next()) read_constraint(build, rows);
  for (auto& [oid, relation] : build.relations)
    if (relation.table)
      std::sort(relation.table->constraints.begin(), relation.table->constraints.end(),
                [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace mig::runtime::introspection
