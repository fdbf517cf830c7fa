// Looks modules up in the texts that the build made of stdlib/*.mig.
#include "compiler/check/modules.hpp"

namespace mig::check {

std::optional<std::string_view> module_text(std::string_view name) {
  for (const auto* module = module_texts; !module->name.empty(); ++module)
    if (module->name == name) return module->text;
  return std::nullopt;
}

const std::vector<std::string>& module_names() {
  static const auto all = [] {
    std::vector<std::string> names;
    for (const auto* module = module_texts; !module->name.empty(); ++module) names.emplace_back(module->name);
    return names;
  }();
  return all;
}

std::string module_file(std::string_view name) { return "<" + std::string(name) + ">"; }

}  // namespace mig::check
