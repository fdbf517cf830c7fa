// Indexes as SQL and as steps: the online forms with their probes, remnants and ways back.
#include <fmt/format.h>

#include "compiler/operations/indexes.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Lock;
using sql::LockMode;

catalog::Name name_of(const IndexTree& tree) { return {tree.table.schema, tree.index.name}; }
sql::Literal literal(const catalog::Name& name) { return {name.text()}; }

Fragment part_sql(const catalog::IndexPart& part) {
  // Parentheses are only needed around operators, and never wrong.
  auto text =
      part.column.empty() ? sql::sql("({})", sql::verbatim(part.expression)) : sql::sql("{}", sql::Ident{part.column});
  if (!part.collation.empty()) text = sql::sql("{} COLLATE {}", text, sql::verbatim(part.collation));
  if (!part.opclass.empty()) text = sql::sql("{} {}", text, sql::verbatim(part.opclass));
  if (!part.opclass_options.empty()) text = sql::sql("{} ({})", text, sql::verbatim(part.opclass_options));
  if (part.descending) text = sql::sql("{} DESC", text);
  if (part.nulls_first != part.descending)
    text = part.nulls_first ? sql::sql("{} NULLS FIRST", text) : sql::sql("{} NULLS LAST", text);
  return text;
}

Fragment columns_sql(const std::vector<std::string>& columns) {
  std::vector<Fragment> parts;
  for (const auto& column : columns) parts.push_back(sql::sql("{}", sql::Ident{column}));
  return sql::join(parts, ", ");
}

Fragment options_sql(const std::vector<std::string>& options) {
  std::vector<Fragment> parts;
  for (const auto& option : options) {
    const auto equals = option.find('=');
    const auto value = equals == std::string::npos ? std::string("true") : option.substr(equals + 1);
    parts.push_back(sql::sql("{} = {}", sql::Ident{option.substr(0, equals)}, sql::Literal{value}));
  }
  return sql::join(parts, ", ");
}

// The index is on this table, whatever its state.
sql::Probe index_present(const IndexTree& tree) {
  return {sql::sql(
      "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND indrelid = to_regclass({})) AS done",
      literal(name_of(tree)), literal(tree.table))};
}

sql::Probe remnant_of(const IndexTree& tree) {
  return {
      sql::sql("SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND indrelid = to_regclass({}) "
               "AND NOT indisvalid) AS remnant",
               literal(name_of(tree)), literal(tree.table))};
}

sql::Statement drop_concurrently(const IndexTree& tree, std::string reason) {
  return {sql::sql("DROP INDEX CONCURRENTLY {}", name_of(tree).sql()),
          {{tree.table.sql(), LockMode::share_update_exclusive}},
          sql::Work::instant,
          std::move(reason)};
}

// DROP INDEX of a partitioned index locks all partitions, also those that are not attached to it yet.
sql::Statement drop_with_parts(const IndexTree& tree, std::string reason) {
  sql::Statement statement{sql::sql("DROP INDEX {}", name_of(tree).sql()), {}, sql::Work::instant, std::move(reason)};
  for (const auto* node : nodes(tree)) {
    statement.locks.push_back({node->table.sql(), LockMode::access_exclusive});
    statement.locks.push_back({name_of(*node).sql(), LockMode::access_exclusive});
  }
  return statement;
}

sql::Step step(std::string title, sql::Action action, sql::Probe probe, const IndexTree& tree) {
  sql::Step made;
  made.title = std::move(title);
  made.action = std::move(action);
  made.probe = std::move(probe);
  for (const auto* node : nodes(tree)) {
    made.touches.push_back(catalog::key("table", node->table));
    made.touches.push_back(catalog::key("index", name_of(*node)));
  }
  return made;
}

sql::Step drop_only(const IndexTree& tree) {
  return step("drop index " + name_of(tree).text(), sql::Concurrent{drop_concurrently(tree, ""), {}, {}},
              index_absent(tree.table, tree.index.name), tree);
}

// Also while only some partitions are attached.
sql::Step drop_parent(const IndexTree& tree) {
  return step(
      "drop index " + name_of(tree).text(),
      sql::Transaction{{drop_with_parts(tree, "PostgreSQL drops a partitioned index only under ACCESS EXCLUSIVE")}},
      index_absent(tree.table, tree.index.name), tree);
}

std::string add_title(const IndexTree& tree) {
  return fmt::format("add {}index {} on {}", tree.index.unique ? "unique " : "", sql::quote_ident(tree.index.name),
                     tree.table.text());
}

