// Identity of columns.
#include "compiler/operations/identity.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

const catalog::Sequence* identity_sequence(const Context& ctx, const catalog::Table& table, const std::string& column) {
  for (const auto& name : ctx.before.owned_sequences(table.name))
    if (const auto* sequence = ctx.before.sequence(name);
        sequence && sequence->identity && sequence->owned_by_column == column)
      return sequence;
  return nullptr;
}

std::string written_identity(const Context& ctx) {
  if (ctx.call.has_word("always")) return "always";
  return ctx.call.has_word("default") ? "by default" : "";
}

const std::vector<syntax::SeqOption>* written_options(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::SeqOption>>("options");
}

bool check_identity_options(const Context& ctx) {
  const auto* options = written_options(ctx);
  if (!options) return true;
  static const std::vector<std::string> known{"start", "increment", "minvalue", "maxvalue",
                                              "cache", "cycle",     "no cycle"};
  bool good = true;
  std::vector<std::string> seen;
  for (const auto& option : *options) {
    const auto fail = [&](std::string message, const char* way) {
      ctx.sink.report(diagnostics::wrong_value, option.span, std::move(message)).note(way);
      good = false;
    };
    if (std::find(known.begin(), known.end(), option.word) == known.end())
      fail(fmt::format("an identity takes no `{}` here", option.word),
           "write: start, increment, minvalue, maxvalue, cache, cycle or no cycle");
    else if (std::find(seen.begin(), seen.end(), option.word) != seen.end())
      fail(fmt::format("`{}` stands twice", option.word), "take one out");
    else if (option.number && option.word == "increment" && option.number->text == "0")
      fail("an increment of 0 would give one value for ever (22023)", "write another number");
    seen.push_back(option.word);
  }
  return good;
}

std::vector<catalog::Name> identity_tables(const Context& ctx, const catalog::Name& name) {
  const auto* table = ctx.before.table(name);
  if (table && table->partitioned() && ctx.before.server.major() >= 17) return ctx.before.tree(name);
  return {name};
}

std::vector<sql::Lock> identity_locks(const Context& ctx, const catalog::Name& table) {
  std::vector<sql::Lock> locks;
  for (const auto& name : identity_tables(ctx, table)) locks.push_back(lock(name, LockMode::access_exclusive));
  return locks;
}

bool require_own_identity(const Context& ctx, const ColumnAt& at, source::Span span) {
  if (at.table->partition_of.name.empty() || ctx.before.server.major() < 17) return true;
  ctx.sink
      .report(diagnostics::inherited, span,
              fmt::format("`{}` is a partition: its identity is its parent's", at.table->name.text()))
      .note(fmt::format("write it for {}.{}", at.table->partition_of.text(), sql::quote_ident(at.column->name)));
  return false;
}

Fragment identity_word(const std::string& identity) {
  return identity == "always" ? sql::sql("ALWAYS") : sql::sql("BY DEFAULT");
}

sql::Statement add_identity_statement(const Context& ctx, const catalog::Name& table, const std::string& column,
                                      const std::string& identity, const catalog::Sequence& sequence) {
  auto options = sequence_options(sequence.options);
  const auto name = sql::sql("SEQUENCE NAME {}", sequence.name.sql());
  options = options.empty() ? name : sql::sql("{} {}", name, options);
  return statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {} AS IDENTITY ({})", table.sql(),
                            Ident{column}, identity_word(identity), options),
                   identity_locks(ctx, table));
}

sql::Statement after_last_value(const Context& ctx, const catalog::Name& table, const std::string& column,
                                const catalog::Sequence& sequence, const Fragment& reached) {
  const auto table_rows = sql::fragment(table.sql());
  const bool down = !sequence.options.increment.empty() && sequence.options.increment.front() == '-';
  const auto value = sql::sql("{}({})", down ? sql::sql("min") : sql::sql("max"), Ident{column});
  // A value beyond its bounds is none that it will ever draw, and setval refuses it (22003).
  std::vector<Fragment> within;
  if (!sequence.options.min.empty())
    within.push_back(sql::sql("{} >= {}", Ident{column}, expression(sequence.options.min)));
  if (!sequence.options.max.empty())
    within.push_back(sql::sql("{} <= {}", Ident{column}, expression(sequence.options.max)));
  const auto rows = within.empty() ? table_rows : sql::sql("{} WHERE {}", table_rows, sql::join(within, " AND "));
  return statement(sql::sql("SELECT pg_catalog.setval({}, {}) FROM {} HAVING {} {} {}", Literal{sequence.name.text()},
                            value, rows, value, down ? sql::sql("<=") : sql::sql(">="), reached),
                   tree_locks(ctx, table, LockMode::access_share), sql::Work::scan,
                   "it goes on behind the last value in the table; an index on the column answers at once");
}

Fragment identity_is(const catalog::Name& table, const std::string& column, const std::string& identity) {
  const auto* letter = identity == "always" ? "a" : identity == "by default" ? "d" : "";
  return column_is(table, column, sql::sql("a.attidentity = {}", Literal{letter}));
}

void put_identity(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const std::string& column,
                  const std::string& identity, const catalog::Sequence& sequence) {
  for (const auto& name : identity_tables(ctx, table))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) each.identity = identity;
  for (auto& each : after.edit_table(table).columns)
    if (each.name == column) each.sequence = sequence.options;
  after.put(sequence);
}

}  // namespace mig::operations
