// One step on the way forward, with the journal's rows that belong to it.
#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using plan::journal::State;
using Fragments = std::vector<sql::Fragment>;

void add_action_rows(Fragments& rows, const Migration& m, const sql::Step& step) {
  if (const auto* park = std::get_if<sql::Park>(&step.action))
    for (const auto& kept : park->kept)
      rows.push_back(plan::journal::keep(m.plan, step.id, kept, m.plan.retain_seconds));
  if (const auto* purge = std::get_if<sql::Purge>(&step.action))
    for (const auto& released : purge->released) rows.push_back(plan::journal::release(released));
}

Fragments rows_of(const Migration& m, const sql::Step& step, bool revived, std::optional<State> then, int tries) {
  Fragments rows;
  if (revived) {
    for (const auto& back : step.revival->released) rows.push_back(plan::journal::give_back(back));
  } else {
    add_action_rows(rows, m, step);
  }
  rows.push_back(plan::journal::step_done(m.plan, step.id, m.run_id(), tries));
  if (then) rows.push_back(plan::journal::set_state(m.plan, *then));
  return rows;
}

void tell_doubt(const Work& work, const Migration& m, const sql::Step& step) {
  const auto* action = std::get_if<sql::Concurrent>(&step.action);
  const auto state = m.state_of(step.id);
  if (action == nullptr || (state != "started" && state != "failed")) return;
  const bool done = step.probe && probe_says_done(work, *step.probe);
  const bool remnant = !done && action->remnant && probe_says_done(work, *action->remnant);
  work.tell("in_doubt", {{"migration", m.plan.migration},
                         {"step", step.id},
                         {"title", step.title},
                         {"found", done      ? "done"
                                   : remnant ? "remnant"
                                             : "not done"}});
}

}  // namespace

Stop do_step(Work& work, Migration& m, const sql::Step& step, std::optional<State> then) {
  work.tell("step_started", {{"migration", m.plan.migration},
                             {"step", step.id},
                             {"title", step.title},
                             {"phase", sql::to_string(step.phase)}});
  tell_doubt(work, m, step);
  const bool revived = step.revival && probe_says_done(work, step.revival->when);
  Piece piece;
  piece.id = step.id;
  piece.title = step.title;
  piece.action = &step.action;
  piece.instead = revived ? &step.revival->statements : nullptr;
  piece.probe = &step.probe;
  piece.rows = [&](int tries) { return rows_of(m, step, revived, then, tries); };
  // A row that says that a question was answered may be of an earlier time.
  const bool anew = sql::asked_anew(step.action);
  piece.done = [&, anew](const MigrationRow&) { return !anew && m.state_of(step.id) == "done"; };
  piece.left = &step.left;
  auto took = run_piece(work, m, piece);
  if (took.stop) return took.stop;
  m.set_state_of(step.id, "done");
  if (then) m.row.state = plan::journal::to_string(*then);
  work.tell("step_done", {{"migration", m.plan.migration},
                          {"step", step.id},
                          {"title", step.title},
                          {"ms", std::to_string(took.ms)},
                          {"tries", std::to_string(took.tries)},
                          {"how", revived ? "revived" : took.how}});
  return std::nullopt;
}

}  // namespace mig::runtime
