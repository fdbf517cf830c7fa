// A suggestion is compiled before it is made: on the catalog that it is to change, and to the effect that is wanted.
#include <algorithm>

#include "compiler/compile.hpp"
#include "compiler/drift/change.hpp"

namespace mig::drift {

namespace {

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// A migration that comes after its end sees the schema as it left it.
bool proves(const Both& both, const std::string& key, const std::string& body) {
  Input input;
  input.files = {{"drift.mig", "migration drift_change { " + body + " }\n"},
                 {"after.mig", "migration drift_end after drift_change done { expand { } }\n"}};
  input.catalog = both.from;
  input.catalog.migrations.clear();
  input.catalog.server.superuser = true;
  const auto out = compile(std::move(input));
  if (out.diagnostics.has_errors() || out.program.migrations.size() != 2) return false;
  const auto& after = *out.program.migrations.back().before;
  const auto differences = catalog::diff(after, both.to, catalog::Compare::model);
  return std::none_of(differences.begin(), differences.end(), [&](const auto& one) { return one.key == key; });
}

}  // namespace

std::string proven(const Both& both, const std::string& key, const std::vector<std::string>& candidates) {
  for (const auto& candidate : candidates)
    for (const std::string phase : {"expand", "contract"}) {
      // A line comment in a body would swallow what follows it on one line.
      const auto text = candidate.find("--") == std::string::npos && candidate.find("$") == std::string::npos
                            ? one_line(candidate)
                            : candidate;
      const auto body = phase + " { " + text + " }";
      if (proves(both, key, body)) return body;
    }
  return "";
}

}  // namespace mig::drift
