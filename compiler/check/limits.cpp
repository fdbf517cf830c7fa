// Measures, their units and their limits.
#include "compiler/check/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "compiler/check/check.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/sql/server_measures.hpp"

namespace mig::check {

namespace {

// The number of thousandths; nullopt where it is none, or too large.
std::optional<long long> thousandths(const std::string& number) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size() || value < 0 || value > 1e9) return std::nullopt;
  return static_cast<long long>(value * 1000 + 0.5);
}

// 12.5 of 12500, without zeros at the end.
std::string decimal(long long thousandths) {
  auto text = fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const auto& measure : sql::server_measures()) list.emplace_back(measure.name);
  return list;
}

class Reading {
 public:
  Reading(const syntax::Rule& rule, const syntax::Threshold& written, diagnostics::Sink& sink)
      : rule_(rule), written_(written), sink_(sink) {
    for (const auto& part : written.measure.parts) name_ += (name_.empty() ? "" : ".") + part.text;
  }

  std::optional<ir::Threshold> read() {
    const auto* measure = find();
    if (measure == nullptr || !compares()) return std::nullopt;
    ir::Threshold made{name_, written_.op, {}, {}, {}};
    const bool known = measure->dimension == sql::Dimension::time ? time(made) : connections(made);
    if (!known) return std::nullopt;
    made.query = sql::compare(*measure, made.unit == "%", made.op, made.limit);
    return made;
  }

 private:
  const sql::ServerMeasure* find() {
    for (const auto& measure : sql::server_measures())
      if (measure.name == name_) return &measure;
    if (name_ == "rejects" || name_ == "lost") {
      sink_
          .report(diagnostics::not_built_yet, written_.measure.span,
                  fmt::format("`{}` is counted by maps and sources, which are not built yet", name_))
          .note(fmt::format("found: {}", fmt::join(names(), ", ")));
      return nullptr;
    }
    auto& diagnostic = sink_.report(diagnostics::wrong_policy, written_.measure.span,
                                    fmt::format("`{}` is nothing that is measured", name_));
    const auto near = diagnostics::nearest(name_, names(), 1);
    if (!near.empty())
      diagnostic.suggest(near.front());
    else
      diagnostic.note(fmt::format("found: {}", fmt::join(names(), ", ")));
    return nullptr;
  }

  bool compares() {
    if (written_.op == ">" || written_.op == ">=") return true;
    return wrong(written_.measure.span,
                 fmt::format("`{}` is held against a limit by > or >=, not {}", name_, written_.op));
  }

  bool time(ir::Threshold& made) {
    const auto& limit = written_.limit;
    if (limit.unit.empty() || limit.unit == "%" || limit.unit.back() == 'B')
      return wrong(limit.span, fmt::format("`{}` is a time, {}{} is none", name_, limit.number, limit.unit));
    const auto value = milliseconds(limit, sink_);
    if (!value) return false;
    made.limit = decimal(*value);
    made.unit = "s";
    return true;
  }

  bool connections(ir::Threshold& made) {
    const auto& limit = written_.limit;
    const auto value = thousandths(limit.number);
    const bool percent = limit.unit == "%";
    const bool fits = value && (percent ? *value <= 100'000 : limit.unit.empty() && *value % 1000 == 0);
    if (!fits)
      return wrong(limit.span, fmt::format("`{}` is a number of connections, or 0% to 100% of max_connections; {}{} is "
                                           "neither",
                                           name_, limit.number, limit.unit));
    made.limit = decimal(*value);
    made.unit = limit.unit;
    return true;
  }

  bool wrong(source::Span span, std::string message) {
    const bool counts = name_ == "active_connections";
    sink_.report(diagnostics::wrong_policy, span, std::move(message))
        .note(fmt::format("write: {} when {} > {};", rule_.word.text, name_, counts ? "80%" : "10s"));
    return false;
  }

  const syntax::Rule& rule_;
  const syntax::Threshold& written_;
  diagnostics::Sink& sink_;
  std::string name_;
};

}  // namespace

void add_limits(const syntax::Rule& rule, std::vector<ir::Threshold>& limits, diagnostics::Sink& sink) {
  for (const auto& written : rule.when)
    if (auto limit = Reading(rule, written, sink).read()) limits.push_back(std::move(*limit));
}

}  // namespace mig::check
