// rename schema: one instant statement, after which every qualified name in it is another.
#include <fmt/format.h>

#include "compiler/catalog/rename_schema.hpp"
#include "compiler/operations/schemas.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("schema"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto* schema = require_own_schema(ctx, name(ctx));
  if (!schema) return;
  if (schema->name.name != new_name(ctx).text) return void(require_new_schema(ctx, new_name(ctx)));
  ctx.sink.report(diagnostics::nothing_to_do, new_name(ctx).span, "the schema is called so already")
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema know it only as {}", ctx.files.text(name(ctx).span)),
               fmt::format("write it in contract {{ rename schema {} to {}; }}", ctx.files.text(name(ctx).span),
                           ctx.files.text(new_name(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  catalog::rename_schema(after, name(ctx).text, new_name(ctx).text);
}

sql::Step rename(const Context& ctx, const std::string& from, const std::string& to) {
  return transaction(ctx, fmt::format("rename schema {} to {}", sql::quote_ident(from), sql::quote_ident(to)),
                     {statement(sql::sql("ALTER SCHEMA {} RENAME TO {}", sql::Ident{from}, sql::Ident{to}))},
                     both(has_schema(to), negate(has_schema(from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& from = name(ctx).text;
  const auto& to = new_name(ctx).text;
  auto step = rename(ctx, from, to);
  step.hazards.push_back(
      fmt::format("search_path of roles, databases and clients, and the text of functions, go on to say {}: change "
                  "them at the same "
                  "time",
                  sql::quote_ident(from)));
  step.back = {rename(ctx, to, from)};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("schema", {"", from}), catalog::key("schema", {"", to})});
  return steps;
}

}  // namespace

extern const Operation rename_schema;  // its line in operations.def finds it
constinit const Operation rename_schema = {
    .name = "rename_schema",
    .form = "rename schema (schema name) to (new name)",
    .summary = "Renames a schema with everything in it.",
    .description =
        R"md(One instant statement without a lock on any table. Views, keys, defaults, triggers, policies, publications and functions in
`begin atomic` follow, because PostgreSQL knows what they name by number. What is text does not follow: bodies of other
functions, `search_path` of roles, databases, functions and clients, queries in applications.

It belongs in `contract`, and even there it is one moment for all clients. Where they cannot change at that moment, make
a schema of the new name with views of the tables first.
)md",
    .example = "rename schema public to storefront;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
