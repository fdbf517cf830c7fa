// One update for each table that stores the enum.
#include "compiler/operations/label_rows.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_update.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

// The columns of each relation that is updated: of a partitioned table the topmost, of inheritors each by itself.
using Columns = std::map<catalog::Name, std::vector<TypeUse>>;
Columns columns_of(const Context& ctx, const catalog::Type& type) {
  Columns found;
  for (auto& use : uses_of(ctx, type.name)) {
    if (use.view || use.generated) continue;
    const auto* table = ctx.before.table(use.relation);
    while (!table->partition_of.name.empty()) table = ctx.before.table(table->partition_of);
    auto& columns = found[table->name];
    const bool known =
        std::any_of(columns.begin(), columns.end(), [&](const auto& each) { return each.column == use.column; });
    if (known) continue;
    use.relation = table->name;
    columns.push_back(std::move(use));
  }
  return found;
}

std::vector<std::string> names_of(const std::vector<TypeUse>& uses) {
  std::vector<std::string> names;
  for (const auto& use : uses) names.push_back(use.column);
  return names;
}

// The call as an update of this table, so that rules about rows are those of `update`.
struct AsUpdate {
  syntax::Call call;
  Context ctx;
  AsUpdate(const Context& of, const catalog::Name& table, source::Span span)
      : call(of.call), ctx{of.before, call, of.files, of.sink, of.schema, of.migration, of.park_schema, of.phase} {
    syntax::Path path;
    path.parts = {{table.schema, true, span}, {table.name, true, span}};
    path.span = span;
    call.arguments.push_back({"table", std::move(path), span});
    call.span = span;
  }
};

RowsOf rows_of(const catalog::Table& table, const std::vector<std::string>& columns) {
  return {&table, table.name.name, !table.partitioned() && !table.children.empty(), value_columns(table),
          row_key(table, columns)};
}

RowUpdate update_of(const Context& ctx, const catalog::Type& type, const std::vector<TypeUse>& uses,
                    const std::string& from, const std::string& to) {
  std::vector<Fragment> set, conditions;
  for (const auto& use : uses) {
    const auto value = sql::fragment(Ident{use.column});
    set.push_back(sql::sql("{} = {}", value, with_label(ctx, value, use.type, type.name, from, to)));
    conditions.push_back(holds_label(ctx, value, use.type, type.name, from));
  }
  return {names_of(uses), sql::join(set, ", "), sql::join(conditions, " OR "), {}, {}};
}

bool refuse(const Context& ctx, std::string message, std::string note) {
  ctx.sink.report(diagnostics::still_needed, ctx.call.get<syntax::Path>("enum")->span, std::move(message))
      .note(std::move(note));
  return false;
}

bool require_settable(const Context& ctx, const catalog::Type& type, const TypeUse& use, const std::string& from,
                      const std::string& to) {
  const auto value = sql::fragment(Ident{use.column});
  if (!with_label(ctx, value, use.type, type.name, from, to).text().empty()) return true;
  return refuse(ctx,
                fmt::format("values within {} cannot be replaced: column {} of `{}`", use.type,
                            sql::quote_ident(use.column), use.relation.text()),
                "write: update … before, drop that column, or give it another type");
}

// Rows of both tables would have to change at once.
bool require_no_key(const Context& ctx, const TypeUse& use) {
  std::vector<catalog::Name> tables = ctx.before.referencing(use.relation);
  tables.push_back(use.relation);
  for (const auto& name : tables)
    for (const auto& key : ctx.before.table(name)->constraints) {
      if (key.kind != "foreign key") continue;
      const auto holds = [&](const std::vector<std::string>& columns) {
        return std::find(columns.begin(), columns.end(), use.column) != columns.end();
      };
      const bool here = name == use.relation && holds(key.columns);
      const bool there = key.references == use.relation && holds(key.reference_columns);
      if (here || there)
        return refuse(ctx,
                      fmt::format("foreign key {} of `{}` holds on to column {}", sql::quote_ident(key.name),
                                  name.text(), sql::quote_ident(use.column)),
                      "drop it before, and add it again after");
    }
  return true;
}

