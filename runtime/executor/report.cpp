// How a run ends, in four parts: what happened, where, what is true now, what to type.
#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

// "expand 1, 2 and 4" → runs of numbers of one phase: "expand 1 to 3, contract 1".
std::string list(const std::vector<const sql::Step*>& steps) {
  std::string text, phase;
  for (std::size_t i = 0; i < steps.size();) {
    const auto number = [&](std::size_t at) {
      return std::atoi(steps[at]->id.substr(steps[at]->id.find('/') + 1).c_str());
    };
    std::size_t end = i;
    while (end + 1 < steps.size() && steps[end + 1]->phase == steps[i]->phase && number(end + 1) == number(end) + 1)
      ++end;
    if (!text.empty()) text += ", ";
    if (phase != sql::to_string(steps[i]->phase)) text += (phase = sql::to_string(steps[i]->phase)) + " ";
    text += std::to_string(number(i));
    if (end > i) text += (end == i + 1 ? ", " : " to ") + std::to_string(number(end));
    i = end + 1;
  }
  return text;
}

bool old_clients_work(const Migration& m) {
  return std::none_of(m.plan.steps.begin(), m.plan.steps.end(), [&](const auto& step) {
    const auto state = m.state_of(step.id);
    return step.phase >= sql::Phase::contract && !sql::only_looks(step.action) && !state.empty() && state != "undone";
  });
}

const sql::Step* find_step(const std::vector<sql::Step>& steps, const std::string& id) {
  for (const auto& step : steps) {
    if (step.id == id) return &step;
    if (const auto* back = find_step(step.back, id)) return back;
  }
  return nullptr;
}

std::string other_way(const Migration& m) {
  return (m.command == "apply" ? "or go back: mig rollback " : "or go forward: mig apply ") + m.plan.migration;
}

void append(std::string& text, const std::string& label, const std::string& part) {
  if (!part.empty()) text += "\n" + label + part;
}

}  // namespace

Outcome stopped(const Migration& m, int exit, const char* code) {
  Outcome outcome;
  outcome.exit = exit;
  outcome.code = code;
  outcome.state = m.row.state;
  outcome.now = position(m.plan, m.row) + ". ";
  outcome.now += old_clients_work(m) ? "Old clients work" : "Clients of the old shape do not work";
  return outcome;
}

std::string place(const Migration& m, const std::string& id) {
  const auto* step = find_step(m.plan.steps, id);
  auto text = "step " + id + " of " + m.plan.migration;
  if (step == nullptr) return text;
  text += ": " + step->title;
  return step->origin.empty() ? text : text + " (" + step->origin + ")";
}

std::string again(const Migration& m) { return "mig " + m.command + " " + m.plan.migration; }

