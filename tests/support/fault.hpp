// Crash points: a run is killed at its n-th statement, or its connection is cut at the n-th message; afterwards the
// database is resumed or undone, and must look as if nothing had happened.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"
#include "runtime/executor.hpp"

namespace mig::tests::fault {

// What is crashed: a database, and the plans that run in it one after the other.
struct Subject {
  std::string name;
  std::string world;  // SQL that makes the database
  std::vector<plan::Plan> plans;
  sql::Phase through = sql::Phase::contract;
  std::vector<std::string> approve;       // gates that each call of apply lets pass, where its plan has them
  std::string passes;                     // where apply must wait for its time, so much passes, once: "1 day"
  std::function<runtime::Target()> copy;  // makes the database instead of `world`, where that is no script
  int exit = 0;                           // of an apply that nothing disturbs: one that waits ends with 3 or 8
  runtime::BackupOptions backup = {};
};

// Which law a crash point is held against.
enum class Law {
  apply_apply,        // apply is killed; apply again ends as an undisturbed apply
  apply_rollback,     // apply is killed; rollback ends as before
  rollback_rollback,  // rollback is killed; rollback again ends as before
  rollback_apply,     // rollback is killed; apply ends as an undisturbed apply
  cut_apply           // the connection is cut; mig finds its way, or apply again does
};
inline constexpr Law all_laws[] = {Law::apply_apply, Law::apply_rollback, Law::rollback_rollback, Law::rollback_apply,
                                   Law::cut_apply};
[[nodiscard]] const char* to_string(Law law);

struct Point {
  Law law = Law::apply_apply;
  std::string place;  // before, sent, answered a statement; before, after a message
  int number = 0;
};
[[nodiscard]] std::string to_string(const Point& point);  // "apply_apply:sent:17"

// All points of a subject under a law, from an undisturbed run.
[[nodiscard]] std::vector<Point> all_points(const Subject& subject, Law law);
// Does a run die at this point, and only there?
[[nodiscard]] bool dies(const Subject& subject, const Point& point);
// Empty: the law held; else what differs. `happened`, where given: did the run come to the point at all?
[[nodiscard]] std::string check(const Subject& subject, const Point& point, bool* happened = nullptr);

struct Report {
  unsigned seed = 0;
  int run = 0, skipped = 0;
  int missed = 0;                     // of those run: nobody came to the point, and nothing was disturbed
  std::vector<std::string> failures;  // each with the command that runs it again
};
// MIG_CRASH_POINTS: how many points of each law are run, drawn by MIG_CRASH_SEED; "all": every one. Else at most
// `most` of each law. MIG_CRASH_ONLY=LAW:PLACE:NUMBER: this one alone.
[[nodiscard]] Report run_points(const Subject& subject, int most);
// "zzik: seed 7, 60 crash points run, 0 of them missed, 812 skipped, 0 differences"
[[nodiscard]] std::string to_string(const Subject& subject, const Report& report);

}  // namespace mig::tests::fault
