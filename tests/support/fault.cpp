// A killed run is a forked child: the statement counter in runtime/fault.hpp raises SIGKILL in it.
#include "tests/support/fault.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>

#include "runtime/fault.hpp"
#include "tests/support/proxy.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

namespace mig::tests::fault {

namespace {

using plan::journal::State;

bool has_gate(const plan::Plan& plan, const std::string& name) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const sql::Step& step) {
    const auto* gate = std::get_if<sql::Gate>(&step.action);
    return gate != nullptr && gate->approval == name;
  });
}

runtime::ApplyOptions options_of(const Subject& subject, const plan::Plan& plan) {
  runtime::ApplyOptions options;
  options.through = subject.through;
  options.reconnect_ms = 3000;
  for (const auto& name : subject.approve)
    if (has_gate(plan, name)) options.approve.push_back(name);
  options.backup = subject.backup;
  return options;
}

runtime::Outcome go_forward(const Subject& subject, const runtime::Target& target) {
  runtime::Outcome outcome;
  for (const auto& plan : subject.plans) {
    const auto options = options_of(subject, plan);
    outcome = apply(target, plan, options);
    if (outcome.exit == 3 && !subject.passes.empty()) {
      pass_time(target, subject.passes);
      outcome = apply(target, plan, options);
    }
    if (outcome.exit != 0) return outcome;
  }
  return outcome;
}

// A migration that the crash kept out of the journal altogether is as good as undone.
runtime::Outcome go_back(const Subject& subject, const runtime::Target& target) {
  runtime::Outcome outcome;
  for (auto plan = subject.plans.rbegin(); plan != subject.plans.rend(); ++plan) {
    outcome = rollback(target, plan->migration);
    if (outcome.code == "R0803") outcome = {};
    if (outcome.exit != 0) return outcome;
  }
  return outcome;
}

bool begins_with_rollback(Law law) { return law == Law::rollback_rollback || law == Law::rollback_apply; }
bool ends_with_rollback(Law law) { return law == Law::apply_rollback || law == Law::rollback_rollback; }

// The work that is disturbed.
void disturbed_work(const Subject& subject, const runtime::Target& target, Law law) {
  (void)(begins_with_rollback(law) ? go_back(subject, target) : go_forward(subject, target));
}

