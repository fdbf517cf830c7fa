// How operations build steps: locks, transactions, concurrent index builds, constraints in two transactions.
#include "compiler/operations/steps.hpp"

#include <fmt/format.h>

#include "compiler/operations/index_probes.hpp"
#include "compiler/operations/render.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

// FNV-1a: a mark that tells names apart, nothing more.
std::string mark(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return fmt::format("{:08x}", static_cast<std::uint32_t>(hash ^ (hash >> 32U)));
}

}  // namespace

sql::Lock lock(const catalog::Name& relation, LockMode mode) { return {relation.sql(), mode}; }

std::vector<sql::Lock> tree_locks(const Context& ctx, const catalog::Name& table, LockMode mode) {
  std::vector<sql::Lock> locks;
  for (const auto& name : ctx.before.tree(table)) locks.push_back(lock(name, mode));
  return locks;
}

bool made_here(const Context& ctx, const catalog::Table& table) { return table.made_by == place(ctx); }

bool made_here(const Context& ctx, const catalog::Table& table, const catalog::Column& column) {
  return made_here(ctx, table) || column.made_by == place(ctx);
}

sql::Statement statement(sql::Fragment text, std::vector<sql::Lock> locks, sql::Work work, std::string reason) {
  sql::Statement made;
  made.text = std::move(text);
  made.locks = std::move(locks);
  made.work = work;
  made.reason = std::move(reason);
  return made;
}

sql::Step transaction(const Context& ctx, std::string title, std::vector<sql::Statement> statements,
                      sql::Fragment done) {
  sql::Step step;
  step.phase = ctx.phase;
  step.title = std::move(title);
  step.action = sql::Transaction{std::move(statements)};
  step.probe = probe(done);
  return step;
}

sql::Step concurrent(const Context& ctx, std::string title, sql::Statement statement, sql::Fragment done) {
  sql::Step step;
  step.phase = ctx.phase;
  step.title = std::move(title);
  step.action = sql::Concurrent{std::move(statement), std::nullopt, std::nullopt};
  step.probe = probe(done);
  return step;
}

// The index itself is locked by SHARE UPDATE EXCLUSIVE too.
sql::Statement drop_index_concurrently(const Context&, const catalog::Name& table, const catalog::Name& index) {
  return statement(sql::sql("DROP INDEX CONCURRENTLY {}", index.sql()),
                   {lock(table, LockMode::share_update_exclusive)});
}

sql::Step build_index(const Context& ctx, const catalog::Name& table, const catalog::Index& index, std::string reason) {
  const catalog::Name name{table.schema, index.name};
  const auto title = fmt::format("index {}", name.text());
  auto build =
      concurrent(ctx, "build " + title,
                 statement(create_index(table, index, Build::concurrently),
                           {lock(table, LockMode::share_update_exclusive)}, sql::Work::build, std::move(reason)),
                 has_index(ctx, table, index, IndexState::valid));
  auto& action = std::get<sql::Concurrent>(build.action);
  action.remnant = probe(has_index(ctx, table, index, IndexState::invalid));
  action.cleanup = drop_index_concurrently(ctx, table, name);
  build.back = {concurrent(ctx, "drop " + title, drop_index_concurrently(ctx, table, name),
                           negate(has_index(ctx, table, index, IndexState::any)))};
  return build;
}

std::vector<sql::Step> as_way_back(std::vector<sql::Step> steps, const sql::Condition& condition) {
  for (auto& step : steps) step.back.clear();
  if (!steps.empty()) steps.front().condition = condition;
  return steps;
}

void finish(std::vector<sql::Step>& steps, const std::vector<std::string>& touches) {
  for (auto& step : steps) {
    if (step.touches.empty()) step.touches = touches;
    finish(step.back, touches);
  }
}

std::string kept_name(const Context& ctx, const std::string& name, const std::string& definition) {
  return sql::object_name("_mig_p_" + name, {}, mark(ctx.migration + '\n' + definition));
}

std::string kept_mark(const std::string& name, const std::string& text) {
  return sql::object_name(name, {}, mark(text));
}

std::string kept_schema(const Context& ctx, const std::string& definition) {
  return sql::object_name(ctx.park_schema, {}, mark(ctx.migration + '\n' + definition));
}

}  // namespace mig::operations