std::string position(const plan::Plan& plan, const MigrationRow& row) {
  std::vector<const sql::Step*> in, out, doubt, parts_in;
  for (const auto& step : plan.steps) {
    const auto found =
        std::find_if(row.steps.begin(), row.steps.end(), [&](const auto& r) { return r.step == step.id; });
    const auto state = found == row.steps.end() ? std::string() : found->state;
    const bool doubtful = state == "started" || (state == "failed" && !sql::transactional(step.action));
    const bool partly = sql::in_parts(step.action) && (state == "started" || state == "failed");
    (state == "done" ? in : partly ? parts_in : doubtful ? doubt : out).push_back(&step);
  }
  std::vector<std::string> parts;
  if (!in.empty()) parts.push_back(list(in) + (in.size() == 1 ? " is in" : " are in"));
  if (!parts_in.empty())
    parts.push_back(list(parts_in) + (parts_in.size() == 1 ? " is in part in" : " are in part in"));
  if (!doubt.empty()) parts.push_back(list(doubt) + (doubt.size() == 1 ? " is in doubt" : " are in doubt"));
  if (!out.empty()) parts.push_back(list(out) + (out.size() == 1 ? " is not" : " are not"));
  if (in.empty() && doubt.empty() && parts_in.empty()) return "no step is in";
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

Outcome finished(const Migration& m) {
  Outcome outcome;
  outcome.state = m.row.state;
  outcome.what = m.plan.migration + " is " + m.row.state;
  append(outcome.what, "", m.left.substr(0, m.left.find_last_not_of('\n') + 1));
  return outcome;
}

Outcome no_connection(const DatabaseError& error) {
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = "R0701";
  outcome.what = "no connection: " + error.message.substr(0, error.message.find_last_not_of('\n') + 1);
  outcome.now = "nothing was changed by this call";
  outcome.next = "mend the connection, then call mig again";
  return outcome;
}

Outcome connection_gone(const Migration& m, const DatabaseError& error, const std::string& step) {
  auto outcome = stopped(m, 7, "R0701");
  outcome.what = "the connection was lost and does not come back: " +
                 error.message.substr(0, error.message.find_last_not_of('\n') + 1);
  outcome.where = place(m, step);
  outcome.now += ". Whether this step is in, the journal will say: it commits together with its row";
  outcome.next = again(m);
  return outcome;
}

Outcome session_ended(const Migration& m, const DatabaseError& error, const std::string& step) {
  auto outcome = stopped(m, 5, "R0504");
  outcome.what = "somebody ended mig's session: " + error.message;
  outcome.where = place(m, step);
  outcome.next = "when its reason is gone: " + again(m);
  return outcome;
}

Outcome interrupted(const Migration& m, const std::string& step) {
  auto outcome = stopped(m, 130, "R0901");
  outcome.what = "interrupted; everything committed so far is kept";
  outcome.where = place(m, step);
  outcome.next = again(m);
  return outcome;
}

Outcome lock_not_taken(const Work& work, const Migration& m, const std::string& step) {
  auto outcome = stopped(m, 6, "R0601");
  outcome.what = place(m, step) + ": did not get its lock in " + std::to_string(m.plan.policy.lock_tries) +
                 (m.plan.policy.lock_tries == 1 ? " try" : " tries");
  outcome.next = "wait for it, then: " + again(m);
  if (work.blockers.empty()) {
    outcome.where = "who blocks it was not seen";
    return outcome;
  }
  const auto& first = work.blockers.front();
  for (const auto& b : work.blockers) {
    if (!outcome.where.empty()) outcome.where += "\n";
    outcome.where += "blocked by pid " + std::to_string(b.pid) + "  " + b.user + "@" + b.client;
    if (!b.application.empty()) outcome.where += "  " + b.application;
    if (b.state.empty())
      outcome.where += "  (what it does is hidden from this role: GRANT pg_read_all_stats TO it)";
    else
      outcome.where += "  " + b.state + " for " + std::to_string(b.seconds) + " s\nlast: " + b.query;
  }
  outcome.next =
      "wait for it, or:  select pg_terminate_backend(" + std::to_string(first.pid) + ");   then:  " + again(m);
  return outcome;
}

Outcome refused(Work& work, const Migration& m, const Piece& piece, const DatabaseError& error) {
  auto outcome = stopped(m, 5, "R0501");
  outcome.what = "the database refused a step: " + error.message + " (SQLSTATE " + error.sqlstate + ")";
  append(outcome.what, "detail: ", error.detail);
  append(outcome.what, "hint: ", error.hint);
  outcome.where = place(m, piece.id);
  outcome.next = "mend it, then: " + again(m) + "; " + other_way(m);
  if (error.sqlstate != "42501") return outcome;
  outcome.exit = 7;
  outcome.code = "R0704";
  outcome.next.clear();
  for (const auto& grant : missing_rights(work, sql::statements(*piece.action))) outcome.next += grant + "\n";
  outcome.next += "then: " + again(m);
  return outcome;
}

Outcome outside_a_step(Work& work, const DatabaseError& error) {
  if (error.connection_lost()) {
    auto outcome = no_connection(error);
    outcome.now = "what was committed before is in the journal: mig status";
    return outcome;
  }
  // A look that waited for a lock (introspection gives up by itself) may be taken again.
  const bool busy = error.sqlstate == "55P03";
  Outcome outcome;
  outcome.exit = error.sqlstate == "42501" ? 7 : busy ? 6 : 5;
  outcome.code = error.sqlstate == "42501" ? "R0704" : busy ? "R0601" : "R0502";
  outcome.what = "the database refused a statement of mig: " + error.message + " (SQLSTATE " + error.sqlstate + ")";
  append(outcome.what, "detail: ", error.detail);
  append(outcome.what, "hint: ", error.hint);
  outcome.where = work.session ? work.session->display() : "";
  outcome.now = "the journal says what is in: mig status";
  if (work.session && work.session->alive()) {
    if (work.session->in_transaction()) work.ask(sql::sql("ROLLBACK"));
    if (outcome.exit == 7)
      for (const auto& grant : missing_journal_rights(work)) outcome.next += grant + "\n";
  }
  outcome.next += "then call mig again";
  return outcome;
}

}  // namespace mig::runtime
