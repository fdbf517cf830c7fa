// Parts of statements that all row operations are made of, and the tables of mig's that they need.
#include "compiler/operations/rows_sql.hpp"

#include "compiler/operations/steps.hpp"

namespace mig::operations::rows {

using sql::Ident;
using sql::LockMode;

namespace {

sql::Fragment qualified(const std::string& column, std::string_view alias) {
  return alias.empty() ? sql::fragment(Ident{column}) : sql::sql("{}.{}", Ident{std::string(alias)}, Ident{column});
}

// CREATE TABLE AS takes types and collations from the table itself, as they are when it runs.
sql::Statement make_table(const catalog::Name& name, const RowPart& part, const sql::Fragment& head) {
  return statement(sql::sql("CREATE TABLE {} AS\n  SELECT {}, {} FROM ONLY {} WITH NO DATA", name.sql(), head,
                            list(part.of.columns), part.of.table->name.sql()),
                   {lock(part.of.table->name, LockMode::access_share)});
}

sql::Statement make_key(const catalog::Name& name) {
  return statement(sql::sql("ALTER TABLE {} ADD PRIMARY KEY (_mig_b, _mig_n)", name.sql()),
                   {lock(name, LockMode::access_exclusive)});
}

std::string key_index(const catalog::Name& name) { return sql::object_name(name.name, {}, "pkey"); }

void drop_kept(const catalog::Name& name, std::vector<sql::Statement>& out) {
  out.push_back(statement(
      sql::sql("DROP TABLE {}", name.sql()),
      {lock(name, LockMode::access_exclusive), lock({name.schema, key_index(name)}, LockMode::access_exclusive)}));
}

void drop_all_kept(const RowWork& work, std::vector<sql::Statement>& out) {
  for (const auto& part : work.parts) {
    if (part.has_before()) drop_kept(part.before, out);
    if (part.has_after()) drop_kept(part.after, out);
  }
  if (work.batches) drop_kept(work.state, out);
}

// Sequences that defaults of new rows draw from.
void add_sequences(const Context& ctx, const catalog::Table& table, std::vector<sql::Lock>& locks) {
  for (const auto& sequence : ctx.before.owned_sequences(table.name))
    locks.push_back(lock(sequence, LockMode::row_exclusive));
  for (const auto& column : table.columns) {
    const auto begin = column.default_.find("nextval('");
    const auto end = begin == std::string::npos ? begin : column.default_.find('\'', begin + 9);
    if (end == std::string::npos) continue;
    const auto parts = catalog::parse_name(column.default_.substr(begin + 9, end - begin - 9));
    if (!parts || parts->empty()) continue;
    const auto name = ctx.before.find_table(parts->size() > 1 ? parts->front() : "", parts->back());
    if (name) locks.push_back(lock(*name, LockMode::row_exclusive));
  }
}

}  // namespace

sql::Fragment relation(const RowsOf& of) {
  return of.only ? sql::sql("ONLY {}", of.table->name.sql()) : sql::fragment(of.table->name.sql());
}

sql::Fragment list(const std::vector<std::string>& columns, std::string_view alias) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : columns) parts.push_back(qualified(column, alias));
  return sql::join(parts, ", ");
}

sql::Fragment image(const std::vector<std::string>& columns, std::string_view alias) {
  return sql::sql("ROW({})::record", list(columns, alias));
}

sql::Fragment same(const std::vector<std::string>& columns, std::string_view a, std::string_view b) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : columns) parts.push_back(sql::sql("{} = {}", qualified(column, a), qualified(column, b)));
  return sql::join(parts, " AND ");
}

sql::Fragment number(const RowWork& work) {
  return work.batches ? sql::sql("(SELECT number FROM {})", work.state.sql()) : sql::sql("1");
}

