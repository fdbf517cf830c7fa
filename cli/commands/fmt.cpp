// mig fmt: white space between tokens, in place; --check and --diff change nothing.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/diff.hpp"
#include "cli/project.hpp"
#include "cli/text.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/syntax/format.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::cli {

namespace {

namespace fs = std::filesystem;

constexpr Flag flags[] = {
    {"check", nullptr, "name the files that are not formatted, change nothing, exit 1"},
    {"diff", nullptr, "print what would change, change nothing, exit 1"},
};

std::vector<fs::path> files_of(const Invocation& call, const Project& project) {
  if (!call.arguments.empty()) return {call.arguments.begin(), call.arguments.end()};
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(project.config.root / project.config.migrations, error))
    if (entry.path().extension() == ".mig") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Says why a text cannot be formatted: an open string or comment, with its place.
void explain(const std::string& name, const std::string& text, const Output& output) {
  source::Files files;
  const auto index = files.add(name, text);
  diagnostics::Sink sink;
  (void)syntax::parse(files, index, operations::vocabulary(), sink);
  sink.sort();
  write_all(2, diagnostics::render(sink.list(), files, output.style(Stream::progress)));
}

struct Counts {
  int changed = 0, unchanged = 0, failed = 0;
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
};

void format_one(const fs::path& path, const Invocation& call, const Project& project, const Output& output,
                Counts& counts) {
  const auto name = shown_name(project, path);
  const auto text = read_file(path);
  const auto formatted = syntax::format(text);
  if (!formatted) {
    explain(name, text, output);
    ++counts.failed;
    return;
  }
  if (*formatted == text) {
    ++counts.unchanged;
    return;
  }
  ++counts.changed;
  counts.files.push_back(name);
  if (call.has("diff"))
    output.answer(unified_diff(text, *formatted, name, name));
  else if (!call.has("check"))
    write_file(path, *formatted);
  if (output.text() && !call.has("diff"))
    output.answer(name + (call.has("check") ? ": not formatted\n" : ": formatted\n"));
}

int format_stdin(const Output& output) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const auto formatted = syntax::format(text);
  if (formatted)
    output.answer(*formatted);
  else
    explain("stdin", text, output);
  return formatted ? done : no;
}

int run(const Invocation& call) {
  const Output output(call);
  if (call.arguments == std::vector<std::string>{"-"}) return format_stdin(output);
  const auto project = open_project(call, output);
  Counts counts;
  const auto files = files_of(call, project);
  for (const auto& path : files) format_one(path, call, project, output, counts);
  const bool looking = call.has("check") || call.has("diff");
  const int exit = counts.failed != 0 || (looking && counts.changed != 0) ? no : done;
  if (output.format() == Format::json)
    output.object(exit, {{looking ? "not_formatted" : "formatted", counts.files}, {"failed", counts.failed}});
  output.note(fmt::format("{}: {} {}, {} unchanged{}\n", plural(static_cast<long long>(files.size()), "file"),
                          counts.changed, looking ? "not formatted" : "formatted", counts.unchanged,
                          counts.failed != 0 ? fmt::format(", {} not readable", counts.failed) : ""));
  return exit;
}

}  // namespace

constinit const Command fmt_command{"fmt",
                                    "write",
                                    "fmt [FILE…]",
                                    "format; --check and --diff change nothing",
                                    "mig fmt                              all files of the project, in place\n"
                                    "mig fmt --check                      in CI: exit 1 when one is not formatted\n"
                                    "mig fmt --diff migrations/a.mig      what would change\n"
                                    "mig fmt - < a.mig                    from stdin to stdout, for editors\n",
                                    flags,
                                    "text json",
                                    -1,
                                    run};

}  // namespace mig::cli
