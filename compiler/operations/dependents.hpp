// Who would notice that a column or a table is gone: what PostgreSQL refuses to drop without CASCADE (2BP01), and what
// it drops along without a word.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// One thing that needs what is to be dropped, and what to write so that it does not.
struct Dependent {
  std::string what;  // "view public.open_orders reads it"
  std::string way;   // "drop it before: …"
};

// Columns that an expression of a table (a check, an index, a policy, a generated column) mentions.
[[nodiscard]] bool mentions_column(const std::string& expression, const std::string& column);
[[nodiscard]] bool index_uses(const catalog::Index& index, const std::string& column);

[[nodiscard]] std::vector<Dependent> dependents(const Context& ctx, const catalog::Table& table,
                                                const std::string& column);
[[nodiscard]] std::vector<Dependent> dependents(const Context& ctx, const catalog::Table& table);

// What stands elsewhere in the catalog and names one of these tables, or a column of them all: policies and rules of
// other tables, and for whole tables row types in columns, types and signatures. In dependents_elsewhere.cpp.
[[nodiscard]] std::vector<Dependent> dependents_elsewhere(const Context& ctx, const std::vector<catalog::Name>& tables);
[[nodiscard]] std::vector<Dependent> dependents_elsewhere(const Context& ctx, const std::vector<catalog::Name>& tables,
                                                          const std::string& column);

// Foreign keys of other tables that refer to this column (or, empty, to the table at all).
struct Inbound {
  catalog::Name table;
  std::string constraint;
};
[[nodiscard]] std::vector<Inbound> inbound_keys(const Context& ctx, const catalog::Table& table,
                                                const std::string& column);

// Reports them all as one diagnostic; true when there are none.
bool require_no_dependents(const Context& ctx, source::Span span, const std::string& what,
                           const std::vector<Dependent>& dependents);

}  // namespace mig::operations
