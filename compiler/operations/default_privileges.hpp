// Rights of what a role will make: ALTER DEFAULT PRIVILEGES, as grant default and revoke default write it.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/grant_calls.hpp"

namespace mig::operations {

// What follows the privileges in both forms.
#define MIG_DEFAULT_OBJECTS \
  "<tables / sequences / functions / types / schemas> [made by (creator name)] [in schema (schema name)]"

void check_default(const Context& ctx, GrantVerb verb);
void default_effect(const Context& ctx, GrantVerb verb, catalog::Catalog& after);
[[nodiscard]] std::vector<sql::Step> default_steps(const Context& ctx, GrantVerb verb);

}  // namespace mig::operations
