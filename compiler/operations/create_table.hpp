// A table as written: its model, and the SQL that makes it.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/model.hpp"

namespace mig::operations {

struct NewTable {
  catalog::Table table;
  std::vector<catalog::Sequence> sequences;
  std::vector<std::string> serial;             // columns written as serial
  std::vector<catalog::Constraint> elsewhere;  // foreign keys to other tables: steps of their own
  std::vector<std::string> plain_indexes;      // copied by `like … including indexes`
  std::string text;                            // as written
};
[[nodiscard]] NewTable make_table(const Context& ctx);
// The columns alone, as far as they resolve: what expressions of the new table may mention.
[[nodiscard]] catalog::Table columns_of_table(const Context& ctx);

// What stands behind `partition by`, where it stands: as pg_get_partkeydef prints it.
void put_partitioning(const Context& ctx, catalog::Table& table);

// What stands in `inherits (…)`, as far as it is names of tables.
[[nodiscard]] std::vector<syntax::Path> parent_paths(const Context& ctx);
// The tables that it inherits from, as far as they resolve.
[[nodiscard]] std::vector<const catalog::Table*> parents_of(const Context& ctx);
// Adds what `like` copies.
void copy_like(const Context& ctx, NewTable& made, const syntax::LikeTable& like);
[[nodiscard]] bool like_includes(const syntax::LikeTable& like, std::string_view what);

[[nodiscard]] sql::Fragment create_table_text(const NewTable& made);
[[nodiscard]] std::vector<sql::Step> create_table_steps(const Context& ctx, const NewTable& made);

}  // namespace mig::operations
