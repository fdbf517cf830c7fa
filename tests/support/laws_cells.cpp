// One operation on one shape: every law, on copies of the world.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "compiler/sql/parse.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

std::string joined(const std::vector<std::string>& lines, std::size_t most = 6) {
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < most; ++i) text += "\n    " + lines[i];
  if (lines.size() > most) text += fmt::format("\n    … and {} more", lines.size() - most);
  return text;
}

std::string differences(const catalog::Catalog& found, const catalog::Catalog& wanted, catalog::Compare compare) {
  std::vector<std::string> lines;
  for (const auto& d : catalog::diff(found, wanted, compare))
    lines.push_back(fmt::format("{} {}: found {}, expected {}", d.key, d.field, d.left, d.right));
  return joined(lines);
}

bool runs(const sql::Step& step) { return step.phase != sql::Phase::purge; }

// Copies of a template are made one at a time: nobody may be connected to it meanwhile.
runtime::Target fresh(Server& server, const Shape& shape) {
  static std::mutex mutex;
  const std::lock_guard guard(mutex);
  return server.database(shape.world);
}

// What every copy of a shape's world is while it is fresh: read once for each server.
struct Fresh {
  catalog::Catalog catalog;
  std::string rows;
};

const Fresh& fresh_of(Server& server, const Shape& shape) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, Fresh> known;
  const std::lock_guard guard(mutex);
  auto& entry = known[{server.directory(), shape.name}];
  if (entry.rows.empty()) {
    const auto target = fresh(server, shape);
    entry.catalog = runtime::introspect(target);
    runtime::Session session(target);
    entry.rows = rows_hash(session, entry.catalog);
  }
  return entry;
}

// A copy of a shape's world, with what looks at it: opening connections would take longer than most laws.
struct Copy {
  runtime::Target target;
  std::unique_ptr<runtime::Introspector> eyes;
  std::unique_ptr<runtime::Session> session;

  explicit Copy(runtime::Target of)
      : target(std::move(of)),
        eyes(std::make_unique<runtime::Introspector>(target)),
        session(std::make_unique<runtime::Session>(target)) {}
  // What could be installed on the server is no part of the database.
  [[nodiscard]] catalog::Catalog look() const { return eyes->read({.available = false}); }
};

// Making and dropping a database takes longer than most laws: copies that are as they were made are used again.
class Pool {
 public:
  std::optional<Copy> take(const std::string& key) {
    const std::lock_guard guard(mutex_);
    auto& mine = clean_[key];
    if (mine.empty()) return std::nullopt;
    std::optional<Copy> copy(std::move(mine.back()));
    mine.pop_back();
    return copy;
  }
  void give(const std::string& key, Copy copy) {
    const std::lock_guard guard(mutex_);
    clean_[key].push_back(std::move(copy));
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Copy>> clean_;
};

Pool& pool() {
  static Pool all;
  return all;
}

// What introspection does not show: things that mig keeps, in schemas and under names of its own.
constexpr const char* leftovers =
    "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname ~ '^mig($|_park_)')\n"
    "  OR EXISTS (SELECT FROM pg_class WHERE relname ~ '_mig_')\n"
    "  OR EXISTS (SELECT FROM pg_attribute WHERE attname ~ '_mig_' AND NOT attisdropped)\n"
    "  OR EXISTS (SELECT FROM pg_constraint WHERE conname ~ '_mig_')\n"
    "  OR EXISTS (SELECT FROM pg_type WHERE typname ~ '_mig_')\n"
    "  OR EXISTS (SELECT FROM pg_enum WHERE enumlabel ~ '_mig_')\n"
    "  OR EXISTS (SELECT FROM pg_proc WHERE proname ~ '_mig_')";

// One copy of the world; at the end it is dropped, unless it is as it was made.
struct World {
  Server& server;
  std::string key;
  Copy copy;
  runtime::Target target;
  const Fresh& before;
  mutable bool clean = false;

  World(Server& s, const Shape& shape)
      : server(s),
        key(s.directory() + " " + shape.name),
        copy(take(s, key, shape)),
        target(copy.target),
        before(fresh_of(s, shape)) {}
  ~World() {
    try {
      if (clean && !copy.session->run(sql::verbatim(leftovers)).truth())
        pool().give(key, std::move(copy));
      else
        server.drop(target);
    } catch (const runtime::DatabaseError&) {  // it goes with the server
    }
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] catalog::Catalog look() const { return copy.look(); }
  // Empty when catalog and rows are as they were.
  [[nodiscard]] std::string changed() const {
    const auto now = look();
    auto text = differences(now, before.catalog, catalog::Compare::exact);
    if (text.empty())
      if (const auto rows = rows_hash(*copy.session, now); rows != before.rows)
        text = "\n    rows differ: " + rows + " was " + before.rows;
    clean = text.empty();
    return text;
  }

