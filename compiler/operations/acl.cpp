// Access control lists as PostgreSQL keeps them (src/backend/utils/adt/acl.c).
#include "compiler/operations/acl.hpp"

#include <algorithm>
#include <array>

namespace mig::operations {

namespace {

struct Privilege {
  char letter;
  sql::Fragment (*word)();
};

// In the order in which aclitem prints them.
const std::array<Privilege, 11>& privileges() {
  static const std::array<Privilege, 11> list{{{'a', [] { return sql::sql("INSERT"); }},
                                               {'r', [] { return sql::sql("SELECT"); }},
                                               {'w', [] { return sql::sql("UPDATE"); }},
                                               {'d', [] { return sql::sql("DELETE"); }},
                                               {'D', [] { return sql::sql("TRUNCATE"); }},
                                               {'x', [] { return sql::sql("REFERENCES"); }},
                                               {'t', [] { return sql::sql("TRIGGER"); }},
                                               {'X', [] { return sql::sql("EXECUTE"); }},
                                               {'U', [] { return sql::sql("USAGE"); }},
                                               {'C', [] { return sql::sql("CREATE"); }},
                                               {'m', [] { return sql::sql("MAINTAIN"); }}}};
  return list;
}

void put(Acl& acl, const std::string& grantee, const std::string& grantor, const std::string& letters, bool option) {
  for (const char letter : letters) acl[{grantee, grantor}][letter] = option;
}

// Letters with * behind those with grant option, in PostgreSQL's order; others (of databases) as they are.
std::string letters_text(const std::map<char, bool>& letters) {
  std::string text;
  auto left = letters;
  for (const auto& privilege : privileges())
    if (const auto found = left.find(privilege.letter); found != left.end()) {
      text.append(1, privilege.letter).append(found->second ? "*" : "");
      left.erase(found);
    }
  for (const auto& [letter, option] : left) text.append(1, letter).append(option ? "*" : "");
  return text;
}

}  // namespace

std::string all_privileges(AclKind kind, int server_major) {
  switch (kind) {
    case AclKind::relation:
      return server_major >= 17 ? "arwdDxtm" : "arwdDxt";
    case AclKind::column:
      return "arwx";
    case AclKind::sequence:
      return "rwU";
    case AclKind::schema:
      return "UC";
    case AclKind::function:
      return "X";
    case AclKind::type:
      return "U";
  }
  return {};
}

sql::Fragment privilege_word(char letter) {
  for (const auto& privilege : privileges())
    if (privilege.letter == letter) return privilege.word();
  return {};
}

Acl default_acl(AclKind kind, const std::string& owner, int server_major) {
  Acl acl;
  if (kind == AclKind::column) return acl;
  put(acl, owner, owner, all_privileges(kind, server_major), false);
  if (kind == AclKind::function) put(acl, "", owner, "X", false);
  if (kind == AclKind::type) put(acl, "", owner, "U", false);
  return acl;
}

Acl plain_acl(const std::vector<catalog::Grant>& grants) {
  Acl acl;
  for (const auto& grant : grants)
    for (std::size_t i = 0; i < grant.privileges.size(); ++i) {
      if (grant.privileges[i] == '*') continue;
      const bool option = i + 1 < grant.privileges.size() && grant.privileges[i + 1] == '*';
      acl[{grant.grantee, grant.grantor}][grant.privileges[i]] = option;
    }
  return acl;
}

std::vector<catalog::Grant> plain_grants(const Acl& acl) {
  std::vector<catalog::Grant> grants;
  for (const auto& [who, letters] : acl)
    if (!letters.empty()) grants.push_back({who.first, letters_text(letters), who.second});
  std::sort(grants.begin(), grants.end());
  return grants;
}

Acl acl_of(AclKind kind, const std::vector<catalog::Grant>& grants, const std::string& owner, int server_major) {
  return grants.empty() ? default_acl(kind, owner, server_major) : plain_acl(grants);
}

std::vector<catalog::Grant> grants_of(AclKind kind, const Acl& acl, const std::string& owner, int server_major) {
  auto grants = plain_grants(acl);
  if (grants == plain_grants(default_acl(kind, owner, server_major))) return {};
  // A list that is there and empty takes even the owner's rights away: not the same as none.
  if (grants.empty()) grants.push_back({owner, {}, owner});
  return grants;
}

void add_rights(Acl& acl, const std::string& grantee, const std::string& grantor, const std::string& letters,
                bool with_option) {
  auto& entry = acl[{grantee, grantor}];
  for (const char letter : letters) entry[letter] = entry[letter] || with_option;
}

void take_rights(Acl& acl, const std::string& grantee, const std::string& grantor, const std::string& letters,
                 bool option_only) {
  const auto entry = acl.find({grantee, grantor});
  if (entry == acl.end()) return;
  for (const char letter : letters)
    if (const auto found = entry->second.find(letter); found != entry->second.end()) {
      if (option_only)
        found->second = false;
      else
        entry->second.erase(found);
    }
  if (entry->second.empty()) acl.erase(entry);
}

Acl with_owner(const Acl& acl, const std::string& from, const std::string& to) {
  const auto follow = [&](const std::string& role) { return role == from ? to : role; };
  Acl made;
  for (const auto& [who, letters] : acl) {
    auto& entry = made[{follow(who.first), follow(who.second)}];
    for (const auto& [letter, option] : letters) entry[letter] = entry[letter] || option;
  }
  return made;
}

}  // namespace mig::operations
