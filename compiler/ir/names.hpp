// Names that mig gives by rule: the same in every compilation, so that plans are deterministic.
#pragma once

#include <string>
#include <string_view>

namespace mig::ir {

// The schema where a migration's dropped tables are kept aside: mig_park_<migration>, made when first needed and
// removed with the last table in it.
[[nodiscard]] std::string park_schema(std::string_view migration);

}  // namespace mig::ir
