// grant and revoke as written: objects, privileges, roles, and what they change.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/acl.hpp"

namespace mig::operations {

// The alternatives of `on …`, for the forms of both.
#define MIG_GRANT_OBJECTS                                                                                  \
  "<table (table path_list) / view (view path_list) / materialized view (matview path_list) / "            \
  "sequence (sequence path_list) / function (function callables) / procedure (procedure callables) / "     \
  "aggregate (aggregate callables) / schema (schema name_list) / type (type path_list) / "                 \
  "domain (domain path_list) / all tables in schema (tables_in name_list) / "                              \
  "all sequences in schema (sequences_in name_list) / all functions in schema (functions_in name_list) / " \
  "all procedures in schema (procedures_in name_list)>"

// A role of the cluster; PUBLIC is one here. Unknown ones are reported where the catalog knows them all.
bool require_role(const Context& ctx, const syntax::Name& role);
// "" for public.
[[nodiscard]] std::string grantee_of(const syntax::Name& role);
// The session's role, or one that it can act as.
[[nodiscard]] bool acts_as(const Context& ctx, std::string_view role);

// One word of the list: its letter, and the columns that it is limited to. `all` has all letters of the kind.
struct WrittenPrivilege {
  std::string letters;
  std::vector<std::string> columns;
  source::Span span;
};
// Reports words that are no privileges of such objects, and those that the server does not know yet.
[[nodiscard]] std::vector<WrittenPrivilege> privileges_of_call(const Context& ctx, AclKind kind, bool report);

// Who would be the grantor of these letters (select_best_grantor): the session's role or one that it can act as, the
// owner before others; empty: nobody whom it can act as may grant them.
[[nodiscard]] std::string grantor_of(const Context& ctx, const RightsObject& object, const Acl& acl,
                                     const std::string& letters);
// This role has the grant option for all of these letters.
[[nodiscard]] bool may_grant(const Acl& acl, const std::string& role, const std::string& letters);
// What a grant or revoke call changes: an entry for each object that it changes.
enum class GrantVerb { grant, revoke };
[[nodiscard]] std::vector<RightsChange> changes_of_call(const Context& ctx, GrantVerb verb);
// Objects, privileges, roles, the right to grant, what depends on a revoked grant option; and that something changes.
void check_grant_call(const Context& ctx, GrantVerb verb);

// The step with its way back; titles are "grant …" and "revoke …".
[[nodiscard]] std::vector<sql::Step> rights_steps(const Context& ctx, const std::vector<RightsChange>& changes,
                                                  const std::string& title, const std::string& back_title);

}  // namespace mig::operations
