// Sessions and states around a run of the sample plan.
#include "tests/support/runs.hpp"

#include "runtime/journal.hpp"
#include "tests/support/sample_plan.hpp"

namespace mig::tests {

runtime::Target sample_database() { return server().database(sample_world()); }

runtime::ApplyOptions through(sql::Phase phase) {
  runtime::ApplyOptions options;
  options.through = phase;
  return options;
}

std::string state_of(const runtime::Target& target) {
  const runtime::JournalReader journal(target);
  if (journal.format() == 0) return "none";
  const auto row = journal.migration("sample");
  return row ? row->state : "none";
}

Holder::Holder(const runtime::Target& target, const std::string& statement) : session(target) {
  session.run(sql::verbatim("BEGIN"));
  session.run(sql::verbatim(statement));
}

}  // namespace mig::tests
