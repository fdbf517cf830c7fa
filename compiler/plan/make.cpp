// ir to plan: the operations' steps in order, numbered, chained, with what they touch and how it was.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "compiler/ir/names.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/plan/looks.hpp"
#include "compiler/plan/park.hpp"
#include "compiler/plan/plan_check.hpp"
#include "compiler/source/utf8.hpp"

namespace mig::plan {

namespace {

std::string place_of(const source::Files& files, source::Span span) {
  return fmt::format("{}:{}", files[span.file].name, files.place(span).line);
}

// A way back that loses needs the author's word for it. Purge destroys only what a park kept: its word is --through.
bool check_loss(const sql::Step& step, const ir::Item& item, diagnostics::Sink& sink) {
  const bool loses =
      step.reversibility == sql::Reversibility::lossy || step.reversibility == sql::Reversibility::irreversible;
  if (!loses || step.phase == sql::Phase::purge || item.call->loss) return true;
  auto& diagnostic = sink.report(diagnostics::unaccepted_loss, item.call->span,
                                 fmt::format("the way back of this is {}", sql::to_string(step.reversibility)));
  for (const auto& loss : step.loss) diagnostic.note("lost: " + loss);
  diagnostic.note("write: accept loss '…why it may be lost…' before the `;`");
  return false;
}

// What changes along with what the operation names, as its model says: a view that reads a renamed table is another
// view. New names count only where others end, as in a rename: nobody else can have changed what was not there.
std::vector<std::string> along(const operations::Context& context, const ir::Item& item) {
  auto after = *item.before;
  item.operation->effect(context, after);
  auto keys = after.changed_since(*item.before);
  const auto absent = [](const catalog::Catalog& catalog) {
    return [&](const std::string& key) { return catalog::fingerprint(catalog, key) == "absent"; };
  };
  if (std::none_of(keys.begin(), keys.end(), absent(after))) std::erase_if(keys, absent(*item.before));
  return keys;
}

// Those that no key of the steps speaks for already.
void add_touches(std::vector<sql::Step>& steps, const std::vector<std::string>& keys) {
  Relations known;
  for (const auto& step : steps)
    for (const auto& key : step.touches) known.insert(catalog::relation_of(key));
  for (const auto& key : keys)
    if (known.count(catalog::relation_of(key)) == 0)
      for (auto& step : steps)
        if (step.phase != sql::Phase::purge) step.touches.push_back(key);
}

// A step with the operation that it comes from, until the order stands.
using Drafted = std::pair<sql::Step, const ir::Item*>;  // null: of no operation

void add_steps(std::vector<Drafted>& out, const ir::Migration& migration, const ir::Item& item,
               const source::Files& files, diagnostics::Sink& sink) {
  const operations::Context context{
      *item.before, *item.call, files, sink, item.schema, migration.name, ir::park_schema(migration.name), item.phase};
  bool reported = false;
  auto steps = item.operation->steps(context);
  add_touches(steps, along(context, item));
  for (auto& step : steps) {
    step.origin = place_of(files, item.call->span);
    if (!reported) reported = !check_loss(step, item, sink);
    out.emplace_back(std::move(step), &item);
  }
}

// Ids by phase; each step waits for the one before it, so that the steps of one file never overtake each other.
void number(std::vector<sql::Step>& steps) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    count = i > 0 && steps[i].phase == steps[i - 1].phase ? count + 1 : 1;
    steps[i].id = fmt::format("{}/{}", sql::to_string(steps[i].phase), count);
    steps[i].after.clear();
    if (i > 0) steps[i].after.push_back(steps[i - 1].id);
    for (std::size_t k = 0; k < steps[i].back.size(); ++k) {
      steps[i].back[k].id = fmt::format("{}/back/{}", steps[i].id, k + 1);
      steps[i].back[k].phase = steps[i].phase;
    }
  }
}

void sort_unique(std::vector<std::string>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// Fingerprints of what the plan touches, as it is before the plan begins.
std::map<std::string, std::string> before(std::vector<sql::Step>& steps, const catalog::Catalog& catalog,
                                          const Relations& earlier) {
  std::map<std::string, std::string> out;
  for (auto& step : steps) {
    sort_unique(step.touches);
    for (const auto& key : step.touches)
      if (out.count(key) == 0 && earlier.count(catalog::relation_of(key)) == 0)
        out[key] = catalog::fingerprint(catalog, key);
  }
  return out;
}

// The text of the file and, each under its name, of those that it includes or uses.
std::string source_text(const ir::Migration& migration, const source::Files& files) {
  std::string out;
  for (const auto file : migration.files) {
    if (!out.empty()) out += fmt::format("\n-- file: {}\n", files[file].name);
    out += files[file].text;
  }
  return out;
}

Plan head(const ir::Migration& migration, const source::Files& files) {
  Plan plan;
  plan.migration = migration.name;
  plan.title = migration.title;
  plan.file = migration.file;
  plan.source_hash = migration.source_hash;
  plan.source = source_text(migration, files);
  plan.after = migration.after;
  plan.after_done = migration.after_done;
  plan.after_states = migration.after_states;
  plan.tags = migration.tags;
  plan.server_major = migration.before->server.major();
  plan.search_path = migration.before->server.search_path;
  plan.policy = migration.policy;
  plan.has_contract = migration.has_contract;
  plan.retain_seconds = migration.retain_seconds;
  return plan;
}

void check_text(const Plan& plan, const ir::Migration& migration, diagnostics::Sink& sink) {
  for (const auto& step : plan.steps)
    for (const auto* statement : sql::statements(step.action))
      if (!source::is_utf8(statement->text.text())) {
        sink.report(diagnostics::not_utf8, migration.span,
                    fmt::format("step {} names something whose name is not UTF-8", step.id))
            .note("the database's encoding is SQL_ASCII or its names were written in another encoding");
        return;
      }
}

}  // namespace

sql::Reversibility reversibility(const Plan& plan) {
  auto worst = sql::Reversibility::exact;
  for (const auto& step : plan.steps)
    if (step.phase != sql::Phase::purge) worst = std::max(worst, step.reversibility);
  return worst;
}

Relations touched(const Plan& plan) {
  Relations out;
  for (const auto& step : plan.steps)
    for (const auto& key : step.touches) out.insert(catalog::relation_of(key));
  return out;
}

Draft draft(const ir::Migration& migration, const source::Files& files, diagnostics::Sink& sink,
            const Relations& earlier) {
  std::vector<Drafted> drafted;
  for (auto& step : looks(migration, files)) drafted.emplace_back(std::move(step), nullptr);
  for (const auto& item : migration.items) add_steps(drafted, migration, item, files, sink);
  std::stable_sort(drafted.begin(), drafted.end(),
                   [](const auto& a, const auto& b) { return a.first.phase < b.first.phase; });
  Draft out{head(migration, files), {}};
  for (auto& [step, item] : drafted) {
    out.plan.steps.push_back(std::move(step));
    out.items.push_back(item);
  }
  number(out.plan.steps);
  wrap_parking(out.plan.steps);
  out.plan.before = before(out.plan.steps, *migration.before, earlier);
  check_text(out.plan, migration, sink);
  assert(inconsistency(out.plan).empty() &&
         "the steps of an operation break a rule of plans: plan_check.cpp says which");
  return out;
}

Plan make(const ir::Migration& migration, const source::Files& files, diagnostics::Sink& sink) {
  return draft(migration, files, sink).plan;
}

}  // namespace mig::plan
