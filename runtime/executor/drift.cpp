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

std::map<std::string, std::string> fingerprints(const catalog::Catalog& catalog, const Keys& keys) {
  std::map<std::string, std::string> now;
  for (const auto& key : keys) now[key] = catalog::fingerprint(catalog, key);
  return now;
}

catalog::Catalog look(const Work& work) { return introspect(work.target, {.sizes = false, .available = false}); }

bool at_rest(const Migration& m) { return m.row.state == "pending"; }

// A statement that outlives its runner may have changed something after the newest fingerprint was taken.
bool in_doubt(const Migration& m, const sql::Step& step) {
  const auto state = m.state_of(step.id);
  return state == "started" || (state == "failed" && !sql::transactional(step.action)) || half_undone(m, step);
}

// Keys that a step touched after the newest fingerprints were taken: its row removes them from the journal, and only
// the end of a run writes them again.
Keys stale_keys(const Migration& m) {
  Keys stale;
  for (const auto& step : m.plan.steps) {
    Keys touched;
    add_touched(touched, step);
    if (in_doubt(m, step)) stale.insert(touched.begin(), touched.end());
    if (m.state_of(step.id).empty()) continue;
    for (const auto& key : touched)
      if (m.row.fingerprints.count(key) == 0) stale.insert(key);
  }
  return stale;
}

// A table's fingerprint changes with its parts, and those of its partitions and inheritors with both.
Keys relations_of(const Keys& keys, const catalog::Catalog& catalog) {
  Keys relations;
  for (const auto& text : keys) {
    relations.insert(catalog::relation_of(text));
    const auto key = catalog::parse_key(text);
    if (!key || catalog.table(key->name) == nullptr) continue;
    for (const auto& member : catalog.tree(key->name)) relations.insert(member.text());
  }
  return relations;
}

// The newest value that the journal has, whichever migration left it.
std::map<std::string, std::string> newest_known(Work& work) {
  std::map<std::string, std::string> known;
  for (const auto& row : read_migrations(work.asker(), std::nullopt))
    known.insert(row.fingerprints.begin(), row.fingerprints.end());
  return known;
}

// What the plan was made against; where an earlier migration was to touch it first, what that one left behind.
std::map<std::string, std::string> known_at_rest(Work& work, const Migration& m, const Keys& touched) {
  auto known = m.plan.before;
  const bool complete =
      std::all_of(touched.begin(), touched.end(), [&](const auto& key) { return known.count(key) != 0; });
  if (!complete && read_format(work.asker()) != 0) known.merge(newest_known(work));
  return known;
}

std::map<std::string, std::string> known_fingerprints(Work& work, const Migration& m, const Keys& touched) {
  if (at_rest(m)) return known_at_rest(work, m, touched);
  auto known = m.plan.before;
  for (const auto& [key, value] : m.row.fingerprints) known[key] = value;
  const auto stale = stale_keys(m);
  if (stale.empty()) return known;
  // Only probes speak for these.
  if (!work.seen) work.seen = look(work);
  const auto unsure = relations_of(stale, *work.seen);
  for (auto entry = known.begin(); entry != known.end();)
    entry = unsure.count(catalog::relation_of(entry->first)) != 0 ? known.erase(entry) : std::next(entry);
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

void note_run(Work& work, const plan::Plan& plan) {
  auto& keys = work.ran[plan.migration];
  for (const auto& step : plan.steps) add_touched(keys, step);
  for (const auto& [key, value] : plan.before) keys.insert(key);
  for (const auto& key : keys) work.changed.insert(catalog::relation_of(key));
}

void record_what_changed(Work& work) {
  if (work.ran.empty()) return;
  const auto catalog = look(work);
  const auto rows = read_migrations(work.asker(), std::nullopt);
  work.ask(sql::sql("BEGIN"));
  for (const auto& row : rows) {
    auto keys = work.ran[row.name];
    for (const auto& [key, value] : row.fingerprints)
      if (work.changed.count(catalog::relation_of(key)) != 0) keys.insert(key);
    if (!keys.empty()) work.ask(plan::journal::record_fingerprints(row.name, fingerprints(catalog, keys)));
  }
  work.ask(sql::sql("COMMIT"));
  work.ran.clear();
}

Stop refuse_drift(Work& work, const Migration& m, const std::vector<const sql::Step*>& remaining) {
  Keys touched;
  for (const auto* step : remaining) add_touched(touched, *step);
  const auto known = known_fingerprints(work, m, touched);
  Keys compared, changed;
  for (const auto& key : touched)  // what this process itself changed, under the lock, is no drift
    if (known.count(key) != 0 && work.changed.count(catalog::relation_of(key)) == 0) compared.insert(key);
  if (compared.empty()) return std::nullopt;
  if (!work.seen) work.seen = look(work);
  for (const auto& [key, now] : fingerprints(*work.seen, compared)) {
    if (now == known.at(key)) continue;
    changed.insert(key);
    work.tell("drift", {{"migration", m.plan.migration}, {"key", key}, {"known", known.at(key)}, {"now", now}});
  }
  if (changed.empty()) return std::nullopt;
  return drifted(m, changed);
}

}  // namespace mig::runtime
