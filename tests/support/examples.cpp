// Reads examples/ and compiles it as the command line would.
#include "tests/support/examples.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/server.hpp"

namespace mig::tests {

namespace fs = std::filesystem;

namespace {

fs::path folder(const std::string& name) { return fs::path(MIG_SOURCE_DIR) / "examples" / name; }

std::optional<std::string> read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::pair<std::string, std::string>> migration_files(const fs::path& from) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::directory_iterator(from))
    if (entry.path().extension() == ".mig")
      files.emplace_back(fs::relative(entry.path(), MIG_SOURCE_DIR).string(), *read(entry.path()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> example_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(MIG_SOURCE_DIR) / "examples"))
    if (fs::exists(entry.path() / "baseline.sql") && fs::exists(entry.path() / "migrations"))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string example_baseline(const std::string& name) {
  auto text = read(folder(name) / "baseline.sql");
  if (!text) throw std::runtime_error("no baseline.sql in example " + name);
  return std::move(*text);
}

Output compile_folder(const std::string& folder, catalog::Catalog catalog) {
  Input input;
  input.files = migration_files(fs::path(MIG_SOURCE_DIR) / folder);
  input.catalog = std::move(catalog);
  input.read = [](const std::string& path) { return read(fs::path(MIG_SOURCE_DIR) / path); };
  input.environment = [](const std::string& variable) -> std::optional<std::string> {
    const char* value = std::getenv(variable.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
  auto output = compile(std::move(input));
  if (!output.diagnostics.has_errors()) return output;
  throw std::runtime_error(folder + " does not compile:\n" +
                           diagnostics::render(output.diagnostics.list(), output.files, {}));
}

std::vector<plan::Plan> example_plans(const std::string& name) {
  return compile_folder("examples/" + name + "/migrations",
                        runtime::introspect(server().database(example_baseline(name))))
      .plans;
}

}  // namespace mig::tests
