// The policy block: times and counts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "compiler/check/check.hpp"
#include "compiler/check/limits.hpp"
#include "compiler/diagnostics/suggest.hpp"

namespace mig::check {

namespace {

const std::map<std::string, long long>& units() {
  static const std::map<std::string, long long> table{{"ms", 1},      {"s", 1000},     {"min", 60000},
                                                      {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
  return table;
}

// The number as milliseconds; digits after the point count ("1.5s"). Nullopt: no number, or too large.
std::optional<long long> scaled(const std::string& number, long long unit) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || value < 0) return std::nullopt;
  value *= static_cast<double>(unit);
  if (value > 1e15) return std::nullopt;
  return static_cast<long long>(value);
}

void wrong(diagnostics::Sink& sink, source::Span span, std::string message, std::string_view example) {
  sink.report(diagnostics::wrong_policy, span, std::move(message)).note(fmt::format("write: {};", example));
}

void time(const syntax::Rule& rule, int& target, std::string_view example, diagnostics::Sink& sink) {
  if (!rule.quantity) return wrong(sink, rule.span, fmt::format("`{}` needs a time", rule.word.text), example);
  const auto value = milliseconds(*rule.quantity, sink);
  if (!value) return;
  if (*value > std::numeric_limits<int>::max())
    return wrong(sink, rule.quantity->span, fmt::format("`{}` is longer than PostgreSQL takes", rule.word.text),
                 example);
  target = static_cast<int>(*value);
}

void count(const syntax::Rule& rule, int& target, std::string_view example, diagnostics::Sink& sink) {
  const auto value = rule.quantity && rule.quantity->unit.empty() ? scaled(rule.quantity->number, 1) : std::nullopt;
  if (!value || *value < 1 || *value > 100000)
    return wrong(sink, rule.span, fmt::format("`{}` needs a number from 1 to 100000", rule.word.text), example);
  target = static_cast<int>(*value);
}

// "01:00" as minutes since midnight; 24:00 is the end of a day.
std::optional<int> minutes(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view digits) {
    int value = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
  };
  const int hour = number(text.substr(0, colon)), minute = number(text.substr(colon + 1));
  if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return hour * 60 + minute;
}

// As written: 01:00-04:00 'Africa/Lagos'. There is no silent time zone.
std::optional<ir::Window> window_of(const std::string& tail) {
  const auto quote = tail.find('\'');
  const auto end = tail.rfind('\'');
  auto times = tail.substr(0, quote);
  times.erase(std::remove_if(times.begin(), times.end(), [](char c) { return c == ' ' || c == '\n' || c == '\t'; }),
              times.end());
  const auto dash = times.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const auto from = minutes(std::string_view(times).substr(0, dash));
  const auto to = minutes(std::string_view(times).substr(dash + 1));
  if (!from || !to || *from == *to || *from == 24 * 60 || quote == std::string::npos || end <= quote + 1)
    return std::nullopt;
  return ir::Window{*from, *to, tail.substr(quote + 1, end - quote - 1)};
}

void window(const syntax::Rule& rule, ir::Policy& policy, diagnostics::Sink& sink) {
  policy.window = window_of(rule.tail);
  if (!policy.window)
    wrong(sink, rule.span, "`window` needs two different times of day and their time zone",
          "window 01:00-04:00 'Africa/Lagos'");
}

void expect_timeout(const syntax::Rule& rule, ir::Policy& policy, diagnostics::Sink& sink) {
  time(rule, policy.expect_timeout_ms, "expect_timeout 5min", sink);
  if (policy.expect_timeout_ms > 0) return;
  policy.expect_timeout_ms = ir::Policy{}.expect_timeout_ms;
  wrong(sink, rule.span, "`expect_timeout` must be longer than 0", "expect_timeout 5min");
}

void stop(const syntax::Rule& rule, ir::Policy& policy, diagnostics::Sink& sink) {
  if (rule.when.empty())
    return wrong(sink, rule.span, "`stop` needs what it stops at", "stop when longest_transaction > 10min");
  add_limits(rule, policy.stop_when, sink);
}

void apply(const syntax::Rule& rule, ir::Policy& policy, diagnostics::Sink& sink) {
  const auto& word = rule.word.text;
  if (word == "lock_timeout") return time(rule, policy.lock_timeout_ms, "lock_timeout 500ms", sink);
  if (word == "statement_timeout") return time(rule, policy.statement_timeout_ms, "statement_timeout 30s", sink);
  if (word == "lock_tries") return count(rule, policy.lock_tries, "lock_tries 20", sink);
  if (word == "batch") return count(rule, policy.batch, "batch 5000", sink);
  if (word == "pause" && rule.when.empty()) return time(rule, policy.pause_ms, "pause 100ms", sink);
  if (word == "expect_timeout") return expect_timeout(rule, policy, sink);
  if (word == "window") return window(rule, policy, sink);
  if (word == "pause") return add_limits(rule, policy.pause_when, sink);
  if (word == "stop") return stop(rule, policy, sink);
  if (word == "undo") {
    sink.report(diagnostics::not_built_yet, rule.span, "`undo` in a policy is not built yet");
    return;
  }
  auto& diagnostic =
      sink.report(diagnostics::wrong_policy, rule.word.span, fmt::format("`{}` is no rule of a policy", word));
  static const std::vector<std::string> known{"lock_timeout", "statement_timeout", "lock_tries", "batch",
                                              "pause",        "expect_timeout",    "window",     "stop"};
  const auto near = diagnostics::nearest(word, known, 1);
  if (!near.empty())
    diagnostic.suggest(near.front());
  else
    diagnostic.note(fmt::format("found: {}", fmt::join(known, ", ")));
}

}  // namespace

std::optional<long long> milliseconds(const syntax::Quantity& quantity, diagnostics::Sink& sink) {
  const auto unit = units().find(quantity.unit);
  const auto value = unit == units().end() ? std::nullopt : scaled(quantity.number, unit->second);
  if (!value)
    sink.report(diagnostics::wrong_policy, quantity.span,
                fmt::format("`{}{}` is no time", quantity.number, quantity.unit))
        .note("a time is a number and ms, s, min, h, d or w: 500ms");
  return value;
}

ir::Policy policy(const syntax::Migration& migration, ir::Policy defaults, diagnostics::Sink& sink) {
  for (const auto& section : migration.sections)
    if (const auto* block = std::get_if<syntax::Policy>(&section))
      for (const auto& rule : block->rules) apply(rule, defaults, sink);
  return defaults;
}

}  // namespace mig::check
