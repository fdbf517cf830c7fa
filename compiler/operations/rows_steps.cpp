// Steps of row operations with their ways back, and what those cannot promise.
#include "compiler/operations/rows_steps.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

std::vector<sql::Kept> kept_rows(const RowWork& work) {
  std::vector<sql::Kept> kept;
  const auto add = [&](const RowPart& part, const catalog::Name& where) {
    kept.push_back({"rows", part.of.table->name.sql(), {}, where.sql(), {}});
  };
  for (const auto& part : work.parts) {
    if (part.has_before()) add(part, part.before);
    if (part.has_after()) add(part, part.after);
  }
  return kept;
}

void look_at_triggers(const Context& ctx, const RowPart& part, const char* event, std::vector<std::string>& loss) {
  for (const auto& trigger : meddling_triggers(ctx, *part.of.table, event))
    loss.push_back(
        fmt::format("what trigger {} of {}, which runs before each {} of the way back, changes of the restored rows",
                    sql::quote_ident(trigger), part.of.table->name.text(), event));
}

// PostgreSQL has no way to write rows past their triggers but session_replication_role, which needs a superuser.
std::vector<std::string> losses(const Context& ctx, const RowWork& work) {
  std::vector<std::string> loss;
  for (const auto& part : work.parts) {
    if (part.fate == Fate::changed || (part.fate == Fate::merged && !part.set.empty()))
      look_at_triggers(ctx, part, "UPDATE", loss);
    if (part.fate == Fate::taken) look_at_triggers(ctx, part, "INSERT", loss);
    if (part.fate == Fate::made || part.fate == Fate::merged) look_at_triggers(ctx, part, "DELETE", loss);
  }
  return loss;
}

void promise(const Context& ctx, const RowWork& work, sql::Step& step) {
  step.loss = losses(ctx, work);
  step.reversibility = step.loss.empty() ? sql::Reversibility::exact_until_purged : sql::Reversibility::lossy;
}

sql::Step drop_step(const Context& ctx, const RowWork& work, const std::string& table) {
  const auto& front = work.parts.front();
  return transaction(ctx, fmt::format("drop what was kept of {}", table), rows::drop_tables(work),
                     negate(has_relation(front.has_before() ? front.before : front.after)));
}

sql::Step undo_step(const Context& ctx, const RowWork& work, const std::string& table) {
  sql::Step step;
  step.phase = ctx.phase;
  step.title = fmt::format("bring back rows of {}", table);
  auto statements = rows::undo(ctx, work);
  if (work.batches) {
    const auto state = work.state.sql();
    step.action = sql::Batches{
        std::move(statements),
        {sql::sql("SELECT EXISTS (SELECT FROM {} WHERE number > 0) AS more", state)},
        sql::sql("SELECT number + 1 AS number, 'null' AS cursor, read, written FROM {} WHERE read > 0", state)};
  } else {
    step.action = sql::Transaction{std::move(statements)};
  }
  step.left = rows::left(work);
  return step;
}

sql::Step purge_step(const Context&, const RowWork& work, const std::string& table) {
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = fmt::format("destroy what was kept of {}", table);
  step.action = sql::Purge{rows::purge_tables(work), kept_rows(work)};
  const auto& front = work.parts.front();
  step.probe = probe(negate(has_relation(front.has_before() ? front.before : front.after)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {fmt::format("rows of {} as they were before", table)};
  return step;
}

// How far, for the journal and for people: the batch, the last key of it, its rows.
sql::Fragment progress(const RowWork& work) {
  std::vector<sql::Fragment> key;
  for (std::size_t i = 0; i < work.parts.front().of.key.size(); ++i)
    key.push_back(sql::fragment(sql::Ident{fmt::format("to_{}", i + 1)}));
  return sql::sql("SELECT number, jsonb_build_array({})::text AS cursor, read, written FROM {}", sql::join(key, ", "),
                  work.state.sql());
}

std::vector<sql::Step> in_batches(const Context& ctx, const RowWork& work, std::string title,
                                  std::vector<sql::Statement> batch, const std::string& table) {
  auto prepare =
      transaction(ctx, fmt::format("a place to keep rows of {}", table), {}, has_relation(work.parts.front().before));
  prepare.action = sql::Park{rows::make_tables(ctx, work), kept_rows(work)};
  prepare.reversibility = sql::Reversibility::exact_until_purged;
  prepare.back = {drop_step(ctx, work, table)};
  batch.insert(batch.begin(), rows::bounds_of_batch(ctx, work));
  batch.insert(batch.begin(), statement(sql::sql("SET LOCAL row_security = off")));
  batch.push_back(rows::end_of_batch(ctx, work));
  sql::Step step;
  step.phase = ctx.phase;
  step.title = std::move(title);
  step.action = sql::Batches{std::move(batch),
                             {sql::sql("SELECT EXISTS (SELECT FROM {} WHERE NOT finished) AS more", work.state.sql())},
                             progress(work)};
  step.back = {undo_step(ctx, work, table)};
  step.needs_runtime =
      fmt::format("many rows go in batches, each in a transaction of its own:  mig apply {}", ctx.migration);
  promise(ctx, work, step);
  return {std::move(prepare), std::move(step), purge_step(ctx, work, table)};
}

std::vector<sql::Step> at_once(const Context& ctx, const RowWork& work, std::string title,
                               std::vector<sql::Statement> batch, const std::string& table) {
  const auto& front = work.parts.front();
  auto step = transaction(ctx, std::move(title), {}, has_relation(front.has_before() ? front.before : front.after));
  sql::Park park{rows::make_tables(ctx, work), kept_rows(work)};
  for (auto& one : batch) park.statements.push_back(std::move(one));
  step.action = std::move(park);
  step.back = {undo_step(ctx, work, table), drop_step(ctx, work, table)};
  promise(ctx, work, step);
  return {std::move(step), purge_step(ctx, work, table)};
}

}  // namespace

std::vector<sql::Step> row_steps(const Context& ctx, const RowWork& work, std::string title,
                                 std::vector<sql::Statement> batch) {
  const auto table = work.parts.front().of.table->name.text();
  auto steps = work.batches ? in_batches(ctx, work, std::move(title), std::move(batch), table)
                            : at_once(ctx, work, std::move(title), std::move(batch), table);
  std::vector<std::string> touches;
  for (const auto& part : work.parts) {
    auto key = catalog::key("table", part.of.table->name);
    if (std::find(touches.begin(), touches.end(), key) == touches.end()) touches.push_back(std::move(key));
  }
  finish(steps, touches);
  return steps;
}

std::vector<sql::Lock> query_locks(const Context& ctx, const syntax::Expr& expression) {
  std::vector<sql::Lock> locks;
  for (const auto& span : mentions(expression).queries) {
    sql::ParseError error;
    const auto facts = sql::facts(ctx.files.text(span), error);
    if (!facts) continue;
    for (const auto& written : facts->relations) {
      const auto parts = catalog::parse_name(written);
      if (!parts || parts->empty()) continue;
      const auto name = ctx.before.find_table(parts->size() > 1 ? (*parts)[parts->size() - 2] : "", parts->back());
      if (!name) continue;
      if (ctx.before.table(*name))
        rows::add(locks, tree_locks(ctx, *name, LockMode::access_share));
      else
        locks.push_back(lock(*name, LockMode::access_share));
    }
  }
  return locks;
}

sql::Fragment text_of(const Context& ctx, source::Span span) {
  const std::string text(ctx.files.text(span));
  // A comment at its end would take what follows along.
  return text.find("--") == std::string::npos ? expression(text) : sql::sql("{}\n", expression(text));
}

}  // namespace mig::operations
