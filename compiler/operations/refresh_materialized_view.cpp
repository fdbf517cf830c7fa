// refresh materialized view: beside its readers where it can be.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

// What REFRESH … CONCURRENTLY tells rows apart by: a unique index of all rows, over plain columns.
bool tells_rows_apart(const catalog::Index& index) {
  return index.unique && index.valid && index.predicate.empty() &&
         std::all_of(index.parts.begin(), index.parts.end(),
                     [](const catalog::IndexPart& part) { return !part.column.empty(); });
}

const catalog::Index* key_of(const catalog::View& view) {
  const auto found = std::find_if(view.indexes.begin(), view.indexes.end(), tells_rows_apart);
  return found == view.indexes.end() ? nullptr : &*found;
}

bool concurrently(const catalog::View& view) { return view.populated && key_of(view) != nullptr; }

void check(const Context& ctx) {
  const auto* view = require_own_view(ctx, view_path(ctx), ViewKind::materialized);
  if (!view || !ctx.call.has_word("concurrently") || concurrently(*view)) return;
  auto& diagnostic = ctx.sink.report(diagnostics::contradiction, ctx.call.span,
                                     fmt::format("`{}` cannot be refreshed concurrently", view->name.text()));
  if (!view->populated)
    diagnostic.note("found: it has no rows yet, and the first ones are made under a lock")
        .note("write: refresh materialized view … without `concurrently`");
  else
    diagnostic.note("found: no unique index over plain columns and all rows, by which rows are told apart")
        .note(fmt::format("write before: add unique index on {} (…)", view->name.text()));
}

std::vector<sql::Lock> locks_of(const Context& ctx, const catalog::View& view) {
  std::vector<sql::Lock> locks{lock(view.name, concurrently(view) ? LockMode::exclusive : LockMode::access_exclusive)};
  if (!concurrently(view))
    for (const auto& index : view.indexes)
      locks.push_back(lock({view.name.schema, index.name}, LockMode::access_exclusive));
  add_reads(ctx, view, true, locks);
  return locks;
}

sql::Statement refresh(const Context& ctx, const catalog::View& view) {
  if (!concurrently(view))
    return statement(sql::sql("REFRESH MATERIALIZED VIEW {}", view.name.sql()), locks_of(ctx, view), sql::Work::rewrite,
                     view.populated ? "it has no unique index by which rows could be told apart: readers wait"
                                    : "it has no rows yet: nobody can read it");
  return statement(
      sql::sql("REFRESH MATERIALIZED VIEW CONCURRENTLY {}", view.name.sql()), locks_of(ctx, view), sql::Work::scan,
      fmt::format("CONCURRENTLY: readers go on; {} tells rows apart", sql::quote_ident(key_of(view)->name)));
}

sql::Fragment is_populated(const catalog::View& view) {
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = {} AND c.relispopulated)",
                  relation_oid(view.name));
}

// Rows of before do not come back, and are not missed: they are what the query gave then. Only where it had none it is
// emptied again.
std::vector<sql::Step> steps(const Context& ctx) {
  const auto& view = view_of(ctx);
  const auto title = fmt::format("refresh materialized view {}", view.name.text());
  auto step = transaction(ctx, title, {refresh(ctx, view)}, is_populated(view));
  if (view.populated) {
    step.probe.reset();  // nothing in the catalog tells a second refresh from the first
  } else {
    auto empty = statement(sql::sql("REFRESH MATERIALIZED VIEW {} WITH NO DATA", view.name.sql()), locks_of(ctx, view));
    // Not run, the query locks what it names and nothing below.
    empty.locks.clear();
    empty.locks.push_back(lock(view.name, LockMode::access_exclusive));
    for (const auto& index : view.indexes)
      empty.locks.push_back(lock({view.name.schema, index.name}, LockMode::access_exclusive));
    step.back = {
        transaction(ctx, "empty " + view.name.text() + " again", {std::move(empty)}, negate(is_populated(view)))};
  }
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("view", view.name)});
  return steps;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto view = view_of(ctx);
  view.populated = true;
  after.put(std::move(view));
}

}  // namespace

extern const Operation refresh_materialized_view;  // its line in operations.def finds it
constinit const Operation refresh_materialized_view = {
    .name = "refresh_materialized_view",
    .form = "refresh materialized view (view path) [concurrently]",
    .summary = "Computes the rows of a materialized view anew.",
    .description =
        R"md(`CONCURRENTLY` where that is possible, without being asked: the view has rows, and a unique index over plain columns
and all rows tells them apart. Readers go on then; else they wait under ACCESS EXCLUSIVE until the query has run.
`concurrently` makes it an error where it is not possible.

On the way back there is **nothing to undo**: its rows are what its query gives, and the way back of other operations
does not change that; the rows of before do not come back, the next refresh makes those that belong there. One that
had no rows at all before is emptied again.
)md",
    .example = "refresh materialized view product_states;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
