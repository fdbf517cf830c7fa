// Finds unordered pairs by what their plans touch.
#include "compiler/plan/heads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mig::plan {

namespace {

std::vector<std::string> parents(const ir::Migration& migration) {
  auto out = migration.after;
  out.insert(out.end(), migration.after_done.begin(), migration.after_done.end());
  std::sort(out.begin(), out.end());
  return out;
}

// Everything that `migration` waits for, however far.
std::set<std::string> ancestors(const ir::Program& program, const ir::Migration& migration) {
  std::set<std::string> out;
  std::vector<std::string> open = parents(migration);
  while (!open.empty()) {
    const auto name = open.back();
    open.pop_back();
    if (!out.insert(name).second) continue;
    for (const auto& one : program.migrations)
      if (one.name == name)
        for (const auto& further : parents(one)) open.push_back(further);
  }
  return out;
}

std::string shared(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (const auto& name : a)
    if (std::find(b.begin(), b.end(), name) != b.end()) return name;
  return {};
}

std::set<std::string> keys_of(const Plan& plan) {
  std::set<std::string> keys;
  for (const auto& step : plan.steps) keys.insert(step.touches.begin(), step.touches.end());
  return keys;
}

std::string touched_by_both(const Plan& a, const Plan& b) {
  const auto keys = keys_of(b);
  for (const auto& key : keys_of(a))
    if (keys.count(key) != 0) return key;
  return {};
}

}  // namespace

void report_heads(const ir::Program& program, const std::vector<Plan>& plans, diagnostics::Sink& sink) {
  for (std::size_t b = 0; b < plans.size(); ++b) {
    const auto& second = program.migrations[b];
    const auto waits_for = parents(second);
    if (waits_for.empty()) continue;
    const auto before = ancestors(program, second);
    for (std::size_t a = 0; a < b; ++a) {
      const auto& first = program.migrations[a];
      const auto fork = shared(parents(first), waits_for);
      if (fork.empty() || before.count(first.name) != 0) continue;
      const auto object = touched_by_both(plans[a], plans[b]);
      if (object.empty()) continue;
      sink.report(diagnostics::two_heads, second.span,
                  fmt::format("{} and {} both come after {} and both touch {}", first.name, second.name, fork, object))
          .also(first.span, "")
          .note(fmt::format("write: migration {} … after {} {{", second.name, first.name));
    }
  }
}

}  // namespace mig::plan
