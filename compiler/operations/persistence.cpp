// Logged and unlogged tables.
#include "compiler/operations/persistence.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

bool refuse(const Context& ctx, const diagnostics::Code& code, std::string message, std::string way) {
  ctx.sink.report(code, table_path_of(ctx).span, std::move(message)).note(std::move(way));
  return false;
}

bool check_kind(const Context& ctx, const catalog::Table& table) {
  if (table.kind == "table") return true;
  return refuse(
      ctx, diagnostics::wrong_kind,
      fmt::format("`{}` is a {}: it has no rows of its own to log", table.name.text(), table.kind),
      table.partitioned() ? "its rows are in its partitions: write a line for each of them" : "take the line out");
}

// A permanent table refers to permanent ones only (42P16).
bool check_keys(const Context& ctx, const catalog::Table& table, const std::string& wanted) {
  std::vector<std::string> found;
  if (wanted == "permanent") {
    for (const auto& key : table.constraints) {
      const auto* target = key.kind == "foreign key" ? ctx.before.table(key.references) : nullptr;
      if (target && target->name != table.name && target->persistence == "unlogged")
        found.push_back(fmt::format("foreign key {} refers to {}, which is unlogged", sql::quote_ident(key.name),
                                    target->name.text()));
    }
  } else {
    for (const auto& name : ctx.before.referencing(table.name)) {
      const auto* other = ctx.before.table(name);
      if (other && name != table.name && other->persistence == "permanent")
        found.push_back(fmt::format("{} refers to it and is logged", name.text()));
    }
  }
  if (found.empty()) return true;
  auto& diagnostic = ctx.sink.report(diagnostics::still_needed, table_path_of(ctx).span,
                                     fmt::format("a logged table refers to logged tables only (42P16)"));
  for (const auto& each : found) diagnostic.note("found: " + each);
  diagnostic.note("write: the same for the other table before, or drop the foreign key");
  return false;
}

bool check_publications(const Context& ctx, const catalog::Table& table, const std::string& wanted) {
  if (wanted == "permanent") return true;
  for (const auto& [kind, name] : ctx.before.users(table.name))
    if (kind == "publication")
      return refuse(ctx, diagnostics::still_needed,
                    fmt::format("publication {} publishes `{}`, and what is not logged cannot be published (55000)",
                                sql::quote_ident(name.name), table.name.text()),
                    fmt::format("write before it: remove from publication {} table {}", sql::quote_ident(name.name),
                                table.name.text()));
  return true;
}

// From 15 on sequences follow the table that owns them.
std::vector<catalog::Name> following(const Context& ctx, const catalog::Table& table) {
  if (ctx.before.server.major() < 15) return {};
  return ctx.before.owned_sequences(table.name);
}

sql::Step rewrite(const Context& ctx, const catalog::Table& table, const std::string& wanted) {
  const bool logged = wanted == "permanent";
  std::vector<sql::Lock> locks{lock(table.name, LockMode::access_exclusive)};
  for (const auto& index : table.indexes)
    locks.push_back(lock({table.name.schema, index.name}, LockMode::access_exclusive));
  for (const auto& sequence : following(ctx, table)) locks.push_back(lock(sequence, LockMode::access_exclusive));
  const auto& name = table.name;
  return transaction(
      ctx, fmt::format("set table {} {}", name.text(), logged ? "logged" : "unlogged"),
      {statement(logged ? sql::sql("ALTER TABLE {} SET LOGGED", name.sql())
                        : sql::sql("ALTER TABLE {} SET UNLOGGED", name.sql()),
                 std::move(locks), sql::Work::rewrite, "there is no online form: all rows are written anew")},
      table_is(name, sql::sql("c.relpersistence = {}", sql::Literal{logged ? "p" : "u"})));
}

}  // namespace

void check_persistence(const Context& ctx, const std::string& wanted) {
  const auto* table = require_table_alone(ctx, table_path_of(ctx));
  if (!table || !check_kind(ctx, *table)) return;
  if (table->persistence == wanted) {
    (void)refuse(ctx, diagnostics::nothing_to_do,
                 fmt::format("`{}` is {} already", table->name.text(), wanted == "permanent" ? "logged" : "unlogged"),
                 "take the line out");
    return;
  }
  if (check_keys(ctx, *table, wanted)) (void)check_publications(ctx, *table, wanted);
}

void put_persistence(const Context& ctx, catalog::Catalog& after, const std::string& wanted) {
  const auto& table = table_of(ctx);
  for (const auto& name : following(ctx, table)) {
    auto sequence = *after.sequence(name);
    sequence.persistence = wanted;
    after.put(std::move(sequence));
  }
  after.edit_table(table.name).persistence = wanted;
}

std::vector<sql::Step> persistence_steps(const Context& ctx, const std::string& wanted) {
  const auto& table = table_of(ctx);
  auto step = rewrite(ctx, table, wanted);
  step.back = {rewrite(ctx, table, table.persistence)};
  if (wanted == "unlogged")
    step.hazards.push_back(
        fmt::format("a crash of the server empties {}, a standby does not have its rows, and a restored backup may not",
                    table.name.text()));
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("table", table.name)});
  return steps;
}

}  // namespace mig::operations
