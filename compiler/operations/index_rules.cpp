// What PostgreSQL demands of a new index, said before it is built.
#include "compiler/operations/index_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

// What the access methods of PostgreSQL itself can do (pg_am's amcanorder, amcanunique, amcaninclude).
struct Method {
  const char* name;
  bool order, unique;
  int include_since;  // server major, 0: never
};
constexpr Method methods[] = {{"btree", true, true, 11}, {"hash", false, false, 0},    {"gist", false, false, 12},
                              {"gin", false, false, 0},  {"spgist", false, false, 14}, {"brin", false, false, 0}};

const Method* find_method(std::string_view name) {
  const auto found =
      std::find_if(std::begin(methods), std::end(methods), [&](const Method& m) { return name == m.name; });
  return found == std::end(methods) ? nullptr : found;
}

// An access method of an extension is in the catalog; what it can do, only the server knows.
bool require_method(const Context& ctx, const syntax::Name& method) {
  if (find_method(method.text) || ctx.before.object("access method", {"", method.text})) return true;
  std::vector<std::string> known;
  for (const auto& m : methods) known.emplace_back(m.name);
  report_unknown(ctx, diagnostics::unknown_object, method,
                 fmt::format("no index method `{}`", sql::quote_ident(method.text)), known);
  return false;
}

void check_method(const Context& ctx, bool unique, const std::vector<syntax::IndexElement>& elements) {
  const auto* written = ctx.call.get<syntax::Name>("method");
  if (!written || !require_method(ctx, *written)) return;
  const auto* method = find_method(written->text);
  if (!method) return;
  const auto refuse = [&](source::Span span, const char* what) {
    ctx.sink.report(diagnostics::contradiction, span, fmt::format("a {} index cannot {}", method->name, what))
        .note("write: using btree, or leave it out");
  };
  if (unique && !method->unique) refuse(written->span, "be unique");
  for (const auto& element : elements)
    if (!method->order && (!element.direction.empty() || !element.nulls.empty())) refuse(element.span, "be sorted");
  const auto* include = ctx.call.get<std::vector<syntax::Name>>("include");
  if (include && (method->include_since == 0 || ctx.before.server.major() < method->include_since))
    refuse(include->front().span, "include columns");
}

void check_elements(const Context& ctx, const catalog::Table& table) {
  for (const auto& element : *ctx.call.get<std::vector<syntax::IndexElement>>("elements"))
    require_row_expression(ctx, table, element.value, "an index");
  if (const auto* include = ctx.call.get<std::vector<syntax::Name>>("include"))
    for (const auto& name : *include) (void)require_column(ctx, table, name);
  if (const auto* condition = ctx.call.get<syntax::Expr>("condition"))
    require_row_expression(ctx, table, *condition, "the predicate of an index");
}

void check_new_name(const Context& ctx, const catalog::Table& table) {
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!name) {
    (void)require_create(ctx, table.name.schema, ctx.call.phrase);
    return;
  }
  const syntax::Path path{{{table.name.schema, false, name->span}, *name}, name->span};
  (void)require_new_relation(ctx, path);
}

bool has_column(const catalog::Index& index, const std::string& column) {
  return std::any_of(index.parts.begin(), index.parts.end(),
                     [&](const catalog::IndexPart& part) { return part.column == column; });
}

// Each partition checks uniqueness by itself, so equal rows must meet in one partition (0A000).
void check_partition_key(const Context& ctx, const catalog::Table& table, const catalog::Index& index) {
  for (const auto& column : table.partition_columns) {
    if (has_column(index, column)) continue;
    ctx.sink
        .report(diagnostics::contradiction, ctx.call.span,
                fmt::format("a unique index of the partitioned table `{}` needs all columns of its partition key: "
                            "`{}` is missing",
                            table.name.text(), sql::quote_ident(column)))
        .note(fmt::format("found: partition by {}", table.partition_by))
        .note(fmt::format("write: ({}) among the index's columns, or unique indexes on the partitions",
                          sql::quote_ident(column)));
  }
}

void check_partitions(const Context& ctx, const catalog::Table& table, bool unique) {
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* member = ctx.before.table(name);
    if (!member) continue;
    if (member->kind == "foreign table" && (table.partitioned() || member == &table))
      ctx.sink
          .report(diagnostics::wrong_kind, ctx.call.span,
                  fmt::format("`{}` is a foreign table and cannot have an index", name.text()))
          .note("the index belongs on the server where its rows are");
    if (unique && member->partitioned()) check_partition_key(ctx, *member, index_of_call(ctx, table, unique));
  }
}

void check_nulls(const Context& ctx) {
  if (!ctx.call.has_word("nulls") || ctx.before.server.major() >= 15) return;
  ctx.sink
      .report(diagnostics::server_too_old, ctx.call.span,
              fmt::format("`nulls not distinct` needs PostgreSQL 15; the server is {}", ctx.before.server.major()))
      .note("write: a unique index where the column is not null, and one that allows a single null row");
}

}  // namespace

std::optional<catalog::Table> index_table(const Context& ctx) {
  const auto& path = *ctx.call.get<syntax::Path>("table");
  if (const auto* table = find_table(ctx, path)) return *table;
  const auto* view = find_view(ctx, path);
  return view && view->materialized ? std::optional(table_like(*view)) : std::nullopt;
}

namespace {

// A materialized view takes indexes as a table does.
std::optional<catalog::Table> require_index_table(const Context& ctx, const syntax::Path& path) {
  const auto* view = find_view(ctx, path);
  if (view && view->materialized)
    return require_owner(ctx, "materialized view", view->name, view->owner, path.span) ? index_table(ctx)
                                                                                       : std::nullopt;
  const auto* table = require_own_table(ctx, path);
  return table ? std::optional(*table) : std::nullopt;
}

}  // namespace

void check_index(const Context& ctx, bool unique) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* elements = ctx.call.get<std::vector<syntax::IndexElement>>("elements");
  if (!path || !elements) return;
  const auto table = require_index_table(ctx, *path);
  if (!table) return;
  check_elements(ctx, *table);
  check_method(ctx, unique, *elements);
  check_new_name(ctx, *table);
  if (unique) check_nulls(ctx);
  check_partitions(ctx, *table, unique);
}

IndexTree planned_index(const Context& ctx, bool unique) {
  const auto table = index_table(ctx);
  return index_tree(ctx, *table, index_of_call(ctx, *table, unique));
}

bool only_new_columns(const Context& ctx, const catalog::Table& table, const catalog::Index& index) {
  return std::all_of(index.parts.begin(), index.parts.end(), [&](const catalog::IndexPart& part) {
    const auto names = part.column.empty() ? sql::columns_of(part.expression) : std::vector{part.column};
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      const auto* column = table.column(name);
      return column && made_here(ctx, table, *column);
    });
  });
}

std::vector<sql::Step> add_index_steps(const Context& ctx, bool unique) {
  const auto tree = planned_index(ctx, unique);
  auto steps = build_steps(ctx, tree, made_here(ctx, *index_table(ctx)));
  finish(steps, touches(tree));
  return steps;
}

}  // namespace mig::operations
