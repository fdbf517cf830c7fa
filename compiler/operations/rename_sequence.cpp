// rename sequence: one instant statement; defaults and views follow, strings in functions do not.
#include <fmt/format.h>

#include "compiler/catalog/rename_sequence.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/sequences.hpp"

namespace mig::operations {

namespace {

const syntax::Name& new_word(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

catalog::Name target(const Context& ctx) { return {find_sequence(ctx)->name.schema, new_word(ctx).text}; }

void check(const Context& ctx) {
  const auto* sequence = require_sequence(ctx);
  if (!sequence) return;
  const auto& name = new_word(ctx);
  if (name.text == sequence->name.name) {
    ctx.sink
        .report(diagnostics::nothing_to_do, name.span, fmt::format("`{}` is called so already", sequence->name.text()))
        .note("take the line out");
    return;
  }
  syntax::Path written;
  written.parts = {name};
  written.span = name.span;
  const Context in_schema{ctx.before,    ctx.call,        ctx.files, ctx.sink, sequence->name.schema,
                          ctx.migration, ctx.park_schema, ctx.phase};
  if (require_new_relation(in_schema, written)) warn_of_sequence_texts(ctx, *sequence);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema know the sequence only as {}", find_sequence(ctx)->name.text()),
               fmt::format("write it in contract {{ rename sequence {} to {}; }}",
                           ctx.files.text(ctx.call.get<syntax::Path>("sequence")->span), written(ctx, new_word(ctx)))};
}

}  // namespace

extern const Operation rename_sequence;  // its line in operations.def finds it
constinit const Operation rename_sequence = {
    .name = "rename_sequence",
    .form = "rename sequence (sequence path) to (new name)",
    .summary = "Renames a sequence.",
    .description =
        R"md(One instant statement; value, owner, rights and comment stay. What PostgreSQL keeps as a tree follows: defaults
(`nextval('…'::regclass)`), checks, views, bodies of `begin atomic`. A name in a string (the body of a function, `nextval` of a text)
does not; bodies that have it are warned of.

It belongs in `contract`, since clients of the old schema know only the old name.
)md",
    .example = "rename sequence invoice_numbers to bill_numbers;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { catalog::rename_sequence(after, find_sequence(ctx)->name, target(ctx)); },
    .steps = [](const Context& ctx) { return move_sequence_steps(ctx, find_sequence(ctx)->name, target(ctx)); },
};

}  // namespace mig::operations
