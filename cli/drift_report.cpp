// Drift, printed.
#include "cli/drift_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace mig::cli {

namespace {

// Lines under a label of ten columns.
std::string under(const std::string& label, const std::string& text) {
  std::string lines = "    " + label + std::string(10 - label.size(), ' ');
  for (const char c : text) lines += c == '\n' ? "\n              " : std::string(1, c);
  return lines + "\n";
}

std::string statements(const drift::Change& change) {
  std::string text;
  for (const auto& statement : change.sql) text += (text.empty() ? "" : "\n") + statement + ";";
  return text;
}

std::string change_text(const std::string& label, const drift::Change& change, bool mig_first) {
  if (mig_first && !change.mig.empty()) return under(label, change.mig);
  if (!change.sql.empty()) return under(label, statements(change));
  return under(label, "- " + change.note);
}

std::string difference_text(const catalog::Difference& one, const Output& output) {
  const auto what = one.key + (one.field.empty() ? "" : "  " + one.field);
  if (one.field.empty() && one.left == "absent") return output.paint(Color::green, "+ " + what, Stream::answer) + "\n";
  if (one.field.empty() && one.right == "absent") return output.paint(Color::red, "- " + what, Stream::answer) + "\n";
  return fmt::format("! {}\n  - {}\n  + {}\n", what, one.left, one.right);
}

nlohmann::ordered_json as_json(const drift::Change& change) {
  nlohmann::ordered_json json{{"sql", change.sql}};
  if (!change.mig.empty()) json["mig"] = change.mig;
  if (!change.note.empty()) json["note"] = change.note;
  return json;
}

}  // namespace

Drift find_drift(const catalog::Catalog& left, const catalog::Catalog& right) {
  Drift drift;
  drift.differences = catalog::diff(left, right);
  drift.remedies = drift::remedies(left, right, drift.differences);
  return drift;
}

Drift find_drift(const catalog::Catalog& left, const catalog::Catalog& right, const std::vector<std::string>& keys) {
  std::set<std::string> relations;
  for (const auto& key : keys) relations.insert(catalog::relation_of(key));
  Drift drift;
  for (auto& difference : catalog::diff(left, right))
    if (relations.count(catalog::relation_of(difference.key)) != 0) drift.differences.push_back(std::move(difference));
  drift.remedies = drift::remedies(left, right, drift.differences);
  return drift;
}

std::string drift_text(const Drift& drift, const Output& output) {
  std::string text;
  auto remedy = drift.remedies.begin();
  for (std::size_t i = 0; i < drift.differences.size(); ++i) {
    const auto& key = drift.differences[i].key;
    text += difference_text(drift.differences[i], output);
    const bool last = i + 1 == drift.differences.size() || drift.differences[i + 1].key != key;
    if (!last || remedy == drift.remedies.end()) continue;
    text += change_text("adopt", remedy->adopt, true) + change_text("revert", remedy->revert, false);
    ++remedy;
  }
  return text;
}

nlohmann::ordered_json differences_json(const Drift& drift) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : drift.differences)
    list.push_back({{"object", one.key}, {"field", one.field}, {"left", one.left}, {"right", one.right}});
  return list;
}

nlohmann::ordered_json remedies_json(const Drift& drift) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : drift.remedies)
    list.push_back({{"object", one.key}, {"adopt", as_json(one.adopt)}, {"revert", as_json(one.revert)}});
  return list;
}

}  // namespace mig::cli
