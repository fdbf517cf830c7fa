// set table unlogged: quicker writes, and an empty table after a crash.
#include "compiler/operations/persistence.hpp"

namespace mig::operations {

extern const Operation set_table_unlogged;  // its line in operations.def finds it
constinit const Operation set_table_unlogged = {
    .name = "set_table_unlogged",
    .form = "set table unlogged (table path)",
    .summary = "Stops writing changes of a table to the WAL: a crash empties it.",
    .description =
        R"(Writes become quicker; after a crash of the server the table is empty, and standbys do not have its rows. The whole table
and its indexes are written anew under ACCESS EXCLUSIVE: nobody reads or writes meanwhile. There is no online form. From
15 on the sequences that it owns follow. A partitioned table has no rows of its own: write a line for each partition.

Refused while a logged table refers to it, and while a publication publishes it. The way back logs it again.)",
    .example = "set table unlogged orders;",
    .check = [](const Context& ctx) { check_persistence(ctx, "unlogged"); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_persistence(ctx, after, "unlogged"); },
    .steps = [](const Context& ctx) { return persistence_steps(ctx, "unlogged"); },
};

}  // namespace mig::operations
