// set table logged: its changes go to the WAL, so that it outlives a crash.
#include "compiler/operations/persistence.hpp"

namespace mig::operations {

extern const Operation set_table_logged;  // its line in operations.def finds it
constinit const Operation set_table_logged = {
    .name = "set_table_logged",
    .form = "set table logged (table path)",
    .summary = "Writes an unlogged table to the WAL, so that it outlives a crash and reaches standbys.",
    .description =
        R"(The whole table, its indexes and its TOAST table are written anew under ACCESS EXCLUSIVE: nobody reads or writes meanwhile.
There is no online form. From 15 on the sequences that it owns follow. A partitioned table has no rows of its own: write a
line for each partition.

Refused while it has a foreign key to an unlogged table. The way back makes it unlogged again.)",
    .example =
        "create table visits (id bigint generated always as identity primary key, page text) unlogged;\nset table "
        "logged visits;",
    .check = [](const Context& ctx) { check_persistence(ctx, "permanent"); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_persistence(ctx, after, "permanent"); },
    .steps = [](const Context& ctx) { return persistence_steps(ctx, "permanent"); },
};

}  // namespace mig::operations
