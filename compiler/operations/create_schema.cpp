// create schema: an empty one; the way back drops it, which the server refuses while anything is in it.
#include "compiler/operations/acl.hpp"
#include "compiler/operations/schemas.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }

void check(const Context& ctx) { (void)require_new_schema(ctx, name(ctx)); }

catalog::Object schema_of_call(const Context& ctx) {
  catalog::Object made;
  made.kind = "schema";
  made.name.name = name(ctx).text;
  made.owner = ctx.before.server.role;
  made.grants = initial_grants(ctx, "schemas", {});
  return made;
}

void effect(const Context& ctx, catalog::Catalog& after) { after.put(schema_of_call(ctx)); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& text = name(ctx).text;
  const sql::Ident ident{text};
  const auto shown = sql::quote_ident(text);
  std::vector<sql::Step> steps{
      transaction(ctx, "create schema " + shown, {statement(sql::sql("CREATE SCHEMA {}", ident))}, has_schema(text))};
  steps.front().back = {transaction(ctx, "drop schema " + shown, {statement(sql::sql("DROP SCHEMA {}", ident))},
                                    negate(has_schema(text)))};
  finish(steps, {catalog::key("schema", {"", text})});
  return steps;
}

}  // namespace

extern const Operation create_schema;  // its line in operations.def finds it
constinit const Operation create_schema = {
    .name = "create_schema",
    .form = "create schema (name name)",
    .summary = "Makes a schema.",
    .description =
        R"md(One instant statement. The session's role owns it; `set owner of schema` gives it away, and `grant usage on schema` lets
others in.

The way back drops it without `CASCADE`: what somebody else put into it meanwhile stops the way back, and nothing is lost.
)md",
    .example = "create schema archive;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
