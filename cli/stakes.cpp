// One line for each thing that a way back moves.
#include "cli/stakes.hpp"

#include "cli/text.hpp"

namespace mig::cli {

namespace {

std::string many(long long count, const char* noun) { return thousands(count) + " " + noun + (count == 1 ? "" : "s"); }

std::string line(const runtime::Stake& stake) {
  const auto name = "  " + stake.what;
  const char* noun = stake.column ? "value" : "row";
  if (!stake.count) return name + ": not counted (it takes more than 2 s, or may not be read)";
  const auto there = many(*stake.count, noun);
  const bool one = *stake.count == 1;
  if (stake.returns)
    return name + ": " + there + (one ? " comes back" : " come back") +
           (stake.without == 0 ? ""
                               : ", " + many(stake.without, "row") + (stake.without == 1 ? " has" : " have") + " none");
  if (*stake.count == 0) return name + " is empty";
  return name + ": " + there + (one ? " is" : " are") + " kept aside, back with the next apply";
}

}  // namespace

std::string stakes_text(const std::vector<runtime::Stake>& stakes, bool lossy) {
  if (stakes.empty()) return "";
  std::string text = lossy ? "" : "  rows lost: 0\n";
  for (const auto& stake : stakes) text += line(stake) + "\n";
  return text;
}

}  // namespace mig::cli
