// Names that mig gives by rule: the same in every compilation, so that plans are deterministic.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mig::ir {

// The schema where a migration's dropped tables are kept aside: mig_park_<migration>, made when first needed and
// removed with the last table in it.
[[nodiscard]] std::string park_schema(std::string_view migration);

// The n-th run of a repeatable is a migration of its own in the journal: "reports@2". No name in a file may hold an @.
struct Run {
  std::string repeatable;
  int number = 0;
};
[[nodiscard]] std::string run_name(std::string_view repeatable, int number);
[[nodiscard]] std::optional<Run> as_run(std::string_view migration);

}  // namespace mig::ir
