// Keys as steps: the index first, then the constraint over it in an instant.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/not_null.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

catalog::Name name_of(const IndexTree& tree) { return {tree.table.schema, tree.index.name}; }

std::string title_of(const char* verb, const Key& key, const IndexTree& node) {
  return fmt::format("{} {} {} of {}", verb, key.constraint.kind, sql::quote_ident(node.index.name), node.table.text());
}

sql::Fragment with_timing(sql::Fragment text, const catalog::Constraint& constraint) {
  if (constraint.deferrable) text = sql::sql("{} DEFERRABLE", text);
  if (constraint.deferred) text = sql::sql("{} INITIALLY DEFERRED", text);
  return text;
}

sql::Fragment use_index(const catalog::Name& table, const catalog::Constraint& constraint, const std::string& index) {
  const auto kind = constraint.kind == "primary key" ? sql::sql("PRIMARY KEY") : sql::sql("UNIQUE");
  return with_timing(sql::sql("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}", table.sql(), Ident{constraint.name},
                              kind, Ident{index}),
                     constraint);
}

// The constraint goes, and its index and those of the partitions with it.
sql::Step drop_one(const Context& ctx, const Key& key, const IndexTree& tree, bool if_there) {
  auto text = if_there
                  ? sql::sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", tree.table.sql(), Ident{tree.index.name})
                  : drop_constraint(tree.table, tree.index.name);
  std::vector<sql::Lock> locks;
  for (const auto* node : nodes(tree)) {
    locks.push_back(lock(node->table, LockMode::access_exclusive));
    locks.push_back(lock(name_of(*node), LockMode::access_exclusive));
  }
  return transaction(ctx, title_of("drop", key, tree), {statement(std::move(text), std::move(locks))},
                     negate(has_constraint(tree.table, tree.index.name)));
}

sql::Step constraint_step(const Context& ctx, const Key& key, const IndexTree& tree, sql::Fragment text,
                          std::string reason) {
  const auto constraint = constraint_at(ctx, key, tree);
  auto locks = std::vector{lock(tree.table, LockMode::access_exclusive)};
  if (!tree.partitioned) {
    // NOT NULL of a primary key is looked for in inheritors as well.
    locks = constraint.kind == "primary key"
                ? tree_locks(ctx, tree.table, LockMode::access_exclusive)
                : adding_locks(ctx, *ctx.before.table(tree.table), LockMode::access_exclusive);
  }
  std::vector<sql::Statement> list{statement(std::move(text), std::move(locks), sql::Work::instant, std::move(reason))};
  if (!constraint.comment.empty())
    list.push_back(statement(comment_on_constraint(tree.table, constraint.name, constraint.comment)));
  auto step =
      transaction(ctx, title_of("add", key, tree), std::move(list), has_constraint(tree.table, constraint.name));
  step.back = {drop_one(ctx, key, tree, true)};
  return step;
}

sql::Step build_one(const Context& ctx, const IndexTree& tree) {
  auto build = build_index(ctx, tree.table, tree.index,
                           "CONCURRENTLY: the constraint alone would build it under ACCESS EXCLUSIVE");
  // The way back of the constraint takes the index along.
  std::get<sql::Concurrent>(build.back.front().action).statement.text =
      sql::sql("DROP INDEX CONCURRENTLY IF EXISTS {}", name_of(tree).sql());
  return build;
}

sql::Fragment definition(const Key& key, const IndexTree& tree, bool only) {
  auto constraint = key.constraint;
  constraint.name = tree.index.name;
  constraint.deferrable = constraint.deferred = false;
  auto text = only ? sql::sql("ALTER TABLE ONLY {} ADD {}", tree.table.sql(), named_constraint(constraint))
                   : sql::sql("ALTER TABLE {} ADD {}", tree.table.sql(), named_constraint(constraint));
  text = sql::sql("{}{}", text, with_options(tree.index.options));
  if (!tree.index.tablespace.empty())
    text = sql::sql("{} USING INDEX TABLESPACE {}", text, Ident{tree.index.tablespace});
  return with_timing(std::move(text), key.constraint);
}

void add_online(const Context& ctx, const Key& key, const IndexTree& tree, std::vector<sql::Step>& steps) {
  if (!tree.partitioned) {
    steps.push_back(build_one(ctx, tree));
    steps.push_back(constraint_step(ctx, key, tree,
                                    use_index(tree.table, constraint_at(ctx, key, tree), tree.index.name),
                                    "the index that was built becomes the constraint's: no row is read"));
    return;
  }
  steps.push_back(constraint_step(ctx, key, tree, definition(key, tree, true),
                                  "ONLY: valid once the partitions' own are attached"));
  for (const auto& part : tree.parts) add_online(ctx, key, part, steps);
  for (const auto& part : tree.parts) {
    steps.push_back(attach_step(ctx, tree, part));
    steps.back().back = {drop_one(ctx, key, tree, true)};  // PostgreSQL cannot detach it
  }
}

