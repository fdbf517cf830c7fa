// restore.sql: what psql does to bring rows back, and what it refuses to do.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/backup/own_form.hpp"

namespace mig::runtime::backup {

using sql::Ident;
using sql::Literal;
using sql::sql;

namespace {

using ::mig::sql::Fragment;
using ::mig::sql::Qualified;

Fragment named(const std::vector<Table>& tables) {
  std::vector<Fragment> rows;
  for (const auto& table : tables)
    if (table.rows) rows.push_back(sql("({}, {})", Literal{table.name.schema}, Literal{table.name.name}));
  return ::mig::sql::join(rows, ", ");
}

// Which table must be filled before which: "referencing" -> "referenced".
std::set<std::pair<std::string, std::string>> references(const Work& work, const std::vector<Table>& tables) {
  const auto rows =
      work.ask(sql("SELECT DISTINCT n.nspname, c.relname, rn.nspname, r.relname FROM pg_constraint k\n"
                   "JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                   "JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace\n"
                   "WHERE k.contype = 'f' AND c.oid <> r.oid\n"
                   "  AND (n.nspname, c.relname) IN ({}) AND (rn.nspname, r.relname) IN ({})",
                   named(tables), named(tables)));
  std::set<std::pair<std::string, std::string>> out;
  for (const auto& row : rows.rows)
    out.emplace(::mig::sql::display({*row[0], *row[1]}), ::mig::sql::display({*row[2], *row[3]}));
  return out;
}

// Referenced tables first; where keys form a circle, as they come.
std::vector<Table> in_order(const Work& work, const std::vector<Table>& tables) {
  const auto needs = references(work, tables);
  std::vector<Table> left, out;
  for (const auto& table : tables)
    if (table.rows) left.push_back(table);
  while (!left.empty()) {
    const auto waits = [&](const Table& table) {
      return std::any_of(left.begin(), left.end(), [&](const auto& other) {
        return needs.count({display(table.name), display(other.name)}) != 0;
      });
    };
    auto next = std::find_if_not(left.begin(), left.end(), waits);
    if (next == left.end()) next = left.begin();
    out.push_back(*next);
    left.erase(next);
  }
  return out;
}

// The table's own triggers did their work when the rows were written first: ALTER TABLE's words before and after.
std::vector<std::pair<Fragment, Fragment>> triggers(const Work& work, const Qualified& table) {
  std::vector<std::pair<Fragment, Fragment>> out;
  const auto rows =
      work.ask(sql("SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = {}::regclass AND NOT tgisinternal\n"
                   "  AND tgenabled IN ('O', 'A') ORDER BY 1",
                   Literal{::mig::sql::fragment(table).text()}));
  for (const auto& row : rows.rows)
    out.emplace_back(sql("ALTER TABLE {} DISABLE TRIGGER {}", table, Ident{*row[0]}),
                     *row[1] == "A" ? sql("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}", table, Ident{*row[0]})
                                    : sql("ALTER TABLE {} ENABLE TRIGGER {}", table, Ident{*row[0]}));
  return out;
}

// Where the numbers of identity and serial columns went on from.
std::vector<Fragment> sequences(const Work& work, const Qualified& table) {
  std::vector<Fragment> out;
  const auto rows = work.ask(
      sql("SELECT n.nspname, s.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'\n"
          "JOIN pg_namespace n ON n.oid = s.relnamespace\n"
          "WHERE d.classid = 'pg_class'::regclass AND d.refobjid = {}::regclass AND d.deptype IN ('a', 'i')\n"
          "  AND CASE WHEN s.relkind = 'S' THEN has_sequence_privilege(s.oid, 'SELECT') END ORDER BY 1, 2",
          Literal{::mig::sql::fragment(table).text()}));
  for (const auto& row : rows.rows) {
    const Qualified name{*row[0], *row[1]};
    const auto now = work.ask(sql("SELECT last_value, is_called FROM {}", name)).rows.at(0);
    out.push_back(sql("SELECT setval({}, {}, {}) AS sequence_goes_on_behind",
                      Literal{::mig::sql::fragment(name).text()}, std::atoll(now[0]->c_str()),
                      *now[1] == "t" ? sql("true") : sql("false")));
  }
  return out;
}

// Refuses, in words, unless this is so.
std::string only_if(const Fragment& condition, const std::string& otherwise) {
  const auto body =
      sql("BEGIN IF NOT ({}) THEN RAISE EXCEPTION USING MESSAGE = {}; END IF; END", condition, Literal{otherwise});
  return sql("DO {}", Literal{body.text()}).text() + ";\n";
}

const Entry& entry_of(const std::vector<Entry>& rows, const Table& table) {
  return *std::find_if(rows.begin(), rows.end(),
                       [&](const auto& entry) { return entry.source == display(table.name); });
}

}  // namespace

std::string restore_script(const Work& work, const std::vector<Entry>& rows, const std::vector<Table>& tables,
                           const std::string& made) {
  const auto order = in_order(work, tables);
  std::string before, copies, after, names;
  for (const auto& table : order) {
    const auto name = ::mig::sql::fragment(table.name).text();
    names += (names.empty() ? "" : ", ") + name;
    before += only_if(sql("NOT EXISTS (SELECT FROM ONLY {})", table.name),
                      "table " + name + " holds rows: look at them, and empty it first");
    for (const auto& [disable, enable] : triggers(work, table.name)) {
      before += disable.text() + ";\n";
      after += enable.text() + ";\n";
    }
    const auto& entry = entry_of(rows, table);
    copies += fmt::format("\\copy {} from '{}' with (format binary)\n", name, entry.path);
    copies += only_if(sql("(SELECT count(*) FROM ONLY {}) = {}", table.name, entry.rows),
                      fmt::format("table {} has other than {} rows now", name, entry.rows));
    for (const auto& sequence : sequences(work, table.name)) after += sequence.text() + ";\n";
  }
  return fmt::format(
      "-- Brings back the rows of {}\n-- as they were at {} UTC. Run it in its own folder:\n"
      "--   psql -X -v ON_ERROR_STOP=1 -f restore.sql DATABASE\n"
      "-- The tables must be there, and empty; definition.snapshot.json says what they were like.\n"
      "\\set ON_ERROR_STOP on\nBEGIN;\n{}{}SET CONSTRAINTS ALL IMMEDIATE;\n{}COMMIT;\n",
      names, made, before, copies, after);
}

}  // namespace mig::runtime::backup
