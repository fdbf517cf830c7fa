// What a migration waits for: a time, a person, a condition, the time of day. It holds nothing meanwhile.
#include "compiler/plan/messages.hpp"
#include "compiler/plan/waits.hpp"

#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::Literal;
using sql::sql;

namespace {

const sql::Gate* gate_of(const Migration& m, const std::string& approval) {
  for (const auto& step : m.plan.steps)
    if (const auto* gate = std::get_if<sql::Gate>(&step.action); gate != nullptr && gate->approval == approval)
      return gate;
  return nullptr;
}

// In a transaction of its own: it stays given, also where something else keeps the gate shut.
void write_approval(const Work& work, const Migration& m, const std::string& step, const std::string& name) {
  work.ask(plan::journal::approve(m.plan, name, m.run_id(), ::mig::sql::fragment(Literal{who()}),
                                  ::mig::sql::fragment(Literal{m.note})));
  work.tell("approved", {{"migration", m.plan.migration}, {"step", step}, {"name", name}, {"who", who()}});
}

std::string approval_flag(const Migration& m, const sql::Gate& gate) {
  return gate.approval == "contract" ? "mig apply " + m.plan.migration + " --through contract --approve"
                                     : "mig apply " + m.plan.migration + " --approve=" + gate.approval;
}

std::string sentence(const Migration& m, const sql::Gate& gate, const Waits& waits) {
  const bool contract = gate.approval.empty() || gate.approval == "contract";
  const auto what = contract ? "contract of " + m.plan.migration : "checkpoint " + gate.approval;
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", and ") + part; };
  if (!waits.until.empty()) add("opens at " + waits.until);
  if (waits.approval) add("waits for a person's approval");
  if (waits.condition) add("waits until " + gate.condition);
  return what + " " + text + (waits.approval && !gate.text.empty() ? ": " + gate.text : "");
}

std::string reasons(const Waits& waits) {
  std::string text;
  const auto add = [&](const char* word) { text += (text.empty() ? "" : ",") + std::string(word); };
  if (waits.approval) add("approval");
  if (!waits.until.empty()) add("time");
  if (waits.condition) add("condition");
  return text;
}

void tell_waits(const Work& work, const Migration& m, const std::string& step, const std::string& what,
                const std::string& until) {
  work.tell("waits", {{"migration", m.plan.migration}, {"step", step}, {"for", what}, {"until", until}});
}

// A condition that is not answered in time is not known, and what is not known does not hold.
bool condition_holds(Work& work, const Migration& m, const std::string& step, const sql::Gate& gate) {
  for (const auto& message : plan::opening(m.plan, gate)) work.ask(message);
  try {
    const auto answer = execute(work, gate.when->query, step).rows.at(0).at(0);
    work.ask(sql("COMMIT"));
    return answer == "t";
  } catch (const DatabaseError& error) {
    if (error.sqlstate != "57014" || work.cancelled) throw;
    work.ask(sql("ROLLBACK"));
    return false;
  }
}

}  // namespace

Waits look_at_gate(Work& work, const Migration& m, const std::string& step, const sql::Gate& gate) {
  Waits waits;
  if (std::find(m.approve.begin(), m.approve.end(), gate.approval) != m.approve.end() && !gate.approval.empty())
    if (!work.ask(sql("SELECT {}", plan::approved(m.plan, gate))).truth()) write_approval(work, m, step, gate.approval);
  const auto opens = plan::opens_at(m.plan, gate);
  const auto row = work.ask(sql("SELECT CASE WHEN {} > now() THEN {} END, {}", opens, plan::utc(opens),
                                gate.approval.empty() ? sql("true") : plan::approved(m.plan, gate)))
                       .rows.at(0);
  waits.until = row[0].value_or("");
  waits.approval = row[1] != "t";
  if (waits.any() || !gate.when) return waits;
  waits.condition = !condition_holds(work, m, step, gate);
  return waits;
}

Outcome gate_is_shut(Work& work, const Migration& m, const Piece& piece, const sql::Gate& gate, const Waits& waits) {
  work.ask(plan::journal::waits(m.plan, piece.id, m.run_id(), reasons(waits)));
  tell_waits(work, m, piece.id, reasons(waits), waits.until);
  auto outcome = stopped(m, waits.approval ? 8 : 3, waits.approval ? "R0808" : "R0303");
  outcome.what = sentence(m, gate, waits);
  outcome.where = place(m, piece.id);
  outcome.next = waits.approval         ? approval_flag(m, gate)
                 : !waits.until.empty() ? "after " + waits.until + ": " + again(m)
                                        : "when it holds: " + again(m);
  if (!waits.approval && gate.approval.empty()) outcome.next += " --through contract";
  return outcome;
}

Stop outside_window(Work& work, const Migration& m, const std::string& step) {
  const auto& window = m.plan.policy.window;
  if (!window) return std::nullopt;
  const auto row =
      work.ask(sql("SELECT {}, {}", plan::in_window(*window), plan::utc(plan::window_opens(*window)))).rows.at(0);
  if (row[0] == "t") return std::nullopt;
  const auto until = row[1].value_or("");
  tell_waits(work, m, step, "window", until);
  auto outcome = stopped(m, 3, "R0304");
  outcome.what =
      "steps of " + m.plan.migration + " begin only in its window, " + plan::words(*window) + ": it opens at " + until;
  outcome.where = m.plan.file;
  outcome.next = "after " + until + ": " + again(m);
  return outcome;
}

Stop unknown_approval(const Migration& m) {
  for (const auto& name : m.approve) {
    if (gate_of(m, name) != nullptr) continue;
    Outcome outcome;
    outcome.exit = 64;
    outcome.code = "R0809";
    outcome.state = m.row.state;
    outcome.what = name == "contract" ? "contract of " + m.plan.migration + " needs no approval"
                                      : m.plan.migration + " has no checkpoint " + name;
    outcome.where = m.plan.file;
    outcome.now = "nothing was changed by this call";
    outcome.next =
        name == "contract" ? "mig apply " + m.plan.migration + " --through contract" : "mig status " + m.plan.migration;
    return outcome;
  }
  return std::nullopt;
}

}  // namespace mig::runtime
