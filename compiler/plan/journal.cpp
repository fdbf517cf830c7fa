// Writes to the journal: locks, states, plans, migrations, runs.
#include "compiler/plan/journal.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <nlohmann/json.hpp>

#include "compiler/plan/compress.hpp"

namespace mig::plan::journal {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

constexpr std::array<const char*, 11> words{"pending",  "expanding",   "expanded",   "mapping", "mapped", "verifying",
                                            "verified", "contracting", "contracted", "purging", "done"};

Literal text(std::string_view value) { return {std::string(value)}; }

// Broken into lines, which decode() passes over, so that up.sql has none of a hundred thousand characters.
std::string lines(const std::string& text) {
  constexpr std::size_t width = 116;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) out += (i > 0 ? "\n" : "") + text.substr(i, width);
  return out;
}

// What psql cannot read from the plan's bytes: what it comes after, and the relations that it touches.
std::string stands_on(const Plan& plan) {
  auto after = plan.after;
  after.insert(after.end(), plan.after_done.begin(), plan.after_done.end());
  return nlohmann::json{{"plan", hash(plan)}, {"after", after}, {"relations", touched(plan)}}.dump();
}

using ::mig::sql::Phase;

// The states that a phase has while it runs, and at its end.
struct States {
  State during, after;
};

States states(Phase phase) {
  switch (phase) {
    case Phase::measure:
    case Phase::backup:
    case Phase::require:
      return {State::pending, State::pending};
    case Phase::expand:
      return {State::expanding, State::expanded};
    case Phase::map:
      return {State::mapping, State::mapped};
    case Phase::verify:
      return {State::verifying, State::verified};
    case Phase::contract:
      return {State::contracting, State::contracted};
    case Phase::purge:
      return {State::purging, State::done};
  }
  assert(false && "the phases are a closed set");
  return {State::pending, State::pending};
}

// The part that forgets what was asked and made before expand: a migration that is pending begins anew.
Fragment forget_first(const Plan& plan) {
  std::vector<Fragment> steps;
  for (const auto& step : plan.steps)
    if (step.phase < Phase::expand) steps.push_back(::mig::sql::fragment(text(step.id)));
  if (steps.empty()) return {};
  return sql(
      ", first AS (\n"
      "  UPDATE mig.step SET state = 'undone' WHERE plan = (SELECT id FROM mig.plan WHERE hash = {}) AND step IN ({})\n"
      ")",
      text(hash(plan)), ::mig::sql::join(steps, ", "));
}

}  // namespace

Fragment try_lock() { return sql("SELECT pg_try_advisory_lock({}) AS locked", lock_key); }
Fragment unlock() { return sql("SELECT pg_advisory_unlock({}) AS unlocked", lock_key); }
Fragment present() { return sql("SELECT to_regclass('mig.journal') IS NOT NULL AS present"); }
Fragment stored_format() { return sql("SELECT format FROM mig.journal"); }

const char* to_string(State state) { return words[static_cast<std::size_t>(state)]; }

std::optional<State> state(std::string_view text) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return std::nullopt;
  return static_cast<State>(found - words.begin());
}

bool has_phase(const Plan& plan, Phase phase) {
  if (phase == Phase::expand || (phase == Phase::contract && plan.has_contract)) return true;
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) { return step.phase == phase; });
}

State after_phase(const Plan& plan, Phase phase) {
  const bool last =
      std::none_of(phases.begin(), phases.end(), [&](auto later) { return later > phase && has_phase(plan, later); });
  return last ? State::done : states(phase).after;
}

State while_phase(Phase phase) { return states(phase).during; }

State before_phase(const Plan& plan, Phase phase) {
  auto before = State::pending;
  for (const auto earlier : phases)
    if (earlier < phase && has_phase(plan, earlier)) before = states(earlier).after;
  return before;
}

State reached(const Plan& plan, Phase through) {
  auto state = State::pending;
  for (const auto phase : phases)
    if (phase <= through && has_phase(plan, phase)) state = after_phase(plan, phase);
  return state;
}

State complete(const Plan& plan) { return before_phase(plan, Phase::contract); }

