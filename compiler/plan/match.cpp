// `expect match` as SQL: rows of two tables side by side by the key of the second, counted and, where that is not
// enough, shown: missing, extra, different.
#include <algorithm>
#include <set>

#include "compiler/operations/rows.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/plan/looks.hpp"

namespace mig::plan {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::sql;

namespace {

// Types whose values PostgreSQL compares with those of another of the same line.
bool comparable(const std::string& left, const std::string& right) {
  static const std::set<std::string> no_equality{
      "json", "xml", "point", "box", "path", "polygon", "lseg", "line", "circle"};  // of shapes `=` compares the size
  static const std::set<std::string> numbers{"smallint", "integer", "bigint", "numeric", "real", "double precision"};
  const auto bare = [](const std::string& type) { return type.substr(0, type.find('(')); };
  const auto element = bare(left).substr(0, left.find('['));
  if (no_equality.count(element) != 0) return false;
  const bool both_text = (bare(left) == "text" || bare(left) == "character varying") &&
                         (bare(right) == "text" || bare(right) == "character varying");
  return bare(left) == bare(right) || both_text || (numbers.count(bare(left)) != 0 && numbers.count(bare(right)) != 0);
}

class Match {
 public:
  Match(const catalog::Table& left, const catalog::Table& right, const syntax::Expect::Match& what)
      : left_(left), right_(right), what_(what), key_(operations::row_key(right, {})) {}

  // SELECT what, the key, detail: one row for each of the source, and for each that only the table has.
  [[nodiscard]] Fragment compared() const {
    std::vector<Fragment> keys, on;
    for (const auto& column : key_) {
      keys.push_back(sql("coalesce(a.{}, b.{}) AS {}", Ident{column}, Ident{column}, Ident{column}));
      on.push_back(sql("a.{} = b.{}", Ident{column}, Ident{column}));
    }
    const auto same = differences();
    // The same rows each time: a sample that is drawn anew could hold today and not tomorrow.
    const auto from = what_.sample
                          ? sql("(SELECT * FROM {} ORDER BY md5({}::text), {} LIMIT {}) AS a LEFT JOIN {} AS b ON {}",
                                left_.name.sql(), Ident{key_.front()}, columns(key_), Literal{what_.sample->text},
                                right_.name.sql(), ::mig::sql::join(on, " AND "))
                          : sql("{} AS a FULL JOIN {} AS b ON {}", left_.name.sql(), right_.name.sql(),
                                ::mig::sql::join(on, " AND "));
    return sql(
        "SELECT CASE WHEN b.{} IS NULL THEN 'missing' WHEN a.{} IS NULL THEN 'extra' WHEN {} <> '' THEN 'different'\n"
        "    ELSE 'matched' END AS what, {}, CASE WHEN a.{} IS NOT NULL AND b.{} IS NOT NULL THEN {} END AS detail\n"
        "  FROM {}",
        Ident{key_.front()}, Ident{key_.front()}, same, ::mig::sql::join(keys, ", "), Ident{key_.front()},
        Ident{key_.front()}, same, from);
  }

  // SELECT … AS holds.
  [[nodiscard]] Fragment question() const {
    const auto part = what_.tolerate ? what_.tolerate->number : "0";
    return sql(
        "SELECT coalesce(100.0 * count(*) FILTER (WHERE what <> 'matched') <= {}::numeric * count(*), true) AS holds\n"
        "FROM ({}) AS compared",
        Literal{part}, compared());
  }

  // How it stands in all, then the rows that do not match, by kind and key.
  [[nodiscard]] Fragment rows(long long most) const {
    std::vector<Fragment> none;
    for (std::size_t i = 0; i < key_.size(); ++i) none.push_back(sql("NULL"));
    return sql(
        "WITH compared AS MATERIALIZED ({})\n"
        "SELECT what, {}, detail FROM (\n"
        "  SELECT 1 AS place, * FROM compared WHERE what <> 'matched'\n"
        "  UNION ALL SELECT 0, format('%s match (%s %%)', {}, trunc(100.0 * {} / count(*), 3)), {},\n"
        "    format('%s missing, %s extra, %s differ', {}, {}, {})\n"
        "  FROM compared HAVING count(*) > 0\n"
        ") AS shown ORDER BY place, what, {} LIMIT {}",
        compared(), columns(key_), count("matched"), count("matched"), ::mig::sql::join(none, ", "), count("missing"),
        count("extra"), count("different"), columns(key_), most);
  }

 private:
  [[nodiscard]] static Fragment columns(const std::vector<std::string>& names) {
    std::vector<Fragment> out;
    for (const auto& name : names) out.push_back(sql("{}", Ident{name}));
    return ::mig::sql::join(out, ", ");
  }
  [[nodiscard]] static Fragment count(const char* what) {
    return sql("count(*) FILTER (WHERE what = {})", Literal{what});
  }

  // "status: new <> paid; …" over the columns that both have; '' where they say the same.
  [[nodiscard]] Fragment differences() const {
    std::vector<Fragment> parts;
    for (const auto& column : left_.columns) {
      const auto* other = right_.column(column.name);
      if (other == nullptr || std::find(key_.begin(), key_.end(), column.name) != key_.end()) continue;
      const Ident name{column.name};
      const auto differ = comparable(column.type, other->type)
                              ? sql("a.{} IS DISTINCT FROM b.{}", name, name)
                              : sql("a.{}::text IS DISTINCT FROM b.{}::text", name, name);
      parts.push_back(
          sql("CASE WHEN {} THEN {} || coalesce(left(a.{}::text, 30), 'null') || ' <> ' ||\n"
              "    coalesce(left(b.{}::text, 30), 'null') END",
              differ, Literal{column.name + ": "}, name, name));
    }
    if (parts.empty()) return sql("''");
    return sql("concat_ws('; ', {})", ::mig::sql::join(parts, ", "));
  }

  const catalog::Table& left_;
  const catalog::Table& right_;
  const syntax::Expect::Match& what_;
  std::vector<std::string> key_;
};

}  // namespace

::mig::sql::Assert match(const catalog::Catalog& at, const syntax::Expect::Match& what, long long most) {
  const auto table = [&](const syntax::Path& path) {
    const auto named = at.find_table(path.parts.size() > 1 ? path.parts.front().text : "", path.parts.back().text);
    return named ? at.table(*named) : nullptr;
  };
  const auto *left = table(what.source), *right = table(what.table);
  if (left == nullptr || right == nullptr || operations::row_key(*right, {}).empty()) return {};  // reported
  const Match made(*left, *right, what);
  ::mig::sql::Statement asked;
  asked.text = made.question();
  asked.work = ::mig::sql::Work::scan;
  for (const auto* read : {left, right}) asked.locks.push_back({read->name.sql(), ::mig::sql::LockMode::access_share});
  ::mig::sql::Assert out;
  out.statements = {std::move(asked)};
  out.rows = made.rows(most);
  return out;
}

}  // namespace mig::plan
