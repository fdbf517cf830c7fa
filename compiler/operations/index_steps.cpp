// Indexes as steps: the online forms with their probes, remnants and ways back.
#include <fmt/format.h>

#include "compiler/operations/indexes.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Literal;
using sql::LockMode;

catalog::Name name_of(const IndexTree& tree) { return {tree.table.schema, tree.index.name}; }

std::string add_title(const IndexTree& tree) {
  return fmt::format("add {}index {} on {}", tree.index.unique ? "unique " : "", sql::quote_ident(tree.index.name),
                     tree.table.text());
}

// DROP INDEX of a partitioned index locks all partitions, also those that are not attached to it yet. On the way back
// of a build several steps may find that an earlier one took it along.
sql::Statement drop_with_parts(const IndexTree& tree, bool way_back) {
  const auto name = name_of(tree).sql();
  auto dropped = statement(way_back ? sql::sql("DROP INDEX IF EXISTS {}", name) : sql::sql("DROP INDEX {}", name), {},
                           sql::Work::instant, "PostgreSQL drops a partitioned index only under ACCESS EXCLUSIVE");
  for (const auto* node : nodes(tree)) {
    dropped.locks.push_back(lock(node->table, LockMode::access_exclusive));
    dropped.locks.push_back(lock(name_of(*node), LockMode::access_exclusive));
  }
  return dropped;
}

// Works while only some partitions are attached, too.
sql::Step drop_parent(const Context& ctx, const IndexTree& tree, bool way_back) {
  return transaction(ctx, "drop index " + name_of(tree).text(), {drop_with_parts(tree, way_back)},
                     negate(has_relation(name_of(tree))));
}

sql::Step drop_one(const Context& ctx, const IndexTree& tree) {
  return concurrent(ctx, "drop index " + name_of(tree).text(), drop_index_concurrently(ctx, tree.table, name_of(tree)),
                    negate(has_relation(name_of(tree))));
}

sql::Step build_one(const Context& ctx, const IndexTree& tree) {
  auto made = build_index(ctx, tree.table, tree.index,
                          "CONCURRENTLY: reads and writes go on while it builds; it cannot run in a transaction");
  made.title = add_title(tree);
  return made;
}

sql::Step build_parent(const Context& ctx, const IndexTree& tree) {
  auto made = transaction(
      ctx, add_title(tree),
      {statement(create_index(tree.table, tree.index, Build::plain, true), {lock(tree.table, LockMode::share)},
                 sql::Work::instant, "ON ONLY: an empty index of the parent, valid once all partitions are attached")},
      has_relation(name_of(tree)));
  made.back = {drop_parent(ctx, tree, true)};
  return made;
}

Fragment is_attached(const catalog::Name& parent, const catalog::Name& part) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class p ON p.oid = i.inhparent "
      "JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE n.nspname = {} AND c.relname = {} "
      "AND pn.nspname = {} AND p.relname = {})",
      Literal{part.schema}, Literal{part.name}, Literal{parent.schema}, Literal{parent.name});
}

void build_online(const Context& ctx, const IndexTree& tree, std::vector<sql::Step>& steps) {
  if (!tree.partitioned) return steps.push_back(build_one(ctx, tree));
  steps.push_back(build_parent(ctx, tree));
  for (const auto& part : tree.parts) build_online(ctx, part, steps);
  for (const auto& part : tree.parts) steps.push_back(attach_step(ctx, tree, part));
}

sql::Step build_plain(const Context& ctx, const IndexTree& tree) {
  auto create = statement(create_index(tree.table, tree.index, Build::plain), {}, sql::Work::instant,
                          "in a transaction: this migration made the table, nobody can wait for it");
  for (const auto* node : nodes(tree)) create.locks.push_back(lock(node->table, LockMode::share));
  auto made = transaction(ctx, add_title(tree), {create}, has_valid_index(name_of(tree)));
  made.back = {drop_step(ctx, tree)};
  return made;
}

// What restores one index, and the condition that it is restored.
struct Restore {
  std::vector<sql::Statement> statements;
  std::vector<Fragment> conditions;

  void add(sql::Statement made, Fragment condition) {
    statements.push_back(std::move(made));
    conditions.push_back(std::move(condition));
  }
};

Fragment index_has(const catalog::Name& index, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND {})",
      Literal{index.schema}, Literal{index.name}, condition);
}

