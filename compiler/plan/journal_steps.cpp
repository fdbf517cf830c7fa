// Writes to the journal: the rows of steps, what is kept, and fingerprints.
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/plan/journal.hpp"

namespace mig::plan::journal {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

Literal text(std::string_view value) { return {std::string(value)}; }

const ::mig::sql::Step* find(const std::vector<::mig::sql::Step>& steps, std::string_view id) {
  for (const auto& step : steps) {
    if (step.id == id) return &step;
    if (const auto* found = find(step.back, id)) return found;
  }
  return nullptr;
}

Fragment plan_id(const Plan& plan) { return sql("(SELECT id FROM mig.plan WHERE hash = {})", text(hash(plan))); }

Fragment event(const Plan& plan, std::string_view step, std::string_view name, const Fragment& run) {
  return sql("INSERT INTO mig.event (run, migration, step, name) VALUES ({}, {}, {}, {})", run, text(plan.migration),
             text(step), text(name));
}

Fragment json(const std::map<std::string, std::string>& values) {
  return sql("{}::jsonb", text(nlohmann::json(values).dump()));
}

Fragment close(const ::mig::sql::Kept& kept, std::string_view state) {
  return sql(
      "UPDATE mig.kept SET state = {}, ended = now()\n"
      "WHERE state = 'kept' AND kept_schema = {} AND kept_relation = {} AND kept_part = {}",
      text(state), text(kept.kept.schema), text(kept.kept.name), text(kept.kept_column));
}

// The part that forgets what was known of the touched objects; empty where the step touches none.
Fragment forget(const Plan& plan, std::string_view step) {
  const auto* found = find(plan.steps, step);
  if (found == nullptr || found->touches.empty()) return {};
  // A part's change is a change of its table as well; and other migrations may know the same objects.
  std::set<std::string> known(found->touches.begin(), found->touches.end());
  for (const auto& key : found->touches) known.insert("table " + catalog::relation_of(key));
  std::vector<Fragment> keys;
  for (const auto& key : known) keys.push_back(::mig::sql::fragment(text(key)));
  const auto list = ::mig::sql::join(keys, ", ");
  return sql(
      ", known AS (\n"
      "  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY[{}] WHERE fingerprints ?| ARRAY[{}]\n"
      ")",
      list, list);
}

// The part that forgets the chunks of a step and of its way back; empty where it has none.
Fragment forget_chunks(const Plan& plan, std::string_view step) {
  const auto* found = find(plan.steps, step);
  if (found == nullptr || !::mig::sql::in_parts(found->action)) return {};
  return sql(
      ", chunks AS (\n"
      "  DELETE FROM mig.chunk WHERE plan = {} AND (step = {} OR starts_with(step, {}))\n"
      ")",
      plan_id(plan), text(step), text(std::string(step) + "/back/"));
}

}  // namespace

Fragment step_started(const Plan& plan, std::string_view step, const Fragment& run) {
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.step AS s (plan, step, state, run) VALUES ({}, {}, 'started', {})\n"
      "  ON CONFLICT (plan, step) DO UPDATE SET state = 'started', run = excluded.run, started = now(),\n"
      "    ended = NULL, sqlstate = NULL, tries = 1\n"
      ")\n"
      "{}",
      plan_id(plan), text(step), run, event(plan, step, "step_started", run));
}

Fragment step_done(const Plan& plan, std::string_view step, const Fragment& run, int tries) {
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)\n"
      "  VALUES ({}, {}, 'done', {}, clock_timestamp(), {})\n"
      "  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,\n"
      "    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,\n"
      "    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL\n"
      "){}\n"
      "{}",
      plan_id(plan), text(step), run, tries, forget(plan, step), event(plan, step, "step_done", run));
}

Fragment chunk_done(const Plan& plan, std::string_view step, const Fragment& run, const Chunk& chunk) {
  return sql(
      "INSERT INTO mig.chunk (plan, step, number, state, cursor, read, written, owner, token, ended)\n"
      "VALUES ({}, {}, {}, 'done', {}::jsonb, {}, {}, current_user, {}, clock_timestamp())",
      plan_id(plan), text(step), chunk.number, text(chunk.cursor), chunk.read, chunk.written, run);
}

Fragment step_undone(const Plan& plan, std::string_view step, const Fragment& run) {
  const auto id = plan_id(plan);
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.step AS s (plan, step, state, run, ended)\n"
      "  VALUES ({}, {}, 'undone', {}, clock_timestamp())\n"
      "  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,\n"
      "    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL\n"
      "), ways AS (\n"
      "  DELETE FROM mig.step WHERE plan = {} AND starts_with(step, {})\n"
      "), returned AS (\n"
      "  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = {} AND step = {} AND state = 'kept'\n"
      "){}{}\n"
      "{}",
      id, text(step), run, id, text(std::string(step) + "/back/"), id, text(step), forget_chunks(plan, step),
      forget(plan, step), event(plan, step, "step_undone", run));
}

