// drop extension: its script makes it again, but not what was changed or kept in it.
#include <fmt/format.h>

#include "compiler/operations/extensions.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("extension"); }

bool needs(const std::string& list, const std::string& extension) {
  return (" " + list + " ").find(" " + extension + " ") != std::string::npos;
}

std::vector<Dependent> needed_by(const Context& ctx, const std::string& extension) {
  auto found = users_of_types(ctx, extension);
  for (const auto& other : ctx.before.names("extension"))
    if (const auto* available = find_available(ctx, other.name);
        available && needs(extension_fact(*available, "requires"), extension))
      found.push_back(
          {fmt::format("extension {} needs it", sql::quote_ident(other.name)), "drop that extension before"});
  for (const auto& language : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(language))
      if (!function->system && function->language == extension)
        found.push_back(
            {fmt::format("{} {}({}) is written in it", function->kind, function->name.text(), function->arguments_key),
             "drop it before"});
  return found;
}

void check(const Context& ctx) {
  const auto* extension = require_own_extension(ctx, name(ctx));
  if (!extension) return;
  require_no_dependents(ctx, name(ctx).span, fmt::format("extension `{}`", sql::quote_ident(extension->name.name)),
                        needed_by(ctx, extension->name.name));
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{
      "clients of the old schema may call its functions",
      fmt::format("write it in contract {{ drop extension {} accept loss '…'; }}", ctx.files.text(name(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto& extension = name(ctx).text;
  after.drop("extension", {"", extension});
  for (const auto& type : ctx.before.names("type"))
    if (ctx.before.type(type)->extension == extension) after.drop("type", type);
}

std::vector<sql::Statement> again(const Context& ctx, const catalog::Object& old) {
  const Ident ident{old.name.name};
  auto text = sql::sql("CREATE EXTENSION {} SCHEMA {}", ident, Ident{extension_fact(old, "schema")});
  text = sql::sql("{} VERSION {}", text, sql::Literal{extension_fact(old, "version")});
  std::vector<sql::Statement> list;
  // An extension cannot be given away: who makes it owns it.
  const bool another = old.owner != ctx.before.server.role;
  if (another) list.push_back(statement(sql::sql("SET LOCAL ROLE {}", Ident{old.owner})));
  list.push_back(statement(std::move(text)));
  const auto* available = find_available(ctx, old.name.name);
  if (!available || available->comment != old.comment)
    list.push_back(statement(sql::sql("COMMENT ON EXTENSION {} IS {}", ident, comment_text(old.comment))));
  if (another) list.push_back(statement(sql::sql("RESET ROLE")));
  return list;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_extension(ctx, name(ctx));
  const auto shown = sql::quote_ident(old.name.name);
  auto step =
      transaction(ctx, "drop extension " + shown, {statement(sql::sql("DROP EXTENSION {}", Ident{old.name.name}))},
                  negate(has_extension(old.name.name)));
  step.reversibility = sql::Reversibility::lossy;
  step.loss = {fmt::format("the rows of tables of extension {}", shown),
               fmt::format("rights granted on objects of extension {}, and what was changed of them", shown)};
  step.back = {transaction(ctx, "create extension " + shown, again(ctx, old), has_extension(old.name.name))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("extension", old.name)});
  return steps;
}

}  // namespace

extern const Operation drop_extension;  // its line in operations.def finds it
constinit const Operation drop_extension = {
    .name = "drop_extension",
    .form = "drop extension (extension name)",
    .summary = "Removes an extension from the database.",
    .description =
        R"md(`DROP EXTENSION` without `CASCADE`. Refused where it is known that something needs it: columns, types and functions that use
one of its types, functions in its language, other extensions. What else needs it, an index by its operator class, a view
that calls its function, the server knows: it refuses the step, and nothing has happened.

The way back makes it again, in its schema and version. That is **lossy**, and has to be accepted with `accept loss '…'`:
what its tables held, rights granted on its objects and changes to them do not come back. It belongs in `contract`.
)md",
    .example =
        "create extension pgcrypto;\n"
        "drop extension pgcrypto accept loss 'nothing was granted on its functions';",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
