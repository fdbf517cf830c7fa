// set storage: where long values of a column live.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/column_setting.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/render.hpp"

namespace mig::operations {

namespace {

const syntax::Word& word(const Context& ctx) { return *ctx.call.get<syntax::Word>("storage"); }

sql::Fragment clause(const Context& ctx, const catalog::Column& column, const std::string&, const std::string& to) {
  return sql::sql("SET STORAGE {}", storage_word(to.empty() ? usual_storage(ctx, column.type) : to));
}

sql::Fragment is(const Context& ctx, const catalog::Column& column, const std::string& value) {
  const auto storage = value.empty() ? usual_storage(ctx, column.type) : value;
  const auto letter = storage == "plain" ? "p" : storage == "external" ? "e" : storage == "main" ? "m" : "x";
  return sql::sql("a.attstorage = {}", sql::Literal{letter});
}

constexpr ColumnSetting setting = {
    .what = "storage",
    .mode = sql::LockMode::access_exclusive,
    .recurses = true,
    .read = [](const catalog::Column& column) { return column.storage; },
    .write = [](catalog::Column& column, const std::string& value) { column.storage = value; },
    .clause = clause,
    .is = is,
};

// The catalog says only what is not usual for the type.
std::string value(const Context& ctx, const catalog::Column& column) {
  const auto& text = word(ctx).text;
  return text == "default" || text == usual_storage(ctx, column.type) ? std::string{} : text;
}

void check(const Context& ctx) {
  const auto& text = word(ctx).text;
  const std::vector<std::string> known{"plain", "external", "extended", "main", "default"};
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    ctx.sink.report(diagnostics::wrong_value, word(ctx).span, fmt::format("there is no storage `{}`", text))
        .note("write: plain, external, extended, main or default");
    return;
  }
  const auto found = require_own_column(ctx, column_path(ctx));
  if (!found.column) return;
  if (!toastable(ctx, found.column->type) && text != "plain" && text != "default") {
    ctx.sink
        .report(diagnostics::wrong_value, word(ctx).span,
                fmt::format("a value of type {} always stands in the row (0A000)", found.column->type))
        .note("take the line out");
    return;
  }
  (void)require_setting(ctx, setting, value(ctx, *found.column), word(ctx).span);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, column_path(ctx));
  put_setting(ctx, after, setting, at, value(ctx, *at.column));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, column_path(ctx));
  return setting_steps(ctx, setting, at, value(ctx, *at.column));
}

}  // namespace

extern const Operation set_storage;  // its line in operations.def finds it
constinit const Operation set_storage = {
    .name = "set_storage",
    .form = "set storage (column path) to (storage word)",
    .summary = "Says where long values of a column live: in the row, beside it, compressed or not.",
    .description =
        R"(One instant statement, for partitions and inheritors too. Rows that exist stay as they are; values written from then on
follow. `plain`, `external` (beside the row, not compressed: quick sub-strings), `extended` (compressed and beside: the
usual one), `main` (compressed, in the row while it fits), `default` (what the type has by itself).

The way back sets what each table had.)",
    .example = "set storage orders.note to external;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
