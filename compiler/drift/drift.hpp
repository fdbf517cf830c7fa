// Two catalogs that should be one: for each object that differs, what would take the difference over and what would
// undo it, as .mig text where an operation says it and as SQL. Nothing here is run by mig.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"

namespace mig::drift {

// What makes one catalog like the other in one object.
struct Change {
  std::vector<std::string> sql;  // statements in order; empty: `note` says why
  std::string mig;               // "expand { add column users.nick text; }"; empty: no operation says it
  std::string note;              // "comes with its parent's", "nothing makes this kind of object"
};

// All differences of one object, `left` being what was expected and `right` what was found.
struct Remedy {
  std::string key;  // of the catalog
  Change adopt;     // left becomes like right: for the files
  Change revert;    // right becomes like left: for the database
};

// One remedy for each key among the differences, in their order. .mig text is offered only where it compiles on the
// catalog that it changes and its effect is the other side; with more than `most` objects it is left out, since each
// is a compilation.
[[nodiscard]] std::vector<Remedy> remedies(const catalog::Catalog& left, const catalog::Catalog& right,
                                           const std::vector<catalog::Difference>& differences, std::size_t most = 40);

}  // namespace mig::drift
