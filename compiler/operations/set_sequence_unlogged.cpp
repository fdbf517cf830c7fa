// set sequence unlogged.
#include "compiler/operations/sequence_persistence.hpp"

namespace mig::operations {

extern const Operation set_sequence_unlogged;  // its line in operations.def finds it
constinit const Operation set_sequence_unlogged = {
    .name = "set_sequence_unlogged",
    .form = "set sequence unlogged (sequence path)",
    .summary = "Makes a sequence that a crash resets and standbys do not have.",
    .description =
        R"md(From PostgreSQL 15 on. `ALTER SEQUENCE … SET UNLOGGED` takes ACCESS EXCLUSIVE on the sequence for an instant: whoever draws a value waits.
The value that it has reached stays. An unlogged sequence writes nothing to the log: after a crash it begins again at its start, and a
standby cannot draw from it, so it is for numbers that live no longer than an unlogged table.

The sequence of an identity column or a serial one is switched as well, apart from its table. No client notices; the way back sets what
was there.
)md",
    .example = "set sequence unlogged invoice_numbers;",
    .check = [](const Context& ctx) { check_sequence_persistence(ctx, "unlogged"); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { sequence_persistence_effect(ctx, after, "unlogged"); },
    .steps = [](const Context& ctx) { return sequence_persistence_steps(ctx, "unlogged"); },
};

}  // namespace mig::operations
