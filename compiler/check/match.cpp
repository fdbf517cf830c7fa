// `expect match`: two tables whose rows are told apart by one key.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/check/looks.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows.hpp"

namespace mig::diagnostics {
extern const Code wrong_expectation;
}

namespace mig::check {

namespace {

using operations::Context;

diagnostics::Diagnostic& wrong(const Context& ctx, source::Span span, std::string message) {
  return ctx.sink.report(diagnostics::wrong_expectation, span, std::move(message));
}

void check_key(const Context& ctx, const syntax::Expect::Match& match, const catalog::Table& left,
               const catalog::Table& right) {
  const auto key = operations::row_key(right, {});
  if (key.empty())
    wrong(ctx, match.table.span, fmt::format("rows of {} are told apart by no key", right.name.text()))
        .note("write: the table with a primary key behind `with`, or compare by expect none in (SELECT …)");
  for (const auto& column : key)
    if (left.column(column) == nullptr)
      wrong(
          ctx, match.source.span,
          fmt::format("{} has no column `{}`, which is in the key of {}", left.name.text(), column, right.name.text()))
          .note("write: expect none in (SELECT …), with a join by what they have in common");
}

}  // namespace

void check_match(const Context& ctx, const syntax::Expect::Match& match) {
  const auto* left = operations::require_table(ctx, match.source);
  const auto* right = operations::require_table(ctx, match.table);
  if (left != nullptr && right != nullptr) check_key(ctx, match, *left, *right);
  if (match.sample) {
    long long rows = 0;
    const auto& text = match.sample->text;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), rows);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || rows < 1)
      wrong(ctx, match.sample->span, fmt::format("`{}` is no number of rows", text)).note("write: a number from 1");
  }
  if (match.tolerate) {
    const auto& part = *match.tolerate;
    double percent = 0;
    const auto read = std::from_chars(part.number.data(), part.number.data() + part.number.size(), percent);
    if (part.unit != "%" || read.ec != std::errc() || percent < 0 || percent >= 100)
      wrong(ctx, part.span, fmt::format("`{}` is no part of the rows", ctx.files.text(part.span)))
          .note("write: a percentage below 100, as in tolerate 0.1%");
  }
}

}  // namespace mig::check
