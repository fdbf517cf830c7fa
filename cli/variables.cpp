// MIG_* for global flags: the same names, upper case, `_` for `-`.
#include "cli/variables.hpp"

#include <algorithm>

#include "cli/failure.hpp"
#include "cli/options.hpp"

namespace mig::cli {

namespace {

const Flag* global_flag(const std::string& name) {
  for (const auto& flag : global_flags())
    if (flag.name == name) return &flag;
  return nullptr;
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_on(const std::string& text) { return text == "1" || text == "true" || text == "yes" || text == "on"; }
bool is_off(const std::string& text) {
  return text.empty() || text == "0" || text == "false" || text == "no" || text == "off";
}

// The text of the flag's variable, if it is set and the flag is global; help and version have none.
const std::string* variable(const Invocation& call, const std::string& name) {
  if (global_flag(name) == nullptr || name == "help" || name == "version") return nullptr;
  const auto found = call.variables.find(variable_of(name));
  return found == call.variables.end() || found->second.empty() ? nullptr : &found->second;
}

std::vector<std::string> known_variables() {
  std::vector<std::string> names{"MIG_ENV_FILE"};
  for (const auto& flag : global_flags()) names.push_back(variable_of(flag.name));
  return names;
}

}  // namespace

bool Invocation::has(const std::string& flag) const {
  if (flags.count(flag) != 0) return true;
  const auto* text = variable(*this, flag);
  if (text == nullptr) return false;
  const auto* known = global_flag(flag);
  return (known->value != nullptr && known->value[0] != '[') || !is_off(lower(*text));
}

std::optional<std::string> Invocation::value(const std::string& flag) const {
  if (const auto given = flags.find(flag); given != flags.end()) return given->second;
  const auto* text = variable(*this, flag);
  if (text == nullptr || global_flag(flag)->value == nullptr) return std::nullopt;
  if (global_flag(flag)->value[0] == '[' && (is_on(lower(*text)) || is_off(lower(*text)))) return std::nullopt;
  return *text;
}

void check_variables(const Invocation& call) {
  const auto known = known_variables();
  for (const auto& [name, text] : call.variables) {
    if (name.rfind("MIG_", 0) != 0) continue;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = did_you_mean(name, known);
      if (near.empty()) continue;
      throw Failure(usage, "no variable `" + name + "`" + near).at("the environment").then("unset " + name);
    }
    for (const auto& flag : global_flags())
      if (variable_of(flag.name) == name && flag.value == nullptr && !is_on(lower(text)) && !is_off(lower(text)))
        throw Failure(usage, "`" + name + "=" + text + "`: a switch is 1 or 0")
            .at("the environment")
            .then("unset " + name);
  }
}

}  // namespace mig::cli
