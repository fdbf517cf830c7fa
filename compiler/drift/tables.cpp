// Tables: made with all that is theirs, dropped, and field by field.
#include <algorithm>

#include "compiler/drift/change.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/policies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"

namespace mig::drift {

using catalog::Name;
using catalog::Table;
using operations::expression;
using sql::Fragment;
using sql::Ident;
using sql::sql;

namespace {

bool inside(const catalog::Constraint& constraint) {
  return constraint.kind != "foreign key" && constraint.local && constraint.parent.empty();
}

Fragment qualified(const std::vector<Name>& list) {
  std::vector<Fragment> parts;
  for (const auto& name : list) parts.push_back(::mig::sql::fragment(name.sql()));
  return ::mig::sql::join(parts, ", ");
}

Fragment options_of(const std::vector<std::string>& options) {
  std::vector<Fragment> parts;
  for (const auto& option : options) parts.push_back(expression(option));
  return ::mig::sql::join(parts, ", ");
}

// What stands in the parentheses.
Fragment elements(const Table& table) {
  std::vector<Fragment> parts;
  for (const auto& column : table.columns)
    if (column.local) parts.push_back(operations::column_definition(column));
  for (const auto& constraint : table.constraints)
    if (inside(constraint)) parts.push_back(operations::named_constraint(constraint));
  return ::mig::sql::join(parts, ",\n  ");
}

Fragment create_text(const Table& table) {
  auto text = table.partition_of.name.empty()
                  ? sql("CREATE {}TABLE {} (\n  {}\n)", table.persistence == "unlogged" ? sql("UNLOGGED ") : Fragment(),
                        table.name.sql(), elements(table))
                  : sql("CREATE TABLE {} PARTITION OF {} {}", table.name.sql(), table.partition_of.sql(),
                        expression(table.partition_bound));
  if (!table.inherits.empty()) text = sql("{} INHERITS ({})", text, qualified(table.inherits));
  if (!table.partition_by.empty()) text = sql("{} PARTITION BY {}", text, expression(table.partition_by));
  if (!table.options.empty()) text = sql("{} WITH ({})", text, options_of(table.options));
  return text;
}

void add_security(Made& made, const Name& name, bool from_rows, bool to_rows, bool from_force, bool to_force) {
  if (from_rows != to_rows)
    made.add(sql("ALTER TABLE {} {} ROW LEVEL SECURITY", name.sql(), to_rows ? sql("ENABLE") : sql("DISABLE")));
  if (from_force != to_force)
    made.add(sql("ALTER TABLE {} {} ROW LEVEL SECURITY", name.sql(), to_force ? sql("FORCE") : sql("NO FORCE")));
}

void add_owner_and_rights(Made& made, const Both& both, const Table& table) {
  if (table.owner != both.from.server.role)
    made.add(sql("ALTER TABLE {} OWNER TO {}", table.name.sql(), Ident{table.owner}));
  auto none = table;
  none.grants.clear();
  const auto major = both.to.server.major();
  const auto object = operations::rights_object(table, major);
  made.add(operations::rights_statements(both.context,
                                         {{object, operations::rights_object(none, major).rights, object.rights}}));
}

void create(Made& made, const Both& both, const Table& table) {
  made.add(create_text(table));
  for (const auto& column : table.columns)
    if (column.local) finish_column(made, table.name, column);
  for (const auto& index : table.indexes)
    if (index.constraint.empty() && index.parent.empty())
      made.add(operations::create_index(table.name, index, operations::Build::plain));
  for (const auto& constraint : table.constraints)
    if (constraint.kind == "foreign key" && constraint.parent.empty())
      made.add(operations::add_constraint(table.name, constraint, !constraint.validated));
  for (const auto& trigger : table.triggers) made.add(operations::make_trigger(table.name, trigger));
  for (const auto& policy : table.policies) made.add(operations::policy_statements(both.context, table.name, policy));
  for (const auto& rule : table.rules) made.add(operations::make_rule(both.context, table.name, rule));
  add_security(made, table.name, false, table.row_security, false, table.force_row_security);
  if (!table.comment.empty())
    made.add(sql("COMMENT ON TABLE {} IS {}", table.name.sql(), operations::comment_text(table.comment)));
  add_owner_and_rights(made, both, table);
  std::string text = "create table " + table.name.text() + " (" + elements(table).text() + ");";
  for (const auto& index : table.indexes)
    if (index.constraint.empty() && index.parent.empty())
      text += " add" +
              operations::create_index(table.name, index, operations::Build::plain).text().substr(sizeof "CREATE" - 1) +
              ";";
  made.mig.push_back(text);
}

void change_parents(Made& made, const Table& from, const Table& to) {
  for (const auto& parent : from.inherits)
    if (std::find(to.inherits.begin(), to.inherits.end(), parent) == to.inherits.end())
      made.add(sql("ALTER TABLE {} NO INHERIT {}", to.name.sql(), parent.sql()));
  for (const auto& parent : to.inherits)
    if (std::find(from.inherits.begin(), from.inherits.end(), parent) == from.inherits.end())
      made.add(sql("ALTER TABLE {} INHERIT {}", to.name.sql(), parent.sql()));
  if (from.partition_of == to.partition_of && from.partition_bound == to.partition_bound) return;
  if (!from.partition_of.name.empty())
    made.add(sql("ALTER TABLE {} DETACH PARTITION {}", from.partition_of.sql(), to.name.sql()));
  if (!to.partition_of.name.empty())
    made.add(sql("ALTER TABLE {} ATTACH PARTITION {} {}", to.partition_of.sql(), to.name.sql(),
                 expression(to.partition_bound)));
}

void change_options(Made& made, const Table& from, const Table& to) {
  if (from.options == to.options) return;
  std::vector<Fragment> gone;
  for (const auto& option : from.options) {
    const auto name = option.substr(0, option.find('='));
    const bool stays = std::any_of(to.options.begin(), to.options.end(),
                                   [&](const auto& other) { return other.substr(0, other.find('=')) == name; });
    if (!stays) gone.push_back(expression(name));
  }
  if (!gone.empty()) made.add(sql("ALTER TABLE {} RESET ({})", to.name.sql(), ::mig::sql::join(gone, ", ")));
  if (!to.options.empty()) made.add(sql("ALTER TABLE {} SET ({})", to.name.sql(), options_of(to.options)));
}

void change_identity(Made& made, const Table& to) {
  const auto index =
      std::find_if(to.indexes.begin(), to.indexes.end(), [](const auto& i) { return i.replica_identity; });
  if (to.replica_identity == "index" && index != to.indexes.end())
    made.add(sql("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", to.name.sql(), Ident{index->name}));
  else
    made.add(sql("ALTER TABLE {} REPLICA IDENTITY {}", to.name.sql(),
                 to.replica_identity == "full"      ? sql("FULL")
                 : to.replica_identity == "nothing" ? sql("NOTHING")
                                                    : sql("DEFAULT")));
}

void change_fields(Made& made, const Both& both, const Table& from, const Table& to) {
  const auto name = to.name.sql();
  change_parents(made, from, to);
  change_options(made, from, to);
  if (from.persistence != to.persistence)
    made.add(sql("ALTER TABLE {} SET {}", name, to.persistence == "unlogged" ? sql("UNLOGGED") : sql("LOGGED")));
  if (from.tablespace != to.tablespace)
    made.add(
        sql("ALTER TABLE {} SET TABLESPACE {}", name, Ident{to.tablespace.empty() ? "pg_default" : to.tablespace}));
  if (from.replica_identity != to.replica_identity) change_identity(made, to);
  add_security(made, to.name, from.row_security, to.row_security, from.force_row_security, to.force_row_security);
  if (from.comment != to.comment)
    made.add(sql("COMMENT ON TABLE {} IS {}", name, operations::comment_text(to.comment)));
  if (from.owner != to.owner) {
    made.add(sql("ALTER TABLE {} OWNER TO {}", name, Ident{to.owner}));
    made.mig.push_back("set owner of table " + to.name.text() + " to " + ::mig::sql::quote_ident(to.owner) + ";");
  }
  if (from.grants != to.grants) add_rights(made, both, from, to);
  if (made.sql.empty() && from.kind == to.kind)
    made.note = "the order of columns, or what hangs on its children: no statement changes that alone";
}

}  // namespace

Made change_table(const Both& both, const Name& name) {
  Made made;
  const auto *from = both.from.table(name), *to = both.to.table(name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  if (some->kind == "foreign table") {
    made.note = "mig knows no statement for foreign tables";
  } else if (to == nullptr) {
    made.add(sql("DROP TABLE {}", name.sql()));
    made.mig.push_back("drop table " + name.text() + ";");
  } else if (from == nullptr) {
    create(made, both, *to);
  } else {
    change_fields(made, both, *from, *to);
  }
  return made;
}

}  // namespace mig::drift
