// Assertions, measurements and gates: asked, answered, written down.
#include <fmt/format.h>

#include "compiler/plan/messages.hpp"
#include "runtime/executor/rows_text.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

constexpr std::size_t shown = 10;

std::string value_of(const Rows& answer) {
  return answer.rows.empty() || answer.rows[0].empty() ? "" : answer.rows[0][0].value_or("");
}

struct Look {
  Work& work;
  Migration& m;
  const Piece& piece;
  int tries;

  Stop operator()(const sql::Assert& action) const {
    const bool holds = value_of(ask(action.statements)) == "t";
    const auto against = holds || !action.rows ? Rows{} : evidence(*action.rows);
    if (work.session->in_transaction()) work.ask(sql("COMMIT"));
    if (!holds) return not_held(against);
    commit({});
    return std::nullopt;
  }

  Stop operator()(const sql::Measure& action) const {
    const auto value = value_of(ask(action.statements));
    work.ask(sql("COMMIT"));
    commit(
        {plan::journal::measured(m.plan, action.name, m.run_id(), ::mig::sql::fragment(::mig::sql::Literal{value}))});
    work.tell("measured",
              {{"migration", m.plan.migration}, {"step", piece.id}, {"name", action.name}, {"value", value}});
    return std::nullopt;
  }

  Stop operator()(const sql::Gate& gate) const {
    const auto waits = look_at_gate(work, m, piece.id, gate);
    if (waits.any()) return gate_is_shut(work, m, piece, gate, waits);
    commit({});
    return std::nullopt;
  }

  Stop operator()(const sql::Backup& backup) const { return make_backup(work, m, piece, backup, tries); }

  template <class Other>
  Stop operator()(const Other&) const {
    return std::nullopt;  // changes something: piece.cpp runs it
  }

 private:
  // In a transaction that cannot write; it stays open for what shows the rows.
  Rows ask(const std::vector<sql::Statement>& statements) const {
    for (const auto& message : plan::opening(m.plan, *piece.action)) work.ask(message);
    Rows answer;
    for (const auto& statement : statements) answer = execute(work, statement.text, piece.id);
    return answer;
  }

  // The answer stands without them: where they do not come in time, none are shown.
  Rows evidence(const sql::Fragment& query) const {
    try {
      return execute(work, query, piece.id);
    } catch (const DatabaseError& error) {
      if (error.sqlstate != "57014" || work.cancelled) throw;
      work.ask(sql("ROLLBACK"));
      return {};
    }
  }

  void commit(const std::vector<sql::Fragment>& first) const {
    work.ask(sql("BEGIN"));
    for (const auto& row : first) work.ask(row);
    for (const auto& row : piece.rows(tries)) work.ask(row);
    work.ask(sql("COMMIT"));
  }

  Outcome not_held(const Rows& against) const {
    write_down(work, m, piece, against.rows.size(), true);
    auto outcome = stopped(m, 1, "R0101");
    outcome.what = "this does not hold: " + piece.title;
    if (!against.rows.empty()) outcome.what += "\n" + rows_text(against, shown);
    outcome.where = place(m, piece.id);
    outcome.next = "mend it, then: " + again(m) + "; or go back: mig rollback " + m.plan.migration;
    return outcome;
  }

 public:
  static void write_down(Work& work, Migration& m, const Piece& piece, std::size_t rows, bool known) {
    work.ask(plan::journal::step_not_held(m.plan, piece.id, m.run_id(), static_cast<long long>(rows), known));
    m.set_state_of(piece.id, "failed");
    work.tell("not_held", {{"migration", m.plan.migration},
                           {"step", piece.id},
                           {"title", piece.title},
                           {"known", known ? "true" : "false"},
                           {"rows", std::to_string(rows)}});
  }
};

}  // namespace

Stop look(Work& work, Migration& m, const Piece& piece, int tries) {
  return std::visit(Look{work, m, piece, tries}, *piece.action);
}

Outcome not_known(Work& work, Migration& m, const Piece& piece) {
  Look::write_down(work, m, piece, 0, false);
  const auto* asked = std::get_if<sql::Assert>(piece.action);
  const int timeout = asked != nullptr ? asked->timeout_ms : std::get<sql::Measure>(*piece.action).timeout_ms;
  auto outcome = stopped(m, 1, "R0102");
  outcome.what = fmt::format("not known, and so not held: {} (no answer in {} ms)", piece.title, timeout);
  outcome.where = place(m, piece.id);
  outcome.next = "make the question faster, or give it time: policy { expect_timeout 30min; }; then: " + again(m);
  return outcome;
}

}  // namespace mig::runtime
