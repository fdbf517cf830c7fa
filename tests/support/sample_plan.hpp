// A plan made by hand with every kind of action, and what watches a run of it: for the executor's and crash tests.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"
#include "runtime/executor.hpp"

namespace mig::tests {

// Tables orders (with rows) and users: what the sample plan changes.
[[nodiscard]] std::string sample_world();
// Expand: add column, index concurrently, a table with an index (whose way back has two steps), check NOT VALID and its
// validation. Contract: park a column, drop an index concurrently, park a table. Purge: destroy both.
[[nodiscard]] plan::Plan sample_plan();
// Only the first steps of expand.
[[nodiscard]] plan::Plan first_steps(plan::Plan plan, std::size_t count);
// One transactional step of these statements, with its way back.
[[nodiscard]] sql::Step simple_step(const std::string& id, const std::string& up, const std::string& down,
                                    const std::string& probe);

// Schema and rows of everything but mig's own, as text: equal texts, equal databases. INVALID indexes show.
[[nodiscard]] std::string picture(const runtime::Target& target);
// The journal's states: migration, steps, kept. Without times, numbers of runs and tries.
[[nodiscard]] std::string journal_picture(const runtime::Target& target);

// Collects what an executor tells.
struct Story {
  std::vector<runtime::Event> events;
  [[nodiscard]] runtime::Observer observer();
  [[nodiscard]] std::size_t count(const std::string& name) const;
  [[nodiscard]] const runtime::Event* first(const std::string& name) const;
};

// One call with an executor of its own, which waits up to ten seconds for the lock.
[[nodiscard]] runtime::Outcome apply(const runtime::Target& target, const plan::Plan& plan,
                                     const runtime::ApplyOptions& options = {}, Story* story = nullptr,
                                     const runtime::Interrupt& interrupt = {});
[[nodiscard]] runtime::Outcome rollback(const runtime::Target& target, const std::string& migration,
                                        plan::journal::State to = plan::journal::State::pending,
                                        Story* story = nullptr);

}  // namespace mig::tests
