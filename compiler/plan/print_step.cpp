// One step for psql, forward and back, with the rows that the runtime would write.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/plan/messages.hpp"
#include "compiler/plan/print_parts.hpp"
#include "compiler/sql/words.hpp"

namespace mig::plan::print {

using sql::Fragment;
using sql::sql;
using sql::Step;

namespace {

std::vector<Fragment> kept_rows(const Plan& plan, const Step& step) {
  std::vector<Fragment> out;
  if (const auto* park = std::get_if<::mig::sql::Park>(&step.action))
    for (const auto& kept : park->kept) out.push_back(journal::keep(plan, step.id, kept, plan.retain_seconds));
  if (const auto* purge = std::get_if<::mig::sql::Purge>(&step.action))
    for (const auto& kept : purge->released) out.push_back(journal::release(kept));
  return out;
}

void head(Script& out, const Step& step) {
  out.blank();
  out.comment(fmt::format("{}  {}", step.id, step.title));
  if (!step.origin.empty()) out.comment("  from      " + step.origin);
  for (const auto& hazard : step.hazards) out.comment("  hazard    " + hazard);
  for (const auto& loss : step.loss) out.comment("  loses     " + loss);
}

void statement(Script& out, const Step& step, const ::mig::sql::Statement& one) {
  if (!one.reason.empty()) out.comment(one.reason);
  out.comment(fmt::format("{}; {}, {}; {}; way back {}", ::mig::sql::to_string(step.phase), locks(one),
                          ::mig::sql::to_string(one.work),
                          ::mig::sql::transactional(step.action) ? "in a transaction" : "in no transaction",
                          step.phase == ::mig::sql::Phase::purge ? "none" : ::mig::sql::to_string(step.reversibility)));
  out.send(one.text);
}

void transaction(Script& out, const Plan& plan, const Step& step, const std::vector<Fragment>& last) {
  for (const auto& opening : opening(plan, step.action)) out.send(opening);
  for (const auto* one : ::mig::sql::statements(step.action)) statement(out, step, *one);
  if (step.left) out.warn_of_left(*step.left);
  for (const auto& row : kept_rows(plan, step)) out.record(row);
  for (const auto& row : last) out.record(row);
  for (const auto& closing : closing(step.action)) out.send(closing);
}

// CREATE [UNIQUE] INDEX CONCURRENTLY name ON [ONLY] schema.table, as create_index() writes it: the name that it takes.
std::optional<::mig::sql::Qualified> made_index(const Fragment& text) {
  const auto words = ::mig::sql::words(text.text());
  const auto is = [&](std::size_t i, std::string_view word) { return i < words.size() && words[i].value == word; };
  if (!is(0, "create")) return std::nullopt;
  std::size_t at = is(1, "unique") ? 2 : 1;
  if (!is(at, "index") || !is(at + 1, "concurrently")) return std::nullopt;
  at += 2;
  const auto table = is(at + 2, "only") ? at + 3 : at + 2;
  if (table >= words.size()) return std::nullopt;
  return ::mig::sql::Qualified{words[table].value, words[at].value};
}

// Before the step is begun: a build that was refused because of its name leaves a step of which psql knows no end.
void name_is_free(Script& out, const ::mig::sql::Qualified& index) {
  out.stop_if(sql("EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                  "WHERE n.nspname = {} AND c.relname = {})",
                  ::mig::sql::Literal{index.schema}, ::mig::sql::Literal{index.name}),
              fmt::format("there is a relation {} already", ::mig::sql::display(index)),
              "rename or drop that one, then run this again");
}

void concurrent(Script& out, const Plan& plan, const Step& step, const Fragment& last, std::string_view command) {
  const auto decide = fmt::format("let mig look and go on:  mig {} {}", command, plan.migration);
  out.when("mig_doubt_" + variable(step.id));
  out.stop(fmt::format("{} was begun and its end is not known", step.id), decide);
  out.end();
  for (const auto* one : ::mig::sql::statements(step.action))
    if (const auto index = made_index(one->text)) name_is_free(out, *index);
  out.record(journal::step_started(plan, step.id, run()));
  for (const auto& opening : opening(plan, step.action)) out.send(opening);
  for (const auto* one : ::mig::sql::statements(step.action)) statement(out, step, *one);
  out.stop_if(sql("NOT coalesce(({}), false)", step.probe->query), fmt::format("{} ran and left nothing", step.id),
              decide);
  out.record(last);
}

void revival(Script& out, const Plan& plan, const Step& step, const ::mig::sql::Revival& from) {
  out.comment("an earlier way back kept it aside: it comes back with all that was written");
  for (const auto& opening : opening(plan, from.statements)) out.send(opening);
  for (const auto& one : from.statements) statement(out, step, one);
  for (const auto& kept : from.released) out.record(journal::give_back(kept));
  out.record(journal::step_done(plan, step.id, run()));
  out.send(sql("COMMIT"));
}

void action(Script& out, const Plan& plan, const Step& step) {
  const auto done = journal::step_done(plan, step.id, run());
  if (::mig::sql::transactional(step.action))
    transaction(out, plan, step, {done});
  else
    concurrent(out, plan, step, done, "apply");
}

// The last step of a way back carries the row that says it is walked.
void back(Script& out, const Plan& plan, const Step& step, const Step& part, bool last) {
  out.comment(fmt::format("{}  {}", part.id, part.title));
  out.when("mig_done_" + variable(part.id));
  out.otherwise();
  const auto row = last ? journal::step_undone(plan, step.id, run()) : journal::step_done(plan, part.id, run());
  if (::mig::sql::transactional(part.action))
    transaction(out, plan, part, {row});
  else
    concurrent(out, plan, part, row, "rollback");
  out.end();
}

// A way back that was begun goes on; else it is asked what rows written since stand in its way.
void conditions(Script& out, const Plan& plan, const Step& step) {
  out.when("mig_done_" + variable(step.back.front().id));
  out.otherwise();
  for (const auto& part : step.back) {
    if (!part.condition) continue;
    out.comment("the way back needs: " + part.condition->text);
    out.stop_if_rows(part.condition->query,
                     fmt::format("rows written since stand in the way of going back from {}: it needs that {}", step.id,
                                 part.condition->text),
                     fmt::format("find them:  {}  and then:  psql -f down.sql, or mig rollback {}",
                                 part.condition->query.text(), plan.migration));
  }
  out.end();
}

}  // namespace