void append(std::vector<sql::Step>& list, std::vector<sql::Step> more) {
  for (auto& step : more) list.push_back(std::move(step));
}

// From PostgreSQL 18 on a partition's key makes NOT NULL its own, so that it stays when the parent's goes.
void nullable_again(const Context& ctx, const catalog::Table& table, const std::string& column, sql::Step& step) {
  auto& list = std::get<sql::Transaction>(step.back.front().action).statements;
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* member = ctx.before.table(name);
    const auto* own = member && name != table.name ? member->column(column) : nullptr;
    if (own && !own->not_null) list.push_back(nullable(ctx, name, column));
  }
}

// What a primary key demands of its columns, before it is there.
std::vector<sql::Step> not_null_steps(const Context& ctx, const Key& key) {
  std::vector<sql::Step> steps;
  if (key.constraint.kind != "primary key") return steps;
  const auto& table = *ctx.before.table(key.tree.table);
  for (const auto& name : key.constraint.columns) {
    const auto* column = table.column(name);
    if (!column || column->not_null) continue;
    auto made = set_not_null_steps(ctx, table.name, name, made_here(ctx, table) || proof(table, name) != nullptr);
    if (table.partitioned() && ctx.before.server.major() >= 18) nullable_again(ctx, table, name, made.front());
    append(steps, std::move(made));
  }
  return steps;
}

sql::Step add_at_once(const Context& ctx, const Key& key) {
  auto step = constraint_step(ctx, key, key.tree, definition(key, key.tree, false),
                              "in one statement: this migration made the table, there are no rows to read");
  std::get<sql::Transaction>(step.action).statements.front().locks =
      tree_locks(ctx, key.tree.table, LockMode::access_exclusive);
  return step;
}

sql::Condition no_duplicates(const Key& key) {
  std::string columns;
  for (const auto& column : key.constraint.columns) columns += (columns.empty() ? "" : ", ") + sql::quote_ident(column);
  return {fmt::format("no two rows of {} have the same {}", key.tree.table.text(), columns),
          duplicates_query(key.tree.table, key.tree.index)};
}

std::string find_duplicates(const Key& key) { return duplicates_query(key.tree.table, key.tree.index).text(); }

std::vector<std::string> key_touches(const Key& key) {
  auto keys = touches(key.tree);
  for (const auto* node : nodes(key.tree)) keys.push_back(catalog::key("constraint", node->table, node->index.name));
  return keys;
}

std::vector<sql::Step> build_key(const Context& ctx, const Key& key) {
  if (made_here(ctx, *ctx.before.table(key.tree.table))) return {add_at_once(ctx, key)};
  std::vector<sql::Step> steps;
  add_online(ctx, key, key.tree, steps);
  steps.front().hazards.push_back("duplicates make it fail; this finds them: " + find_duplicates(key));
  return steps;
}

std::vector<sql::Step> use_index_of(const Context& ctx, const Key& key, const catalog::Index& index) {
  auto step = constraint_step(ctx, key, key.tree, use_index(key.tree.table, key.constraint, index.name),
                              "the index that exists becomes the constraint's: no row is read");
  // Without the constraint the index is gone as well: it is built again as it was.
  const IndexTree was{key.tree.table, index, false, {}};
  append(step.back, as_way_back(build_steps(ctx, was, false), no_duplicates(key)));
  append(step.back, restore_index_steps(ctx, was));
  for (auto& back : step.back) back.back.clear();
  return {std::move(step)};
}

}  // namespace

std::vector<sql::Step> new_key_steps(const Context& ctx, const std::string& kind) {
  const auto* table = table_of_call(ctx);
  const auto key = key_of_call(ctx, *table, kind);
  const auto* used = index_to_use(ctx, *table);
  auto steps = not_null_steps(ctx, key);
  append(steps, used ? use_index_of(ctx, key, *used) : build_key(ctx, key));
  finish(steps, key_touches(key));
  return steps;
}

std::vector<sql::Step> online_key_steps(const Context& ctx, const Key& key) {
  std::vector<sql::Step> steps;
  add_online(ctx, key, key.tree, steps);
  return steps;
}

std::vector<sql::Step> drop_key_steps(const Context& ctx, const Key& key) {
  auto drop = drop_one(ctx, key, key.tree, false);
  drop.back = as_way_back(online_key_steps(ctx, key), no_duplicates(key));
  append(drop.back, restore_index_steps(ctx, key.tree));
  drop.hazards.push_back("the way back fails on duplicates that were written since; this finds them: " +
                         find_duplicates(key));
  std::vector<sql::Step> steps{std::move(drop)};
  finish(steps, key_touches(key));
  return steps;
}

}  // namespace mig::operations
