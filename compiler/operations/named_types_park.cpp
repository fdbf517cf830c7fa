// Enums and domains that go are moved to a schema of mig's: columns that are kept aside go on being of them.
#include <fmt/format.h>

#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/ranges.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

std::vector<sql::Statement> set_schema(const Context& ctx, const catalog::Type& type, const std::string& from,
                                       const std::string& to, std::string reason = {}) {
  std::vector<sql::Statement> list;
  if (type.kind == "range") {  // with all that came with it, wherever that is
    const auto home = range_parts(ctx, type);
    list = type.name.schema == from ? move_parts(home, parts_in(home, to)) : move_parts(parts_in(home, from), home);
  } else {
    list = {statement(
        sql::sql("ALTER {} {} SET SCHEMA {}", word_of(type), catalog::Name{from, type.name.name}.sql(), Ident{to}))};
  }
  list.front().reason = std::move(reason);
  return list;
}

std::vector<sql::Kept> kept_row(const catalog::Type& type, const std::string& schema) {
  return {{"type", type.name.sql(), {}, {schema, type.name.name}, {}}};
}

sql::Step purge_step(const Context&, const catalog::Type& type, const std::string& schema) {
  const catalog::Name kept{schema, type.name.name};
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = fmt::format("destroy {} {}", type.kind, type.name.text());
  step.action = sql::Purge{{statement(sql::sql("DROP {} {}", word_of(type), kept.sql()))}, kept_row(type, schema)};
  if (type.kind == "composite")  // a relation as well
    std::get<sql::Purge>(step.action).statements.front().locks = {lock(kept, sql::LockMode::access_exclusive)};
  step.probe = probe(negate(has_type(kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {fmt::format("{} {}", type.kind, type.name.text())};
  return step;
}

}  // namespace

std::vector<sql::Step> create_type_steps(const Context& ctx, const catalog::Type& type,
                                         std::vector<sql::Statement> statements) {
  const auto& name = type.name;
  auto text = fmt::format("back {}\n{}", ctx.call.span.begin, name.text());
  for (const auto& each : statements) text += '\n' + each.text.text();
  const auto schema = kept_schema(ctx, text);
  auto step =
      transaction(ctx, fmt::format("create {} {}", type.kind, name.text()), std::move(statements), has_type(name));
  auto back = transaction(ctx, fmt::format("keep {} {} aside", type.kind, name.text()), {}, negate(has_type(name)));
  back.action = sql::Park{set_schema(ctx, type, name.schema, schema, "columns that are kept aside may be of it"),
                          kept_row(type, schema)};
  step.back = {std::move(back)};
  step.revival = sql::Revival{probe(has_type({schema, name.name})),
                              set_schema(ctx, type, schema, name.schema, "columns that come back are of it"),
                              kept_row(type, schema)};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("type", name)});
  return steps;
}

void check_drop_type(const Context& ctx, std::string_view kind) {
  const auto& path = type_path(ctx, kind);
  const auto* type = require_own_type(ctx, path, kind);
  if (!type) return;
  std::vector<Dependent> found;
  for (const auto& key : catalog::users_of_type(ctx.before, type->name))
    found.push_back({key + " uses it", "drop or change it before"});
  (void)require_no_dependents(ctx, path.span, fmt::format("{} `{}`", kind, type->name.text()), found);
}

void drop_type_effect(const Context& ctx, catalog::Catalog& after, std::string_view kind) {
  after.drop("type", find_own_type(ctx, kind)->name);
}

Break drop_type_breaks(const Context& ctx, std::string_view kind) {
  const auto name = find_own_type(ctx, kind)->name.text();
  return {fmt::format("clients of the old schema may still name {} {}", kind, name),
          fmt::format("write it in contract {{ drop {} {}; }}", kind, ctx.files.text(type_path(ctx, kind).span))};
}

std::vector<sql::Step> drop_type_steps(const Context& ctx, std::string_view kind) {
  const auto& type = *find_own_type(ctx, kind);
  const auto& name = type.name;
  const auto schema = kept_schema(ctx, fmt::format("{} {}", ctx.call.span.begin, name.text()));
  const auto gone = negate(has_type(name));
  auto park = transaction(ctx, fmt::format("keep {} {} aside", kind, name.text()), {}, gone);
  park.action =
      sql::Park{set_schema(ctx, type, name.schema, schema, "columns that are dropped and kept aside may be of it"),
                kept_row(type, schema)};
  park.reversibility = sql::Reversibility::exact_until_purged;
  park.back = {transaction(ctx, fmt::format("bring back {} {}", kind, name.text()),
                           set_schema(ctx, type, schema, name.schema), has_type(name))};
  std::vector<sql::Step> steps{std::move(park), purge_step(ctx, type, schema)};
  finish(steps, {catalog::key("type", name)});
  return steps;
}

}  // namespace mig::operations
