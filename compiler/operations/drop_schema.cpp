// drop schema: an empty one; the way back makes it again with owner, rights and comment.
#include <fmt/format.h>

#include "compiler/operations/schemas.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("schema"); }

void check(const Context& ctx) {
  const auto* schema = require_own_schema(ctx, name(ctx));
  if (!schema) return;
  const auto inside = contents(ctx, schema->name.name);
  if (inside.empty()) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::still_needed, name(ctx).span,
                      fmt::format("schema `{}` is not empty: {} object{} in it", sql::quote_ident(schema->name.name),
                                  inside.size(), inside.size() == 1 ? " is" : "s are"));
  constexpr std::size_t most = 12;
  for (std::size_t i = 0; i < inside.size() && i < most; ++i)
    diagnostic.note(fmt::format("found: {}; {}", inside[i].what, inside[i].way));
  if (inside.size() > most) diagnostic.note(fmt::format("and {} more", inside.size() - most));
  diagnostic.note("mig never writes CASCADE: what goes, goes by a line of its own");
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{"clients of the old schema may still make things in it",
               fmt::format("write it in contract {{ drop schema {}; }}", ctx.files.text(name(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  after.drop("schema", {"", name(ctx).text});
  std::erase(after.server.search_path, name(ctx).text);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_schema(ctx, name(ctx));
  const auto& text = old.name.name;
  const auto shown = sql::quote_ident(text);
  std::vector<sql::Step> steps{transaction(ctx, "drop schema " + shown,
                                           {statement(sql::sql("DROP SCHEMA {}", sql::Ident{text}))},
                                           negate(has_schema(text)))};
  steps.front().back = {
      transaction(ctx, "create schema " + shown, create_schema_statements(ctx, old), has_schema(text))};
  finish(steps, {catalog::key("schema", old.name)});
  return steps;
}

}  // namespace

extern const Operation drop_schema;  // its line in operations.def finds it
constinit const Operation drop_schema = {
    .name = "drop_schema",
    .form = "drop schema (schema name)",
    .summary = "Drops an empty schema.",
    .description =
        R"md(Refused while anything is in it: the list says what, extensions, default privileges and publications of the schema included,
which PostgreSQL would drop along without a word. What earlier operations of the migration dropped or moved is not in it
any more.

The way back makes it again with owner, rights and comment. It belongs in `contract`.
)md",
    .example =
        "create schema archive;\n"
        "grant usage on schema archive to shop_reader;\n"
        "comment on schema archive is 'what nobody reads';\n"
        "drop schema archive;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
