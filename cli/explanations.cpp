// Looks up explanations.def.
#include "cli/explanations.hpp"

#include <utility>

namespace mig::cli {

namespace {

constexpr std::pair<const char*, const char*> texts[] = {
#define MIG_EXPLANATION(code, text) {code, text},
#include "cli/explanations.def"
#undef MIG_EXPLANATION
};

}  // namespace

std::string explanation(std::string_view code) {
  for (const auto& [id, text] : texts)
    if (code == id) return text;
  return "";
}

}  // namespace mig::cli