void restore_statistics(const catalog::Name& index, const std::vector<catalog::IndexPart>& parts, Restore& restore) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].statistics < 0) continue;
    const auto number = static_cast<long long>(i) + 1;
    const auto target = static_cast<long long>(parts[i].statistics);
    restore.add(
        statement(sql::sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", index.sql(), number, target)),
        index_has(index, sql::sql("EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid "
                                  "AND a.attnum = {} AND a.attstattarget = {})",
                                  number, target)));
  }
}

void restore_one(const IndexTree& tree, Restore& restore) {
  const auto name = name_of(tree);
  if (!tree.index.comment.empty())
    restore.add(statement(sql::sql("COMMENT ON INDEX {} IS {}", name.sql(), Literal{tree.index.comment})),
                index_has(name, sql::sql("pg_catalog.obj_description(i.indexrelid, 'pg_class') = {}",
                                         Literal{tree.index.comment})));
  restore_statistics(name, tree.index.parts, restore);
  if (tree.index.clustered)
    restore.add(
        statement(sql::sql("ALTER {} {} CLUSTER ON {}", tree.view ? sql::sql("MATERIALIZED VIEW") : sql::sql("TABLE"),
                           tree.table.sql(), sql::Ident{tree.index.name}),
                  {lock(tree.table, LockMode::share_update_exclusive)}),
        index_has(name, sql::sql("i.indisclustered")));
  if (tree.index.replica_identity)
    restore.add(statement(sql::sql("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", tree.table.sql(),
                                   sql::Ident{tree.index.name}),
                          {lock(tree.table, LockMode::access_exclusive)}),
                index_has(name, sql::sql("i.indisreplident")));
}

}  // namespace

sql::Step attach_step(const Context& ctx, const IndexTree& parent, const IndexTree& part) {
  auto made = transaction(
      ctx, fmt::format("attach index {} to {}", sql::quote_ident(part.index.name), sql::quote_ident(parent.index.name)),
      {statement(sql::sql("ALTER INDEX {} ATTACH PARTITION {}", name_of(parent).sql(), name_of(part).sql()),
                 {lock(parent.table, LockMode::access_share), lock(part.table, LockMode::access_share),
                  lock(name_of(part), LockMode::access_exclusive)})},
      is_attached(name_of(parent), name_of(part)));
  made.back = {drop_parent(ctx, parent, true)};
  return made;
}

Fragment duplicates_query(const catalog::Name& table, const catalog::Index& index) {
  std::vector<Fragment> keys;
  std::vector<Fragment> conditions;
  for (const auto& part : index.parts) {
    keys.push_back(part.column.empty() ? sql::sql("({})", expression(part.expression))
                                       : sql::fragment(sql::Ident{part.column}));
    if (!index.nulls_not_distinct) conditions.push_back(sql::sql("{} IS NOT NULL", keys.back()));
  }
  if (!index.predicate.empty()) conditions.push_back(sql::sql("({})", expression(index.predicate)));
  const auto list = sql::join(keys, ", ");
  auto text = sql::sql("SELECT {}, count(*) FROM {}", list, table.sql());
  if (!conditions.empty()) text = sql::sql("{} WHERE {}", text, sql::join(conditions, " AND "));
  return sql::sql("{} GROUP BY {} HAVING count(*) > 1", text, list);
}

std::vector<std::string> touches(const IndexTree& tree) {
  std::vector<std::string> keys;
  for (const auto* node : nodes(tree)) {
    keys.push_back(catalog::key(node->view ? "view" : "table", node->table));
    keys.push_back(catalog::key("index", name_of(*node)));
  }
  return keys;
}

std::vector<sql::Step> build_steps(const Context& ctx, const IndexTree& tree, bool fresh) {
  std::vector<sql::Step> steps;
  if (fresh)
    steps.push_back(build_plain(ctx, tree));
  else
    build_online(ctx, tree, steps);
  if (tree.index.unique && !fresh)
    steps.front().hazards.push_back("duplicates make it fail; this finds them: " +
                                    duplicates_query(tree.table, tree.index).text());
  return steps;
}

sql::Step drop_step(const Context& ctx, const IndexTree& tree) {
  return tree.partitioned ? drop_parent(ctx, tree, false) : drop_one(ctx, tree);
}

std::vector<sql::Step> restore_index_steps(const Context& ctx, const IndexTree& tree) {
  Restore restore;
  for (const auto* node : nodes(tree)) restore_one(*node, restore);
  if (restore.statements.empty()) return {};
  return {transaction(ctx, "restore what hung on index " + name_of(tree).text(), restore.statements,
                      sql::join(restore.conditions, " AND "))};
}

}  // namespace mig::operations
