// mig snapshot: a catalog as a file, for checks without a database; --diff holds it against a live one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/basis.hpp"
#include "cli/ci/publish.hpp"
#include "cli/drift_report.hpp"
#include "cli/text.hpp"
#include "compiler/catalog/snapshot.hpp"
#include "runtime/introspect.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"diff", nullptr, "print how the live catalog, or a second FILE, differs from FILE, and what to do; exit 1"}};

// FILE, else the catalog of mig.toml; nothing: stdout.
std::optional<std::filesystem::path> file_of(const Invocation& call, const Project& project) {
  if (!call.arguments.empty()) return call.arguments[0];
  if (project.config.catalog) return project.config.root / *project.config.catalog;
  return std::nullopt;
}

// A test case for each object that differs; one that holds where none does.
ci::Report report_of(const std::vector<catalog::Difference>& differences, const std::string& file, ci::Report report) {
  for (const auto& difference : differences) {
    Finding finding;
    finding.code = "drift";
    finding.message = difference.key + (difference.field.empty() ? "" : ", " + difference.field) + " differs";
    finding.details = {"snapshot: " + difference.left, "live: " + difference.right};
    finding.file = file;
    report.findings.push_back(finding);
    if (report.cases.empty() || report.cases.back().name != difference.key)
      report.cases.push_back({difference.key, {}, "", false});
    report.cases.back().findings.push_back(finding);
  }
  if (differences.empty()) report.cases.push_back({"no drift", {}, "", false});
  report.exit = differences.empty() ? done : no;
  report.summary = plural(static_cast<long long>(differences.size()), "difference");
  return report;
}

// `left` is what was expected, `right` what is there; `live` and `file` are names that an earlier mig gave the sides.
int print_differences(const catalog::Catalog& left, const catalog::Catalog& right, const std::string& left_name,
                      const std::string& right_name, bool live, const Output& output) {
  const auto drift = find_drift(left, right);
  const int exit = drift.differences.empty() ? done : no;
  if (output.machine()) {
    auto list = differences_json(drift);
    if (live)
      for (auto& one : list) {
        one["file"] = one["left"];
        one["live"] = one["right"];
      }
    nlohmann::ordered_json json{{"left", left_name}, {"right", right_name}};
    if (live) json = {{"target", right_name}, {"file", left_name}, {"left", left_name}, {"right", right_name}};
    json["differences"] = list;
    json["remedies"] = remedies_json(drift);
    output.object(exit, json);
    return exit;
  }
  if (output.text()) output.answer(output.plain(drift_text(drift, output)));
  output.note(drift.differences.empty()
                  ? "no difference between " + left_name + " and " + right_name + "\n"
                  : fmt::format("{}: - {}, + {}\n",
                                plural(static_cast<long long>(drift.differences.size()), "difference"), left_name,
                                right_name));
  return exit;
}

int diff_files(const Invocation& call, const Output& output) {
  const auto &left = call.arguments[0], &right = call.arguments[1];
  const auto a = read_snapshot_file(left, output), b = read_snapshot_file(right, output);
  const int exit = print_differences(a, b, left, right, false, output);
  for (const auto* side : {&a, &b})
    if (const auto damage = side->damage(); !damage.empty()) {
      auto failure = Failure(usage, "the snapshot is damaged: " + damage.front());
      failure.code = "E0003";
      throw failure.at(side == &a ? left : right).then("mig snapshot writes it anew");
    }
  return exit;
}

int run(const Invocation& call) {
  const Output output(call);
  if (output.document() && !call.has("diff"))
    throw Failure(usage, "mig snapshot prints this format with --diff alone").then("mig snapshot --diff");
  const auto project = open_project(call, output);
  if (call.arguments.size() == 2) {
    if (call.has("diff")) return diff_files(call, output);
    throw Failure(usage, "two files are compared, never written").then("mig snapshot --diff A B");
  }
  const auto file = file_of(call, project);
  if (call.has("diff") && !file)
    throw Failure(usage, "`--diff` needs a snapshot to compare with")
        .then("mig snapshot --diff FILE, or catalog = in mig.toml");
  const Connection connection(call, project, output);
  output.note(output.plain(connection.line()) + "\n");
  const auto live = runtime::introspect(connection.target());
  if (call.has("diff")) {
    const auto wanted = read_snapshot_file(*file, output);
    (void)print_differences(wanted, live, file->string(), connection.name(), true, output);
    return ci::publish(report_of(catalog::diff(wanted, live), shown_name(project, *file), ci::begin(call, project)),
                       call, output);
  }
  const auto text = catalog::write_snapshot(live);
  if (!file) {
    output.answer(text.objects);
    return done;
  }
  const auto system = system_file(*file, live.server.major());
  write_file(*file, text.objects);
  write_file(sizes_file(*file), text.sizes);
  // Read by itself: the project's own file must say the same whether the server's objects were looked at or not.
  write_file(system, catalog::write_system(runtime::introspect(connection.target(), {.system = true, .sizes = false})));
  if (!output.text()) {
    output.object(done, {{"target", connection.name()},
                         {"fingerprint", catalog::fingerprint(live)},
                         {"files", {file->string(), sizes_file(*file).string(), system.string()}}});
    return done;
  }
  output.answer(fmt::format("{}  {}, catalog {}\n{}\n{}\n", file->string(),
                            plural(static_cast<long long>(live.names("table").size()), "table"),
                            catalog::fingerprint(live).substr(0, 6), sizes_file(*file).string(), system.string()));
  return done;
}

}  // namespace

constinit const Command snapshot_command{"snapshot",
                                         "trust",
                                         "snapshot [FILE] [FILE]",
                                         "save the catalog for offline checks; --diff shows drift",
                                         "mig snapshot --target production snapshots/production.json\n"
                                         "mig snapshot --diff --target production   against catalog = of mig.toml\n"
                                         "mig snapshot --diff before.json after.json    no database\n",
                                         flags,
                                         "text json github gitlab sarif markdown junit",
                                         2,
                                         run};

}  // namespace mig::cli
