// mig plan: what apply would do on this database now.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/ci/publish.hpp"
#include "cli/due.hpp"
#include "cli/text.hpp"
#include "compiler/plan/limits.hpp"
#include "compiler/plan/print.hpp"
#include "compiler/review/review.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"catalog", "CATALOG", "live, a snapshot FILE, or empty; default: live"},
    {"pg", "MAJOR", "as for this version of PostgreSQL: 13 to 18"},
    {"exit-code", nullptr, "exit 2 when something is pending"},
    {"sql", nullptr, "print the statements alone"},
};

// The largest table that was there before and that the plan locks.
std::string size_words(const plan::Plan& plan, const catalog::Catalog& catalog, const Output& output) {
  const catalog::Table* largest = nullptr;
  for (const auto& step : plan.steps)
    for (const auto* statement : sql::statements(step.action))
      for (const auto& lock : statement->locks)
        if (const auto* table = catalog.table({lock.relation.schema, lock.relation.name}))
          if (largest == nullptr || table->bytes > largest->bytes) largest = table;
  if (largest == nullptr || largest->rows < 0) return "";
  return fmt::format("{}: {} rows, {}", sql::quote_ident(largest->name.name),
                     output.number(static_cast<long long>(largest->rows), Stream::answer), size(largest->bytes));
}

// Contract runs for those who name it, or on its own when somebody has approved it.
std::string approval_of(const plan::Plan& plan) {
  const bool approved = std::any_of(plan.steps.begin(), plan.steps.end(), [](const auto& step) {
    const auto* gate = std::get_if<sql::Gate>(&step.action);
    return gate != nullptr && gate->approval == "contract";
  });
  return approved ? "   (only with --approve)" : "   (only with --through contract)";
}

// One day is written as 24h: it is a wait, not a date.
std::string in_hours(long long seconds) { return seconds == 86400 ? "24h" : review::time_words(seconds); }

// ", not before 24h after verify"
std::string opening_of(const plan::Plan& plan) {
  for (const auto& step : plan.steps)
    if (const auto* gate = std::get_if<sql::Gate>(&step.action);
        gate != nullptr && step.phase == sql::Phase::contract && gate->after_seconds > 0)
      return fmt::format(", not before {} after {}", in_hours(gate->after_seconds),
                         plan::journal::has_phase(plan, sql::Phase::verify) ? "verify" : "expand");
  return "";
}

// "none, reads 1,204,511 rows": an estimate of what a question costs, from the catalog.
std::string cost(const sql::Step& step, const catalog::Catalog& catalog, const Output& output) {
  if (!sql::asked_anew(step.action)) return review::lock_words(step);
  double rows = 0;
  for (const auto* statement : sql::statements(step.action))
    for (const auto& lock : statement->locks)
      for (const auto& name : catalog.tree({lock.relation.schema, lock.relation.name}))
        if (const auto* table = catalog.table(name); table != nullptr && table->rows > 0) rows += table->rows;
  if (rows == 0) return review::lock_words(step);
  return fmt::format("{}, reads {} rows", review::lock_words(step),
                     output.number(static_cast<long long>(rows), Stream::answer));
}

std::string phase_words(sql::Phase phase, const plan::Plan& plan) {
  std::string words = sql::to_string(phase);
  if (phase == sql::Phase::contract) words += opening_of(plan);
  if (phase == sql::Phase::contract && plan.retain_seconds >= 0)
    words += ", retain " + review::time_words(plan.retain_seconds);
  if (phase == sql::Phase::contract) words += approval_of(plan);
  if (phase == sql::Phase::purge) words += "   (only with --through purge)";
  return words;
}

// The columns of a step but its title, which takes what room is left.
struct Row {
  std::string number, title, lock, back;
};

std::size_t title_room(const std::vector<Row>& rows, const Output& output) {
  std::size_t number = 0, lock = 0, back = 0;
  for (const auto& row : rows) {
    number = std::max(number, columns(row.number));
    lock = std::max(lock, columns(row.lock));
    back = std::max(back, columns(row.back));
  }
  const auto taken = number + lock + back + 8;
  return output.width() > taken + 24 ? output.width() - taken : 24;
}