sql::Step build_concurrently(const IndexTree& tree) {
  sql::Concurrent action;
  action.statement = {create_index(tree.table, tree.index, Build::concurrently),
                      {{tree.table.sql(), LockMode::share_update_exclusive}},
                      sql::Work::build,
                      "CONCURRENTLY: reads and writes go on while it builds; it cannot run in a transaction"};
  action.remnant = remnant_of(tree);
  action.cleanup = drop_concurrently(tree, "a build that failed leaves an invalid index behind");
  auto made = step(add_title(tree), action, index_valid(tree.table, tree.index.name), tree);
  made.back = {drop_only(tree)};
  return made;
}

sql::Step build_parent(const IndexTree& tree) {
  const sql::Statement statement{create_index(tree.table, tree.index, Build::only),
                                 {{tree.table.sql(), LockMode::share}},
                                 sql::Work::instant,
                                 "ON ONLY: an empty index of the parent, invalid until all partitions are attached"};
  auto made = step(add_title(tree), sql::Transaction{{statement}}, index_present(tree), tree);
  // Without parts: what is built later is dropped by the steps that built it.
  made.back = {drop_parent(tree)};
  return made;
}

sql::Step attach(const IndexTree& parent, const IndexTree& part) {
  sql::Statement statement{sql::sql("ALTER INDEX {} ATTACH PARTITION {}", name_of(parent).sql(), name_of(part).sql()),
                           {{parent.table.sql(), LockMode::access_share},
                            {part.table.sql(), LockMode::access_share},
                            {name_of(part).sql(), LockMode::access_exclusive}},
                           sql::Work::instant,
                           "the parent's index becomes valid with its last partition"};
  const sql::Probe attached{
      sql::sql("SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass({}) AND inhparent = "
               "to_regclass({})) AS done",
               literal(name_of(part)), literal(name_of(parent)))};
  auto made =
      step(fmt::format("attach index {} to {}", sql::quote_ident(part.index.name), sql::quote_ident(parent.index.name)),
           sql::Transaction{{statement}}, attached, part);
  made.touches.push_back(catalog::key("index", name_of(parent)));
  made.back = {drop_parent(parent)};  // PostgreSQL cannot detach an index
  return made;
}

void build_online(const IndexTree& tree, std::vector<sql::Step>& steps) {
  if (!tree.partitioned) return steps.push_back(build_concurrently(tree));
  steps.push_back(build_parent(tree));
  for (const auto& part : tree.parts) build_online(part, steps);
  for (const auto& part : tree.parts) steps.push_back(attach(tree, part));
}

sql::Step build_plain(const IndexTree& tree) {
  sql::Statement statement{create_index(tree.table, tree.index, Build::plain),
                           {},
                           sql::Work::instant,
                           "in a transaction: the table is made by this migration, nobody can wait for it"};
  for (const auto* node : nodes(tree)) statement.locks.push_back({node->table.sql(), LockMode::share});
  auto made = step(add_title(tree), sql::Transaction{{statement}}, index_valid(tree.table, tree.index.name), tree);
  made.back = {tree.partitioned ? drop_parent(tree) : drop_only(tree)};
  return made;
}

