// Are two constants one value of a type? The server prints a constant in the type's own spelling, not the user's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mig::sql {

// `type` is PostgreSQL's internal name ("int4", "timestamptz", "text[]"), without length; empty: not known, and then
// only equal texts are equal.
[[nodiscard]] bool same_constant(std::string_view type, std::string_view a, std::string_view b);

// numeric_in's reading of a number, spelled as numeric_out would: 1e3 is 1000, .5 is 0.5, 1.50 stays; nullopt: no
// number.
[[nodiscard]] std::optional<std::string> canonical_number(std::string_view text);

// boolin's reading: true, t, yes, y, on, 1 and their opposites, in any case.
[[nodiscard]] std::optional<bool> boolean_value(std::string_view text);

// The three fields of an interval as the server stores it.
struct Interval {
  std::int64_t months = 0, days = 0, microseconds = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
// Words and units (`1 year 2 mons -3 days 04:05:06`, `90 seconds`, `1.5 hours ago`); nullopt: a form that is not read
// here.
[[nodiscard]] std::optional<Interval> interval_value(std::string_view text);

}  // namespace mig::sql
