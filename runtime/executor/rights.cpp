// Which GRANT is missing: asked of the catalog, never read off a message.
#include <set>

#include "compiler/sql/parse.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::Ident;
using sql::Literal;
using sql::Qualified;
using sql::sql;

namespace {

struct Found {
  std::vector<std::string> grants;
  std::set<std::string> seen;
  std::set<std::string>
      asked;  // what the catalog was asked about already: a plan names the same tables again and again
  bool first_time(const std::string& question) { return asked.insert(question).second; }
  void add(const sql::Fragment& grant) {
    if (seen.insert(grant.text()).second) grants.push_back(grant.text() + ";");
  }
};

std::string role_of(const Work& work) { return work.ask(sql("SELECT current_user")).value(); }

void look_at_relation(Work& work, const sql::Lock& lock, const std::string& role, Found& found) {
  if (!found.first_time(sql::display(lock.relation) + " " + sql::to_string(lock.mode))) return;
  const auto rows = work.ask(sql("SELECT pg_get_userbyid(c.relowner), pg_has_role(c.relowner, 'USAGE'),\n"
                                 "  has_schema_privilege(n.oid, 'USAGE'), has_table_privilege(c.oid, 'REFERENCES'),\n"
                                 "  has_table_privilege(c.oid, 'SELECT'),\n"
                                 "  has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE')\n"
                                 "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                                 "WHERE c.relname = {} AND n.nspname = {}",
                                 Literal{lock.relation.name}, Literal{lock.relation.schema}))
                        .rows;
  if (rows.empty()) return;
  const auto& row = rows[0];
  if (row[2] == "f") found.add(sql("GRANT USAGE ON SCHEMA {} TO {}", Ident{lock.relation.schema}, Ident{role}));
  if (row[1] == "t") return;
  if (lock.mode == sql::LockMode::access_share || lock.mode == sql::LockMode::row_exclusive) {
    const bool reads = lock.mode == sql::LockMode::access_share;
    if (row[reads ? 4 : 5] == "t") return;
    found.add(reads ? sql("GRANT SELECT ON {} TO {}", lock.relation, Ident{role})
                    : sql("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}", lock.relation, Ident{role}));
    return;
  }
  // A foreign key takes SHARE ROW EXCLUSIVE on the table that it refers to and wants REFERENCES there, no more.
  const bool referenced = lock.mode == sql::LockMode::share_row_exclusive || lock.mode == sql::LockMode::row_share;
  if (referenced && row[3] == "t") return;
  if (referenced)
    found.add(sql("GRANT REFERENCES ON {} TO {}", lock.relation, Ident{role}));
  else if (row[0])
    found.add(sql("GRANT {} TO {}", Ident{*row[0]}, Ident{role}));
}

void look_at_schema(Work& work, const std::string& schema, const std::string& role, Found& found) {
  if (!found.first_time("schema " + schema)) return;
  const auto rows =
      work.ask(sql("SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = {}", Literal{schema}))
          .rows;
  if (!rows.empty() && rows[0][0] == "f") found.add(sql("GRANT CREATE ON SCHEMA {} TO {}", Ident{schema}, Ident{role}));
}

void look_at_database(Work& work, const std::string& role, Found& found) {
  if (!found.first_time("database")) return;
  if (work.ask(sql("SELECT has_database_privilege(current_database(), 'CREATE')")).truth()) return;
  const auto database = work.ask(sql("SELECT current_database()")).value();
  found.add(sql("GRANT CREATE ON DATABASE {} TO {}", Ident{database}, Ident{role}));
}

// Where new names would go: the schemas that the statement writes, else the first of the search path.
void look_at_new_names(Work& work, const sql::Statement& statement, const std::string& role, Found& found) {
  sql::ParseError error;
  const auto facts = sql::facts(statement.text.text(), error);
  if (!facts || facts->kind == "SelectStmt") return;
  if (facts->kind == "CreateSchemaStmt") look_at_database(work, role, found);
  const auto current = work.ask(sql("SELECT current_schema()")).rows.at(0).at(0);
  for (const auto& relation : facts->relations) {
    const auto dot = relation.find('.');
    if (dot != std::string::npos)
      look_at_schema(work, relation.substr(0, dot), role, found);
    else if (current)
      look_at_schema(work, *current, role, found);
  }
}

}  // namespace

namespace {

void look_at(Work& work, const std::vector<const sql::Statement*>& statements, const std::string& role, Found& found) {
  for (const auto* statement : statements) {
    for (const auto& lock : statement->locks) look_at_relation(work, lock, role, found);
    look_at_new_names(work, *statement, role, found);
  }
}

}  // namespace

std::vector<std::string> missing_rights(Work& work, const std::vector<const sql::Statement*>& statements) {
  Found found;
  look_at(work, statements, role_of(work), found);
  return found.grants;
}

void tell_missing_rights(Work& work, const Migration& m, const std::vector<const sql::Step*>& steps) {
  const auto who = work.ask(sql("SELECT current_user, current_setting('is_superuser')")).rows.at(0);
  if (who[1] == "on") return;
  Found found;
  for (const auto* step : steps) {
    const auto known = found.grants.size();
    look_at(work, sql::statements(step->action), *who[0], found);
    for (auto i = known; i < found.grants.size(); ++i)
      work.tell("missing_right", {{"migration", m.plan.migration}, {"step", step->id}, {"grant", found.grants[i]}});
  }
}

std::vector<std::string> missing_journal_rights(Work& work) {
  Found found;
  const auto role = role_of(work);
  if (!work.ask(sql("SELECT to_regnamespace('mig') IS NOT NULL")).truth()) {
    look_at_database(work, role, found);
    return found.grants;
  }
  const auto owner = work.ask(sql("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'mig'")).value();
  found.add(sql("GRANT {} TO {}", Ident{owner}, Ident{role}));
  return found.grants;
}

}  // namespace mig::runtime