void restore(const IndexTree& tree, std::vector<sql::Statement>& statements, std::vector<Fragment>& conditions) {
  const auto index = name_of(tree);
  if (!tree.index.comment.empty()) {
    statements.push_back(
        {sql::sql("COMMENT ON INDEX {} IS {}", index.sql(), sql::Literal{tree.index.comment}), {}, {}, {}});
    conditions.push_back(sql::sql("obj_description(to_regclass({}), 'pg_class') IS NOT DISTINCT FROM {}",
                                  literal(index), sql::Literal{tree.index.comment}));
  }
  for (std::size_t i = 0; i < tree.index.parts.size(); ++i) {
    const auto& part = tree.index.parts[i];
    if (part.statistics < 0) continue;
    const auto number = static_cast<long long>(i) + 1;
    const auto target = static_cast<long long>(part.statistics);
    statements.push_back(
        {sql::sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", index.sql(), number, target), {}, {}, {}});
    conditions.push_back(
        sql::sql("EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass({}) AND attnum = {} AND "
                 "attstattarget = {})",
                 literal(index), number, target));
  }
  if (tree.index.clustered) {
    statements.push_back({sql::sql("ALTER TABLE {} CLUSTER ON {}", tree.table.sql(), sql::Ident{tree.index.name}),
                          {{tree.table.sql(), LockMode::share_update_exclusive}},
                          {},
                          {}});
    conditions.push_back(sql::sql("EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND indisclustered)",
                                  literal(index)));
  }
  if (tree.index.replica_identity) {
    statements.push_back(
        {sql::sql("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", tree.table.sql(), sql::Ident{tree.index.name}),
         {{tree.table.sql(), LockMode::access_exclusive}},
         {},
         {}});
    conditions.push_back(sql::sql("EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND indisreplident)",
                                  literal(index)));
  }
}

}  // namespace

Fragment create_index(const catalog::Name& table, const catalog::Index& index, Build build) {
  auto text = index.unique ? sql::sql("CREATE UNIQUE INDEX") : sql::sql("CREATE INDEX");
  if (build == Build::concurrently) text = sql::sql("{} CONCURRENTLY", text);
  text = build == Build::only ? sql::sql("{} {} ON ONLY {}", text, sql::Ident{index.name}, table.sql())
                              : sql::sql("{} {} ON {}", text, sql::Ident{index.name}, table.sql());
  if (index.method != "btree") text = sql::sql("{} USING {}", text, sql::Ident{index.method});
  std::vector<Fragment> parts;
  for (const auto& part : index.parts) parts.push_back(part_sql(part));
  text = sql::sql("{} ({})", text, sql::join(parts, ", "));
  if (!index.include.empty()) text = sql::sql("{} INCLUDE ({})", text, columns_sql(index.include));
  if (index.nulls_not_distinct) text = sql::sql("{} NULLS NOT DISTINCT", text);
  if (!index.options.empty()) text = sql::sql("{} WITH ({})", text, options_sql(index.options));
  if (!index.tablespace.empty()) text = sql::sql("{} TABLESPACE {}", text, sql::Ident{index.tablespace});
  if (!index.predicate.empty()) text = sql::sql("{} WHERE {}", text, sql::verbatim(index.predicate));
  return text;
}

sql::Probe index_valid(const catalog::Name& table, const std::string& index) {
  return {
      sql::sql("SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({}) AND indrelid = to_regclass({}) "
               "AND indisvalid) AS done",
               literal({table.schema, index}), literal(table))};
}

sql::Probe index_absent(const catalog::Name& table, const std::string& index) {
  return {sql::sql("SELECT to_regclass({}) IS NULL AS done", literal({table.schema, index}))};
}

Fragment duplicates_query(const catalog::Name& table, const catalog::Index& index) {
  std::vector<Fragment> keys;
  std::vector<Fragment> conditions;
  for (const auto& part : index.parts) {
    keys.push_back(part.column.empty() ? sql::sql("({})", sql::verbatim(part.expression))
                                       : sql::sql("{}", sql::Ident{part.column}));
    if (!index.nulls_not_distinct) conditions.push_back(sql::sql("{} IS NOT NULL", keys.back()));
  }
  if (!index.predicate.empty()) conditions.push_back(sql::sql("({})", sql::verbatim(index.predicate)));
  const auto list = sql::join(keys, ", ");
  auto text = sql::sql("SELECT {}, count(*) FROM {}", list, table.sql());
  if (!conditions.empty()) text = sql::sql("{} WHERE {}", text, sql::join(conditions, " AND "));
  return sql::sql("{} GROUP BY {} HAVING count(*) > 1", text, list);
}

std::vector<sql::Step> build_steps(const Context&, const IndexTree& tree, bool fresh) {
  std::vector<sql::Step> steps;
  if (fresh)
    steps.push_back(build_plain(tree));
  else
    build_online(tree, steps);
  if (tree.index.unique && !fresh)
    steps.front().hazards.push_back("duplicates make it fail; they are the rows of: " +
                                    duplicates_query(tree.table, tree.index).text());
  return steps;
}

sql::Step drop_step(const IndexTree& tree) { return tree.partitioned ? drop_parent(tree) : drop_only(tree); }

std::vector<sql::Step> restore_index_steps(const IndexTree& tree) {
  std::vector<sql::Statement> statements;
  std::vector<Fragment> conditions;
  for (const auto* node : nodes(tree)) restore(*node, statements, conditions);
  if (statements.empty()) return {};
  const sql::Probe probe{sql::sql("SELECT {} AS done", sql::join(conditions, " AND "))};
  return {step("restore what hung on index " + name_of(tree).text(), sql::Transaction{statements}, probe, tree)};
}

}  // namespace mig::operations
