// Logged and unlogged sequences.
#include "compiler/operations/sequence_persistence.hpp"

#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/sequences.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const char* word(const std::string& persistence) { return persistence == "unlogged" ? "unlogged" : "logged"; }

sql::Fragment is(const catalog::Name& name, const std::string& persistence) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = {} AND c.relname = {} AND c.relpersistence = {})",
      sql::Literal{name.schema}, sql::Literal{name.name}, sql::Literal{persistence == "unlogged" ? "u" : "p"});
}

sql::Step set(const Context& ctx, const catalog::Name& name, const std::string& persistence) {
  const auto verb = persistence == "unlogged" ? sql::sql("UNLOGGED") : sql::sql("LOGGED");
  return transaction(ctx, fmt::format("sequence {} is {}", name.text(), word(persistence)),
                     {statement(sql::sql("ALTER SEQUENCE {} SET {}", name.sql(), verb),
                                {lock(name, sql::LockMode::access_exclusive)})},
                     is(name, persistence));
}

}  // namespace

void check_sequence_persistence(const Context& ctx, const std::string& persistence) {
  const auto span = ctx.call.get<syntax::Path>("sequence")->span;
  const auto* sequence = require_sequence(ctx);
  if (!sequence || !require_server(ctx, 15, span, "unlogged sequences")) return;
  if (sequence->persistence == persistence)
    ctx.sink
        .report(diagnostics::nothing_to_do, span,
                fmt::format("`{}` is {} already", sequence->name.text(), word(persistence)))
        .note("take the line out");
}

void sequence_persistence_effect(const Context& ctx, catalog::Catalog& after, const std::string& persistence) {
  auto changed = *find_sequence(ctx);
  changed.persistence = persistence;
  after.put(std::move(changed));
}

std::vector<sql::Step> sequence_persistence_steps(const Context& ctx, const std::string& persistence) {
  const auto& sequence = *find_sequence(ctx);
  std::vector<sql::Step> steps{set(ctx, sequence.name, persistence)};
  steps.front().back = {set(ctx, sequence.name, sequence.persistence)};
  finish(steps, {catalog::key("sequence", sequence.name)});
  return steps;
}

}  // namespace mig::operations
