// update extension: to a version that the server has a script for; back, where there is a script for that too.
#include <fmt/format.h>

#include "compiler/operations/extensions.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("extension"); }
const syntax::Text* version(const Context& ctx) { return ctx.call.get<syntax::Text>("version"); }

std::string target(const Context& ctx) {
  if (version(ctx)) return version(ctx)->value;
  const auto* available = find_available(ctx, name(ctx).text);
  return available ? extension_fact(*available, "version") : std::string{};
}

void check(const Context& ctx) {
  const auto* old = require_own_extension(ctx, name(ctx));
  if (!old) return;
  if (version(ctx) && !require_version(ctx, name(ctx).text, *version(ctx))) return;
  const auto to = target(ctx);
  if (to.empty()) {
    ctx.sink.report(diagnostics::wrong_value, name(ctx).span, "which version is the newest is not known here")
        .note(fmt::format("write: update extension {} to '…'", ctx.files.text(name(ctx).span)));
    return;
  }
  if (extension_fact(*old, "version") != to) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span,
              fmt::format("extension `{}` is of version {} already", name(ctx).text, to))
      .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_extension(ctx, name(ctx));
  changed.facts["version"] = target(ctx);
  after.put(std::move(changed));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_extension(ctx, name(ctx));
  const sql::Ident ident{old.name.name};
  const auto to = target(ctx);
  auto step = transaction(ctx, fmt::format("update extension {} to {}", sql::quote_ident(ident.name), to),
                          {statement(sql::sql("ALTER EXTENSION {} UPDATE TO {}", ident, sql::Literal{to}))},
                          has_version(ident.name, to));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {
      fmt::format("version {} of extension {}: extensions have scripts for the way to a newer version, and "
                  "hardly ever one for the way back",
                  extension_fact(old, "version"), sql::quote_ident(ident.name))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("extension", old.name)});
  return steps;
}

}  // namespace

extern const Operation update_extension;  // its line in operations.def finds it
constinit const Operation update_extension = {
    .name = "update_extension",
    .form = "update extension (extension name) [to (version string)]",
    .summary = "Brings an extension to another version.",
    .description =
        R"md(`ALTER EXTENSION … UPDATE TO` the written version, or the server's default one, which the plan then names. Refused: a version
that the server has no files for, or the one that is there.

What the script changes is not known when a plan is made: operations that use what is new stand in a migration that is
compiled once this one is applied. It is **irreversible**, since extensions bring scripts for the way to newer versions
alone, and has to be accepted with `accept loss '…'`.
)md",
    .example =
        "create extension amcheck version '1.0';\n"
        "update extension amcheck to '1.1' accept loss 'nobody needs the old version';",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
