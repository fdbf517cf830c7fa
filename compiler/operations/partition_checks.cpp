// What PostgreSQL would refuse when a partition comes or goes, said before.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/partitions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/table_setting.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

struct Refusal {
  const diagnostics::Code* code;
  std::string what, way;
};

std::vector<Refusal> place_problems(const catalog::Table& parent, const catalog::Table& table) {
  const auto name = table.name.text();
  if (!table.partition_of.name.empty())
    return {{&diagnostics::contradiction,
             fmt::format("`{}` is a partition of `{}` already", name, table.partition_of.text()),
             fmt::format("write before it: detach partition {} from {}", name, table.partition_of.text())}};
  if (!table.inherits.empty() || (!table.partitioned() && !table.children.empty()))
    return {{&diagnostics::contradiction, fmt::format("`{}` takes part in plain inheritance", name),
             "write before it: no inherit … from …"}};
  if (table.name == parent.name)
    return {
        {&diagnostics::contradiction, fmt::format("`{}` cannot be a partition of itself", name), "name another table"}};
  return {};
}

// The partition has the columns of the parent, no more and no less (42804).
std::vector<Refusal> column_problems(const catalog::Table& parent, const catalog::Table& table, int major) {
  std::vector<Refusal> found;
  const auto name = table.name.text();
  const auto add = [&](std::string what, std::string way) {
    found.push_back({&diagnostics::contradiction, std::move(what), std::move(way)});
  };
  for (const auto& column : table.columns)
    if (!parent.column(column.name))
      add(fmt::format("`{}` has a column `{}` that `{}` has not", name, sql::quote_ident(column.name),
                      parent.name.text()),
          fmt::format("write before it: drop column {}.{}", name, sql::quote_ident(column.name)));
  for (const auto& above : parent.columns) {
    const auto* own = table.column(above.name);
    const auto path = fmt::format("{}.{}", name, sql::quote_ident(above.name));
    if (!own)
      add(fmt::format("`{}` has no column `{}`", name, sql::quote_ident(above.name)),
          fmt::format("write before it: add column {} {}", path, above.type));
    else if (own->type != above.type || own->collation != above.collation)
      add(fmt::format("`{}` is {}, in `{}` it is {}", path, own->type, parent.name.text(), above.type),
          fmt::format("write before it: set type {} to {}", path, above.type));
    else if (above.not_null && !own->not_null)
      add(fmt::format("`{}` may be null, in `{}` it may not", path, parent.name.text()),
          fmt::format("write before it: set not null {}", path));
    else if (own->generated != above.generated)
      add(fmt::format("`{}` is {}generated, in `{}` it is{}", path, own->generated.empty() ? "not " : "",
                      parent.name.text(), above.generated.empty() ? " not" : ""),
          "make both alike before");
    else if (major >= 17 && !own->identity.empty())
      add(fmt::format("`{}` is an identity column: a partition has that of its parent", path),
          fmt::format("write before it: drop identity {}", path));
  }
  return found;
}

std::vector<Refusal> part_problems(const catalog::Catalog& catalog, const catalog::Table& parent,
                                   const catalog::Table& table) {
  std::vector<Refusal> found;
  for (const auto& above : parent.constraints) {
    const auto* own = above.kind == "check" ? table.constraint(above.name) : nullptr;
    if (own && (own->kind != "check" || own->no_inherit || !own->validated ||
                !sql::same_expression(own->expression, above.expression)))
      found.push_back({&diagnostics::contradiction,
                       fmt::format("constraint `{}` of `{}` is not the check of `{}`", sql::quote_ident(own->name),
                                   table.name.text(), parent.name.text()),
                       "drop it or make it the same before"});
  }
  if (!table.partitioned()) return found;
  const auto lacks = missing(catalog, {&parent, &table, {}});
  for (const auto& index : lacks.indexes)
    found.push_back(
        {&diagnostics::contradiction,
         fmt::format("`{}` is partitioned and has no index like one of `{}`", table.name.text(), parent.name.text()),
         fmt::format("add it before, as {}", sql::quote_ident(index.name))});
  return found;
}

}  // namespace

const catalog::Table* require_partitioned(const Context& ctx, const syntax::Path& path) {
  const auto* table = require_table_alone(ctx, path);
  if (!table || table->partitioned()) return table;
  ctx.sink.report(diagnostics::wrong_kind, path.span, fmt::format("`{}` is not partitioned", table->name.text()))
      .note("a table is partitioned when it is made: create table … partition by …");
  return nullptr;
}

bool check_attachable(const Context& ctx, const catalog::Table& parent, const catalog::Table& table,
                      source::Span span) {
  auto found = place_problems(parent, table);
  if (found.empty()) {
    found = column_problems(parent, table, ctx.before.server.major());
    for (auto& each : part_problems(ctx.before, parent, table)) found.push_back(std::move(each));
  }
  for (auto& each : found) ctx.sink.report(*each.code, span, std::move(each.what)).note(std::move(each.way));
  return found.empty();
}

Partition require_partition(const Context& ctx) {
  const auto& path = *ctx.call.get<syntax::Path>("partition");
  const auto* table = require_own_table(ctx, path);
  if (!table) return {};
  const auto* written = ctx.call.get<syntax::Path>("table");
  const auto* parent = written ? require_partitioned(ctx, *written) : ctx.before.table(table->partition_of);
  if (written && !parent) return {};
  if (table->partition_of.name.empty() || (parent && parent->name != table->partition_of)) {
    auto& diagnostic = ctx.sink.report(diagnostics::wrong_kind, path.span,
                                       fmt::format("`{}` is no partition{}", table->name.text(),
                                                   parent ? fmt::format(" of `{}`", parent->name.text()) : ""));
    if (parent)
      for (const auto& child : parent->children) diagnostic.note("found: " + child.text());
    return {};
  }
  if (!parent || !require_owner(ctx, "table", parent->name, parent->owner, path.span)) return {};
  if (table->partition_bound.find(" DETACH PENDING") == std::string::npos)
    return {parent, table, table->partition_bound};
  ctx.sink
      .report(diagnostics::contradiction, path.span,
              fmt::format("`{}` is being detached, and that was not ended", table->name.text()))
      .note(fmt::format("type: ALTER TABLE {} DETACH PARTITION {} FINALIZE", parent->name.text(), table->name.text()));
  return {};
}

}  // namespace mig::operations
