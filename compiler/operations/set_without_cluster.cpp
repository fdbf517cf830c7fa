// set without cluster: no index is marked for CLUSTER any more.
#include "compiler/operations/cluster_index.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  if (const auto* table = require_clustered_table(ctx)) (void)require_change(ctx, cluster_index, *table, {});
}

}  // namespace

extern const Operation set_without_cluster;  // its line in operations.def finds it
constinit const Operation set_without_cluster = {
    .name = "set_without_cluster",
    .form = "set without cluster (table path)",
    .summary = "Takes the mark for CLUSTER from the indexes of a table.",
    .description =
        R"(The rows stay where they are. SHARE UPDATE EXCLUSIVE for an instant: reads and writes go on. The way back marks the index
that was marked.)",
    .example =
        "add index products_name_idx on products (name);\n"
        "set cluster products using products_name_idx;\nset without cluster products;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_table_setting(ctx, after, cluster_index, {}); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, cluster_index, {}); },
};

}  // namespace mig::operations
