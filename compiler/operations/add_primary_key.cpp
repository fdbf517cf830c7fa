// add primary key: NOT NULL proven first, a unique index built concurrently, then the constraint in an instant.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "primary key";

Key key_of(const Context& ctx) { return key_of_call(ctx, *table_of_call(ctx), kind); }

bool all_not_null(const catalog::Table& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const auto* column = table.column(name);
    return column && column->not_null;
  });
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table) return std::nullopt;
  const auto& columns = key_of(ctx).constraint.columns;
  if (made_here(ctx, *table) || (index_to_use(ctx, *table) && all_not_null(*table, columns))) return std::nullopt;
  if (all_made_here(ctx, *table, columns)) return std::nullopt;
  return Break{"clients of the old schema may write rows that it refuses as duplicates, or null",
               "write it in contract { … }, once all clients keep the rule"};
}

}  // namespace

extern const Operation add_primary_key;  // its line in operations.def finds it
constinit const Operation add_primary_key = {
    .name = "add_primary_key",
    .form =
        "add primary key [(name name)] on (table path) (columns names) [(tail constraint_tail)] "
        "[using index (index name)]",
    .summary = "Gives a table its primary key, without a scan or a build under a lock that stops anybody.",
    .description =
        R"md(Columns that may be null become `NOT NULL` first, by the online steps of [set not null](#set_not_null). Then a unique
index is built `CONCURRENTLY`, and `ADD CONSTRAINT … PRIMARY KEY USING INDEX` takes ACCESS EXCLUSIVE for an instant: it
reads no row. Duplicates make the build fail; the plan prints the query that finds them.

A **partitioned table** gets the constraint `ONLY` for itself, each partition its own in that way, and those are attached;
its columns must contain the partition key. Inheritors get no key, only `NOT NULL`. A table that the same phase made
gets it in one statement.

`using index` takes a unique index that is there, and gives it the constraint's name. PostgreSQL refuses one that is
partial, not valid, sorted another way, over expressions or with another operator class: here this is said before.
`include (…)`, `deferrable` and `initially deferred` may follow the columns; a deferrable key cannot be a foreign key's
target nor that of `on conflict`.

The way back drops the constraint, and brings back what was `NULL`able; an index taken by `using index` is built again.
Old clients may write rows that it refuses, so it belongs in `contract`.
)md",
    .example = R"(drop primary key on products;
add primary key on products (id) include (name);
drop primary key on orders;
add primary key orders_key on orders (id, user_id);)",
    .check = [](const Context& ctx) { check_new_key(ctx, kind); },
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_new_key(ctx, after, kind); },
    .steps = [](const Context& ctx) { return new_key_steps(ctx, kind); },
};

}  // namespace mig::operations