Fragment set_state(const Plan& plan, State state) {
  return sql(
      "WITH row AS (\n"
      "  UPDATE mig.migration SET state = {}, since = now() WHERE name = {}\n"
      "){}\n"
      "INSERT INTO mig.event (migration, name, facts) VALUES ({}, 'state', jsonb_build_object('state', {}))",
      text(to_string(state)), text(plan.migration), state == State::pending ? forget_first(plan) : Fragment(),
      text(plan.migration), text(to_string(state)));
}

Fragment insert_plan(const Plan& plan) {
  const auto json = to_json(plan);
  return sql(
      "WITH stored AS (\n"
      "INSERT INTO mig.plan (hash, format, migration, source_hash, size, bytes) VALUES (\n"
      "  {}, {}, {},\n"
      "  {}, {},\n"
      "  decode({}, 'base64'))\n"
      "ON CONFLICT (hash) DO NOTHING)\n"
      "INSERT INTO mig.event (migration, name, facts) SELECT {}, 'planned', {}::jsonb\n"
      "WHERE NOT EXISTS (SELECT FROM mig.event WHERE migration = {} AND name = 'planned' AND facts ->> 'plan' = {})",
      text(hash(plan)), plan.format, text(plan.migration), text(plan.source_hash), static_cast<long long>(json.size()),
      text(lines(base64(compress(json)))), text(plan.migration), text(stands_on(plan)), text(plan.migration),
      text(hash(plan)));
}

Fragment has_later(const Plan& plan) {
  std::vector<Fragment> relations{sql("NULL")};
  for (const auto& relation : touched(plan)) relations.push_back(::mig::sql::fragment(text(relation)));
  const auto first_run = [](const Fragment& name) {
    return sql("(SELECT min(id) FROM mig.run WHERE migration = {})", name);
  };
  return sql(
      "EXISTS (SELECT FROM mig.migration m JOIN mig.plan p ON p.id = m.plan\n"
      "    JOIN mig.event e ON e.migration = m.name AND e.name = 'planned' AND e.facts ->> 'plan' = p.hash\n"
      "    WHERE m.name <> {} AND m.state <> 'pending' AND (e.facts -> 'after' ? {}\n"
      "      OR (e.facts -> 'relations' ?| ARRAY[{}]::text[] AND {} > {})))",
      text(plan.migration), text(plan.migration), ::mig::sql::join(relations, ", "), first_run(sql("m.name")),
      first_run(::mig::sql::fragment(text(plan.migration))));
}

Fragment start_migration(const Plan& plan) {
  return sql(
      "INSERT INTO mig.migration AS m (name, title, state, source_hash, plan) VALUES (\n"
      "  {}, {}, 'pending', {},\n"
      "  (SELECT id FROM mig.plan WHERE hash = {}))\n"
      "ON CONFLICT (name) DO UPDATE SET title = excluded.title, source_hash = excluded.source_hash,\n"
      "  plan = excluded.plan, fingerprints = jsonb_build_object()\n"
      "WHERE m.state = 'pending'",
      text(plan.migration), text(plan.title), text(plan.source_hash), text(hash(plan)));
}

Fragment start_run(std::string_view migration, std::string_view command, const Fragment& who, const Fragment& host,
                   const Fragment& version, const Fragment& note) {
  return sql(
      "INSERT INTO mig.run (migration, plan, command, who, host, version, note)\n"
      "SELECT name, plan, {}, {}, {}, {}, {} FROM mig.migration WHERE name = {}\n"
      "RETURNING id AS run",
      text(command), who, host, version, note, text(migration));
}

Fragment start_run(std::string_view migration, std::string_view command, std::string_view who, std::string_view host,
                   std::string_view version, std::string_view note) {
  using ::mig::sql::fragment;
  return start_run(migration, command, fragment(text(who)), fragment(text(host)), fragment(text(version)),
                   fragment(text(note)));
}

Fragment end_run(const Fragment& run, int exit_code) {
  return sql("UPDATE mig.run SET ended = clock_timestamp(), exit = {} WHERE id = {}", exit_code, run);
}

}  // namespace mig::plan::journal
