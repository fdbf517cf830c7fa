// Owner and rights of an object that is made again: exactly those that it had, whatever default privileges say.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"
#include "compiler/sql/step.hpp"

namespace mig::operations {

// What rights and owners are said of.
struct Owned {
  sql::Fragment owned;    // ALTER … OWNER TO: "VIEW public.v", "FUNCTION public.f(integer)"
  sql::Fragment granted;  // GRANT … ON …: "TABLE public.v", "FUNCTION public.f(integer)"
  char kind = 'r';        // as acldefault(): r relation, s sequence, f function, T type
  std::string owner;
  std::vector<catalog::Grant> grants;  // as the catalog has them: empty for the usual ones
};

// After CREATE by the session's role: the owner first, then the rights, each by the role that gave it.
[[nodiscard]] std::vector<sql::Statement> restore_rights(const catalog::Catalog& catalog, const Owned& object);
// Rights on a column of a new relation, which has none yet.
[[nodiscard]] std::vector<sql::Statement> restore_column_rights(const catalog::Catalog& catalog,
                                                                const catalog::Name& relation,
                                                                const catalog::Column& column);

}  // namespace mig::operations
