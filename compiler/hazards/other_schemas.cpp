// What other schemas build on a table that changes: often other people's.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/changed_tables.hpp"

namespace mig::hazards {

namespace {

constexpr std::size_t most = 5;

void add_foreign_keys(const catalog::Catalog& catalog, const catalog::Name& table, std::set<std::string>& found) {
  for (const auto& name : catalog.referencing(table))
    if (name.schema != table.schema) found.insert("foreign keys of table " + name.text());
}

std::set<std::string> users_elsewhere(const catalog::Catalog& catalog, const catalog::Name& table) {
  std::set<std::string> found;
  for (const auto& [kind, name] : catalog.users(table))
    if (!name.schema.empty() && name.schema != table.schema) found.insert(kind + " " + name.text());
  add_foreign_keys(catalog, table, found);
  return found;
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  std::size_t count = 0;
  for (const auto& name : names) {
    if (count++ == most) return text + fmt::format(" and {} more", names.size() - most);
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  std::set<std::string> said;
  for (const auto& change : reshaped_tables(ctx)) {
    const auto found = users_elsewhere(*ctx.migration.before, change.table);
    if (found.empty() || !said.insert(change.table.text()).second) continue;
    out.push_back({change.step, fmt::format("other schemas stand on {}: {}", change.table.text(), listed(found)), {}});
  }
  return out;
}

}  // namespace

extern const Hazard other_schemas;
constinit const Hazard other_schemas = {
    .code = {"H0109", "other-schemas", diagnostics::Severity::note,
             "objects of other schemas use a table that changes"},
    .description =
        R"md(Views, functions and foreign keys in other schemas often belong to another team, whose deployments nobody here sees.
They are locked with the table, and what they read changes under them. mig keeps what it can follow; tell those who own
the rest.)md",
    .find = find,
};

}  // namespace mig::hazards
