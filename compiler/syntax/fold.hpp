// PostgreSQL's operator precedence (gram.y), low to high.
#pragma once

#include <string_view>

namespace mig::syntax {

enum Level : int {
  level_or = 10,
  level_and = 20,
  level_not = 30,
  level_is = 40,          // is …, isnull, notnull, is distinct from; does not chain
  level_comparison = 50,  // < > = <= >= <>; does not chain
  level_pattern = 60,     // between in like ilike similar; does not chain
  level_other = 70,       // every other operator, also operator(…) and prefix operators
  level_plus = 80,
  level_times = 90,
  level_power = 100,
  level_at = 110,
  level_collate = 120,
  level_overlaps = 125,  // PostgreSQL takes it between rows only
  level_sign = 130
};

// The level of an infix as Binary::op spells it.
[[nodiscard]] int infix_level(std::string_view op);
[[nodiscard]] int prefix_level(std::string_view op);
// Levels at which a op b op c needs parentheses.
[[nodiscard]] constexpr bool chains(int level) {
  return level != level_is && level != level_comparison && level != level_pattern && level != level_overlaps;
}

}  // namespace mig::syntax
