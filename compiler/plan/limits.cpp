// The events and the words of what holds a migration up.
#include "compiler/plan/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mig::plan {

using sql::Literal;
using sql::sql;

namespace {

std::string all(const std::vector<ir::Threshold>& limits) {
  std::string text;
  for (const auto& limit : limits) text += (text.empty() ? "" : " or ") + words(limit);
  return text;
}

}  // namespace

std::string words(const ir::Threshold& limit) {
  return fmt::format("{} {} {}{}", limit.measure, limit.op, limit.limit, limit.unit);
}

std::string words(const ir::Threshold& limit, std::string_view value) {
  auto name = limit.measure;
  std::replace(name.begin(), name.end(), '_', ' ');
  const auto unit = limit.unit.empty() ? "" : " " + limit.unit;
  return fmt::format("{} {}{} {} {}{}", name, value, unit, limit.op, limit.limit, unit);
}

std::string words(const ir::Policy& policy) {
  std::string text;
  if (!policy.pause_when.empty()) text += "pause when " + all(policy.pause_when);
  if (!policy.stop_when.empty()) text += (text.empty() ? "" : "; ") + ("stop when " + all(policy.stop_when));
  return text;
}

sql::Fragment held_up(const Plan& plan, std::string_view step, const ::mig::sql::Fragment& run, std::string_view name,
                      std::string_view why, long long ms) {
  return sql(
      "INSERT INTO mig.event (run, migration, step, name, facts)\n"
      "VALUES ({}, {}, {}, {}, jsonb_build_object('why', {}, 'ms', {}))",
      run, Literal{plan.migration}, Literal{std::string(step)}, Literal{std::string(name)}, Literal{std::string(why)},
      ms);
}

}  // namespace mig::plan
