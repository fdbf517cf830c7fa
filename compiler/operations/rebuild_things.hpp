// One thing that is in the way of a change, by its kind: how it goes and how it comes back. For rebuild.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/operations/rebuild.hpp"

namespace mig::operations {

[[nodiscard]] Hung hung_view(const Context& ctx, const catalog::View& view);
// Triggers and rules of a view that goes: nothing to drop.
[[nodiscard]] Hung hung_view_parts(const Context& ctx, const catalog::View& view);
// A function with its signature; and one whose body is put aside while it stays.
[[nodiscard]] Hung hung_function(const Context& ctx, const catalog::Function& function);
[[nodiscard]] Hung hung_body(const Context& ctx, const catalog::Function& function);
[[nodiscard]] bool has_sql_body(const catalog::Function& function);  // BEGIN ATOMIC … END or RETURN …

[[nodiscard]] Hung hung_policy(const Context& ctx, const catalog::Table& table, const catalog::Policy& policy);
[[nodiscard]] Hung hung_rule(const Context& ctx, const catalog::Table& table, const catalog::Rule& rule);
[[nodiscard]] Hung hung_trigger(const Context& ctx, const catalog::Table& table, const catalog::Trigger& trigger);
// A partition's copy of its parent's trigger that was switched on or off by itself.
[[nodiscard]] bool is_clone(const Context& ctx, const catalog::Table& table, const catalog::Trigger& trigger);
[[nodiscard]] Hung hung_publication(const catalog::Object& publication, const catalog::Use& use);

// PostgreSQL 17 sets a generation expression anew; before, the column has to go.
[[nodiscard]] bool expression_can_change(const Context& ctx);
[[nodiscard]] std::vector<const catalog::Column*> generated_from(const Context& ctx, const catalog::Name& table,
                                                                 const std::string& column);
using Columns = std::set<std::pair<catalog::Name, std::string>>;
// nullopt: it comes back with its parent's.
[[nodiscard]] std::optional<Hung> hung_generated(const Context& ctx, const catalog::Table& table,
                                                 const std::string& column, const Columns& all);

// The name of a relation, function or type of the set stands in the text.
[[nodiscard]] bool names_one(const std::string& text, const std::set<catalog::Name>& names);
// What needs a function or a view that goes, and that nothing can take away and bring back: each with its reason.
void add_strangers(const catalog::Table& table, const std::set<catalog::Name>& functions,
                   const std::set<catalog::Name>& relations, Hanging& out);
void add_callers(const Context& ctx, const std::set<catalog::Name>& functions, Hanging& out);

}  // namespace mig::operations
