// A table of a publication changes, and its subscribers do not.
#include <fmt/format.h>

#include <set>

#include "compiler/hazards/changed_tables.hpp"

namespace mig::hazards {

namespace {

std::string publication_of(const catalog::Catalog& catalog, const catalog::Name& table) {
  for (const auto& [kind, name] : catalog.users(table))
    if (kind == "publication") return name.name;
  for (const auto& name : catalog.names("publication"))
    if (const auto* object = catalog.object("publication", name);
        object != nullptr && object->facts.count("all_tables") != 0)
      return name.name;
  return {};
}

// What to do on each subscriber, by what the change is: a column that the subscriber lacks stops its worker, one that
// it has in addition does not.
std::vector<std::string> advice(const Context& ctx, const Reshaped& change) {
  std::vector<std::string> lines;
  if (made_by(ctx, change.step, {"add_column"}))
    lines.emplace_back("on each subscriber, before this step:");
  else if (made_by(ctx, change.step, {"drop_column", "rename_column", "rename_table", "set_table_schema", "set_type"}))
    lines.emplace_back("on each subscriber: alter subscription … disable; then, after this step here, there:");
  else
    lines.emplace_back("on each subscriber, after this step, as far as its table has the same rules:");
  for (const auto* statement : change.statements) lines.push_back("  " + statement->text.text() + ";");
  if (made_by(ctx, change.step, {"rename_table", "set_table_schema"}))
    lines.emplace_back("  alter subscription … refresh publication;");
  if (lines.front().find("disable") != std::string::npos) lines.emplace_back("  alter subscription … enable;");
  return lines;
}

std::vector<Finding> find(const Context& ctx) {
  std::vector<Finding> out;
  std::set<std::string> said;
  for (const auto& change : reshaped_tables(ctx)) {
    const auto publication = publication_of(*ctx.migration.before, change.table);
    if (publication.empty() || !said.insert(change.table.text()).second) continue;
    out.push_back({change.step,
                   fmt::format("{} is published by {}, and a publication does not carry changes of the shape",
                               change.table.text(), publication),
                   advice(ctx, change)});
  }
  return out;
}

}  // namespace

extern const Hazard published_table;
constinit const Hazard published_table = {
    .code = {"H0104", "published-table", diagnostics::Severity::warning, "a published table changes its shape"},
    .description =
        R"md(Logical replication carries rows, not changes of tables. When a published table has a column that the subscriber's table
lacks, the subscriber's worker stops with an error at the next row, and the publisher keeps its WAL until it goes on: the
disk may fill.

What is added is added on the subscribers first. A column or table that gets another name (which is also how `drop column`
sets it aside) or another type changes on both sides while the subscription is disabled: nothing is lost meanwhile, the
publisher keeps what is to be sent. The finding shows the statements for the subscriber.)md",
    .find = find,
};

}  // namespace mig::hazards
