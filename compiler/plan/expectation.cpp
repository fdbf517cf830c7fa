// Expectations as SQL: the question, and the query that shows what stands against it, keys first.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "compiler/ir/names.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/rows.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/plan/looks.hpp"

namespace mig::plan {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::sql;
using Statements = std::vector<sql::Statement>;

namespace {

// One more than is shown, so that "and more" is known.
constexpr long long shown = 11;

// What the user wrote, so that neither a comment at its end nor a `;` swallows what follows.
Fragment written(const std::string& text) {
  auto end = text.find_last_not_of(" \t\r\n;");
  auto body = text.substr(0, end == std::string::npos ? 0 : end + 1);
  return operations::expression(body.find("--") == std::string::npos ? body : body + "\n");
}

operations::Context context(const catalog::Catalog& at) {
  static const syntax::Call none;
  static const source::Files files;
  static diagnostics::Sink silent;
  return {at, none, files, silent, "", "", "", ::mig::sql::Phase::verify};
}

::mig::sql::Statement reads(const catalog::Catalog& at, Fragment text, const std::string& query) {
  ::mig::sql::Statement made;
  made.text = std::move(text);
  made.work = ::mig::sql::Work::scan;
  for (const auto& name : operations::named_relations(context(at), query))
    made.locks.push_back({{name.schema, name.name}, ::mig::sql::LockMode::access_share});
  return made;
}

::mig::sql::Statement plain(Fragment text) {
  ::mig::sql::Statement made;
  made.text = std::move(text);
  return made;
}

// A block between dollar quotes whose tag does not stand in it.
Fragment block(const Fragment& body) {
  if (body.text().find("$mig$") == std::string::npos) return sql("DO $mig$\n{}\n$mig$", body);
  return sql("DO {}", Literal{body.text()});
}

// ---- expect EXPRESSION ----

bool constant(const syntax::Expr& value) { return std::holds_alternative<syntax::Constant>(value.node); }

// The sides of the comparisons that a condition is made of, down to what is no comparison.
void sides(const syntax::Expr& condition, std::vector<const syntax::Expr*>& out) {
  static const std::set<std::string> made_of{
      "and", "or", "=", "<>", "!=", "<", ">", "<=", ">=", "is distinct from", "is not distinct from"};
  if (const auto* binary = std::get_if<syntax::Binary>(&condition.node); binary && made_of.count(binary->op) != 0) {
    sides(*binary->left, out);
    sides(*binary->right, out);
  } else if (!constant(condition)) {
    out.push_back(&condition);
  }
}

// A name for a column of the answer: the expression itself, as far as a name of PostgreSQL goes.
std::string name_of(std::string_view text, std::set<std::string>& taken) {
  std::string flat;
  for (const char c : text)
    if (const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        !blank || (!flat.empty() && flat.back() != ' '))
      flat += blank ? ' ' : c;
  auto name = ::mig::sql::object_name(flat, "", "");
  for (int i = 2; !taken.insert(name).second; ++i) name = ::mig::sql::object_name(flat, std::to_string(i), "");
  return name;
}

::mig::sql::Assert condition(const catalog::Catalog& at, const syntax::Expr& expression, const source::Files& files) {
  const std::string text(files.text(expression.span));
  ::mig::sql::Assert made;
  made.statements = {reads(at, question(text), "SELECT " + text)};
  std::vector<const syntax::Expr*> values;
  sides(expression, values);
  std::vector<Fragment> columns;
  std::set<std::string> taken;
  for (const auto* value : values) {
    const auto side = files.text(value->span);
    columns.push_back(sql("({}) AS {}", written(std::string(side)), Ident{name_of(side, taken)}));
  }
  if (!columns.empty()) made.rows = sql("SELECT {}", ::mig::sql::join(columns, ", "));
  return made;
}

// ---- expect none in ----

// All columns, those first that tell rows apart; `*` where they are not known (a view).
Fragment columns_of(const catalog::Catalog& at, const std::vector<catalog::Name>& named) {
  const auto* table = named.empty() ? nullptr : at.table(named.front());
  if (table == nullptr) return sql("*");
  auto names = operations::row_key(*table, {});
  for (const auto& column : table->columns)
    if (std::find(names.begin(), names.end(), column.name) == names.end()) names.push_back(column.name);
  return operations::names(names);
}

::mig::sql::Assert none(const catalog::Catalog& at, const syntax::Expect::None& what, const source::Files& files) {
  ::mig::sql::Assert made;
  if (what.query) {
    const auto query = written(what.query->text);
    made.statements = {reads(at, sql("SELECT NOT EXISTS ({}) AS holds", query), what.query->text)};
    made.rows = sql("SELECT * FROM ({}) AS found LIMIT {}", query, shown);
    return made;
  }
  const std::string table(files.text(what.table->span));
  const auto named = operations::named_relations(context(at), "TABLE " + table);
  const auto from = named.empty()
                        ? written(table)
                        : ::mig::sql::fragment(::mig::sql::Qualified{named.front().schema, named.front().name});
  const auto where = what.where ? sql(" WHERE {}", written(std::string(files.text(what.where->span)))) : Fragment();
  const auto query = "SELECT FROM " + table + (what.where ? " WHERE " + std::string(files.text(what.where->span)) : "");
  made.statements = {reads(at, sql("SELECT NOT EXISTS (SELECT FROM {}{}) AS holds", from, where), query)};
  made.rows = sql("SELECT {} FROM {}{} LIMIT {}", columns_of(at, named), from, where, shown);
  return made;
}

// ---- expect plan uses index ----

::mig::sql::Assert plan_uses(const catalog::Catalog& at, const syntax::Expect::PlanUses& what) {
  ::mig::sql::Assert made;
  const auto text = written(what.query.text).text();
  made.statements = {
      plain(block(sql("DECLARE\n  found json;\nBEGIN\n  EXECUTE {} INTO found;\n"
                      "  PERFORM set_config('mig.plan', found::text, true);\nEND",
                      Literal{"EXPLAIN (FORMAT JSON) " + text})))};
  const auto nodes =
      sql("jsonb_path_query(current_setting('mig.plan')::jsonb, 'strict $.** ? (exists (@.\"Node Type\"))') AS node");
  auto holds = sql("SELECT EXISTS (SELECT FROM {} WHERE node ? 'Index Name') AS holds", nodes);
  if (what.index) {
    // The plan of a partitioned table names the indexes of its partitions.
    const auto index = at.find_table("", what.index->text);
    const auto relation = index ? ::mig::sql::fragment(::mig::sql::Qualified{index->schema, index->name})
                                : ::mig::sql::fragment(Ident{what.index->text});
    holds = sql(
        "SELECT EXISTS (SELECT FROM {} WHERE node ->> 'Index Name' = {} OR node ->> 'Index Name' IN (\n"
        "  SELECT c.relname FROM pg_partition_tree({}::regclass) AS t JOIN pg_class AS c ON c.oid = t.relid)) AS holds",
        nodes, Literal{what.index->text}, Literal{relation.text()});
  }
  made.statements.push_back(reads(at, holds, what.query.text));
  made.statements.back().work = ::mig::sql::Work::instant;
  made.rows =
      sql("SELECT node ->> 'Node Type' AS node, node ->> 'Relation Name' AS relation, node ->> 'Index Name' AS index\n"
          "FROM {} LIMIT {}",
          nodes, shown);
  return made;
}

// ---- times ----

Fragment operator_of(const std::string& op) {
  if (op == "<") return sql("<");
  if (op == "<=") return sql("<=");
  if (op == ">") return sql(">");
  return sql(">=");
}

Fragment number(const std::string& digits) { return operations::expression(digits); }

Fragment measured() { return sql("current_setting('mig.measured')::double precision"); }

// In milliseconds, as text: 1.5s is 1500. The checker has held it to be a time.
std::string in_ms(const syntax::Quantity& time) {
  const double unit = time.unit == "s" ? 1000 : time.unit == "min" ? 60000 : time.unit == "h" ? 3600000 : 1;
  return fmt::format("{}", std::strtod(time.number.c_str(), nullptr) * unit);
}

::mig::sql::Assert time(const catalog::Catalog& at, const syntax::Expect::Time& what) {
  ::mig::sql::Assert made;
  const auto limit = number(in_ms(what.limit));
  made.statements = {measurement(at, what.query.text, what.percentile, what.runs.text),
                     plain(sql("SELECT coalesce({} {} {}, false) AS holds", measured(), operator_of(what.op), limit))};
  made.rows = sql("SELECT {} AS {}, {} AS limit_ms", measured(), Ident{what.percentile + "_ms"}, limit);
  return made;
}

const syntax::Measure* measure_of(const ir::Migration& migration, const std::string& name) {
  for (const auto* measure : migration.measures)
    if (measure->name.text == name) return measure;
  return nullptr;
}

::mig::sql::Assert baseline(const ir::Migration& migration, const catalog::Catalog& at,
                            const syntax::Expect::Baseline& what) {
  ::mig::sql::Assert made;
  const auto& name = what.measure.parts.back().text;
  const auto* measure = measure_of(migration, name);
  if (measure == nullptr) return made;  // reported by the checker
  const auto before =
      sql("(SELECT value FROM mig.metric WHERE name = {} AND plan = (SELECT plan FROM mig.migration WHERE name = {})\n"
          "  ORDER BY id DESC LIMIT 1)",
          Literal{name}, Literal{migration.name});
  made.statements = {measurement(at, measure->query.text, measure->function, measure->runs.text),
                     plain(sql("SELECT coalesce({} {} {} * {}, false) AS holds", measured(), operator_of(what.op),
                               number(what.factor), before))};
  made.rows = sql("SELECT {} AS now_ms, {} AS baseline_ms, {} AS factor", measured(), before, number(what.factor));
  return made;
}

}  // namespace

Fragment question(const std::string& condition) {
  return sql("SELECT coalesce(({}), false) AS holds", written(condition));
}

::mig::sql::Statement measurement(const catalog::Catalog& at, const std::string& query, const std::string& percentile,
                                  const std::string& runs) {
  const auto text = written(query).text();
  // Measured in the server: what the network adds is not the schema's.
  return reads(
      at,
      block(sql("DECLARE\n  began timestamptz;\n  took double precision[] := '{{}}';\nBEGIN\n"
                "  FOR i IN 1..{} LOOP\n    began := clock_timestamp();\n    EXECUTE {};\n"
                "    took := took || (extract(epoch FROM clock_timestamp() - began) * 1000)::double precision;\n"
                "  END LOOP;\n"
                "  PERFORM set_config('mig.measured', (SELECT percentile_disc(0.{}) WITHIN GROUP (ORDER BY t)\n"
                "    FROM unnest(took) AS t)::text, true);\nEND",
                number(runs), Literal{text}, number(percentile.substr(1)))),
      query);
}

::mig::sql::Assert assertion(const ir::Migration& migration, const ir::Expectation& expectation,
                             const source::Files& files) {
  struct Made {
    const ir::Migration& migration;
    const catalog::Catalog& at;
    const source::Files& files;
    ::mig::sql::Assert operator()(const syntax::Expr& what) const { return condition(at, what, files); }
    ::mig::sql::Assert operator()(const syntax::Expect::None& what) const { return none(at, what, files); }
    ::mig::sql::Assert operator()(const syntax::Expect::Match& what) const { return match(at, what, shown); }
    ::mig::sql::Assert operator()(const syntax::Expect::PlanUses& what) const { return plan_uses(at, what); }
    ::mig::sql::Assert operator()(const syntax::Expect::Time& what) const { return time(at, what); }
    ::mig::sql::Assert operator()(const syntax::Expect::Baseline& what) const { return baseline(migration, at, what); }
  };
  auto made = std::visit(Made{migration, *expectation.before, files}, expectation.expect->what);
  made.timeout_ms = migration.policy.expect_timeout_ms;
  return made;
}

}  // namespace mig::plan
