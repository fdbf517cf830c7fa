// The list of codes as a page.
#include "compiler/diagnostics/error_index.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::diagnostics {

namespace {

// The blocks of codes.def, by how their ids begin.
constexpr std::array<std::pair<std::string_view, const char*>, 9> blocks{{{"E00", "Files and arguments"},
                                                                          {"E01", "Syntax"},
                                                                          {"E02", "Names"},
                                                                          {"E03", "Operations and phases"},
                                                                          {"E04", "Types and expressions"},
                                                                          {"E05", "Migrations and their order"},
                                                                          {"E06", "Plans"},
                                                                          {"R", "Runs"},
                                                                          {"W", "Warnings"}}};

const char* word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

std::string rows(std::string_view block) {
  std::vector<const Code*> codes;
  for (const auto* code : all_codes())
    if (std::string_view(code->id).substr(0, block.size()) == block) codes.push_back(code);
  std::sort(codes.begin(), codes.end(),
            [](const Code* a, const Code* b) { return std::string_view(a->id) < std::string_view(b->id); });
  std::string result;
  for (const auto* code : codes)
    result += std::string("| ") + code->id + " | `" + code->name + "` | " + word(code->severity) + " | " + code->title +
              " |\n";
  return result;
}

}  // namespace

std::string error_index() {
  std::string page =
      "# Errors, warnings and what stops a run\n\n"
      "Generated from the lists in `compiler/diagnostics`: the test `error_index_test` fails when this page is not "
      "current,\n"
      "and `MIG_UPDATE=1` writes it. `mig explain CODE` tells more about one of them.\n";
  for (const auto& [block, title] : blocks) {
    const auto table = rows(block);
    if (table.empty()) continue;
    page += std::string("\n## ") + title + "\n\n| code | name | | what it says |\n|---|---|---|---|\n" + table;
  }
  return page;
}

}  // namespace mig::diagnostics
