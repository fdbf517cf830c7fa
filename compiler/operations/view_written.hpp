// A view as `create view` and `replace view` write it: its model, and the SQL that makes it.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/operations/query_shape.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

struct WrittenView {
  catalog::View view;  // as the catalog will have it
  QueryShape shape;
  std::vector<std::string> names;  // of columns, as written; for the statement
};
// Total: what does not resolve is left empty, and the check has reported it. One that replaces another has from it what
// the call does not say: owner, rights, comments, options, defaults, indexes, triggers and rules.
[[nodiscard]] WrittenView written_view(const Context& ctx, ViewKind kind, const catalog::Name& name,
                                       const catalog::View* old = nullptr);
// Query, names of columns, options and check option; `name` is its own. False when something was reported.
bool check_written_view(const Context& ctx, ViewKind kind, const catalog::Name& name);

enum class MakeView { fresh, replace };
// CREATE [OR REPLACE] VIEW … AS what is written, under this name.
[[nodiscard]] sql::Statement create_view_statement(const Context& ctx, const WrittenView& written,
                                                   const catalog::Name& name, MakeView make);

void check_create_view(const Context& ctx, ViewKind kind);
void create_view_effect(const Context& ctx, catalog::Catalog& after, ViewKind kind);
[[nodiscard]] std::vector<sql::Step> create_view_steps(const Context& ctx, ViewKind kind);

// ---- replacing (view_replace.cpp, view_swap.cpp) ----
void check_replace_view(const Context& ctx, ViewKind kind);
[[nodiscard]] std::optional<Break> replace_view_breaks(const Context& ctx, ViewKind kind);
void replace_view_effect(const Context& ctx, catalog::Catalog& after, ViewKind kind);
[[nodiscard]] std::vector<sql::Step> replace_view_steps(const Context& ctx);
// A materialized view is made beside the old one, filled and indexed, and takes its place in one short transaction.
[[nodiscard]] std::vector<sql::Step> swap_view_steps(const Context& ctx);

}  // namespace mig::operations
