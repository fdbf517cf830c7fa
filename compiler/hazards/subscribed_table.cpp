// A table that a subscription fills changes here, and its publisher does not.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/changed_tables.hpp"

namespace mig::hazards {

namespace {

std::string subscription_of(const catalog::Catalog& catalog, const catalog::Name& table) {
  for (const auto& [kind, name] : catalog.users(table))
    if (kind == "subscription") return name.name;
  return {};
}

std::string way_out(const Context& ctx, const Reshaped& change, const std::string& subscription) {
  if (made_by(ctx, change.step, {"add_column"})) return "a column more than the publisher's is filled by its default";
  return fmt::format("alter subscription {0} disable; change the publisher alike; alter subscription {0} enable",
                     sql::quote_ident(subscription));
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  std::set<std::string> said;
  for (const auto& change : reshaped_tables(ctx)) {
    const auto subscription = subscription_of(*ctx.migration.before, change.table);
    if (subscription.empty() || !said.insert(change.table.text()).second) continue;
    out.push_back({change.step,
                   fmt::format("{} is filled by subscription {}: its worker waits for this step, and stops where the "
                               "publisher's rows no longer fit",
                               change.table.text(), subscription),
                   {way_out(ctx, change, subscription)}});
  }
  return out;
}

}  // namespace

extern const Hazard subscribed_table;
constinit const Hazard subscribed_table = {
    .code = {"H0107", "subscribed-table", diagnostics::Severity::warning, "a table that a subscription fills changes"},
    .description =
        R"md(The rows of this table come from a publisher. The worker that applies them matches columns by name: a column that is
missing here, a NOT NULL, check or unique rule that the publisher does not keep, stops it with an error, again and again,
while the publisher keeps its WAL. Apply what adds here before the publisher, and what takes away after it.)md",
    .find = find,
};

}  // namespace mig::hazards
