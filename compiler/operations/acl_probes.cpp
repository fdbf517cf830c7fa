// Questions about access control lists: is what differs between two of them as in the second?
#include <set>

#include "compiler/operations/acl_atoms.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;

namespace {

using Verb = RightsVerb;
using Atom = RightsAtom;

Fragment list_of(const RightsObject& object, const std::string& column) {
  if (!column.empty())
    return sql::sql("(SELECT t.attacl FROM pg_catalog.pg_attribute t WHERE t.attrelid = {} AND t.attname = {})",
                    object.oid, Literal{column});
  switch (object.kind) {
    case AclKind::sequence:
      return sql::sql(
          "(SELECT coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner)) FROM pg_catalog.pg_class c "
          "WHERE c.oid = {})",
          object.oid);
    case AclKind::schema:
      return sql::sql(
          "(SELECT coalesce(c.nspacl, pg_catalog.acldefault('n', c.nspowner)) FROM pg_catalog.pg_namespace c "
          "WHERE c.oid = {})",
          object.oid);
    case AclKind::function:
      return sql::sql(
          "(SELECT coalesce(c.proacl, pg_catalog.acldefault('f', c.proowner)) FROM pg_catalog.pg_proc c "
          "WHERE c.oid = {})",
          object.oid);
    case AclKind::type:
      return sql::sql(
          "(SELECT coalesce(c.typacl, pg_catalog.acldefault('T', c.typowner)) FROM pg_catalog.pg_type c "
          "WHERE c.oid = {})",
          object.oid);
    default:
      return sql::sql(
          "(SELECT coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner)) FROM pg_catalog.pg_class c "
          "WHERE c.oid = {})",
          object.oid);
  }
}

// How many of these entries the list has.
Fragment count_of(const Fragment& list, const std::vector<Fragment>& entries, bool with_option) {
  const auto option = with_option ? sql::sql(", a.is_grantable") : Fragment{};
  return sql::sql(
      "(SELECT count(*) FROM pg_catalog.aclexplode({}) a WHERE (CASE a.grantee WHEN 0 THEN '' ELSE "
      "pg_catalog.pg_get_userbyid(a.grantee) END, pg_catalog.pg_get_userbyid(a.grantor), a.privilege_type{}) IN ({}))",
      list, option, sql::join(entries, ", "));
}

Fragment entry(const Atom& atom, const Fragment& option) {
  const auto word = privilege_word(atom.letter).text();
  return sql::sql("({}, {}, {}{})", Literal{atom.grantee}, Literal{atom.grantor}, Literal{word}, option);
}

void add_questions(const Fragment& list, const std::vector<Atom>& atoms, std::vector<Fragment>& parts) {
  std::vector<Fragment> there, gone;
  for (const auto& atom : atoms) {
    if (atom.verb == Verb::revoke)
      gone.push_back(entry(atom, {}));
    else
      there.push_back(entry(atom, atom.verb == Verb::grant_option ? sql::sql(", true") : sql::sql(", false")));
  }
  if (!there.empty())
    parts.push_back(sql::sql("{} = {}", count_of(list, there, true), static_cast<long long>(there.size())));
  if (!gone.empty()) parts.push_back(sql::sql("{} = 0", count_of(list, gone, false)));
}

}  // namespace

Fragment rights_are(const std::vector<RightsChange>& changes) {
  std::vector<Fragment> parts;
  for (const auto& change : changes) {
    std::vector<Atom> atoms;
    acl_differences(change.before.own, change.after.own, {}, atoms);
    add_questions(list_of(change.object, {}), atoms, parts);
    std::set<std::string> columns;
    for (const auto& [column, acl] : change.before.columns) columns.insert(column);
    for (const auto& [column, acl] : change.after.columns) columns.insert(column);
    for (const auto& column : columns) {
      const auto of = [&](const Rights& rights) {
        const auto found = rights.columns.find(column);
        return found == rights.columns.end() ? Acl{} : found->second;
      };
      std::vector<Atom> own;
      acl_differences(of(change.before), of(change.after), column, own);
      if (!own.empty()) add_questions(list_of(change.object, column), own, parts);
    }
  }
  return sql::join(parts, " AND ");
}

Fragment acl_is(const Fragment& list, const Acl& before, const Acl& after) {
  std::vector<Atom> atoms;
  acl_differences(before, after, {}, atoms);
  std::vector<Fragment> parts;
  add_questions(list, atoms, parts);
  return sql::join(parts, " AND ");
}

void acl_differences(const Acl& before, const Acl& after, const std::string& column, std::vector<RightsAtom>& atoms) {
  static const std::map<char, bool> none;
  std::set<std::pair<std::string, std::string>> all;
  for (const auto& [who, letters] : before) all.insert(who);
  for (const auto& [who, letters] : after) all.insert(who);
  for (const auto& who : all) {
    const auto was = before.count(who) != 0 ? before.at(who) : none;
    const auto is = after.count(who) != 0 ? after.at(who) : none;
    for (const auto& [letter, option] : was) {
      const auto found = is.find(letter);
      if (found == is.end())
        atoms.push_back({RightsVerb::revoke, who.first, who.second, column, letter});
      else if (option && !found->second)
        atoms.push_back({RightsVerb::revoke_option, who.first, who.second, column, letter});
    }
    for (const auto& [letter, option] : is) {
      const auto found = was.find(letter);
      if (found == was.end() || (option && !found->second))
        atoms.push_back({option ? RightsVerb::grant_option : RightsVerb::grant, who.first, who.second, column, letter});
    }
  }
}

}  // namespace mig::operations
