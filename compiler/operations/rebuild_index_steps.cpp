// REINDEX CONCURRENTLY as steps. Nothing in the catalog says that an index was rebuilt but its number, which is another
// one afterwards. So the number is remembered first, in the index's comment, which PostgreSQL carries over to the new
// one; the last step brings the comment back.
#include <fmt/format.h>

#include "compiler/operations/index_at.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/rebuild_index.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;
using sql::LockMode;

namespace {

constexpr const char* mark = "_mig_rebuild ";

catalog::Name beside(const Context& ctx, const catalog::Name& index, const char* label) {
  return {index.schema, relation_name(ctx.before, index.schema, index.name, {}, label)};
}

Fragment comment_of(const catalog::Name& index, const Fragment& condition) {
  return index_is(index, sql::sql("coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') {}", condition));
}

Fragment has_old_comment(const IndexAt& at) {
  return comment_of(at.name(), sql::sql("= {}", Literal{at.index->comment}));
}

Fragment remembered(const IndexAt& at) {
  return comment_of(at.name(), sql::sql("LIKE {}", Literal{std::string("\\_mig\\_rebuild %")}));
}

// Another number than the one that was remembered.
Fragment rebuilt(const IndexAt& at) {
  return both(both(remembered(at), comment_of(at.name(), sql::sql("<> {} || c.oid", Literal{mark}))),
              has_valid_index(at.name()));
}

std::vector<sql::Statement> old_comments(const std::vector<IndexAt>& all) {
  std::vector<sql::Statement> list;
  for (const auto& at : all)
    list.push_back(statement(sql::sql("COMMENT ON INDEX {} IS {}", at.name().sql(), comment_text(at.index->comment))));
  return list;
}

sql::Step remember(const Context& ctx, const std::vector<IndexAt>& all, const std::string& what) {
  std::vector<Fragment> names;
  for (const auto& at : all) names.push_back(sql::sql("({}, {})", Literal{at.name().schema}, Literal{at.name().name}));
  const auto body = sql::sql(
      "BEGIN EXECUTE (SELECT pg_catalog.string_agg(pg_catalog.format('COMMENT ON INDEX %I.%I IS %L', n.nspname, "
      "c.relname, {} || c.oid), '; ') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
      "ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN ({})); END",
      Literal{mark}, sql::join(names, ", "));
  auto step = transaction(ctx, "remember the number of " + what,
                          {statement(sql::sql("DO {}", Literal{body.text()}), {}, sql::Work::instant,
                                     "a rebuilt index has another number: by that a run after a crash knows it")},
                          remembered(all.back()));
  step.back = {transaction(ctx, "forget the number of " + what, old_comments(all), has_old_comment(all.back()))};
  return step;
}

sql::Step rebuild(const Context& ctx, const IndexAt& at) {
  const auto unfinished = beside(ctx, at.name(), "ccnew");
  auto step = concurrent(ctx, "rebuild index " + at.name().text(),
                         statement(sql::sql("REINDEX INDEX CONCURRENTLY {}", at.name().sql()),
                                   {lock(at.relation(), LockMode::share_update_exclusive)}, sql::Work::build,
                                   "CONCURRENTLY: reads and writes go on while it is built beside the old one"),
                         rebuilt(at));
  auto& action = std::get<sql::Concurrent>(step.action);
  action.remnant = probe(has_invalid_index(unfinished));
  action.cleanup = drop_index_concurrently(ctx, at.relation(), unfinished);
  // Nothing to undo, unless it died: what it left goes before the way back goes on.
  for (const auto& left : {unfinished, beside(ctx, at.name(), "ccold")}) {
    auto drop = drop_index_concurrently(ctx, at.relation(), left);
    drop.text = sql::sql("DROP INDEX CONCURRENTLY IF EXISTS {}", left.sql());  // psql does not ask before
    step.back.push_back(concurrent(ctx, "drop what a rebuild that died left of " + at.name().text(), std::move(drop),
                                   negate(has_invalid_index(left))));
  }
  return step;
}

// A run that died after the exchange leaves the old index, not valid, under a name of PostgreSQL's.
sql::Statement drop_old(const Context& ctx, const IndexAt& at) {
  const auto old = beside(ctx, at.name(), "ccold");
  const auto drop = sql::sql("DROP INDEX {}", old.sql());
  const auto body = sql::sql("BEGIN IF {} THEN {}; END IF; END", has_invalid_index(old), drop);
  return statement(sql::sql("DO {}", Literal{body.text()}), {}, sql::Work::instant,
                   "only after a crash there is one, and then it takes ACCESS EXCLUSIVE for an instant");
}

sql::Step forget(const Context& ctx, const std::vector<IndexAt>& all, const std::string& what) {
  std::vector<sql::Statement> list;
  for (const auto& at : all) list.push_back(drop_old(ctx, at));
  for (auto& comment : old_comments(all)) list.push_back(std::move(comment));
  return transaction(ctx, "done with " + what, std::move(list), has_old_comment(all.back()));
}

}  // namespace

std::vector<sql::Step> rebuild_index_steps(const Context& ctx, const std::vector<IndexAt>& all,
                                           const std::string& what) {
  std::vector<sql::Step> steps{remember(ctx, all, what)};
  std::vector<std::string> touched;
  for (const auto& at : all) {
    steps.push_back(rebuild(ctx, at));
    for (auto& key : index_touches(at)) touched.push_back(std::move(key));
  }
  steps.push_back(forget(ctx, all, what));
  finish(steps, touched);
  return steps;
}

std::vector<IndexAt> leaves(const Context& ctx, const IndexAt& at) {
  if (at.view || !at.table->partitioned()) return {at};
  std::vector<IndexAt> found;
  const auto tree = existing_tree(ctx.before, *at.table, *at.index);
  for (const auto* node : nodes(tree))
    if (!node->partitioned) {
      const auto* table = ctx.before.table(node->table);
      found.push_back({table, nullptr, table->index(node->index.name)});
    }
  return found;
}

void rebuilt_indexes(catalog::Catalog& after, const std::vector<IndexAt>& all) {
  for (const auto& at : all)
    edit_index(after, at, [](catalog::Index& index) { index.valid = index.ready = index.live = true; });
}

}  // namespace mig::operations