Fragment step_failed(const Plan& plan, std::string_view step, const Fragment& run, std::string_view sqlstate,
                     int tries) {
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.step AS s (plan, step, state, run, ended, sqlstate, tries)\n"
      "  VALUES ({}, {}, 'failed', {}, clock_timestamp(), {}, {})\n"
      "  ON CONFLICT (plan, step) DO UPDATE SET state = 'failed', run = excluded.run,\n"
      "    ended = excluded.ended, sqlstate = excluded.sqlstate, tries = excluded.tries\n"
      ")\n"
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, 'step_failed', jsonb_build_object('sqlstate', {}, 'tries', {}))",
      plan_id(plan), text(step), run, text(sqlstate), tries, run, text(plan.migration), text(step), text(sqlstate),
      tries);
}

Fragment step_not_held(const Plan& plan, std::string_view step, const Fragment& run, long long rows, bool known) {
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.step AS s (plan, step, state, run, ended, sqlstate)\n"
      "  VALUES ({}, {}, 'failed', {}, clock_timestamp(), {})\n"
      "  ON CONFLICT (plan, step) DO UPDATE SET state = 'failed', run = excluded.run,\n"
      "    ended = excluded.ended, sqlstate = excluded.sqlstate, tries = 1\n"
      ")\n"
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, 'not_held', jsonb_build_object('rows', {}, 'known', {}))",
      plan_id(plan), text(step), run, known ? sql("NULL") : sql("'57014'"), run, text(plan.migration), text(step), rows,
      known ? sql("true") : sql("false"));
}

Fragment measured(const Plan& plan, std::string_view name, const Fragment& run, const Fragment& value) {
  return sql(
      "INSERT INTO mig.metric (plan, run, name, value, facts)\n"
      "VALUES ({}, {}, {}, {}::double precision, jsonb_build_object('unit', 'ms'))",
      plan_id(plan), run, text(name), value);
}

Fragment backup_begun(const Plan& plan, std::string_view step, const Fragment& run, std::string_view directory) {
  return sql(
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, 'backup_begun', jsonb_build_object('directory', {}))",
      run, text(plan.migration), text(step), text(directory));
}

Fragment backed_up(const Plan& plan, std::string_view step, const Fragment& run, const Backed& backup) {
  return sql(
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, 'backed_up', jsonb_build_object('directory', {}, 'manifest', {}, 'way', {},\n"
      "  'read_back', {}, 'bytes', {}, 'files', {}, 'keep_seconds', {}, 'restore', {}))",
      run, text(plan.migration), text(step), text(backup.directory), text(backup.manifest), text(backup.way),
      text(backup.read_back), backup.bytes, backup.files, backup.keep_seconds, text(backup.restore));
}

Fragment backup_purged(std::string_view migration, std::string_view directory) {
  return sql(
      "INSERT INTO mig.event (migration, name, facts)\n"
      "VALUES ({}, 'backup_purged', jsonb_build_object('directory', {}))",
      text(migration), text(directory));
}

Fragment approve(const Plan& plan, std::string_view name, const Fragment& run, const Fragment& who,
                 const Fragment& note) {
  return sql(
      "WITH row AS (\n"
      "  INSERT INTO mig.approval (plan, name, who, note) VALUES ({}, {}, {}, {})\n"
      "  ON CONFLICT (plan, name) DO NOTHING RETURNING who\n"
      ")\n"
      "INSERT INTO mig.event (run, migration, name, facts)\n"
      "SELECT {}, {}, 'approved', jsonb_build_object('name', {}, 'who', who) FROM row",
      plan_id(plan), text(name), who, note, run, text(plan.migration), text(name));
}

Fragment withdraw(const Plan& plan, ::mig::sql::Phase phase) {
  std::vector<Fragment> names;
  for (const auto& step : plan.steps)
    if (const auto* gate = std::get_if<::mig::sql::Gate>(&step.action); gate != nullptr && step.phase == phase)
      if (!gate->approval.empty()) names.push_back(::mig::sql::fragment(text(gate->approval)));
  if (names.empty()) return {};
  return sql("DELETE FROM mig.approval WHERE plan = {} AND name IN ({})", plan_id(plan), ::mig::sql::join(names, ", "));
}

Fragment waits(const Plan& plan, std::string_view step, const Fragment& run, std::string_view what) {
  return sql(
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, 'waits', jsonb_build_object('for', {}))",
      run, text(plan.migration), text(step), text(what));
}

Fragment keep(const Plan& plan, std::string_view step, const ::mig::sql::Kept& kept, long long retain_seconds) {
  const auto until = retain_seconds < 0 ? sql("NULL") : sql("now() + make_interval(secs => {})", retain_seconds);
  return sql(
      "INSERT INTO mig.kept (plan, step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, "
      "until)\n"
      "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
      plan_id(plan), text(step), text(kept.kind), text(kept.original.schema), text(kept.original.name),
      text(kept.column), text(kept.kept.schema), text(kept.kept.name), text(kept.kept_column), until);
}

Fragment release(const ::mig::sql::Kept& kept) { return close(kept, "purged"); }
Fragment give_back(const ::mig::sql::Kept& kept) { return close(kept, "returned"); }

Fragment record_fingerprints(std::string_view migration, const std::map<std::string, std::string>& now) {
  return sql("UPDATE mig.migration SET fingerprints = fingerprints || {} WHERE name = {}", json(now), text(migration));
}

Fragment step_fingerprints(const Plan& plan, std::string_view step, const std::map<std::string, std::string>& now) {
  return sql("UPDATE mig.step SET fingerprints = {} WHERE plan = {} AND step = {}", json(now), plan_id(plan),
             text(step));
}

}  // namespace mig::plan::journal
