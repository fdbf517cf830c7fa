// set cluster: the index by which the next CLUSTER orders the rows.
#include <fmt/format.h>

#include "compiler/operations/cluster_index.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("index"); }

// GIN, hash, BRIN and SP-GiST keep no order (0A000).
std::string why_not(const catalog::Index& index) {
  if (index.method != "btree" && index.method != "gist") return index.method + " keeps no order";
  if (!index.predicate.empty()) return "it does not cover all rows";
  return index.valid ? "" : "it is not valid";
}

void check(const Context& ctx) {
  const auto* table = require_clustered_table(ctx);
  if (!table) return;
  const auto* index = table->index(name(ctx).text);
  if (!index) {
    std::vector<std::string> names;
    for (const auto& each : table->indexes) names.push_back(each.name);
    report_unknown(ctx, diagnostics::unknown_index, name(ctx),
                   fmt::format("no index `{}` on `{}`", sql::quote_ident(name(ctx).text), table->name.text()), names);
    return;
  }
  if (const auto reason = why_not(*index); !reason.empty())
    ctx.sink
        .report(diagnostics::wrong_value, name(ctx).span,
                fmt::format("rows cannot be ordered by index `{}`: {}", sql::quote_ident(index->name), reason))
        .note("write: the name of a btree index without a condition");
  else
    (void)require_change(ctx, cluster_index, *table, index->name);
}

}  // namespace

extern const Operation set_cluster;  // its line in operations.def finds it
constinit const Operation set_cluster = {
    .name = "set_cluster",
    .form = "set cluster (table path) using (index name)",
    .summary = "Marks the index by which CLUSTER orders the rows of a table.",
    .description =
        R"(Only the mark: no row is moved until somebody runs CLUSTER, which locks the table for as long as it takes to write it
anew. SHARE UPDATE EXCLUSIVE for an instant: reads and writes go on. A partitioned table takes no mark; its partitions do.

The way back marks what was marked.)",
    .example = "add index products_name_idx on products (name);\nset cluster products using products_name_idx;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_table_setting(ctx, after, cluster_index, name(ctx).text); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, cluster_index, name(ctx).text); },
};

}  // namespace mig::operations