// In a child that dies at the point, if it comes to it.
bool die_at(const Subject& subject, const runtime::Target& target, const Point& point) {
  const auto child = fork();
  if (child == 0) {
    runtime::fault::statements = 0;
    setenv("MIG_FAULT_KILL", fmt::format("{}:{}", point.place, point.number).c_str(), 1);
    disturbed_work(subject, target, point.law);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

int statements_of(const Subject& subject, const runtime::Target& target, Law law) {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const auto child = fork();
  if (child == 0) {
    runtime::fault::statements = 0;
    disturbed_work(subject, target, law);
    const int number = runtime::fault::statements;
    _exit(write(ends[1], &number, sizeof number) == sizeof number ? 0 : 1);
  }
  int number = 0, status = 0;
  close(ends[1]);
  if (read(ends[0], &number, sizeof number) != sizeof number) number = 0;
  close(ends[0]);
  waitpid(child, &status, 0);
  return number;
}

std::string look(const runtime::Target& target) { return picture(target) + journal_picture(target); }

struct Expected {
  std::string start, end;
};

// An undisturbed run is what the others are held against: it has to end as the subject says.
void go_forward_whole(const Subject& subject, const runtime::Target& target) {
  const auto outcome = go_forward(subject, target);
  if (outcome.exit != subject.exit)
    throw std::runtime_error(fmt::format("{}: undisturbed, apply ended with {}, not {}: {} {}", subject.name,
                                         outcome.exit, subject.exit, outcome.what, outcome.where));
}

runtime::Target fresh(const Subject& subject) {
  return subject.copy ? subject.copy() : server().database(subject.world);
}

// Pictures of an undisturbed world, made once for each subject.
const Expected& expected(const Subject& subject) {
  static std::map<std::string, Expected> known;
  auto& mine = known[subject.name];
  if (!mine.start.empty()) return mine;
  const auto target = fresh(subject);
  mine.start = picture(target);
  go_forward_whole(subject, target);
  mine.end = look(target);
  return mine;
}

// The subject's world with its plans done, made once for each subject.
const runtime::Target& ahead(const Subject& subject) {
  static std::map<std::string, runtime::Target> known;
  const auto found = known.find(subject.name);
  if (found != known.end()) return found->second;
  const auto target = fresh(subject);
  go_forward_whole(subject, target);
  return known.emplace(subject.name, target).first->second;
}

// A copy of the subject's world, ready for the law, and gone at the end.
struct Prepared {
  runtime::Target target;
  Prepared(const Subject& subject, Law law)
      : target(begins_with_rollback(law) ? server().copy(ahead(subject)) : fresh(subject)) {}
  ~Prepared() {
    try {
      server().drop(target);
    } catch (const runtime::DatabaseError&) {  // it goes with the server
    }
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
};

// Did it come to the point?
bool disturb(const Subject& subject, const runtime::Target& target, const Point& point) {
  if (point.law != Law::cut_apply) return die_at(subject, target, point);
  const Proxy proxy(target, point.number, point.place == "before" ? Cut::before : Cut::after);
  disturbed_work(subject, proxy.target(), point.law);
  return proxy.has_cut();
}

std::string difference(const std::string& expected, const std::string& found) {
  if (expected == found) return {};
  return "expected\n" + expected + "found\n" + found;
}

int limit(int most) {
  const char* given = std::getenv("MIG_CRASH_POINTS");
  if (given == nullptr || *given == '\0') return most;
  return std::string(given) == "all" ? 1'000'000 : std::atoi(given);
}

unsigned seed() {
  const char* given = std::getenv("MIG_CRASH_SEED");
  return given != nullptr && *given != '\0' ? static_cast<unsigned>(std::atoll(given)) : std::random_device{}();
}

void run_one(const Subject& subject, const Point& point, Report& report) {
  if (++report.run % 1000 == 0) std::cout << subject.name << ": " << report.run << " points run" << std::endl;
  bool happened = false;
  const auto problem = check(subject, point, &happened);
  if (!happened) ++report.missed;
  if (problem.empty()) return;
  report.failures.push_back(fmt::format("{} {}\n{}again: MIG_CRASH_ONLY={} tests/crash.sh {}", subject.name,
                                        to_string(point), problem, to_string(point), subject.name));
}

}  // namespace

const char* to_string(Law law) {
  switch (law) {
    case Law::apply_apply:
      return "apply_apply";
    case Law::apply_rollback:
      return "apply_rollback";
    case Law::rollback_rollback:
      return "rollback_rollback";
    case Law::rollback_apply:
      return "rollback_apply";
    case Law::cut_apply:
      return "cut_apply";
  }
  return "";
}

std::string to_string(const Point& point) {
  return fmt::format("{}:{}:{}", to_string(point.law), point.place, point.number);
}

std::vector<Point> all_points(const Subject& subject, Law law) {
  const Prepared prepared(subject, law);
  const auto& target = prepared.target;
  std::vector<Point> points;
  if (law == Law::cut_apply) {
    const Proxy proxy(target, 0, Cut::before);
    disturbed_work(subject, proxy.target(), law);
    points.push_back({law, "before", 1});  // before the others is after the one that went ahead
    for (int number = 1; number <= proxy.messages(); ++number) points.push_back({law, "after", number});
    return points;
  }
  // Nothing of a process outlives it but what it sent, and the server runs that whether or not somebody waits for the
  // answer: to die with the answer, or before the next statement, is to die with the statement sent.
  points.push_back({law, "before", 1});
  const int statements = statements_of(subject, target, law);
  for (int number = 1; number <= statements; ++number) points.push_back({law, "sent", number});
  points.push_back({law, "answered", statements});
  return points;
}

bool dies(const Subject& subject, const Point& point) {
  return die_at(subject, Prepared(subject, point.law).target, point);
}

std::string check(const Subject& subject, const Point& point, bool* happened) {
  const auto& wanted = expected(subject);
  const Prepared prepared(subject, point.law);
  const auto& target = prepared.target;
  const bool came = disturb(subject, target, point);
  if (happened != nullptr) *happened = came;
  const bool back = ends_with_rollback(point.law);
  const auto outcome = back ? go_back(subject, target) : go_forward(subject, target);
  if (outcome.exit != (back ? 0 : subject.exit))
    return fmt::format("exit {} {}\n{}\n{}\n{}\n", outcome.exit, outcome.code, outcome.what, outcome.where,
                       outcome.now);
  return back ? difference(wanted.start, picture(target)) : difference(wanted.end, look(target));
}

Report run_points(const Subject& subject, int most) {
  Report report;
  report.seed = seed();
  std::mt19937 random(report.seed);
  const char* only = std::getenv("MIG_CRASH_ONLY");
  for (const auto law : all_laws) {
    auto points = all_points(subject, law);
    std::shuffle(points.begin(), points.end(), random);
    int left = limit(most);
    for (const auto& point : points) {
      const bool wanted = only != nullptr ? to_string(point) == only : left-- > 0;
      if (wanted)
        run_one(subject, point, report);
      else
        ++report.skipped;
    }
  }
  return report;
}

std::string to_string(const Subject& subject, const Report& report) {
  return fmt::format("{}: seed {}, {} crash points run, {} of them missed, {} skipped, {} differences", subject.name,
                     report.seed, report.run, report.missed, report.skipped, report.failures.size());
}

}  // namespace mig::tests::fault
