// Range types with the multirange type and the constructors that come with them.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

// PostgreSQL makes them with the range and drops them with it; SET SCHEMA leaves them where they are.
struct RangeParts {
  catalog::Name range, constructor;
  catalog::Name multirange, multirange_constructor;  // empty before 14
  std::string subtype;
};
[[nodiscard]] RangeParts range_parts(const Context& ctx, const catalog::Type& range);
// The same parts where SET SCHEMA takes those that are in `from`.
[[nodiscard]] RangeParts moved_parts(RangeParts parts, const std::string& from, const std::string& to);
// All of them in this schema.
[[nodiscard]] RangeParts parts_in(RangeParts parts, const std::string& schema);
// SET SCHEMA of what differs.
[[nodiscard]] std::vector<sql::Statement> move_parts(const RangeParts& from, const RangeParts& to);

// The multirange type as the catalog will have it.
[[nodiscard]] catalog::Type multirange_type(const Context& ctx, const catalog::Type& range);
// Nothing has the names of what comes with the range.
bool require_free_parts(const Context& ctx, const RangeParts& parts, source::Span span);
// Everything that names the range, its multirange type or a constructor, but for the types themselves.
[[nodiscard]] std::vector<Dependent> range_users(const Context& ctx, const RangeParts& parts);

}  // namespace mig::operations
