// Assertions, measurements and gates for psql: it shows what stands against an expectation, and stops.
#include <fmt/format.h>

#include "compiler/plan/limits.hpp"
#include "compiler/plan/messages.hpp"
#include "compiler/plan/print_parts.hpp"
#include "compiler/plan/waits.hpp"

namespace mig::plan::print {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

// All but the last statement; the last one answers into a variable.
void ask(Script& out, const Plan& plan, const ::mig::sql::Step& step) {
  for (const auto& message : opening(plan, step.action)) out.send(message);
  const auto all = ::mig::sql::statements(step.action);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) out.send(all[i]->text);
  out.answer(all.back()->text);
}

struct Look {
  Script& out;
  const Plan& plan;
  const ::mig::sql::Step& step;

  void operator()(const ::mig::sql::Assert& action) const {
    ask(out, plan, step);
    out.when("mig_holds");
    out.send(sql("COMMIT"));
    out.record(journal::step_done(plan, step.id, run()));
    out.otherwise();
    if (action.rows) out.send(*action.rows);
    out.send(sql("COMMIT"));
    out.stop("this does not hold: " + step.title, "mend it, then run up.sql again; or go back by down.sql");
    out.end();
  }

  void operator()(const ::mig::sql::Measure& action) const {
    ask(out, plan, step);
    out.send(sql("COMMIT"));
    out.send(sql("BEGIN"));
    out.record(journal::measured(plan, action.name, run(), sql(":'mig_value'")));
    out.record(journal::step_done(plan, step.id, run()));
    out.send(sql("COMMIT"));
  }

  void operator()(const ::mig::sql::Gate& gate) const {
    if (!gate.approval.empty()) approval(gate);
    if (gate.after_seconds > 0)
      out.stop_if(sql("{} > now()", opens_at(plan, gate)), step.title + ": its time is not over",
                  "SELECT since FROM mig.migration says from when on it counts; come back then");
    if (gate.when) {
      for (const auto& message : opening(plan, step.action)) out.send(message);
      out.answer(gate.when->query);
      out.send(sql("COMMIT"));
      out.when("mig_holds");
      out.otherwise();
      out.stop(step.title + ": this does not hold yet", "come back when it holds");
      out.end();
    }
    out.record(journal::step_done(plan, step.id, run()));
  }

  template <class Other>
  void operator()(const Other&) const {}  // needs the runtime, or changes something: print_step.cpp

 private:
  void approval(const ::mig::sql::Gate& gate) const {
    out.line("\\if :{?approve}");
    out.ask(sql("SELECT :'approve' = {} AS approves", Literal{gate.approval}));
    out.when("mig_approves");
    out.record(journal::approve(plan, gate.approval, run(), sql(":'USER' || '@' || :'mig_host'"), sql("''")));
    out.end();
    out.end();
    out.stop_if(sql("NOT {}", approved(plan, gate)), fmt::format("{}: nobody has approved it", step.title),
                fmt::format("-v approve={} says that you do", gate.approval));
  }
};

}  // namespace

void look_up(Script& out, const Plan& plan, const ::mig::sql::Step& step) {
  std::visit(Look{out, plan, step}, step.action);
}

void may_begin(Script& out, const Plan& plan) {
  if (plan.policy.window)
    out.stop_if(sql("NOT {}", in_window(*plan.policy.window)),
                fmt::format("steps of {} begin only in its window, {}", plan.migration, words(*plan.policy.window)),
                "come back then: what is done is passed over");
  for (const auto* list : {&plan.policy.stop_when, &plan.policy.pause_when})
    for (const auto& limit : *list)
      out.stop_if(
          sql("(SELECT coalesce(too_much, true) FROM ({}) AS seen)", limit.query),
          fmt::format("no step of {} begins while {}, or while this role may not see it", plan.migration, words(limit)),
          "come back when it has fallen: what is done is passed over");
}

}  // namespace mig::plan::print
