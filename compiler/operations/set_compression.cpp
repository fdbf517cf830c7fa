// set compression: how long values of a column are compressed.
#include <fmt/format.h>

#include "compiler/operations/column_setting.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"

namespace mig::operations {

namespace {

const syntax::Word& word(const Context& ctx) { return *ctx.call.get<syntax::Word>("method"); }
std::string value(const Context& ctx) { return word(ctx).text == "default" ? std::string{} : word(ctx).text; }

sql::Fragment clause(const Context&, const catalog::Column&, const std::string&, const std::string& to) {
  return to.empty() ? sql::sql("SET COMPRESSION default") : sql::sql("SET COMPRESSION {}", sql::Ident{to});
}

sql::Fragment is(const Context&, const catalog::Column&, const std::string& value) {
  return sql::sql("a.attcompression = {}", sql::Literal{value.substr(0, 1)});
}

constexpr ColumnSetting setting = {
    .what = "compression",
    .mode = sql::LockMode::access_exclusive,
    .recurses = false,
    .read = [](const catalog::Column& column) { return column.compression; },
    .write = [](catalog::Column& column, const std::string& value) { column.compression = value; },
    .clause = clause,
    .is = is,
};

void check(const Context& ctx) {
  const auto& text = word(ctx).text;
  if (!require_server(ctx, 14, column_path(ctx).span, "compression of a column")) return;
  if (text != "pglz" && text != "lz4" && text != "default") {
    ctx.sink.report(diagnostics::wrong_value, word(ctx).span, fmt::format("there is no compression `{}`", text))
        .note("write: pglz, lz4 (where the server was built with it) or default");
    return;
  }
  const auto at = require_setting(ctx, setting, value(ctx), word(ctx).span);
  if (at.column && !toastable(ctx, at.column->type))
    ctx.sink
        .report(diagnostics::wrong_value, word(ctx).span,
                fmt::format("values of type {} are never compressed (0A000)", at.column->type))
        .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  put_setting(ctx, after, setting, find_column(ctx, column_path(ctx)), value(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  return setting_steps(ctx, setting, find_column(ctx, column_path(ctx)), value(ctx));
}

}  // namespace

extern const Operation set_compression;  // its line in operations.def finds it
constinit const Operation set_compression = {
    .name = "set_compression",
    .form = "set compression (column path) to (method word)",
    .summary = "Chooses the compression of a column's long values.",
    .description =
        R"(One instant statement on this table alone (PostgreSQL does not pass it on to partitions and inheritors: write a line for
each); from PostgreSQL 14 on. Values that exist keep the compression that they were written with. `pglz`, `lz4` (where the server was built with it; else it refuses with 0A000), `default`
(what the setting default_toast_compression says at the time of writing).

The way back sets what was there.)",
    .example = R"(when server >= 14 { set compression orders.note to pglz; }
set storage orders.note to main;)",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
