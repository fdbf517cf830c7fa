// mig snapshot: a catalog as a file, for checks without a database; --diff holds it against a live one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/basis.hpp"
#include "cli/ci/publish.hpp"
#include "cli/text.hpp"
#include "compiler/catalog/snapshot.hpp"
#include "runtime/introspect.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {{"diff", nullptr, "print how the live catalog differs from FILE, write nothing, exit 1"}};

// FILE, else the catalog of mig.toml; nothing: stdout.
std::optional<std::filesystem::path> file_of(const Invocation& call, const Project& project) {
  if (!call.arguments.empty()) return call.arguments[0];
  if (project.config.catalog) return project.config.root / *project.config.catalog;
  return std::nullopt;
}

void print_lines(const std::vector<catalog::Difference>& differences, const Output& output) {
  for (const auto& difference : differences) {
    const auto what = difference.key + (difference.field.empty() ? "" : "  " + difference.field);
    if (difference.field.empty() && difference.left == "absent")
      output.answer(output.paint(Color::green, "+ " + what, Stream::answer) + "\n");
    else if (difference.field.empty() && difference.right == "absent")
      output.answer(output.paint(Color::red, "- " + what, Stream::answer) + "\n");
    else
      output.answer(fmt::format("! {}\n  - {}\n  + {}\n", what, difference.left, difference.right));
  }
}

void print_differences(const std::vector<catalog::Difference>& differences, const std::string& file,
                       const Connection& connection, const Output& output) {
  const int exit = differences.empty() ? done : no;
  if (output.machine()) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& difference : differences)
      list.push_back({{"object", difference.key},
                      {"field", difference.field},
                      {"file", difference.left},
                      {"live", difference.right}});
    output.object(exit, {{"target", connection.name()}, {"file", file}, {"differences", list}});
    return;
  }
  if (output.text()) print_lines(differences, output);
  output.note(differences.empty()
                  ? "no difference between " + file + " and " + connection.name() + "\n"
                  : fmt::format("{}: - {}, + {}\n", plural(static_cast<long long>(differences.size()), "difference"),
                                file, connection.name()));
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

int run(const Invocation& call) {
  const Output output(call);
  if (output.document() && !call.has("diff"))
    throw Failure(usage, "mig snapshot prints this format with --diff alone").then("mig snapshot --diff");
  const auto project = open_project(call, output);
  const auto file = file_of(call, project);
  if (call.has("diff") && !file)
    throw Failure(usage, "`--diff` needs a snapshot to compare with")
        .then("mig snapshot --diff FILE, or catalog = in mig.toml");
  const Connection connection(call, project, output);
  output.note(output.plain(connection.line()) + "\n");
  const auto live = runtime::introspect(connection.target());
  if (call.has("diff")) {
    const auto differences = catalog::diff(read_snapshot_file(*file, output), live);
    print_differences(differences, file->string(), connection, output);
    return ci::publish(report_of(differences, shown_name(project, *file), ci::begin(call, project)), call, output);
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
                                         "snapshot [FILE]",
                                         "save the catalog for offline checks; --diff shows drift",
                                         "mig snapshot --target production snapshots/production.json\n"
                                         "mig snapshot --diff --target production   against catalog = of mig.toml\n",
                                         flags,
                                         "text json github gitlab sarif markdown junit",
                                         1,
                                         run};

}  // namespace mig::cli
