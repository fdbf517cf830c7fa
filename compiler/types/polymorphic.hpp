// anyelement and its two families: what stands for them in one call.
#pragma once

#include <span>

#include "compiler/types/universe.hpp"

namespace mig::types {

[[nodiscard]] constexpr bool first_family(TypeId id) {
  return id == type::anyelement || id == type::anyarray || id == type::anynonarray || id == type::anyenum ||
         id == type::anyrange || id == type::anymultirange;
}
[[nodiscard]] constexpr bool second_family(TypeId id) {
  return id == type::anycompatible || id == type::anycompatiblearray || id == type::anycompatiblenonarray ||
         id == type::anycompatiblerange || id == type::anycompatiblemultirange;
}
[[nodiscard]] constexpr bool polymorphic(TypeId id) { return first_family(id) || second_family(id); }

// check_generic_type_consistency: could these arguments be given for these parameters?
[[nodiscard]] bool consistent(const Universe& universe, std::span<const TypeId> actual,
                              std::span<const TypeId> declared);

// enforce_generic_type_consistency: the result's type; parameters in `declared` become what the arguments are coerced
// to. Throws Refused.
[[nodiscard]] TypeId bind_polymorphic(const Universe& universe, std::span<const TypeId> actual,
                                      std::span<TypeId> declared, TypeId result);

}  // namespace mig::types
