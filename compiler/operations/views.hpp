// Views and materialized views: found by their name, and what the operations on them have in common.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

enum class ViewKind { view, materialized };
[[nodiscard]] const char* word(ViewKind kind);  // "materialized view"
[[nodiscard]] ViewKind kind_of(const catalog::View& view);
[[nodiscard]] sql::Fragment word_of(const catalog::View& view);  // MATERIALIZED VIEW

// ---- those that are there; find_view() of comment_targets.hpp is silent ----
// The hole `view` of the call.
[[nodiscard]] const syntax::Path& view_path(const Context& ctx);
[[nodiscard]] const catalog::View& view_of(const Context& ctx);
// Reports an unknown name, another kind, and a role that does not own it; null then.
[[nodiscard]] const catalog::View* require_own_view(const Context& ctx, const syntax::Path& path, ViewKind kind);

struct ViewColumn {
  const catalog::View* view = nullptr;
  const catalog::Column* column = nullptr;
};
// The hole `column` of the call: view.column or schema.view.column.
[[nodiscard]] ViewColumn view_column_of(const Context& ctx);
// Both members are set, or both are null and something was reported.
[[nodiscard]] ViewColumn require_own_view_column(const Context& ctx, ViewKind kind);
[[nodiscard]] const catalog::Column* column_of(const catalog::View& view, const std::string& name);

// This phase of this migration made it: no old client knows it.
[[nodiscard]] bool made_here(const Context& ctx, const catalog::View& view);
// Warns of functions whose text names it: PostgreSQL does not follow them.
void warn_of_view_in_texts(const Context& ctx, const catalog::View& view, source::Span span);

// ---- moves: another name, another schema (view_moves.cpp) ----
void check_move_view(const Context& ctx, ViewKind kind, const catalog::Name& to, source::Span span);
[[nodiscard]] std::optional<Break> move_view_breaks(const Context& ctx);
[[nodiscard]] std::vector<sql::Step> move_view_steps(const Context& ctx, const catalog::Name& to);
// The name that the hole `new`, or `schema`, gives it.
[[nodiscard]] catalog::Name moved_view_name(const Context& ctx);
void check_rename_view_column(const Context& ctx, ViewKind kind);
[[nodiscard]] std::optional<Break> rename_view_column_breaks(const Context& ctx);
void rename_view_column_effect(const Context& ctx, catalog::Catalog& after);
[[nodiscard]] std::vector<sql::Step> rename_view_column_steps(const Context& ctx);

// ---- dropping (view_drops.cpp) ----
// Statistics objects on it, which go with it without a word: made again.
[[nodiscard]] std::vector<sql::Statement> make_view_statistics(const Context& ctx, const catalog::View& view);
void check_drop_view(const Context& ctx, ViewKind kind);
[[nodiscard]] std::optional<Break> drop_view_breaks(const Context& ctx);
void drop_view_effect(const Context& ctx, catalog::Catalog& after);
[[nodiscard]] std::vector<sql::Step> drop_view_steps(const Context& ctx);

// ---- options (view_options.cpp) ----
// What stands in `with (…)` or in the parentheses of `set … options`: names that the kind knows, values that fit.
bool check_view_options(const Context& ctx, ViewKind kind, const std::vector<syntax::Setting>& options);
// `name=value` of each, over those of `before`; sorted as the catalog has them.
[[nodiscard]] std::vector<std::string> with_settings(std::vector<std::string> before,
                                                     const std::vector<syntax::Setting>& options);
void check_set_view_options(const Context& ctx, ViewKind kind);
[[nodiscard]] std::optional<Break> set_view_options_breaks(const Context& ctx);
void set_view_options_effect(const Context& ctx, catalog::Catalog& after);
[[nodiscard]] std::vector<sql::Step> set_view_options_steps(const Context& ctx);

// ---- defaults of columns (view_defaults.cpp) ----
// `value`: empty where it is dropped.
[[nodiscard]] std::vector<sql::Step> view_default_steps(const Context& ctx, const std::string& value);
void view_default_effect(const Context& ctx, catalog::Catalog& after, const std::string& value);

}  // namespace mig::operations
