// Another query for a materialized view: made beside, filled and indexed while the old one is read, then swapped.
#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/view_written.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

void append(std::vector<sql::Statement>& out, std::vector<sql::Statement> more) {
  for (auto& each : more) out.push_back(std::move(each));
}

// The view and its indexes under names of mig's own: nobody looks at it yet.
catalog::View beside(const Context& ctx, const catalog::View& view) {
  auto made = view;
  made.name.name = kept_name(ctx, view.name.name, view.definition);
  for (auto& index : made.indexes) index.name = kept_name(ctx, index.name, view.definition);
  return made;
}

sql::Step make_beside(const Context& ctx, const catalog::View& kept, sql::Statement create) {
  create.reason = "beside the one that is there: readers go on while it is filled";
  std::vector<sql::Statement> statements{std::move(create)};
  append(statements, dress_view(ctx, kept));
  auto step = transaction(ctx, fmt::format("make materialized view {} beside", kept.name.text()), std::move(statements),
                          has_relation(kept.name));
  // The way back of the swap took it along already.
  auto drop = drop_view(kept);
  drop.text = sql::sql("DROP MATERIALIZED VIEW IF EXISTS {}", kept.name.sql());
  step.back = {transaction(ctx, "drop materialized view " + kept.name.text(), {std::move(drop)},
                           negate(has_relation(kept.name)))};
  return step;
}

// `gone` goes, `kept` gets its name and the names of its indexes.
sql::Step swap(const Context& ctx, const catalog::View& gone, const catalog::View& come, const Hanging& hanging) {
  const auto kept = beside(ctx, come);
  auto statements = drop_hanging(hanging);
  statements.push_back(drop_view(gone));
  statements.push_back(
      statement(sql::sql("ALTER MATERIALIZED VIEW {} RENAME TO {}", kept.name.sql(), Ident{come.name.name}),
                {lock(kept.name, LockMode::access_exclusive)}, sql::Work::instant,
                "filled already: its name is all that is left"));
  for (std::size_t i = 0; i < kept.indexes.size(); ++i)
    statements.push_back(
        statement(sql::sql("ALTER INDEX {} RENAME TO {}", sql::Qualified{kept.name.schema, kept.indexes[i].name},
                           Ident{come.indexes[i].name})));
  append(statements, make_hanging(hanging));
  append(statements, make_view_parts(ctx, come));
  append(statements, make_view_statistics(ctx, view_of(ctx)));
  auto title = fmt::format("replace materialized view {}", come.name.text());
  if (!said(hanging).empty()) title += fmt::format(", and make {} again", said(hanging));
  return transaction(ctx, std::move(title), std::move(statements),
                     both(has_relation(come.name), negate(has_relation(kept.name))));
}

}  // namespace

std::vector<sql::Step> swap_view_steps(const Context& ctx) {
  const auto& old = view_of(ctx);
  const auto written = written_view(ctx, ViewKind::materialized, old.name, &old);
  const auto hanging = what_hangs(ctx, {.columns = {}, .relations = {old.name}, .functions = {}, .types = {}});
  const auto kept = beside(ctx, written.view), kept_old = beside(ctx, old);
  std::vector<sql::Step> steps{make_beside(ctx, kept, create_view_statement(ctx, written, kept.name, MakeView::fresh)),
                               swap(ctx, old, written.view, hanging)};
  auto again = make_beside(ctx, kept_old, make_view(ctx, kept_old).front());
  again.back.clear();
  steps.back().back = {std::move(again), swap(ctx, written.view, old, hanging)};
  auto touched = touches(hanging);
  touched.push_back(catalog::key("view", old.name));
  finish(steps, touched);
  return steps;
}

}  // namespace mig::operations
