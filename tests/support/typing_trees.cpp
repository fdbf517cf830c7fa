// Random expressions, by the types that stand in the middle of PostgreSQL's: numbers, texts, times, arrays, rows.
#include "tests/support/typing_trees.hpp"

#include "compiler/sql/sql.hpp"

namespace mig::tests {

using types::TypeId;
namespace type = types::type;

Trees::Trees(const types::Universe& universe, unsigned seed) : universe_(universe), random_(seed) {
  const auto* table = universe.relation_named("public", "w");
  for (const auto& column : table->columns) {
    std::size_t at = 0;
    while (at < types_.size() && types_[at] != column.type) ++at;
    if (at == types_.size()) {
      types_.push_back(column.type);
      columns_.emplace_back();
    }
    columns_[at].emplace_back(column.name);
  }
  const auto known = [&](TypeId id) {
    for (const auto each : types_)
      if (each == id) return true;
    return id == type::any || id == type::anyelement || id == type::anyarray || id == type::anycompatible ||
           id == type::anycompatiblearray || id == type::anynonarray || id == type::anyenum || id == type::anyrange;
  };
  for (const auto& function : universe.all_functions()) {
    bool usable = known(function.result) && function.kind != 'p';
    for (const auto each : universe.parameters(function)) usable = usable && known(each);
    if (usable) functions_.push_back(&function);
  }
  for (const auto& op : universe.all_operators())
    if (known(op.right) && (op.left == 0 || known(op.left))) operators_.push_back(&op);
}

TypeId Trees::some_type() {
  static const TypeId usual[] = {type::int4,    type::int8,       type::numeric,     type::float8, type::text,
                                 type::varchar, type::boolean,    type::timestamptz, type::date,   type::interval,
                                 type::jsonb,   type::text_array, type::bpchar,      type::name,   type::timestamp};
  return one_in(3) ? types_[below(types_.size())] : usual[below(std::size(usual))];
}

std::string Trees::type_name(TypeId id) {
  if (one_in(3)) {
    if (id == type::varchar) return "varchar(" + std::to_string(1 + below(30)) + ")";
    if (id == type::bpchar) return "char(" + std::to_string(1 + below(5)) + ")";
    if (id == type::numeric) return "numeric(10, 2)";
    if (id == type::timestamptz) return "timestamptz(3)";
    if (id == type::interval) return "interval day to second(2)";
    if (id == type::varbit) return "varbit(5)";
  }
  return universe_.display(id) == "character" ? "bpchar" : universe_.display(id);
}

std::string Trees::leaf(TypeId id) {
  if (one_in(8)) return "NULL";
  if (one_in(8)) return one_in(2) ? "'1'" : "'a'";
  if (one_in(8)) return std::to_string(below(4) * 1'000'000'000);
  if (one_in(12)) return "1.5";
  if (one_in(12)) return one_in(2) ? "true" : "current_date";
  if (one_in(20)) return one_in(2) ? "current_timestamp(2)" : "localtime";
  if (one_in(30)) return one_in(2) ? "B'101'" : "w";
  for (std::size_t i = 0; i < types_.size(); ++i)
    if (types_[i] == id) return (one_in(5) ? "w." : "") + columns_[i][below(columns_[i].size())];
  return columns_[below(columns_.size())].front();
}

std::string Trees::call(TypeId id, int depth) {
  const types::Function* function = nullptr;
  for (int tries = 0; tries < 30; ++tries) {
    function = functions_[below(functions_.size())];
    if (function->result == id || tries > 25) break;
  }
  auto text = sql::quote_ident(function->name) + "(";
  const bool aggregate = function->kind == 'a';
  if (aggregate && one_in(6)) text += "DISTINCT ";
  const auto parameters = universe_.parameters(*function);
  auto count = parameters.size();
  if (function->defaults > 0 && one_in(2)) --count;
  for (std::size_t i = 0; i < count; ++i) {
    auto wanted = parameters[i];
    if (i + 1 == parameters.size() && function->variadic != 0) wanted = function->variadic;
    if (one_in(12)) wanted = some_type();
    text += (i == 0 ? "" : ", ") + value(wanted, depth - 1);
  }
  if (aggregate && count == 0) text += "*";
  if (aggregate && one_in(8) && count > 0) text += " ORDER BY " + value(some_type(), 1);
  text += ")";
  if (aggregate && one_in(6)) text += " FILTER (WHERE " + condition(depth - 1) + ")";
  if (aggregate ? one_in(3) : function->kind == 'w' && !one_in(8))
    text += " OVER (" + (one_in(2) ? "PARTITION BY " + value(some_type(), 1) + " " : std::string()) +
            (one_in(2) ? "ORDER BY " + value(some_type(), 1) : std::string()) + ")";
  return text;
}

std::string Trees::op(TypeId id, int depth) {
  const types::Operator* found = nullptr;
  for (int tries = 0; tries < 30; ++tries) {
    found = operators_[below(operators_.size())];
    if (found->result == id || tries > 25) break;
  }
  const auto name = std::string(found->name);
  const auto operand = [&](TypeId wanted) { return value(one_in(10) ? some_type() : wanted, depth - 1); };
  if (found->left == 0) return "(" + name + " " + operand(found->right) + ")";
  if (one_in(12)) return "(" + operand(found->left) + " " + name + " ANY (ARRAY[" + operand(found->right) + "]))";
  return "(" + operand(found->left) + " " + name + " " + operand(found->right) + ")";
}

std::string Trees::condition(int depth) {
  const auto id = some_type();
  const auto one = [&] { return value(id, depth - 1); };
  switch (below(13)) {
    case 0:
      return one() + " IS NULL";
    case 1:
      return "(" + condition(depth - 1 > 0 ? depth - 1 : 0) + ") IS NOT TRUE";
    case 2:
      return one() + " IN (" + one() + ", " + one() + (one_in(2) ? ", " + one() : "") + ")";
    case 3:
      return one() + " NOT IN (" + one() + ", " + one() + ")";
    case 4:
      return one() + " BETWEEN " + (one_in(4) ? "SYMMETRIC " : "") + one() + " AND " + one();
    case 5:
      return one() + " IS DISTINCT FROM " + one();
    case 6:
      return value(type::text, depth - 1) + (one_in(2) ? " LIKE " : " NOT ILIKE ") + value(type::text, depth - 1);
    case 7:
      return value(type::text, depth - 1) + " SIMILAR TO " + value(type::text, depth - 1);
    case 8:
      return "ROW(" + one() + ", " + one() + ") " + (one_in(2) ? "=" : "<") + " ROW(" + one() + ", " + one() + ")";
    case 9:
      return "(" + value(type::boolean, depth - 1) + " AND " + value(type::boolean, depth - 1) + ")";
    case 10:
      return "NOT " + value(type::boolean, depth - 1);
    case 11:
      return "EXISTS (SELECT FROM one.parent WHERE " + (one_in(2) ? "id = 1" : one() + " IS NULL") + ")";
    default:
      return one() + " = " + one();
  }
}

std::string Trees::sub_query(TypeId id, int depth) {
  switch (below(5)) {
    case 0:
      return "(SELECT " + value(id, depth - 1) + ")";
    case 1:
      return "(SELECT " + value(id, depth - 1) + " FROM one.parent p WHERE p.id = 1 LIMIT 1)";
    case 2:
      return "(SELECT max(" + value(id, depth - 1) + ") FROM one.parent)";
    case 3:
      return "ARRAY(SELECT " + value(id, depth - 1) + ")";
    default:
      return "(VALUES (" + value(id, depth - 1) + "), (" + value(id, depth - 1) + "))";
  }
}

std::string Trees::form(TypeId id, int depth) {
  const auto one = [&] { return value(id, depth - 1); };
  switch (below(16)) {
    case 0:
    case 1: {
      std::string text = "CASE WHEN " + condition(depth - 1) + " THEN " + one();
      if (one_in(3)) text += " WHEN " + condition(depth - 1) + " THEN " + one();
      return text + (one_in(3) ? "" : " ELSE " + one()) + " END";
    }
    case 2: {
      const auto tested = some_type();
      return "CASE " + value(tested, depth - 1) + " WHEN " + value(tested, depth - 1) + " THEN " + one() + " ELSE " +
             one() + " END";
    }
    case 3:
    case 4:
      return "coalesce(" + one() + ", " + one() + (one_in(3) ? ", " + one() : "") + ")";
    case 5:
      return (one_in(2) ? "greatest(" : "least(") + one() + ", " + one() + ")";
    case 6:
      return "nullif(" + one() + ", " + one() + ")";
    case 7:
    case 8:
    case 9:
      return "(" + value(some_type(), depth - 1) + ")::" + type_name(id);
    case 10:
      return "CAST(" + value(some_type(), depth - 1) + " AS " + type_name(one_in(4) ? some_type() : id) + ")";
    case 11:
      return one_in(2) ? "ARRAY[" + one() + ", " + one() + "]" : "(ARRAY[" + one() + "])[1]";
    case 12:
      return "(" + one() + (one_in(2) ? " COLLATE \"C\")" : " COLLATE \"POSIX\")");
    case 13:
      return one_in(2) ? "(" + one() + ")[1:2]" : "(" + one() + ")[" + value(type::int4, 1) + "]";
    case 14:
      return one_in(2) ? "ROW(" + one() + ", " + one() + ")" : "(" + one() + ").x";
    default:
      return sub_query(id, depth);
  }
}

std::string Trees::value(TypeId id, int depth) {
  if (id == type::any || id == type::anyelement || id == type::anynonarray || id == type::anycompatible)
    id = some_type();
  if (id == type::anyarray || id == type::anycompatiblearray) id = type::text_array;
  if (depth <= 0 || one_in(4)) return leaf(id);
  if (id == type::boolean && one_in(2)) return "(" + condition(depth) + ")";
  switch (below(3)) {
    case 0:
      return call(id, depth);
    case 1:
      return op(id, depth);
    default:
      return form(id, depth);
  }
}

std::string Trees::expression(int depth) { return value(some_type(), depth); }

namespace {

// Something to read from, and names that mean something there.
struct Source {
  const char* from;
  std::vector<const char*> names;
};
const Source sources[] = {
    {"w", {"n", "v", "w.ts", "k", "x", "b"}},
    {"one.parent p", {"id", "p.name", "tags", "p.full_name", "p.*", "p"}},
    {"one.parent p JOIN one.child c USING (id)", {"id", "p.id", "c.name", "c.extra", "p.tags", "*"}},
    {"one.parent p LEFT JOIN one.child c ON p.id = c.id", {"p.id", "c.id", "extra", "c.tags", "p.name"}},
    {"one.parent NATURAL FULL JOIN one.child", {"id", "name", "extra", "tags", "*"}},
    {"(one.parent p JOIN one.child c USING (id)) AS j (i, nm)", {"i", "nm", "j.tags", "j", "p.id"}},
    {"one.parent p, LATERAL (SELECT p.id AS n, p.tags AS t FROM one.child) s", {"p.id", "n", "s.t", "name", "s"}},
    {"one.parent p, (SELECT id AS n FROM one.child) s", {"p.id", "n", "tags", "s.n"}},
    {"(SELECT id AS n, name, 'x' AS u FROM one.parent) s (m)", {"m", "s.name", "u", "s.u", "s"}},
    {"generate_series(1, 3) AS g", {"g", "g.g", "g + 1"}},
    {"generate_series(1.5, 3) AS g (y)", {"y", "g.y", "g"}},
    {"one.rows_of(1) r", {"r.id", "r", "tags", "r.full_name"}},
    {"one.two_columns(1) WITH ORDINALITY AS t (a, b, c)", {"a", "b", "t.c", "t"}},
    {"ROWS FROM (one.two_columns(1), generate_series(1, 2)) AS t (a, b, c)", {"a", "b", "t.c"}},
    {"json_to_record('{}') AS t (a integer, b varchar(7))", {"a", "b", "t"}},
    {"(VALUES (1, 'a'), (2.5, NULL)) v", {"column1", "v.column2", "v"}},
    {"unnest(ARRAY['a', 'b']) u", {"u", "u.u"}},
    {"one.parent p CROSS JOIN two.label_view", {"p.id"}},
    {"q", {"n", "q.word", "q"}},
    {"one.parent p JOIN q ON q.n = p.id", {"p.id", "word", "q.n", "p.tags"}},
    {"pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace",
     {"relname", "nspname", "c.oid", "relkind", "c.relacl"}},
    {"information_schema.columns", {"column_name", "ordinal_position", "is_nullable", "*"}},
    {"one.keyed k", {"k.a", "b", "c", "k", "k.*"}}};

}  // namespace

std::string Trees::query() {
  const auto& source = sources[below(std::size(sources))];
  static const char* const others[] = {"id", "count(*)", "1", "'x'", "NULL", "row_number() OVER ()", "*", "zzz", "o0"};
  const auto name = [&]() -> std::string {
    if (one_in(8)) return others[below(std::size(others))];
    return source.names[below(source.names.size())];
  };
  const auto expression = [&]() -> std::string {
    switch (below(12)) {
      case 0:
        return "max(" + name() + ")";
      case 1:
        return "coalesce(" + name() + ", " + name() + ")";
      case 2:
        return "array_agg(" + std::string(one_in(3) ? "DISTINCT " : "") + name() +
               (one_in(3) ? " ORDER BY " + name() : "") + ")";
      case 3:
        return "(SELECT " + name() + (one_in(2) ? " FROM one.child z" : "") + " LIMIT 1)";
      case 4:
        return "lag(" + name() + ") OVER (" + (one_in(2) ? "PARTITION BY " + name() : "ORDER BY " + name()) + ")";
      case 5:
        return name() + " IN (SELECT " + name() + ")";
      case 6:
        return one_in(3) ? value(some_type(), 2) : "(" + name() + ")::text";
      default:
        return name();
    }
  };
  std::string text = std::string(source.from).find('q') != std::string::npos || one_in(12)
                         ? "WITH q AS (SELECT id AS n, name AS word FROM one.parent) SELECT "
                         : "SELECT ";
  if (one_in(6)) text += one_in(3) ? "DISTINCT ON (" + name() + ") " : "DISTINCT ";
  const auto outputs = 1 + below(3);
  for (std::size_t i = 0; i < outputs; ++i)
    text += (i == 0 ? "" : ", ") + expression() + (one_in(4) ? " AS o" + std::to_string(i) : "");
  text += std::string(" FROM ") + source.from;
  if (one_in(4)) text += " WHERE " + (one_in(2) ? name() + " IS NOT NULL" : name() + " = 1");
  if (one_in(4)) text += " GROUP BY " + name() + (one_in(2) ? ", " + name() : "");
  if (one_in(8)) text += " HAVING count(*) > 1";
  if (one_in(4)) text += " ORDER BY " + (one_in(3) ? "o0" : name());
  if (one_in(6)) text += " LIMIT " + (one_in(4) ? name() : std::string("10"));
  if (one_in(6)) {
    const char* const operations[] = {" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT "};
    text = "(" + text + ")" + operations[below(4)] + "SELECT " + (one_in(2) ? "id" : "'a'") + " FROM one.parent" +
           (one_in(3) ? " ORDER BY 1" : "");
  }
  return text;
}

}  // namespace mig::tests