std::string table_of(const Due& due, const catalog::Catalog& catalog, const Output& output) {
  std::vector<Row> rows{{"#", "step", "lock, how long", "way back"}};
  std::vector<std::pair<std::size_t, std::string>> heads;
  std::optional<sql::Phase> phase;
  for (std::size_t i = 0; i < due.plan.steps.size(); ++i) {
    const auto& step = due.plan.steps[i];
    if (due.done.count(step.id) != 0) continue;
    if (phase != step.phase) heads.emplace_back(rows.size(), phase_words(*(phase = step.phase), due.plan));
    rows.push_back(
        {std::to_string(i + 1), step.title, cost(step, catalog, output), review::back_words(step, due.plan)});
  }
  const auto room = title_room(rows, output);
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows)
    cells.push_back({row.number, cut_middle(row.title, room, output.ascii()), row.lock, row.back});
  const auto lines = table(cells, "  ");
  std::string text;
  std::size_t at = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const auto& [before, head] : heads)
      if (before == row) text += "  " + head + "\n";
    const auto end = lines.find('\n', at) + 1;
    text += row == 0 ? output.paint(Color::dim, lines.substr(at, end - at - 1), Stream::answer) + "\n"
                     : lines.substr(at, end - at);
    at = end;
  }
  return text;
}

// "! steps 1, 2  H0105 …": the same words once.
std::string findings(const plan::Plan& plan) {
  std::vector<std::pair<std::string, std::string>> said;
  const auto add = [&](const std::string& words, std::size_t step) {
    const auto known = std::find_if(said.begin(), said.end(), [&](const auto& one) { return one.first == words; });
    if (known == said.end())
      said.emplace_back(words, std::to_string(step));
    else
      known->second += ", " + std::to_string(step);
  };
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (const auto& hazard : plan.steps[i].hazards) add(hazard, i + 1);
    for (const auto& loss : plan.steps[i].loss)
      add((std::holds_alternative<sql::Purge>(plan.steps[i].action) ? "destroys for good: " : "the way back loses: ") +
              loss,
          i + 1);
  }
  std::string text;
  for (const auto& [words, steps] : said)
    text += "  ! step" + std::string(steps.find(',') == std::string::npos ? " " : "s ") + steps + ": " + words + "\n";
  return text;
}

std::string page(const Due& due, const catalog::Catalog& catalog, const Output& output) {
  const auto& plan = due.plan;
  auto head =
      output.paint(Color::bold, plan.migration, Stream::answer) + (plan.title.empty() ? "" : "   " + plan.title);
  if (const auto words = size_words(plan, catalog, output); !words.empty()) head = pad(head, 60) + "  " + words;
  std::string text = head + "\n";
  if (due.in_flight)
    text += fmt::format("  is {}: {} of {} steps are in; goes on by its stored plan\n", due.state, due.done.size(),
                        plan.steps.size());
  text += table_of(due, catalog, output);
  text += findings(plan);
  text += "\nblocks writes     " + review::writes_sentence(plan) + "\nold clients       " +
          review::old_clients_sentence(plan) + "\n";
  const auto held_up = plan::words(plan.policy);
  return held_up.empty() ? text : text + "policy            " + held_up + "\n";
}

nlohmann::ordered_json as_json(const Due& due) {
  auto steps = nlohmann::ordered_json::array();
  for (const auto& step : due.plan.steps) {
    nlohmann::ordered_json json{{"id", step.id},
                                {"phase", sql::to_string(step.phase)},
                                {"step", step.title},
                                {"done", due.done.count(step.id) != 0},
                                {"lock", review::lock_words(step)},
                                {"blocks_writes", review::blocks_writes(step)},
                                {"way_back", review::back_words(step, due.plan)}};
    for (const auto* statement : sql::statements(step.action)) json["statements"].push_back(statement->text.text());
    steps.push_back(json);
  }
  return {{"migration", due.plan.migration}, {"state", due.state}, {"plan", plan::hash(due.plan)}, {"steps", steps}};
}

// "migrations/a.mig:4" as a place.
void set_origin(Finding& finding, const std::string& origin) {
  const auto colon = origin.rfind(':');
  finding.file = origin.substr(0, colon);
  if (colon != std::string::npos)
    finding.region.line = static_cast<std::uint32_t>(std::stoul(origin.substr(colon + 1)));
}

