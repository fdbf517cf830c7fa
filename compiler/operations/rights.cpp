// Owner and rights of an object that is made again.
#include "compiler/operations/rights.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

// The letters of aclitem (manual 5.8).
Fragment privilege(char letter) {
  switch (letter) {
    case 'a':
      return sql::sql("INSERT");
    case 'r':
      return sql::sql("SELECT");
    case 'w':
      return sql::sql("UPDATE");
    case 'd':
      return sql::sql("DELETE");
    case 'D':
      return sql::sql("TRUNCATE");
    case 'x':
      return sql::sql("REFERENCES");
    case 't':
      return sql::sql("TRIGGER");
    case 'X':
      return sql::sql("EXECUTE");
    case 'C':
      return sql::sql("CREATE");
    case 'm':
      return sql::sql("MAINTAIN");
    default:
      return sql::sql("USAGE");
  }
}

// What acldefault() gives to the owner.
std::string of_owner(const catalog::Catalog& catalog, char kind) {
  switch (kind) {
    case 's':
      return "rwU";
    case 'f':
      return "X";
    case 'T':
      return "U";
    default:
      return catalog.server.major() >= 17 ? "arwdDxtm" : "arwdDxt";
  }
}

Fragment role(const std::string& name) { return name.empty() ? sql::sql("PUBLIC") : sql::fragment(Ident{name}); }

sql::Statement said(Fragment text) {
  sql::Statement statement;
  statement.text = std::move(text);
  return statement;
}

sql::Statement revoke_all(const Owned& object, const std::string& from) {
  return said(sql::sql("REVOKE ALL ON {} FROM {}", object.granted, role(from)));
}

// One entry of an ACL is up to two statements: with and without grant option. `column`: "(note)".
void add_grants(const Fragment& on, const Fragment& column, const catalog::Grant& grant,
                std::vector<sql::Statement>& out) {
  std::array<std::vector<Fragment>, 2> words;  // plain, with grant option
  for (std::size_t i = 0; i < grant.privileges.size(); ++i) {
    if (grant.privileges[i] == '*') continue;
    const bool grantable = i + 1 < grant.privileges.size() && grant.privileges[i + 1] == '*';
    const auto word = privilege(grant.privileges[i]);
    words[grantable ? 1 : 0].push_back(column.empty() ? word : sql::sql("{} {}", word, column));
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty()) continue;
    auto text = sql::sql("GRANT {} ON {} TO {}", sql::join(words[i], ", "), on, role(grant.grantee));
    out.push_back(said(i == 0 ? text : sql::sql("{} WITH GRANT OPTION", text)));
  }
}

// Rights that somebody else than the owner gave stand in that role's name: it gives them again.
void add_as_grantor(const std::string& owner, const Fragment& on, const Fragment& column, const catalog::Grant& grant,
                    std::vector<sql::Statement>& out) {
  if (grant.grantor == owner) return add_grants(on, column, grant, out);
  out.push_back(said(sql::sql("SET LOCAL ROLE {}", Ident{grant.grantor})));
  add_grants(on, column, grant, out);
  out.push_back(said(sql::sql("RESET ROLE")));
}

// Givers before takers: the owner's grants first, then those of roles that have their grant option by then.
std::vector<catalog::Grant> in_order(std::vector<catalog::Grant> grants, const std::string& owner) {
  std::set<std::string> able{owner};
  std::vector<catalog::Grant> ordered;
  while (!grants.empty()) {
    auto next = std::stable_partition(grants.begin(), grants.end(),
                                      [&](const catalog::Grant& grant) { return able.count(grant.grantor) != 0; });
    if (next == grants.begin()) next = grants.end();  // whoever gave the grant option lost it since
    for (auto grant = grants.begin(); grant != next; ++grant) {
      if (grant->privileges.find('*') != std::string::npos) able.insert(grant->grantee);
      ordered.push_back(*grant);
    }
    grants.erase(grants.begin(), next);
  }
  return ordered;
}

// Roles that ALTER DEFAULT PRIVILEGES gives something to on any new object.
std::set<std::string> by_default(const catalog::Catalog& catalog) {
  std::set<std::string> roles;
  for (const auto& name : catalog.names("default privileges"))
    if (const auto* object = catalog.object("default privileges", name))
      for (const auto& grant : object->grants) roles.insert(grant.grantee);
  return roles;
}

}  // namespace

std::vector<sql::Statement> restore_rights(const catalog::Catalog& catalog, const Owned& object) {
  std::vector<sql::Statement> out;
  if (object.owner != catalog.server.role)
    out.push_back(said(sql::sql("ALTER {} OWNER TO {}", object.owned, Ident{object.owner})));
  auto emptied = by_default(catalog);
  emptied.erase(object.owner);
  const bool usual = object.grants.empty();
  const bool public_too = object.kind == 'f' || object.kind == 'T';
  if (!usual && public_too) emptied.insert("");
  if (!usual) {
    const auto own = std::find_if(object.grants.begin(), object.grants.end(), [&](const catalog::Grant& grant) {
      return grant.grantee == object.owner && grant.grantor == object.owner &&
             grant.privileges == of_owner(catalog, object.kind);
    });
    if (own == object.grants.end()) emptied.insert(object.owner);
  }
  for (const auto& from : emptied) out.push_back(revoke_all(object, from));
  if (usual && !catalog.names("default privileges").empty()) {  // which may take the usual ones away as well
    add_grants(object.granted, {}, {object.owner, of_owner(catalog, object.kind), object.owner}, out);
    if (public_too) add_grants(object.granted, {}, {"", of_owner(catalog, object.kind), object.owner}, out);
  }
  for (const auto& grant : in_order(object.grants, object.owner)) {
    const bool kept = grant.grantee == object.owner && emptied.count(object.owner) == 0;
    if (!kept) add_as_grantor(object.owner, object.granted, {}, grant, out);
  }
  return out;
}

std::vector<sql::Statement> restore_column_rights(const catalog::Catalog& catalog, const catalog::Name& relation,
                                                  const catalog::Column& column) {
  std::vector<sql::Statement> out;
  std::string owner;
  if (const auto* table = catalog.table(relation)) owner = table->owner;
  if (const auto* view = catalog.view(relation)) owner = view->owner;
  const auto on = sql::sql("TABLE {}", relation.sql());
  const auto part = sql::sql("({})", Ident{column.name});
  for (const auto& grant : in_order(column.grants, owner)) add_as_grantor(owner, on, part, grant, out);
  return out;
}

}  // namespace mig::operations
