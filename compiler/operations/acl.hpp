// Rights: access control lists as values, and the statements that turn one into another.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Kinds of objects by what can be granted on them. `relation`: tables, views, materialized views, foreign tables.
enum class AclKind { relation, column, sequence, schema, function, type };

// ---- lists ----
// PostgreSQL's letters of all privileges on such an object.
[[nodiscard]] std::string all_privileges(AclKind kind, int server_major);
// 'r' -> "SELECT"
[[nodiscard]] sql::Fragment privilege_word(char letter);

// A list without holes: who (grantee, grantor) has which letters, each with or without grant option. PUBLIC is "".
using Acl = std::map<std::pair<std::string, std::string>, std::map<char, bool>>;
// What an object of this owner has while nobody granted or revoked anything (acldefault).
[[nodiscard]] Acl default_acl(AclKind kind, const std::string& owner, int server_major);
// The catalog's list, which is empty where nothing but the default is there, and back.
[[nodiscard]] Acl acl_of(AclKind kind, const std::vector<catalog::Grant>& grants, const std::string& owner,
                         int server_major);
[[nodiscard]] std::vector<catalog::Grant> grants_of(AclKind kind, const Acl& acl, const std::string& owner,
                                                    int server_major);
// Entry by entry, without a word about defaults.
[[nodiscard]] Acl plain_acl(const std::vector<catalog::Grant>& grants);
[[nodiscard]] std::vector<catalog::Grant> plain_grants(const Acl& acl);
void add_rights(Acl& acl, const std::string& grantee, const std::string& grantor, const std::string& letters,
                bool with_option);
// `option_only`: takes the grant option alone.
void take_rights(Acl& acl, const std::string& grantee, const std::string& grantor, const std::string& letters,
                 bool option_only);
// What an owner had belongs to the new one (aclnewowner).
[[nodiscard]] Acl with_owner(const Acl& acl, const std::string& from, const std::string& to);

// ---- objects ----
// Of a relation also those on its columns; columns without any are left out.
struct Rights {
  Acl own;
  std::map<std::string, Acl> columns;
  friend bool operator==(const Rights&, const Rights&) = default;
};

struct RightsObject {
  AclKind kind = AclKind::relation;
  std::string key;           // of the catalog
  sql::Fragment word, name;  // TABLE, s.t
  catalog::Name relation;    // for locks; empty where it is none
  std::string owner;
  Rights rights;
  sql::Fragment oid;  // SQL
  std::function<void(catalog::Catalog&, const std::string& owner, const Rights&)> put;
};
[[nodiscard]] RightsObject rights_object(const catalog::Table& table, int server_major);
[[nodiscard]] RightsObject rights_object(const catalog::View& view, int server_major);
[[nodiscard]] RightsObject rights_object(const catalog::Sequence& sequence, int server_major);
[[nodiscard]] RightsObject rights_object(const catalog::Type& type, int server_major);
[[nodiscard]] RightsObject rights_object(const catalog::Function& function, int server_major);
[[nodiscard]] RightsObject rights_object_of_schema(const catalog::Object& schema, int server_major);

// ---- SQL ----
// An object whose rights are `before` when the statements run and `after` then.
struct RightsChange {
  RightsObject object;
  Rights before, after;
};
// GRANT and REVOKE, as few as say it; empty where nothing differs. What somebody else than the owner granted is granted
// by them again (SET LOCAL ROLE).
[[nodiscard]] std::vector<sql::Statement> rights_statements(const Context& ctx,
                                                            const std::vector<RightsChange>& changes);
// What differs between `before` and `after` is as in `after`; empty where nothing differs.
[[nodiscard]] sql::Fragment rights_are(const std::vector<RightsChange>& changes);
// The same of one list: `list` is SQL of type aclitem[].
[[nodiscard]] sql::Fragment acl_is(const sql::Fragment& list, const Acl& before, const Acl& after);
// For an object that is made again from its definition: from what a new object of the session's role has by default
// privileges to what the old one had; run after OWNER TO.
[[nodiscard]] std::vector<sql::Statement> restore_acl(const Context& ctx, const RightsObject& old,
                                                      const std::string& schema);
// What an object that the session's role makes in this schema has at once: by ALTER DEFAULT PRIVILEGES, else nothing
// said. `kind`: "tables" (views too), "sequences", "functions", "types", "schemas".
[[nodiscard]] std::vector<catalog::Grant> initial_grants(const Context& ctx, std::string_view kind,
                                                         const std::string& schema);

}  // namespace mig::operations
