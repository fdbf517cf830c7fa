// Remedies: the differences of one object together, both ways.
#include "compiler/drift/drift.hpp"

#include <algorithm>
#include <cctype>

#include "compiler/drift/change.hpp"

namespace mig::drift {

namespace {

// A context that belongs to no call: renderers look at the schema and at nothing else.
struct Nowhere {
  syntax::Call call;
  source::Files files;
  diagnostics::Sink sink;
  [[nodiscard]] operations::Context at(const catalog::Catalog& from) {
    return {from, call, files, sink, "public", "drift", "mig_park_drift", ::mig::sql::Phase::expand};
  }
};

Made change(const Both& both, const catalog::Key& key) {
  const auto& [kind, name, part] = key;
  if (kind == "table") return change_table(both, name);
  if (kind == "column") return change_column(both, name, part);
  if (kind == "constraint") return change_constraint(both, name, part);
  if (kind == "index") return change_index(both, name);
  if (kind == "trigger") return change_trigger(both, name, part);
  if (kind == "policy") return change_policy(both, name, part);
  if (kind == "rule") return change_rule(both, name, part);
  if (kind == "view") return change_view(both, name);
  if (kind == "function") return change_function(both, name, part);
  if (kind == "sequence") return change_sequence(both, name);
  if (kind == "type") return change_type(both, name);
  return change_object(both, kind, name);
}

// The language has the words of SQL: a statement may be an operation as it stands.
std::vector<std::string> candidates(const Made& made) {
  auto all = made.mig;
  std::string whole;
  for (const auto& statement : made.sql) whole += statement.text() + ";\n";
  if (!whole.empty()) all.push_back(whole);
  return all;
}

Change finish(Made made) {
  Change change;
  for (const auto& statement : made.sql) change.sql.push_back(statement.text());
  change.note = std::move(made.note);
  if (change.sql.empty() && change.note.empty()) change.note = "mig knows no statement for it";
  return change;
}

Change change_of(const catalog::Catalog& from, const catalog::Catalog& to, const std::string& text, bool prove) {
  const auto key = catalog::parse_key(text);
  if (!key) return {{}, {}, "mig knows no statement for it"};
  Nowhere nowhere;
  const auto context = nowhere.at(from);
  const Both both{from, to, context};
  const auto made = change(both, *key);
  auto change = finish(made);
  if (prove) change.mig = proven(both, text, candidates(made));
  return change;
}

}  // namespace

std::vector<Remedy> remedies(const catalog::Catalog& left, const catalog::Catalog& right,
                             const std::vector<catalog::Difference>& differences, std::size_t most) {
  std::vector<std::string> keys;
  for (const auto& difference : differences)
    if (keys.empty() || keys.back() != difference.key) keys.push_back(difference.key);
  std::vector<Remedy> list;
  for (const auto& key : keys)
    list.push_back(
        {key, change_of(left, right, key, keys.size() <= most), change_of(right, left, key, keys.size() <= most)});
  return list;
}

}  // namespace mig::drift