bool require_table(const Context& ctx, const catalog::Type& type, const catalog::Name& name,
                   const std::vector<TypeUse>& uses, const std::string& from, const std::string& to) {
  for (const auto& use : uses)
    if (!require_settable(ctx, type, use, from, to) || !require_no_key(ctx, use)) return false;
  const AsUpdate update(ctx, name, ctx.call.get<syntax::Path>("enum")->span);
  const auto* table = require_rows(update.ctx, "rw");
  return table && require_identity(update.ctx, *table, "update") &&
         require_batches_or_few(update.ctx, {rows_of(*table, names_of(uses))}, "update");
}

// A unique index lets readers go on.
bool can_refresh_beside_readers(const catalog::View& view) {
  return std::any_of(view.indexes.begin(), view.indexes.end(), [](const catalog::Index& index) {
    return index.unique && index.valid && index.predicate.empty() &&
           std::all_of(index.parts.begin(), index.parts.end(),
                       [](const catalog::IndexPart& part) { return !part.column.empty(); });
  });
}

void add_reads(const Context& ctx, const catalog::View& view, std::vector<sql::Lock>& locks) {
  for (const auto& use : view.uses) {
    if (ctx.before.table(use.relation))
      rows::add(locks, tree_locks(ctx, use.relation, sql::LockMode::access_share));
    else
      locks.push_back(lock(use.relation, sql::LockMode::access_share));
    const auto* below = ctx.before.view(use.relation);
    if (below && !below->materialized) add_reads(ctx, *below, locks);
  }
}

sql::Step refresh_step(const Context& ctx, const catalog::View& view) {
  const bool beside = can_refresh_beside_readers(view);
  std::vector<sql::Lock> locks{lock(view.name, beside ? sql::LockMode::exclusive : sql::LockMode::access_exclusive)};
  if (!beside)
    for (const auto& index : view.indexes)
      locks.push_back(lock({view.name.schema, index.name}, sql::LockMode::access_exclusive));
  add_reads(ctx, view, locks);
  sql::Step step;
  step.phase = ctx.phase;
  step.title = "fill materialized view " + view.name.text() + " again";
  step.action = sql::Transaction{{statement(
      sql::sql("REFRESH MATERIALIZED VIEW {}{}", beside ? sql::sql("CONCURRENTLY ") : Fragment{}, view.name.sql()),
      std::move(locks), sql::Work::scan, "its rows hold the other value")}};
  step.touches = {catalog::key("view", view.name)};
  return step;
}

}  // namespace

bool require_label_rows(const Context& ctx, const catalog::Type& type, const std::string& from, const std::string& to) {
  bool good = true;
  for (const auto& [name, uses] : columns_of(ctx, type)) good = require_table(ctx, type, name, uses, from, to) && good;
  for (const auto& use : uses_of(ctx, type.name))
    if (const auto* view = use.view ? ctx.before.view(use.relation) : nullptr)
      good = require_owner(ctx, "view", view->name, view->owner, ctx.call.get<syntax::Path>("enum")->span) && good;
  return good;
}

std::vector<sql::Step> label_rows_steps(const Context& ctx, const catalog::Type& type, const LabelRows& rows) {
  std::vector<sql::Step> made;
  for (const auto& [name, uses] : columns_of(ctx, type)) {
    const AsUpdate update(ctx, name, rows.place);
    for (auto& step : update_steps(update.ctx, rows_of(*ctx.before.table(name), names_of(uses)),
                                   update_of(ctx, type, uses, rows.from, rows.to)))
      made.push_back(std::move(step));
  }
  return made;
}

void append_refreshes(const Context& ctx, const catalog::Type& type, std::vector<sql::Step>& steps) {
  std::vector<catalog::Name> done;
  for (const auto& use : uses_of(ctx, type.name)) {
    if (!use.view || std::find(done.begin(), done.end(), use.relation) != done.end()) continue;
    done.push_back(use.relation);
    const auto& view = *ctx.before.view(use.relation);
    if (!view.populated) continue;
    steps.front().back.push_back(refresh_step(ctx, view));
    steps.push_back(refresh_step(ctx, view));
  }
}

}  // namespace mig::operations
