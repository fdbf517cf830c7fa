// set table schema: one instant statement; what PostgreSQL keeps as a tree follows, bodies that are text do not.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/table_schema.hpp"
#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name& schema(const Context& ctx) { return *ctx.call.get<syntax::Name>("schema"); }

// The names that move along must be free there.
bool check_names(const Context& ctx, const catalog::Table& table) {
  std::vector<std::string> names{table.name.name};
  for (const auto& index : table.indexes) names.push_back(index.name);
  for (const auto& sequence : ctx.before.owned_sequences(table.name)) names.push_back(sequence.name);
  bool free = true;
  for (const auto& name : names) {
    const catalog::Name to{schema(ctx).text, name};
    const auto kind = ctx.before.relation_kind(to);
    const auto* type = kind.empty() && name == table.name.name ? ctx.before.type(to) : nullptr;
    if (kind.empty() && !type) continue;
    free = false;
    ctx.sink.report(diagnostics::duplicate_name, schema(ctx).span,
                    fmt::format("`{}` is taken: there is {} {} of this name", to.text(), kind == "index" ? "an" : "a",
                                kind.empty() ? "type" : kind));
  }
  return free;
}

bool check_functions(const Context& ctx, const catalog::Table& table) {
  const auto found = functions_of_rows(ctx, table.name);
  if (found.empty()) return true;
  auto& diagnostic = ctx.sink.report(
      diagnostics::not_built_yet, table_path_of(ctx).span,
      fmt::format("functions take or return rows of `{}`, and their signatures would change", table.name.text()));
  for (const auto& each : found) diagnostic.note("found: " + each);
  diagnostic.note("drop them before and create them again after it");
  return false;
}

void check(const Context& ctx) {
  const auto* table = require_table_alone(ctx, table_path_of(ctx));
  if (!require_schema(ctx, schema(ctx)) || !table) return;
  if (table->name.schema == schema(ctx).text) {
    ctx.sink
        .report(diagnostics::nothing_to_do, schema(ctx).span, fmt::format("`{}` is there already", table->name.text()))
        .note("take the line out");
    return;
  }
  if (!check_names(ctx, *table) || !check_functions(ctx, *table)) return;
  (void)require_create(ctx, schema(ctx).text, schema(ctx).span);
  warn_of_bodies(ctx, table->name, table_path_of(ctx).span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto& table = table_of(ctx);
  if (made_here(ctx, table)) return std::nullopt;
  return Break{fmt::format("clients of the old schema know the table only as {}", table.name.text()),
               "write it in contract { … }"};
}

sql::Step move(const Context& ctx, const catalog::Name& from, const std::string& to) {
  std::vector<sql::Lock> locks{lock(from, LockMode::access_exclusive)};
  for (const auto& sequence : ctx.before.owned_sequences(table_of(ctx).name))
    locks.push_back(lock({from.schema, sequence.name}, LockMode::access_exclusive));
  const catalog::Name there{to, from.name};
  return transaction(ctx, fmt::format("table {} becomes {}", from.text(), there.text()),
                     {statement(sql::sql("ALTER TABLE {} SET SCHEMA {}", from.sql(), Ident{to}), std::move(locks))},
                     both(has_relation(there), negate(has_relation(from))));
}

// A publication of all tables of a schema takes the table up or lets it go without a word.
void add_publications(const Context& ctx, const catalog::Name& from, sql::Step& step) {
  for (const auto& name : ctx.before.names("publication")) {
    const auto schemas = schemas_of(*ctx.before.object("publication", name));
    const auto has = [&](const std::string& each) {
      return std::find(schemas.begin(), schemas.end(), each) != schemas.end();
    };
    if (has(from.schema) != has(schema(ctx).text))
      step.hazards.push_back(fmt::format("publication {} publishes tables of a schema: {} {} it with this",
                                         sql::quote_ident(name.name), from.text(),
                                         has(from.schema) ? "leaves" : "comes into"));
  }
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto from = table_of(ctx).name;
  const catalog::Name to{schema(ctx).text, from.name};
  auto step = move(ctx, from, to.schema);
  add_publications(ctx, from, step);
  step.back = {move(ctx, to, from.schema)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", from), catalog::key("table", to)});
  return made;
}

}  // namespace

extern const Operation set_table_schema;  // its line in operations.def finds it
constinit const Operation set_table_schema = {
    .name = "set_table_schema",
    .form = "set table schema (table path) to (schema name)",
    .summary = "Moves a table to another schema.",
    .description =
        R"(One instant statement under ACCESS EXCLUSIVE. Its indexes, constraints, row type and the sequences that it owns move along;
partitions and inheritors stay where they are, and so do extended statistics. Views, foreign keys, defaults, policies,
rules, publications and bodies of `begin atomic` follow, because PostgreSQL knows what they name by number. Bodies that are
text do not, and are warned of where they name it. The role needs CREATE on the other schema.

It belongs in `contract`, since clients of the old schema look for it where it was: a view of the same name in the old
schema, made in the same phase, lets them go on. The way back moves it back.)",
    .example = "create schema archive;\nset table schema orders to archive;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_in_schema(after, table_of(ctx).name, schema(ctx).text); },
    .steps = steps,
};

}  // namespace mig::operations
