// set sequence schema: a sequence of a column stays with its table, any other moves.
#include <fmt/format.h>

#include "compiler/catalog/rename_sequence.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/sequences.hpp"

namespace mig::operations {

namespace {

const syntax::Name& schema(const Context& ctx) { return *ctx.call.get<syntax::Name>("schema"); }

catalog::Name target(const Context& ctx) { return {schema(ctx).text, find_sequence(ctx)->name.name}; }

bool check_place(const Context& ctx, const catalog::Sequence& sequence) {
  if (sequence.name.schema == schema(ctx).text) {
    ctx.sink
        .report(diagnostics::nothing_to_do, schema(ctx).span,
                fmt::format("`{}` is there already", sequence.name.text()))
        .note("take the line out");
    return false;
  }
  if (sequence.owned_by.name.empty()) return true;
  ctx.sink
      .report(diagnostics::still_needed, schema(ctx).span,
              fmt::format("`{}` belongs to {}.{} and stays in the schema of its table (0A000)", sequence.name.text(),
                          sequence.owned_by.text(), sql::quote_ident(sequence.owned_by_column)))
      .note(sequence.identity ? "it moves with its table"
                              : fmt::format("write before it: set sequence owned by {} to none;",
                                            ctx.files.text(ctx.call.get<syntax::Path>("sequence")->span)));
  return false;
}

void check(const Context& ctx) {
  const auto* sequence = require_sequence(ctx);
  if (!sequence || !require_schema(ctx, schema(ctx)) || !check_place(ctx, *sequence)) return;
  syntax::Path written;
  written.parts = {schema(ctx), ctx.call.get<syntax::Path>("sequence")->parts.back()};
  written.span = schema(ctx).span;
  if (require_new_relation(ctx, written)) warn_of_sequence_texts(ctx, *sequence);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema look for the sequence as {}", find_sequence(ctx)->name.text()),
               fmt::format("write it in contract {{ set sequence schema {} to {}; }}",
                           ctx.files.text(ctx.call.get<syntax::Path>("sequence")->span), written(ctx, schema(ctx)))};
}

}  // namespace

extern const Operation set_sequence_schema;  // its line in operations.def finds it
constinit const Operation set_sequence_schema = {
    .name = "set_sequence_schema",
    .form = "set sequence schema (sequence path) to (schema name)",
    .summary = "Moves a sequence to another schema.",
    .description =
        R"md(`ALTER SEQUENCE … SET SCHEMA`, an instant; the role needs CREATE on the other schema. Defaults, checks, views and bodies of
`begin atomic` follow; names in strings do not, and bodies that have it are warned of. A sequence that belongs to a column cannot leave
the schema of its table.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset sequence schema invoice_numbers to archive;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { catalog::rename_sequence(after, find_sequence(ctx)->name, target(ctx)); },
    .steps = [](const Context& ctx) { return move_sequence_steps(ctx, find_sequence(ctx)->name, target(ctx)); },
};

}  // namespace mig::operations
