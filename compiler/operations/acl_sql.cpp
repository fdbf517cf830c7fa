// From one access control list to another: what differs, in as few statements as say it.
#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/operations/acl_atoms.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

using Verb = RightsVerb;
using Atom = RightsAtom;

// One statement before it knows all its privileges, grantees and objects.
struct Part {
  bool columns = false;  // after those on whole relations: revoking there takes the same from the columns
  Verb verb = Verb::grant;
  int depth = 0;  // how far the grantor is from the owner
  std::string grantor;
  bool by_owner = true;
  Fragment word;
  std::string privileges;  // SELECT (a, b), UPDATE (c)
  friend bool operator<(const Part& a, const Part& b) {
    const auto key = [](const Part& p) {
      return std::tuple(p.columns, p.verb >= Verb::grant, p.verb >= Verb::grant ? p.depth : -p.depth, p.verb, p.grantor,
                        p.by_owner, p.word.text(), p.privileges);
    };
    return key(a) < key(b);
  }
};

// A revoke on a table takes the same privilege of the same grant from all its columns.
void take_from_columns(std::map<std::string, Acl>& columns, const Atom& atom) {
  for (auto& [column, acl] : columns)
    take_rights(acl, atom.grantee, atom.grantor, std::string(1, atom.letter), atom.verb == Verb::revoke_option);
}

std::vector<Atom> atoms_of(const RightsChange& change) {
  std::vector<Atom> atoms;
  acl_differences(change.before.own, change.after.own, {}, atoms);
  auto columns = change.before.columns;
  for (const auto& atom : atoms)
    if (removes(atom.verb)) take_from_columns(columns, atom);
  for (const auto& [column, acl] : change.after.columns) columns.try_emplace(column);
  for (const auto& [column, acl] : columns) {
    const auto wanted = change.after.columns.find(column);
    acl_differences(acl, wanted == change.after.columns.end() ? Acl{} : wanted->second, column, atoms);
  }
  return atoms;
}

// The owner grants of itself; others by what they were granted.
int depth_of(const RightsChange& change, const std::string& grantor, int limit = 8) {
  if (grantor == change.object.owner || limit == 0) return 0;
  int depth = limit;
  for (const auto* acl : {&change.after.own, &change.before.own})
    for (const auto& [who, letters] : *acl)
      if (who.first == grantor && who.second != grantor)
        depth = std::min(depth, 1 + depth_of(change, who.second, limit - 1));
  return depth;
}

// SELECT (a, b), UPDATE: in PostgreSQL's order.
std::string privileges_text(const std::map<char, std::vector<std::string>>& letters) {
  std::vector<Fragment> parts;
  for (const char letter : std::string("arwdDxtXUCm"))
    if (const auto found = letters.find(letter); found != letters.end()) {
      auto columns = found->second;
      std::erase(columns, std::string{});
      const auto word = privilege_word(letter);
      parts.push_back(columns.empty() ? word : sql::sql("{} ({})", word, names(columns)));
    }
  return sql::join(parts, ", ").text();
}

// Statement by statement: its grantees, and of each list of grantees the objects.
using Grantees = std::vector<std::string>;
using Plan = std::map<Part, std::map<Grantees, std::vector<Fragment>>>;

void add_object(Plan& plan, const RightsChange& change) {
  std::map<std::tuple<bool, Verb, std::string, std::string>, std::map<char, std::vector<std::string>>> by_grantee;
  for (const auto& atom : atoms_of(change))
    by_grantee[{!atom.column.empty(), atom.verb, atom.grantor, atom.grantee}][atom.letter].push_back(atom.column);
  std::map<Part, Grantees> parts;
  for (const auto& [key, letters] : by_grantee) {
    const auto& [columns, verb, grantor, grantee] = key;
    const bool by_owner = grantor == change.object.owner;
    parts[{columns, verb, depth_of(change, grantor), grantor, by_owner, change.object.word, privileges_text(letters)}]
        .push_back(grantee);
  }
  for (auto& [part, grantees] : parts) {
    std::sort(grantees.begin(), grantees.end());
    plan[part][grantees].push_back(change.object.name);
  }
}

Fragment roles(const Grantees& list) {
  std::vector<Fragment> parts;
  for (const auto& role : list) parts.push_back(role.empty() ? sql::sql("PUBLIC") : sql::sql("{}", Ident{role}));
  return sql::join(parts, ", ");
}

Fragment text_of(const Part& part, const Grantees& grantees, const std::vector<Fragment>& objects) {
  const auto what = sql::sql("{} ON {} {}", expression(part.privileges), part.word, sql::join(objects, ", "));
  switch (part.verb) {
    case Verb::revoke:
      return sql::sql("REVOKE {} FROM {}", what, roles(grantees));
    case Verb::revoke_option:
      return sql::sql("REVOKE GRANT OPTION FOR {} FROM {}", what, roles(grantees));
    case Verb::grant:
      return sql::sql("GRANT {} TO {}", what, roles(grantees));
    case Verb::grant_option:
      return sql::sql("GRANT {} TO {} WITH GRANT OPTION", what, roles(grantees));
  }
  return {};
}

// From PostgreSQL 18 on GRANT and REVOKE lock what they name.
std::vector<sql::Lock> locks_of(const Context& ctx, const std::vector<RightsChange>& changes,
                                const std::vector<Fragment>& objects) {
  std::vector<sql::Lock> locks;
  if (ctx.before.server.major() < 18) return locks;
  for (const auto& change : changes)
    if (!change.object.relation.name.empty() &&
        std::find(objects.begin(), objects.end(), change.object.name) != objects.end())
      locks.push_back(lock(change.object.relation, sql::LockMode::access_share));
  return locks;
}

}  // namespace

std::vector<sql::Statement> rights_statements(const Context& ctx, const std::vector<RightsChange>& changes) {
  Plan plan;
  for (const auto& change : changes) add_object(plan, change);
  const auto& server = ctx.before.server;
  std::vector<sql::Statement> statements;
  for (const auto& [part, by_grantees] : plan)
    for (const auto& [grantees, objects] : by_grantees) {
      // A superuser's GRANT is the owner's; anybody else's is their own, or that of the owner that they can act as.
      const bool by_another = !part.by_owner && (server.superuser || part.grantor != server.role);
      if (by_another) statements.push_back(statement(sql::sql("SET LOCAL ROLE {}", Ident{part.grantor})));
      statements.push_back(statement(text_of(part, grantees, objects), locks_of(ctx, changes, objects)));
      if (by_another) statements.push_back(statement(sql::sql("RESET ROLE")));
    }
  return statements;
}

std::vector<sql::Statement> restore_acl(const Context& ctx, const RightsObject& old, const std::string& schema) {
  const auto& server = ctx.before.server;
  const auto kind = old.kind == AclKind::relation   ? "tables"
                    : old.kind == AclKind::sequence ? "sequences"
                    : old.kind == AclKind::function ? "functions"
                    : old.kind == AclKind::type     ? "types"
                                                    : "schemas";
  RightsChange change{old, {}, old.rights};
  const auto made = acl_of(old.kind, initial_grants(ctx, kind, schema), server.role, server.major());
  change.before.own = with_owner(made, server.role, old.owner);
  return rights_statements(ctx, {change});
}

}  // namespace mig::operations
