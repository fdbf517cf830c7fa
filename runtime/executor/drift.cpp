// Has somebody else changed what this plan is about to touch? Fingerprints of the catalog against the newest known
// ones.
#include <algorithm>
#include <set>

#include "compiler/catalog/catalog.hpp"
#include "runtime/executor/work.hpp"
#include "runtime/introspect.hpp"

namespace mig::runtime {

namespace {

using Keys = std::set<std::string>;

void add_touched(Keys& keys, const sql::Step& step) {
  keys.insert(step.touches.begin(), step.touches.end());
  for (const auto& back : step.back) add_touched(keys, back);
}

std::map<std::string, std::string> fingerprints(const Work& work, const Keys& keys) {
  std::map<std::string, std::string> now;
  if (keys.empty()) return now;
  const auto catalog = introspect(work.target, {.system = false, .sizes = false});
  for (const auto& key : keys) now[key] = catalog::fingerprint(catalog, key);
  return now;
}

bool at_rest(const Migration& m) { return m.row.state == "pending"; }

// Objects for which only probes speak: a step that touches them ran, or may have run, since the newest fingerprint.
Keys unknown_keys(const Migration& m) {
  Keys unknown;
  for (const auto& step : m.plan.steps)
    if (!m.state_of(step.id).empty() || half_undone(m, step)) add_touched(unknown, step);
  return unknown;
}

// A statement that outlives its runner may still have changed them after the newest fingerprint was taken.
Keys doubtful_keys(const Migration& m) {
  Keys doubtful;
  for (const auto& step : m.plan.steps) {
    const auto state = m.state_of(step.id);
    if (state == "started" || (state == "failed" && !sql::transactional(step.action)) || half_undone(m, step))
      add_touched(doubtful, step);
  }
  return doubtful;
}

std::map<std::string, std::string> known_fingerprints(const Migration& m) {
  if (at_rest(m)) return m.plan.before;
  auto known = m.plan.before;
  for (const auto& key : unknown_keys(m)) known.erase(key);
  for (const auto& [key, value] : m.row.fingerprints) known[key] = value;
  for (const auto& key : doubtful_keys(m)) known.erase(key);
  return known;
}

Outcome drifted(const Migration& m, const Keys& keys) {
  Outcome outcome;
  outcome.exit = 8;
  outcome.code = "R0801";
  outcome.state = m.row.state;
  outcome.what = "changed outside mig since " + std::string(at_rest(m) ? "the plan was made" : "the last run") + ": ";
  for (const auto& key : keys) outcome.what += (key == *keys.begin() ? "" : ", ") + key;
  outcome.where = m.plan.file;
  outcome.now = "nothing was changed by this call; " + position(m.plan, m.row);
  outcome.next = at_rest(m) ? "look with mig snapshot --diff, then plan anew: mig plan " + m.plan.migration
                            : "look with mig snapshot --diff, undo that change, then call mig again";
  return outcome;
}

}  // namespace

std::map<std::string, std::string> fingerprints_now(const Work& work, const plan::Plan& plan) {
  Keys keys;
  for (const auto& step : plan.steps) add_touched(keys, step);
  for (const auto& [key, value] : plan.before) keys.insert(key);
  return fingerprints(work, keys);
}

Stop refuse_drift(Work& work, const Migration& m, const std::vector<const sql::Step*>& remaining) {
  Keys touched;
  for (const auto* step : remaining) add_touched(touched, *step);
  const auto known = known_fingerprints(m);
  Keys compared, changed;
  for (const auto& key : touched)
    if (known.count(key) != 0) compared.insert(key);
  for (const auto& [key, now] : fingerprints(work, compared)) {
    if (now == known.at(key)) continue;
    changed.insert(key);
    work.tell("drift", {{"migration", m.plan.migration}, {"key", key}, {"known", known.at(key)}, {"now", now}});
  }
  if (changed.empty()) return std::nullopt;
  return drifted(m, changed);
}

}  // namespace mig::runtime
