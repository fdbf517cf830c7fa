// reset table options: storage parameters are the server's again.
#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/setting_text.hpp"
#include "compiler/operations/table_options.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Setting>& names(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Setting>>("options");
}

std::string value(const Context& ctx, const catalog::Table& table) {
  auto options = options_of(table_options.read(table));
  for (const auto& name : names(ctx)) options.erase(setting_name(name));
  return value_of(options);
}

void check(const Context& ctx) {
  const auto* table = require_table_with_options(ctx);
  if (!table) return;
  const auto options = options_of(table_options.read(*table));
  for (const auto& name : names(ctx)) {
    const auto text = setting_name(name);
    if (name.value || !name.word.empty())
      ctx.sink.report(diagnostics::wrong_clause, name.span, "a reset takes names without values")
          .note("write: reset table options … (" + text + ")");
    else if (require_table_option(ctx, *table, text, name.span) && options.count(text) == 0)
      ctx.sink
          .report(diagnostics::nothing_to_do, name.span,
                  fmt::format("`{}` of `{}` has no value of its own", text, table->name.text()))
          .note("take it out");
  }
}

}  // namespace

extern const Operation reset_table_options;  // its line in operations.def finds it
constinit const Operation reset_table_options = {
    .name = "reset_table_options",
    .form = "reset table options (table path) (options settings)",
    .summary = "Gives storage parameters of a table back to the server's settings.",
    .description =
        R"(The opposite of [set table options](#set_table_options), with the same locks: names in parentheses,
`(fillfactor, toast.autovacuum_enabled)`. The way back sets the values that were there.)",
    .example =
        "set table options products (fillfactor = 80, parallel_workers = 2);\n"
        "reset table options products (fillfactor);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_table_setting(ctx, after, table_options, value(ctx, table_of(ctx))); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, table_options, value(ctx, table_of(ctx))); },
};

}  // namespace mig::operations
