// Which type becomes which, and how: parse_coerce.c of PostgreSQL.
#pragma once

#include <span>

#include "compiler/types/universe.hpp"

namespace mig::types {

// What allows a conversion: an argument, a column that is written to, a cast that is spelled out.
enum class Context : char { implicit, assignment, explicit_ };
enum class Path : char { none, relabel, function, io, array };

struct Conversion {
  Path path = Path::none;
  std::uint32_t function = 0;
};

// find_coercion_pathway: domains count as what they are made of.
[[nodiscard]] Conversion conversion(const Universe& universe, TypeId target, TypeId source, Context context);
// can_coerce_type, over all arguments at once since polymorphic ones have to agree.
[[nodiscard]] bool can_coerce(const Universe& universe, std::span<const TypeId> sources,
                              std::span<const TypeId> targets, Context context);
[[nodiscard]] inline bool can_coerce(const Universe& universe, TypeId source, TypeId target, Context context) {
  return can_coerce(universe, std::span(&source, 1), std::span(&target, 1), context);
}
// A column's type or an argument's literal: does a function of this modifier's own stand behind the type (varchar(n))?
[[nodiscard]] bool has_length_function(const Universe& universe, TypeId type);

// select_common_type: what UNION, CASE, COALESCE, VALUES, ARRAY give to several. `common` 0: `left` and `right` differ.
struct Common {
  TypeId common = 0, left = 0, right = 0;
};
[[nodiscard]] Common common_type(const Universe& universe, std::span<const TypeId> types);
// verify_common_type: does each of them really become that type?
[[nodiscard]] bool all_become(const Universe& universe, TypeId common, std::span<const TypeId> types);

}  // namespace mig::types
