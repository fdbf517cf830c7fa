// What a migration makes, held against a database that is said to have it already.
#pragma once

#include <vector>

#include "compiler/compile.hpp"

namespace mig::drift {

// What `migration` of this compilation makes or changes up to the end of `through`, and `found` lacks or has otherwise:
// `left` is what the migration makes, `right` what was found. What a later item of the compilation changes or drops may
// stand as that leaves it. Left out are what `found` has beyond it, the order of columns, owners and rights of what is
// made (another role may have made it), and tables that an `sql` step changes in a way that is not known.
[[nodiscard]] std::vector<catalog::Difference> not_as_made(const Output& compiled, const std::string& migration,
                                                           sql::Phase through, const catalog::Catalog& found);

}  // namespace mig::drift
