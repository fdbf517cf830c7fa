// What may be mended without a person who understands it: no row is lost by it, and nothing in it is not mig's.
#include "runtime/doctor/looks.hpp"

namespace mig::runtime {

namespace {

// A build of an index that was given up may not wait for its lock for ever, and a scan of it may take long.
void prepare(const Work& work) {
  work.ask(sql::sql("SET lock_timeout = '2s'"));
  work.ask(sql::sql("SET statement_timeout = 0"));
}

Outcome failed(const sql::Fragment& statement, const DatabaseError& error) {
  Outcome outcome;
  outcome.exit = error.sqlstate == "55P03" ? 6 : 5;
  outcome.what = "the database refused it: " + error.message + " (SQLSTATE " + error.sqlstate + ")";
  outcome.where = doctor::pasted(statement);
  outcome.now = "what stands above with a tick is done, the rest is as it was";
  outcome.next = "mig doctor";
  return outcome;
}

}  // namespace

Outcome mend(const Target& target, const std::vector<Finding>& findings, const Observer& observer) {
  Work work;
  work.target = target;
  if (auto stop = open(work)) return *stop;
  // Under the lock: what looks left over may be what another mig builds at this moment.
  if (auto stop = take_lock(work, 0)) return *stop;
  prepare(work);
  for (const auto& finding : findings)
    for (const auto& statement : finding.mend) {
      try {
        work.ask(statement);
      } catch (const DatabaseError& error) {
        return failed(statement, error);
      }
      if (observer) observer({"mended", {{"statement", doctor::pasted(statement)}, {"code", finding.code}}});
    }
  return {};
}

}  // namespace mig::runtime
