// create statistics: what the planner shall know of columns together.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

constexpr std::size_t most = 8;  // STATS_MAX_DIMENSIONS
constexpr const char* kinds[] = {"ndistinct", "dependencies", "mcv"};

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }
const syntax::Path& table_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const std::vector<syntax::IndexElement>& elements(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::IndexElement>>("elements");
}
const std::vector<syntax::Name>* written_kinds(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::Name>>("kinds");
}

// The column that an element names; null: it is an expression.
const syntax::Name* column_of(const syntax::IndexElement& element) {
  const auto* reference = std::get_if<syntax::ColumnRef>(&element.value.node);
  return reference && reference->path.parts.size() == 1 ? &reference->path.parts.back() : nullptr;
}

// Types of PostgreSQL's own that have no order, which statistics need.
bool has_order(const std::string& type) {
  static const std::set<std::string> without{"json", "xml",     "point",  "line",    "lseg",         "box",
                                             "path", "polygon", "circle", "aclitem", "txid_snapshot"};
  return without.count(type) == 0;
}

bool wrong(const Context& ctx, source::Span span, std::string message, std::string way) {
  ctx.sink.report(diagnostics::wrong_value, span, std::move(message)).note(std::move(way));
  return false;
}

bool check_plain(const Context& ctx, const syntax::IndexElement& element) {
  if (!element.collation && !element.opclass && element.direction.empty() && element.nulls.empty()) return true;
  return wrong(ctx, element.span, "an element of statistics is a column or an expression and nothing more",
               "write: create statistics … on a, b from t");
}

bool check_element(const Context& ctx, const catalog::Table& table, const syntax::IndexElement& element,
                   std::set<std::string>& seen) {
  if (!check_plain(ctx, element)) return false;
  const auto* name = column_of(element);
  if (!name)
    return require_server(ctx, 14, element.span, "statistics of expressions") &&
           require_row_expression(ctx, table, element.value, "an element of statistics");
  const auto* column = require_column(ctx, table, *name);
  if (!column) return false;
  if (!seen.insert(name->text).second)
    return wrong(ctx, element.span, fmt::format("column `{}` stands twice", sql::quote_ident(name->text)),
                 "name each column once");
  if (column->generated == "virtual")
    return wrong(ctx, element.span,
                 fmt::format("column `{}` is computed when it is read, and has no statistics", column->name),
                 "name the columns that it is computed from");
  if (has_order(column->type)) return true;
  return wrong(ctx, element.span,
               fmt::format("column `{}` is of type {}, which has no order for statistics", column->name, column->type),
               "leave the column out");
}

bool check_elements(const Context& ctx, const catalog::Table& table) {
  bool good = true;
  std::set<std::string> seen;
  for (const auto& element : elements(ctx)) good = check_element(ctx, table, element, seen) && good;
  if (!good) return false;
  if (elements(ctx).size() > most)
    return wrong(ctx, ctx.call.span, fmt::format("statistics are of {} columns at most", most),
                 "write two statistics objects");
  const bool single = elements(ctx).size() == 1;
  if (single && column_of(elements(ctx).front()))
    return wrong(ctx, elements(ctx).front().span, "statistics of one column alone are there without this",
                 "name two columns or more, or an expression");
  if (!single || !written_kinds(ctx)) return true;
  return wrong(ctx, written_kinds(ctx)->front().span, "statistics of one expression have no kinds",
               "leave the kinds out");
}

bool check_kinds(const Context& ctx) {
  bool good = true;
  if (written_kinds(ctx))
    for (const auto& kind : *written_kinds(ctx))
      if (std::find(std::begin(kinds), std::end(kinds), kind.text) == std::end(kinds)) {
        report_unknown(ctx, diagnostics::wrong_value, kind, fmt::format("statistics have no kind `{}`", kind.text),
                       {std::begin(kinds), std::end(kinds)});
        good = false;
      }
  return good;
}

void check(const Context& ctx) {
  (void)require_new_statistics(ctx, new_name(ctx, path(ctx)), path(ctx));
  (void)check_kinds(ctx);
  if (const auto* table = require_table(ctx, table_path(ctx)))
    if (require_owner(ctx, "table", table->name, table->owner, table_path(ctx).span)) (void)check_elements(ctx, *table);
}

// The columns, in the order of the table, as PostgreSQL keeps them.
std::vector<std::string> columns_in_order(const Context& ctx, const catalog::Table& table) {
  std::vector<std::string> list;
  for (const auto& column : table.columns)
    for (const auto& element : elements(ctx))
      if (const auto* name = column_of(element); name && name->text == column.name) list.push_back(column.name);
  return list;
}

// As pg_get_statisticsobjdef() prints it: kinds only where not all were asked for, columns before expressions.
Fragment definition(const Context& ctx, const catalog::Table& table) {
  std::vector<Fragment> parts;
  for (const auto& column : columns_in_order(ctx, table)) parts.push_back(sql::sql("{}", Ident{column}));
  for (const auto& element : elements(ctx))
    if (!column_of(element)) parts.push_back(sql::sql("({})", expression(text_of(ctx, element.value))));
  std::vector<std::string> wanted;
  if (written_kinds(ctx))
    for (const auto* kind : kinds)
      for (const auto& name : *written_kinds(ctx))
        if (name.text == kind && (wanted.empty() || wanted.back() != kind)) wanted.emplace_back(kind);
  const bool all = wanted.empty() || wanted.size() == std::size(kinds);
  return sql::sql("CREATE STATISTICS {}{} ON {} FROM {}", new_name(ctx, path(ctx)).sql(),
                  all ? Fragment{} : sql::sql(" ({})", names(wanted)), sql::join(parts, ", "), table.name.sql());
}

catalog::Object statistics_of_call(const Context& ctx) {
  const auto& table = *find_table(ctx, table_path(ctx));
  catalog::Object made;
  made.kind = "statistics";
  made.name = new_name(ctx, path(ctx));
  made.owner = ctx.before.server.role;
  made.facts.emplace("definition", definition(ctx, table).text());
  made.uses.push_back({table.name, columns_in_order(ctx, table)});
  return made;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(statistics_of_call(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto made = statistics_of_call(ctx);
  std::vector<sql::Step> steps{transaction(ctx, "create statistics " + made.name.text(),
                                           create_statements_of(ctx, made), has_statistics(made.name))};
  steps.front().back = {drop_statistics_step(ctx, made)};
  finish(steps, {catalog::key("statistics", made.name), catalog::key("table", made.uses.front().relation)});
  return steps;
}

}  // namespace

extern const Operation create_statistics;  // its line in operations.def finds it
constinit const Operation create_statistics = {
    .name = "create_statistics",
    .form = "create statistics (name path) [(kinds names)] on (elements index_list) from (table path)",
    .summary = "Lets the planner know how columns depend on each other.",
    .description =
        R"md(`CREATE STATISTICS` takes SHARE UPDATE EXCLUSIVE on the table: reads and writes go on. The kinds are `ndistinct`,
`dependencies` and `mcv`; without them all of them are kept. Expressions, `(lower(email))`, came with PostgreSQL 14.

The planner uses them from the next `ANALYZE` of the table on: write `analyze` after it, or wait for autovacuum.

The way back drops them. An unqualified name goes to the schema of the migration.
)md",
    .example = "create statistics orders_by_user (dependencies, ndistinct) on user_id, status from orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
