// rebuild index: REINDEX CONCURRENTLY, part by part.
#include "compiler/operations/rebuild_index.hpp"

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto at = require_own_index(ctx);
  if (!at.index) return;
  const auto span = ctx.call.get<syntax::Path>("index")->span;
  const auto* constraint = at.table ? at.table->constraint(at.index->constraint) : nullptr;
  if (constraint && constraint->kind == "exclude") {
    ctx.sink
        .report(diagnostics::contradiction, span,
                fmt::format("`{}` is the index of an exclusion constraint: PostgreSQL cannot rebuild it while reads "
                            "and writes go on (0A000)",
                            at.name().text()))
        .note(fmt::format("write: sql $$reindex index {}$$ …, which locks out everybody meanwhile", at.name().text()));
    return;
  }
  if (leaves(ctx, at).empty())
    ctx.sink.report(diagnostics::nothing_to_do, span, fmt::format("`{}` has no parts yet", at.name().text()))
        .note("take the line out");
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_index(ctx);
  return rebuild_index_steps(ctx, leaves(ctx, at), "index " + at.name().text());
}

}  // namespace

extern const Operation rebuild_index;  // its line in operations.def finds it
constinit const Operation rebuild_index = {
    .name = "rebuild_index",
    .form = "rebuild index (index path)",
    .summary = "Builds an index anew while reads and writes go on.",
    .description =
        R"md(`REINDEX INDEX CONCURRENTLY`: a new index is built beside the old one under SHARE UPDATE EXCLUSIVE, exchanged with it, and
the old one dropped. For an index that has grown beyond what it holds, that is not valid, or whose function or collation
computes otherwise than it did. Of a partitioned index each part is rebuilt by itself: PostgreSQL would lock all
partitions for a moment, and before 14 refuses it.

A rebuilt index has another number and nothing else that is new, so its number is remembered in its comment meanwhile;
the last step brings the comment back. What a run that died leaves (`…_ccnew`, `…_ccold`) the next one drops.

Refused: the index of an exclusion constraint, which PostgreSQL rebuilds only under ACCESS EXCLUSIVE. There is nothing to
undo on the way back.
)md",
    .example = "rebuild index orders_status_idx;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { rebuilt_indexes(after, leaves(ctx, find_index(ctx))); },
    .steps = steps,
};

}  // namespace mig::operations
