// The way back of one step: steps of its own, the last of which commits together with the step's row as undone.
#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using plan::journal::State;
using Fragments = std::vector<sql::Fragment>;

bool in_doubt(const Migration& m, const sql::Step& step) {
  const auto state = m.state_of(step.id);
  return !sql::transactional(step.action) && (state == "started" || state == "failed");
}

// What the last of the way back commits.
void add_end(Fragments& rows, const Migration& m, const sql::Step& step, std::optional<State> then) {
  rows.push_back(plan::journal::step_undone(m.plan, step.id, m.run_id()));
  if (then) rows.push_back(plan::journal::set_state(m.plan, *then));
}

Fragments rows_of(const Migration& m, const sql::Step& step, const sql::Step& back, std::optional<State> then,
                  int tries) {
  Fragments rows;
  const bool last = &back == &step.back.back();
  if (last)
    add_end(rows, m, step, then);
  else
    rows.push_back(plan::journal::step_done(m.plan, back.id, m.run_id(), tries));
  // After step_undone, which marks what the step kept as returned: this is kept by the way back itself, until the next
  // way forward brings it back.
  if (const auto* park = std::get_if<sql::Park>(&back.action))
    for (const auto& kept : park->kept) rows.push_back(plan::journal::keep(m.plan, back.id, kept, -1));
  if (const auto* purge = std::get_if<sql::Purge>(&back.action))
    for (const auto& released : purge->released) rows.push_back(plan::journal::release(released));
  return rows;
}

Took undo_piece(Work& work, Migration& m, const sql::Step& step, const sql::Step& back, bool ask_first,
                std::optional<State> then) {
  Piece piece;
  piece.id = back.id;
  piece.title = back.title;
  piece.action = &back.action;
  piece.probe = &back.probe;
  piece.ask_first = ask_first;
  piece.rows = [&](int tries) { return rows_of(m, step, back, then, tries); };
  piece.left = &back.left;
  piece.done = [&](const MigrationRow&) { return m.state_of(back.id) == "done" || m.state_of(step.id) == "undone"; };
  return run_piece(work, m, piece);
}

// Nothing to run: only the journal's rows.
void commit_end(Work& work, const Migration& m, const sql::Step& step, std::optional<State> then) {
  Fragments rows;
  add_end(rows, m, step, then);
  work.ask(sql::sql("BEGIN"));
  for (const auto& row : rows) work.ask(row);
  work.ask(sql::sql("COMMIT"));
}

// A step in doubt, before its way back: did it happen, or can the way back find that out by its own probes?
bool anything_to_undo(Work& work, const Migration& m, const sql::Step& step) {
  const auto found = settle(work, step);
  work.tell("in_doubt", {{"migration", m.plan.migration}, {"step", step.id}, {"title", step.title}, {"found", found}});
  return found == "done" ||
         std::all_of(step.back.begin(), step.back.end(), [](const auto& back) { return back.probe.has_value(); });
}

void tell_undone(const Work& work, const Migration& m, const sql::Step& step, const Took& took) {
  if (sql::only_looks(step.action)) return;  // its row is forgotten, nothing was undone
  work.tell("step_undone", {{"migration", m.plan.migration},
                            {"step", step.id},
                            {"title", step.title},
                            {"ms", std::to_string(took.ms)},
                            {"tries", std::to_string(took.tries)},
                            {"how", took.how}});
}

}  // namespace

bool partly_done(const Migration& m, const sql::Step& step) {
  const auto state = m.state_of(step.id);
  return sql::in_parts(step.action) && (state == "started" || state == "failed");
}

bool half_undone(const Migration& m, const sql::Step& step) {
  return std::any_of(step.back.begin(), step.back.end(), [&](const auto& back) {
    return m.state_of(back.id) == "done" || in_doubt(m, back) || partly_done(m, back);
  });
}

Stop undo_step(Work& work, Migration& m, const sql::Step& step, std::optional<State> then) {
  const bool doubtful = in_doubt(m, step);
  Took took;
  if (step.back.empty() || (doubtful && !anything_to_undo(work, m, step))) {
    commit_end(work, m, step, then);
  } else {
    for (const auto& back : step.back) {
      if (m.state_of(back.id) == "done") continue;
      took = undo_piece(work, m, step, back, doubtful, then);
      if (took.stop) return took.stop;
      m.set_state_of(back.id, "done");
    }
  }
  m.forget(step.id + "/back/");
  m.set_state_of(step.id, "undone");
  if (then) m.row.state = plan::journal::to_string(*then);
  tell_undone(work, m, step, took);
  return std::nullopt;
}

}  // namespace mig::runtime
