// What differs between two access control lists, letter by letter.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/acl.hpp"

namespace mig::operations {

// Revokes come first, those of grantees of grantees before those of the owner; grants the other way round.
enum class RightsVerb { revoke, revoke_option, grant, grant_option };

// One letter of one grantee; `column` is empty where it is of the whole object.
struct RightsAtom {
  RightsVerb verb;
  std::string grantee, grantor, column;
  char letter;
};
[[nodiscard]] inline bool removes(RightsVerb verb) {
  return verb == RightsVerb::revoke || verb == RightsVerb::revoke_option;
}
void acl_differences(const Acl& before, const Acl& after, const std::string& column, std::vector<RightsAtom>& atoms);

}  // namespace mig::operations
