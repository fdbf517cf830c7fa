// The standard library: the files of stdlib/, which are built into the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::check {

// Made by the build of stdlib/*.mig (CMakeLists.txt), sorted by name; the last entry has no name.
struct ModuleText {
  std::string_view name, text;
};
extern const ModuleText module_texts[];

// The text of a module: "std.text" is stdlib/text.mig. nullopt: there is none of this name.
[[nodiscard]] std::optional<std::string_view> module_text(std::string_view name);
// The names of all modules, sorted.
[[nodiscard]] const std::vector<std::string>& module_names();
// The name under which its file is shown, which no file of a project has: "<std.text>".
[[nodiscard]] std::string module_file(std::string_view name);

}  // namespace mig::check
