// PostgreSQL's own casts (pg_cast), for catalogs that come without their system part.
#pragma once

#include <optional>
#include <string>

namespace mig::operations {

enum class CastContext { explicit_only, assignment };
// Between two types of pg_catalog as format_type prints them without modifiers; nullopt: there is no row for them.
[[nodiscard]] std::optional<CastContext> builtin_cast(const std::string& from, const std::string& to);

}  // namespace mig::operations
