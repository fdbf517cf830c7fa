// create extension: in a schema and a version that the plan names; the way back drops it.
#include <fmt/format.h>

#include "compiler/operations/extensions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/schemas.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }
const syntax::Name* schema(const Context& ctx) { return ctx.call.get<syntax::Name>("schema"); }
const syntax::Text* version(const Context& ctx) { return ctx.call.get<syntax::Text>("version"); }

std::string fact(const Context& ctx, const std::string& fact) {
  const auto* available = find_available(ctx, name(ctx).text);
  return available ? extension_fact(*available, fact) : std::string{};
}

// The schema that its control file names, else the written one, else where new names go.
std::string schema_of(const Context& ctx) {
  if (const auto fixed = fact(ctx, "schema"); !fixed.empty()) return fixed;
  return schema(ctx) ? schema(ctx)->text : ctx.schema;
}

std::string version_of(const Context& ctx) { return version(ctx) ? version(ctx)->value : fact(ctx, "version"); }

bool check_there(const Context& ctx) {
  if (find_available(ctx, name(ctx).text)) return true;
  const auto known = ctx.before.names("available extension");
  if (known.empty()) return true;  // a snapshot does not tell
  std::vector<std::string> candidates;
  for (const auto& each : known) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, name(ctx),
                 fmt::format("the server has no extension `{}`", sql::quote_ident(name(ctx).text)), candidates)
      .note("install its files on the server first; pg_available_extensions lists those that are there");
  return false;
}

bool check_schema(const Context& ctx) {
  const auto fixed = fact(ctx, "schema");
  if (schema(ctx) && !require_schema(ctx, *schema(ctx))) return false;
  if (fixed.empty()) return require_create(ctx, schema_of(ctx), schema(ctx) ? schema(ctx)->span : name(ctx).span);
  if (schema(ctx) && schema(ctx)->text != fixed) {
    ctx.sink
        .report(diagnostics::contradiction, schema(ctx)->span,
                fmt::format("extension `{}` goes to schema `{}` and no other", name(ctx).text, fixed))
        .note("leave `in schema` out");
    return false;
  }
  if (ctx.before.has_schema(fixed)) return true;
  ctx.sink
      .report(diagnostics::unknown_schema, name(ctx).span,
              fmt::format("extension `{}` goes to schema `{}`, which is not there", name(ctx).text, fixed))
      .note(fmt::format("write before: create schema {}", sql::quote_ident(fixed)));
  return false;
}

bool check_required(const Context& ctx) {
  bool good = true;
  std::string each;
  for (const char c : fact(ctx, "requires") + " ") {
    if (c != ' ') {
      each += c;
      continue;
    }
    if (!each.empty() && !ctx.before.object("extension", {"", each})) {
      ctx.sink
          .report(diagnostics::unknown_object, name(ctx).span,
                  fmt::format("extension `{}` needs extension `{}`", name(ctx).text, each))
          .note(fmt::format("write before: create extension {}", sql::quote_ident(each)));
      good = false;
    }
    each.clear();
  }
  return good;
}

bool check_right(const Context& ctx) {
  const auto& server = ctx.before.server;
  if (fact(ctx, "superuser") != "true") return require_create_on_database(ctx, name(ctx).span, "an extension");
  if (server.superuser || server.role.empty()) return true;
  ctx.sink
      .report(diagnostics::no_permission, name(ctx).span,
              fmt::format("role `{}` is no superuser, and extension `{}` can only be made by one", server.role,
                          name(ctx).text))
      .note("let a superuser make it before; no GRANT gives this right");
  return false;
}

void check(const Context& ctx) {
  if (const auto* there = find_extension(ctx, name(ctx))) {
    ctx.sink
        .report(diagnostics::nothing_to_do, name(ctx).span,
                fmt::format("extension `{}` is there already, in version {}", name(ctx).text,
                            extension_fact(*there, "version")))
        .note("take the line out, or write: update extension …");
    return;
  }
  if (!check_there(ctx)) return;
  if (version(ctx)) (void)require_version(ctx, name(ctx).text, *version(ctx));
  (void)check_schema(ctx);
  (void)check_required(ctx);
  (void)check_right(ctx);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  catalog::Object made;
  made.kind = "extension";
  made.name.name = name(ctx).text;
  made.owner = ctx.before.server.role;
  made.facts.emplace("schema", schema_of(ctx));
  if (const auto text = version_of(ctx); !text.empty()) made.facts.emplace("version", text);
  if (const auto* available = find_available(ctx, name(ctx).text)) made.comment = available->comment;
  after.put(std::move(made));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const sql::Ident ident{name(ctx).text};
  const auto shown = sql::quote_ident(ident.name);
  auto text = sql::sql("CREATE EXTENSION {} SCHEMA {}", ident, sql::Ident{schema_of(ctx)});
  if (const auto wanted = version_of(ctx); !wanted.empty())
    text = sql::sql("{} VERSION {}", text, sql::Literal{wanted});
  std::vector<sql::Step> steps{
      transaction(ctx, "create extension " + shown, {statement(std::move(text))}, has_extension(ident.name))};
  steps.front().back = {transaction(ctx, "drop extension " + shown, {statement(sql::sql("DROP EXTENSION {}", ident))},
                                    negate(has_extension(ident.name)))};
  finish(steps, {catalog::key("extension", {"", ident.name})});
  return steps;
}

}  // namespace

extern const Operation create_extension;  // its line in operations.def finds it
constinit const Operation create_extension = {
    .name = "create_extension",
    .form = "create extension (name name) [in schema (schema name)] [version (version string)]",
    .summary = "Installs an extension in the database.",
    .description =
        R"md(The plan names the schema and the version, so that every database gets the same: without `version` the one that is the
server's default when it is compiled. Refused: an extension or version that the server has no files for, one that needs
another extension that is not there, one that only a superuser may make.

What an extension brings is in its script on the server, and not known when a plan is made: operations that use its types
or functions stand in a migration that is compiled once this one is applied.

The way back drops it without `CASCADE`: what uses it by then stops the way back, and nothing is lost.
)md",
    .example = "create extension pgcrypto;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