 private:
  static Copy take(Server& server, const std::string& key, const Shape& shape) {
    auto known = pool().take(key);
    return known ? std::move(*known) : Copy(fresh(server, shape));
  }
};

// Forward, then back, without trouble: effect, inverse, lock, probe.
void run_plainly(Server& server, const Shape& shape, const Compiled& compiled, Verdicts& verdicts) {
  const World world(server, shape);
  Findings findings;
  Runner runner(world.target, findings);
  for (const auto& step : compiled.plan.steps)
    if (runs(step)) runner.run(step);
  verdicts[Law::effect] = differences(world.look(), compiled.after, catalog::Compare::model);
  for (auto step = compiled.plan.steps.rbegin(); step != compiled.plan.steps.rend(); ++step)
    if (runs(*step)) runner.back(*step, false);
  verdicts[Law::inverse] = world.changed();
  verdicts[Law::lock] = joined(findings.lock);
  verdicts[Law::probe] = joined(findings.probe);
}

// Back from every prefix of the steps, with a crash in the last step and in its way back; then forward to the end and,
// where there is one, through purge.
void run_with_crashes(Server& server, const Shape& shape, const Compiled& compiled, Verdicts& verdicts) {
  const World world(server, shape);
  Findings findings;
  Runner runner(world.target, findings);
  const auto& steps = compiled.plan.steps;
  std::size_t count = 0;
  while (count < steps.size() && runs(steps[count])) ++count;
  for (std::size_t prefix = 1; prefix <= count && verdicts[Law::inverse].empty(); ++prefix) {
    for (std::size_t i = 0; i + 1 < prefix; ++i) runner.run_quietly(steps[i]);
    runner.run_with_crash(steps[prefix - 1]);
    if (prefix == count) verdicts[Law::effect] += differences(world.look(), compiled.after, catalog::Compare::model);
    for (std::size_t i = prefix; i-- > 0;) runner.back(steps[i], i + 1 == prefix);
    if (const auto text = world.changed(); !text.empty())
      verdicts[Law::inverse] = fmt::format("\n    back after step {} of {} with crashes:{}", prefix, count, text);
  }
  if (count < steps.size()) {
    world.clean = false;
    for (const auto& step : steps) runner.run_with_crash(step);
    if (verdicts[Law::effect].empty())
      verdicts[Law::effect] = differences(world.look(), compiled.after, catalog::Compare::model);
  }
  verdicts[Law::probe] += joined(findings.probe);
}

void check_text(const sql::Step& step, std::vector<std::string>& wrong) {
  const auto check = [&](const std::string& text) {
    if (const auto error = sql::check_statement(text)) wrong.push_back(text + ": " + error->message);
  };
  for (const auto* statement : sql::statements(step.action)) check(statement->text.text());
  if (step.probe) check(step.probe->query.text());
  if (const auto* concurrent = std::get_if<sql::Concurrent>(&step.action)) {
    if (concurrent->remnant) check(concurrent->remnant->query.text());
    if (concurrent->cleanup) check(concurrent->cleanup->text.text());
  }
  for (const auto& back : step.back) check_text(back, wrong);
}

// Somebody without rights: said by the compiler with the way out, or refused by the server; nothing changes.
Verdicts run_as_stranger(Server& server, const Shape& shape, const std::string& example) {
  const World world(server, shape);
  const auto database = tests::run(world.target, "select current_database()").value();
  const auto stranger = server.target(database, shape.role);
  const auto compiled = compile_example(example, runtime::introspect(stranger));
  Verdicts verdicts;
  auto& why = verdicts[Law::refused];
  if (compiled.problem.empty())
    why = "it compiles for a role that owns nothing";
  else if (compiled.problem.find("GRANT") == std::string::npos && compiled.problem.find("grant") == std::string::npos)
    why = "no GRANT is named:\n" + compiled.problem;
  else
    why = world.changed();
  return verdicts;
}

// All laws have this one reason for not holding.
void break_all(Verdicts& verdicts, const std::string& why) {
  for (const auto law : {Law::effect, Law::inverse, Law::lock, Law::probe, Law::text}) verdicts[law] = why;
}

// The whole example, or where that does not compile on this shape those of its operations that do, one after the other.
Compiled compile_what_fits(const std::string& example, const catalog::Catalog& before, std::string& problem) {
  auto compiled = compile_example(example, before);
  problem = compiled.problem;
  if (problem.empty()) return compiled;
  std::string fitting;
  for (const auto& operation : split_operations(example)) {
    auto longer = compile_example(fitting + operation, before);
    if (!longer.problem.empty()) continue;
    fitting += operation;
    compiled = std::move(longer);
  }
  return compiled;
}

}  // namespace

std::vector<Example> all_examples() {
  std::vector<Example> examples;
  for (const auto* operation : operations::all()) examples.push_back({operation->name, operation->example});
  for (const auto& entry : std::filesystem::directory_iterator(std::string(MIG_SOURCE_DIR) + "/tests/cases/laws"))
    if (entry.path().extension() == ".mig")
      examples.push_back(
          {entry.path().stem().string(), read_source("tests/cases/laws/" + entry.path().filename().string())});
  std::sort(examples.begin(), examples.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return examples;
}

Verdicts run_cells(Server& server, const std::string& example_text, const Shape& shape) {
  const auto example = rename_words(example_text, shape.names);
  if (shape.role != "postgres") return run_as_stranger(server, shape, example);
  Verdicts verdicts;
  const auto& before = fresh_of(server, shape).catalog;
  const auto compiled = compile_what_fits(example, before, verdicts[Law::example]);
  if (!compiled.problem.empty()) {
    break_all(verdicts, "it does not compile:\n" + compiled.problem);
    return verdicts;
  }
  std::vector<std::string> wrong;
  for (const auto& step : compiled.plan.steps) check_text(step, wrong);
  verdicts[Law::text] = joined(wrong);
  try {
    run_plainly(server, shape, compiled, verdicts);
    run_with_crashes(server, shape, compiled, verdicts);
  } catch (const runtime::DatabaseError& error) {
    break_all(verdicts, fmt::format("SQLSTATE {}: {}", error.sqlstate, error.what()));
  }
  return verdicts;
}

}  // namespace mig::tests::laws