// What is due, and beside its operations what a person should know before it runs.
std::vector<Finding> findings_of(const Due& due) {
  Finding head;
  head.level = Finding::Level::note;
  head.code = "pending";
  head.message = fmt::format("{} is {}: {} to run", due.plan.migration, due.state,
                             plural(static_cast<long long>(steps_left(due, sql::Phase::purge).size()), "step"));
  head.details = {"blocks writes: " + review::writes_sentence(due.plan),
                  "old clients: " + review::old_clients_sentence(due.plan)};
  if (auto held_up = plan::words(due.plan.policy); !held_up.empty()) head.details.push_back("policy: " + held_up);
  head.file = due.plan.file;
  head.region.line = 1;
  std::vector<Finding> list;
  for (const auto* step : steps_left(due, sql::Phase::purge))
    for (const auto& hazard : step->hazards) {
      Finding finding;
      finding.level = Finding::Level::warning;
      finding.code = hazard.substr(0, hazard.find(' '));
      finding.message = hazard.substr(std::min(finding.code.size() + 1, hazard.size()));
      set_origin(finding, step->origin);
      list.push_back(std::move(finding));
    }
  list.push_back(std::move(head));
  return list;
}

ci::Report report_of(const std::vector<Due>& list, int exit, ci::Report report) {
  report.exit = exit;
  report.summary =
      list.empty() ? "nothing is pending" : plural(static_cast<long long>(list.size()), "migration") + " to run";
  for (const auto& due : list) {
    const auto findings = findings_of(due);
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
    report.cases.push_back({due.plan.migration, findings, "", false});
    report.body += review::markdown(due.plan) + "\n";
  }
  if (list.empty()) report.cases.push_back({"nothing is pending", {}, "", false});
  ci::sort(report.findings);
  return report;
}

// Live unless --catalog says otherwise: plan and apply with the same flags speak of the same database.
Basis basis_of(const Invocation& call, const Project& project, const Output& output) {
  const auto said = call.value("catalog");
  return said && *said != "live" ? choose_basis(call, project, output) : live_basis(call, project, output);
}

// Left to do now, contract and purge aside: they wait for --through.
bool anything_due(const std::vector<Due>& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const auto& due) { return !steps_left(due, usual_phase(due)).empty(); });
}

int run(const Invocation& call) {
  const Output output(call);
  const auto project = open_project(call, output);
  const auto selection = select(project, call.arguments);
  const auto basis = basis_of(call, project, output);
  const auto list = collect_due(project, selection, basis, output);
  const int exit = call.has("exit-code") && anything_due(list) ? pending : done;
  const auto report = report_of(list, exit, ci::begin(call, project));
  if (output.machine()) {
    auto migrations = nlohmann::ordered_json::array();
    for (const auto& due : list) migrations.push_back(as_json(due));
    output.object(exit, {{"target", basis.name}, {"migrations", migrations}});
    return ci::publish(report, call, output);
  }
  if (output.document()) return ci::publish(report, call, output);
  if (call.has("sql") || output.format() == Format::sql) {
    for (const auto& due : list)
      for (const auto* step : steps_left(due, sql::Phase::purge))
        for (const auto& message : plan::step_messages(due.plan, *step)) output.answer(message + ";\n");
    return ci::publish(report, call, output);
  }
  output.answer(output.plain(basis.connection ? basis.connection->line() : "catalog  " + basis.name) + "\n\n");
  for (const auto& due : list) output.answer(output.plain(page(due, basis.catalog, output)) + "\n");
  if (list.empty())
    output.answer("nothing is pending\n");
  else if (basis.connection)
    output.answer("next              mig apply" + target_flag(basis.connection->choice()) + "\n");
  return ci::publish(report, call, output);
}

}  // namespace

constinit const Command plan_command{"plan",
                                     "run",
                                     "plan [NAME…]",
                                     "what apply would do on this database now: steps, locks, way back",
                                     "mig plan --target production\n"
                                     "mig plan add_reviews --sql             its statements alone\n"
                                     "mig plan --exit-code                   2 when something is pending\n",
                                     flags,
                                     "text json sql github gitlab sarif markdown junit",
                                     -1,
                                     run};

}  // namespace mig::cli
