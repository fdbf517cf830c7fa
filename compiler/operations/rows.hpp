// What insert, upsert, update and delete share: which rows of which tables they touch, where those are kept, and how
// they are told apart. The SQL stands in rows_sql.hpp, the steps in rows_steps.hpp.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A relation whose rows are touched, as the statements name it.
struct RowsOf {
  const catalog::Table* table = nullptr;
  std::string alias;                 // what the file's expressions call it
  bool only = false;                 // inheritors have their own
  std::vector<std::string> columns;  // all that hold values of their own: without generated ones
  std::vector<std::string> key;      // tells its rows apart, and an index goes along it; empty: none does
};

// A foreign key by which a delete of a row takes rows of another table along, or empties columns of them.
struct Along {
  std::size_t parent = 0;  // index into RowWork::parts
  catalog::Constraint key;
};

// What may become of a row: `changed` and `made` leave a row behind, `taken` does not.
enum class Fate { changed, taken, made, merged };

// One relation with the tables of mig's that keep its rows: as they were, as mig left them, and those that a way back
// found changed since.
struct RowPart {
  RowsOf of;
  Fate fate = Fate::changed;
  std::vector<Along> from;       // empty: it is the table that the file names
  std::vector<std::string> set;  // columns that a way back sets
  bool takes_itself = false;     // a foreign key to itself with ON DELETE CASCADE
  catalog::Name before, after, left;

  [[nodiscard]] bool has_before() const { return fate != Fate::made; }
  [[nodiscard]] bool has_after() const { return fate != Fate::taken; }
};

// All of one statement on one relation. By a key it goes in batches, and `state` is the table that says how far it is;
// else it is one statement.
struct RowWork {
  std::vector<RowPart> parts;  // parents first
  catalog::Name state;
  bool batches = false;
  bool by_place = false;  // one statement finds its rows by ctid, as long as it holds their locks
};

// ---- rows.cpp ----
[[nodiscard]] std::vector<std::string> value_columns(const catalog::Table& table);
// The columns of the primary key, else of a unique index that no row can escape; none of them among `assigned`.
[[nodiscard]] std::vector<std::string> row_key(const catalog::Table& table, const std::vector<std::string>& assigned);
// The relations that a statement on this table reaches: with inheritors each of them, else the table.
[[nodiscard]] std::vector<RowsOf> relations_of(const Context& ctx, const catalog::Table& table,
                                               const std::vector<std::string>& assigned);
// A table of mig's for rows of this one.
[[nodiscard]] catalog::Name kept_rows_name(const Context& ctx, const RowsOf& of, const std::string& role);
// One statement may touch all of its rows at once.
[[nodiscard]] bool small(const Context& ctx, const catalog::Table& table, bool whole_tree);
void name_kept(const Context& ctx, RowWork& work);
// Names of triggers that may give other values to rows that come back by this event ("INSERT", "UPDATE", "DELETE").
[[nodiscard]] std::vector<std::string> meddling_triggers(const Context& ctx, const catalog::Table& table,
                                                         std::string_view event);

// ---- rows_along.cpp ----
// Adds the relations of which rows go along with a delete of the first part's rows. False: it cannot be followed; `why`
// says it.
[[nodiscard]] bool follow(const Context& ctx, RowWork& work, std::string* why);

// ---- rows_check.cpp ----
// The table, if rows of it can be written: what it is, rights, rules, row security. `rights` are PostgreSQL's letters.
[[nodiscard]] const catalog::Table* require_rows(const Context& ctx, std::string_view rights);
// Columns of the table, each once, none of them generated.
bool require_columns(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns);
// Publications that carry this event need to tell the rows apart.
bool require_identity(const Context& ctx, const catalog::Table& table, std::string_view event);
// Rows without a key, or whose key changes, go in one statement: only where they are few.
bool require_batches_or_few(const Context& ctx, const std::vector<RowsOf>& relations, std::string_view verb);

}  // namespace mig::operations