std::vector<sql::Statement> make_tables(const Context& ctx, const RowWork& work) {
  std::vector<sql::Statement> out;
  // Rows that a policy hides would be passed over in silence: with this the server refuses instead.
  out.push_back(statement(sql::sql("SET LOCAL row_security = off")));
  const auto numbers = sql::sql("0::bigint AS _mig_b, 0::bigint AS _mig_n");
  // Rows without a key are found again by their place, within the one transaction that changes them.
  const auto places = sql::sql("{}, ctid AS _mig_at, tableoid AS _mig_of", numbers);
  for (const auto& part : work.parts) {
    if (part.has_before()) {
      out.push_back(make_table(part.before, part, work.by_place && part.from.empty() ? places : numbers));
      out.push_back(make_key(part.before));
    }
    if (part.has_after()) {
      out.push_back(make_table(part.after, part, numbers));
      out.push_back(make_key(part.after));
    }
    // What an earlier way back left in it is still waiting to be looked at.
    auto left = make_table(part.left, part, sql::sql("0::bigint AS _mig_b, ''::text AS _mig_why"));
    left.text = sql::sql(
        "CREATE TABLE IF NOT EXISTS {} AS\n  SELECT 0::bigint AS _mig_b, ''::text AS _mig_why, {} FROM "
        "ONLY {} WITH NO DATA",
        part.left.sql(), list(part.of.columns), part.of.table->name.sql());
    out.push_back(std::move(left));
  }
  if (!work.batches) return out;
  out.push_back(begin_batches(ctx, work));
  // A publication of all tables refuses updates of a table without a key.
  out.push_back(statement(sql::sql("ALTER TABLE {} ADD PRIMARY KEY (number)", work.state.sql()),
                          {lock(work.state, LockMode::access_exclusive)}));
  return out;
}

std::vector<sql::Statement> drop_tables(const RowWork& work) {
  std::vector<sql::Statement> out;
  drop_all_kept(work, out);
  for (const auto& part : work.parts) {
    const auto body = sql::sql("BEGIN IF NOT EXISTS (SELECT FROM {}) THEN DROP TABLE {}; END IF; END", part.left.sql(),
                               part.left.sql());
    out.push_back(statement(sql::sql("DO {}", sql::Literal{body.text()}), {lock(part.left, LockMode::access_exclusive)},
                            sql::Work::instant, "what was left alone stays to be looked at"));
  }
  return out;
}

std::vector<sql::Statement> purge_tables(const RowWork& work) {
  std::vector<sql::Statement> out;
  drop_all_kept(work, out);
  for (const auto& part : work.parts)
    out.push_back(
        statement(sql::sql("DROP TABLE IF EXISTS {}", part.left.sql()), {lock(part.left, LockMode::access_exclusive)}));
  return out;
}

void add(std::vector<sql::Lock>& locks, std::vector<sql::Lock> more) {
  for (auto& one : more) locks.push_back(std::move(one));
}

std::vector<sql::Lock> read_locks(const Context& ctx, const RowsOf& of, LockMode mode) {
  return of.only ? std::vector{lock(of.table->name, mode)} : tree_locks(ctx, of.table->name, mode);
}

std::vector<sql::Lock> change_locks(const Context& ctx, const RowPart& part) {
  auto locks = read_locks(ctx, part.of, LockMode::row_exclusive);
  if (part.fate == Fate::made || part.fate == Fate::merged) add_sequences(ctx, *part.of.table, locks);
  const auto tree = ctx.before.tree(part.of.table->name);
  std::vector<catalog::Name> around = tree;
  for (const auto* each = part.of.table; each && !each->partition_of.name.empty();
       each = ctx.before.table(each->partition_of))
    around.push_back(each->partition_of);
  for (const auto& name : around) {
    const auto* table = ctx.before.table(name);
    if (!table) continue;
    // A key asks the other side for each row: SELECT … FOR KEY SHARE.
    for (const auto& key : table->constraints)
      if (key.kind == "foreign key") add(locks, tree_locks(ctx, key.references, LockMode::row_share));
    for (const auto& child : ctx.before.referencing(name))
      for (const auto& key : ctx.before.table(child)->constraints) {
        if (key.kind != "foreign key" || key.references != name) continue;
        const auto asks = [](const std::string& action) { return action == "no action" || action == "restrict"; };
        const bool only_asks = asks(key.on_delete) && asks(key.on_update);
        add(locks, tree_locks(ctx, child, only_asks ? LockMode::row_share : LockMode::row_exclusive));
      }
  }
  return locks;
}

}  // namespace mig::operations::rows