std::string locks(const ::mig::sql::Statement& statement) {
  if (statement.locks.empty()) return "no lock on what exists";
  std::string out;
  for (const auto& lock : statement.locks)
    out += fmt::format("{}{} on {}", out.empty() ? "" : ", ", ::mig::sql::to_string(lock.mode),
                       ::mig::sql::display(lock.relation));
  return out;
}

void step_up(Script& out, const Plan& plan, const Step& step) {
  head(out, step);
  // The answer of an assertion counts for its moment: it is asked again.
  const bool anew = ::mig::sql::asked_anew(step.action);
  if (!anew) out.when("mig_done_" + variable(step.id));
  if (!anew) out.otherwise();
  out.say(fmt::format("{}  {}", step.id, step.title));
  if (!std::holds_alternative<::mig::sql::Gate>(step.action)) may_begin(out, plan);
  if (!step.needs_runtime.empty()) {
    out.stop(fmt::format("{} is not for psql", step.id), step.needs_runtime);
  } else if (::mig::sql::only_looks(step.action)) {
    look_up(out, plan, step);
  } else if (step.revival) {
    out.ask(sql("SELECT coalesce(({}), false) AS revive", step.revival->when.query));
    out.when("mig_revive");
    revival(out, plan, step, *step.revival);
    out.otherwise();
    action(out, plan, step);
    out.end();
  } else {
    action(out, plan, step);
  }
  if (!anew) out.end();
}

void can_go_back(Script& out, const Plan& plan, const Step& step) {
  const bool none = step.back.empty() && step.reversibility == ::mig::sql::Reversibility::irreversible;
  const bool conditional =
      std::any_of(step.back.begin(), step.back.end(), [](const auto& part) { return part.condition.has_value(); });
  if (!none && !conditional) return;
  out.when("mig_done_" + variable(step.id));
  if (none)
    out.stop(fmt::format("there is no way back behind {}: {}", step.id, step.title),
             "write a migration that makes it anew:  mig new NAME");
  else
    conditions(out, plan, step);
  out.end();
}

void step_down(Script& out, const Plan& plan, const Step& step) {
  out.blank();
  out.comment(fmt::format("back from {}  {}", step.id, step.title));
  for (const auto& loss : step.loss) out.comment("  loses     " + loss);
  const auto id = variable(step.id);
  if (!::mig::sql::transactional(step.action)) {
    out.when("mig_doubt_" + id);
    out.stop(fmt::format("{} was begun and its end is not known", step.id),
             fmt::format("let mig look and go back:  mig rollback {}", plan.migration));
    out.end();
  }
  if (!step.needs_runtime.empty() && !::mig::sql::only_looks(step.action)) {
    // Also where only a part of it is in: its row says so, and no psql undoes it.
    out.stop_if(sql("EXISTS (SELECT FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = {})\n"
                    "    AND step = {} AND state <> 'undone')",
                    ::mig::sql::Literal{hash(plan)}, ::mig::sql::Literal{step.id}),
                fmt::format("the way back of {} is not for psql", step.id),
                fmt::format("let mig go back:  mig rollback {}", plan.migration));
    return;
  }
  out.when("mig_done_" + id);
  if (!::mig::sql::only_looks(step.action)) out.say(fmt::format("back from {}  {}", step.id, step.title));
  for (std::size_t i = 0; i < step.back.size(); ++i) back(out, plan, step, step.back[i], i + 1 == step.back.size());
  if (step.back.empty()) out.record(journal::step_undone(plan, step.id, run()));
  out.end();
}

}  // namespace mig::plan::print
