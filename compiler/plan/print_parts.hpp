// The parts that up.sql and down.sql share: what is said at the top, the lock, the journal, and one step.
#pragma once

#include "compiler/plan/journal.hpp"
#include "compiler/plan/script.hpp"

namespace mig::plan::print {

// The value of the psql variable that holds this script's run.
[[nodiscard]] sql::Fragment run();

// Header comment: what it is, from what, how to run it; then the steps in a table.
void header(Script& out, const Plan& plan, std::string_view file);
// psql's own settings, that no surrounding transaction is open, the session's settings, the server's version.
void session(Script& out, const Plan& plan);
void lock(Script& out, std::string_view again);
// A newer mig's journal is refused; a missing one is made, or refused where there must be one.
void journal(Script& out, bool make);
// Refuses when the journal goes by another plan of this migration.
void same_plan(Script& out, const Plan& plan);
// Reads what is done and in doubt into the variables mig_done_<step> and mig_doubt_<step>, back steps too.
void rows(Script& out, const Plan& plan);
// Closes the run and gives the lock back.
void end(Script& out, std::string_view message);

// Forward: passed over when done, stopped when in doubt.
void step_up(Script& out, const Plan& plan, const sql::Step& step);
// One that only looks: asked, and the script ends where the answer keeps the migration from going on.
void look_up(Script& out, const Plan& plan, const sql::Step& step);
// Ends the script where no step may begin now: by the time of day, or by what the policy holds against the server.
void may_begin(Script& out, const Plan& plan);
// Before any step of a phase goes back: stops where one that is done has no way back, or rows stand in its way.
void can_go_back(Script& out, const Plan& plan, const sql::Step& step);
// Backward: passed over unless done.
void step_down(Script& out, const Plan& plan, const sql::Step& step);

// "ACCESS EXCLUSIVE on public.orders", "no lock on what exists".
[[nodiscard]] std::string locks(const sql::Statement& statement);

}  // namespace mig::plan::print
