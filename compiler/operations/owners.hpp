// Objects with an owner: found by the call's kind and name, given to another role, given back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/acl.hpp"

namespace mig::operations {

// An object with what goes along when its owner changes.
struct OwnedObject {
  std::string kind, key;  // "table", "table public.orders"
  catalog::Name name;
  std::string owner;
  sql::Fragment object;   // TABLE s.t, as ALTER … OWNER TO names it
  sql::Fragment current;  // SQL: its owner's name now
  std::vector<sql::Lock> locks;
  std::vector<std::string> touches;
  // It, and the sequences of a table's columns: empty where it has no rights (publications, statistics).
  std::vector<RightsObject> rights;
  const catalog::Object* plain = nullptr;  // a publication or statistics object
};

// Of a call with a hole for each kind (set owner). Silent.
[[nodiscard]] std::optional<OwnedObject> find_owned(const Context& ctx);
// Reports unknown names and what cannot change hands alone.
[[nodiscard]] std::optional<OwnedObject> require_owned(const Context& ctx);
// The session's role is a member of the new owner, who may create in the schema.
bool check_new_owner(const Context& ctx, const OwnedObject& object, const syntax::Name& role);

void give(const OwnedObject& object, const std::string& to, catalog::Catalog& after);
[[nodiscard]] sql::Statement owner_statement(const OwnedObject& object, const std::string& to);
// OWNER TO the old owner, and the rights that came together while the other one had it.
[[nodiscard]] std::vector<sql::Statement> give_back_statements(const Context& ctx, const OwnedObject& object,
                                                               const std::string& from);
[[nodiscard]] sql::Fragment owned_by(const OwnedObject& object, const std::string& role);

}  // namespace mig::operations
