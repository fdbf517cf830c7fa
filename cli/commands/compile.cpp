// mig compile: the plan as files, for psql, review and other machines.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/ci/publish.hpp"
#include "cli/compilation.hpp"
#include "cli/text.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/plan/print.hpp"
#include "compiler/review/review.hpp"

namespace mig::diagnostics {
extern const Code not_current;
}

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"out", "DIR", "where to write, one folder per migration; default: build"},
    {"only", "PARTS", "of up,down,plan,review: these"},
    {"pg", "MAJOR", "for this version of PostgreSQL: 13 to 18"},
    {"check", nullptr, "write nothing; exit 1 when what stands there is not current"},
    {"catalog", "CATALOG",
     "live, a snapshot FILE, or empty; default: live where a target is named, else catalog = of mig.toml"},
};

struct Part {
  std::string file, text, about;
};

std::string counts(const std::vector<sql::Step>& steps) {
  long long statements = 0, transactions = 0;
  for (const auto& step : steps) {
    statements += static_cast<long long>(sql::statements(step.action).size());
    transactions += sql::transactional(step.action) ? 1 : 0;
  }
  return plural(statements, "statement") + ", " + plural(transactions, "transaction");
}

std::string down_counts(const plan::Plan& plan) {
  std::vector<sql::Step> back;
  for (const auto& step : plan.steps) back.insert(back.end(), step.back.begin(), step.back.end());
  return counts(back) + ", " + review::back_words(plan);
}

std::vector<std::string> wanted_parts(const Invocation& call) {
  const std::vector<std::string> known{"up", "down", "plan", "review"};
  const auto only = call.value("only");
  if (!only) return known;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= only->size();) {
    const auto comma = std::min(only->find(',', at), only->size());
    parts.push_back(only->substr(at, comma - at));
    at = comma + 1;
    if (std::find(known.begin(), known.end(), parts.back()) == known.end())
      throw Failure(usage, "`--only " + *only + "`: no part `" + parts.back() + "`").then("--only up,down,plan,review");
  }
  return parts;
}

Part make_part(const std::string& name, const plan::Plan& plan, const std::string& catalog) {
  if (name == "up") return {"up.sql", plan::up_sql(plan), counts(plan.steps)};
  if (name == "down") return {"down.sql", plan::down_sql(plan), down_counts(plan)};
  if (name == "review") return {"review.md", review::markdown(plan), ""};
  return {"plan.json", plan::to_json(plan),
          fmt::format("format {}, catalog {}, migration {}", plan.format, catalog.substr(0, 6),
                      plan.source_hash.substr(0, 6))};
}

// Writes or compares one file; false: it is not current.
bool take(const Part& part, const std::filesystem::path& path, bool only_compare) {
  if (only_compare) return read_if_there(path) == part.text;
  write_file(path, part.text);
  return true;
}

// A file that is not what compile would write now.
Finding not_current(const std::string& path, const plan::Plan& plan) {
  Finding finding;
  finding.code = diagnostics::not_current.id;
  finding.message = path + " is not what " + plan.file + " compiles to";
  finding.details.push_back("next: mig compile, the same call without --check");
  finding.file = plan.file;
  finding.region = {1, 0, 0, 0};
  return finding;
}

int run(const Invocation& call) {
  const Output output(call);
  const auto parts = wanted_parts(call);
  const auto project = open_project(call, output);
  const auto selection = select(project, call.arguments);
  const auto basis = choose_basis(call, project, output);
  const auto compiled = compile_to_run(project, selection, basis.catalog, output);
  require_sound(basis);
  if (!compiled.diagnostics.list().empty())
    output.note(diagnostics::render(compiled.diagnostics.list(), compiled.files, output.style(Stream::progress)) +
                "\n");
  const auto catalog = catalog::fingerprint(basis.catalog);
  const std::filesystem::path out = call.value("out").value_or("build");
  std::vector<std::vector<std::string>> rows;
  auto files = nlohmann::ordered_json::array();
  auto report = ci::begin(call, project);
  report.findings = findings_of(compiled.diagnostics.list(), compiled.files);
  int exit = done;
  for (const auto& plan : compiled.plans) {
    if (!selected(selection, plan.migration, plan.file)) continue;
    report.cases.push_back({plan.migration, {}, "", false});
    for (const auto& name : parts) {
      const auto part = make_part(name, plan, catalog);
      const auto path = out / plan.migration / part.file;
      const bool current = take(part, path, call.has("check"));
      if (!current) exit = no;
      if (!current) report.cases.back().findings.push_back(not_current(path.generic_string(), plan));
      rows.push_back(
          {path.generic_string(), current ? part.about : output.sign(Sign::no, Stream::answer) + " not current"});
      files.push_back({{"file", path.generic_string()}, {"migration", plan.migration}, {"current", current}});
    }
  }
  if (output.machine())
    output.object(exit, {{"files", files}, {"catalog", catalog}});
  else if (rows.empty())
    output.note("nothing is pending against " + basis.name + "\n");
  else if (output.text())
    output.answer(table(rows));
  if (exit == no) output.note("next: the same call without --check writes them\n");
  report.exit = exit;
  for (const auto& one : report.cases)
    report.findings.insert(report.findings.end(), one.findings.begin(), one.findings.end());
  ci::sort(report.findings);
  const auto stale = std::count_if(files.begin(), files.end(), [](const auto& file) { return !file["current"]; });
  report.summary = plural(static_cast<long long>(files.size()), "file") +
                   (call.has("check") ? fmt::format(", {} not current", stale) : " written");
  return ci::publish(report, call, output);
}

}  // namespace

constinit const Command compile_command{
    "compile",
    "run",
    "compile [FILE…]",
    "write up.sql, down.sql, plan.json and review.md; needs no database",
    "mig compile --out build                  all pending migrations\n"
    "mig compile migrations/a.mig --only up   its way forward, for psql\n"
    "mig compile --check                      in CI: is what was committed current?\n",
    flags,
    "text json github gitlab sarif markdown junit",
    -1,
    run};

}  // namespace mig::cli
