// Rights of what a role will make (SetDefaultACL, src/backend/catalog/aclchk.c).
#include "compiler/operations/default_privileges.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

struct Kind {
  const char* word;
  AclKind acl;
  Fragment (*text)();
  const char* object_type;  // pg_default_acl.defaclobjtype
  const char* usual;        // acldefault()'s letter
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> list{{"tables", AclKind::relation, [] { return sql::sql("TABLES"); }, "r", "r"},
                                      {"sequences", AclKind::sequence, [] { return sql::sql("SEQUENCES"); }, "S", "s"},
                                      {"functions", AclKind::function, [] { return sql::sql("FUNCTIONS"); }, "f", "f"},
                                      {"types", AclKind::type, [] { return sql::sql("TYPES"); }, "T", "T"},
                                      {"schemas", AclKind::schema, [] { return sql::sql("SCHEMAS"); }, "n", "n"}};
  return list;
}

const Kind& kind_of(const Context& ctx) {
  for (const auto& kind : kinds())
    if (ctx.call.has_word(kind.word)) return kind;
  return kinds().front();
}

const syntax::Name* schema(const Context& ctx) { return ctx.call.get<syntax::Name>("schema"); }

std::string creator(const Context& ctx) {
  const auto* name = ctx.call.get<syntax::Name>("creator");
  return name ? name->text : ctx.before.server.role;
}

catalog::Name object_name(const Context& ctx) {
  const auto where = schema(ctx) ? " in " + schema(ctx)->text : std::string{};
  return {"", creator(ctx) + where + " on " + kind_of(ctx).word};
}

// What counts while nothing was said: without a schema what PostgreSQL gives anyway, within one nothing more.
Acl usual(const Context& ctx) {
  return schema(ctx) ? Acl{} : default_acl(kind_of(ctx).acl, creator(ctx), ctx.before.server.major());
}

Acl current(const Context& ctx) {
  const auto* object = ctx.before.object("default privileges", object_name(ctx));
  return object ? plain_acl(object->grants) : usual(ctx);
}

Acl changed(const Context& ctx, GrantVerb verb) {
  auto acl = current(ctx);
  const bool option = ctx.call.has_word("option");
  for (const auto& privilege : privileges_of_call(ctx, kind_of(ctx).acl, false))
    for (const auto& role : *ctx.call.get<std::vector<syntax::Name>>("roles")) {
      if (verb == GrantVerb::grant)
        add_rights(acl, grantee_of(role), creator(ctx), privilege.letters, option);
      else
        take_rights(acl, grantee_of(role), creator(ctx), privilege.letters, option);
    }
  return acl;
}

// ---- SQL ----

Fragment role_text(const std::string& role) { return role.empty() ? sql::sql("PUBLIC") : sql::sql("{}", Ident{role}); }

Fragment letters_text(const std::string& letters) {
  std::vector<Fragment> words;
  for (const char letter : letters) words.push_back(privilege_word(letter));
  return sql::join(words, ", ");
}

// What one grantee gets and loses.
struct Difference {
  std::string grant, grant_option, revoke, revoke_option;
};

Difference difference(const std::map<char, bool>& was, const std::map<char, bool>& is) {
  Difference found;
  for (const char letter : std::string("arwdDxtXUCm")) {
    const auto old = was.find(letter);
    const auto now = is.find(letter);
    if (now == is.end()) {
      if (old != was.end()) found.revoke += letter;
    } else if (old == was.end() || (now->second && !old->second)) {
      (now->second ? found.grant_option : found.grant) += letter;
    } else if (old->second && !now->second) {
      found.revoke_option += letter;
    }
  }
  return found;
}

std::vector<sql::Statement> statements(const Context& ctx, const Acl& before, const Acl& after) {
  const auto head = schema(ctx) ? sql::sql("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {}", Ident{creator(ctx)},
                                           Ident{schema(ctx)->text})
                                : sql::sql("ALTER DEFAULT PRIVILEGES FOR ROLE {}", Ident{creator(ctx)});
  const auto on = kind_of(ctx).text();
  std::set<std::pair<std::string, std::string>> everybody;
  for (const auto* acl : {&before, &after})
    for (const auto& [who, letters] : *acl) everybody.insert(who);
  static const std::map<char, bool> none;
  std::vector<sql::Statement> list;
  for (const auto& who : everybody) {
    const auto of = [&](const Acl& acl) { return acl.count(who) != 0 ? acl.at(who) : none; };
    const auto found = difference(of(before), of(after));
    const auto role = role_text(who.first);
    if (!found.revoke.empty())
      list.push_back(statement(sql::sql("{} REVOKE {} ON {} FROM {}", head, letters_text(found.revoke), on, role)));
    if (!found.revoke_option.empty())
      list.push_back(statement(
          sql::sql("{} REVOKE GRANT OPTION FOR {} ON {} FROM {}", head, letters_text(found.revoke_option), on, role)));
    if (!found.grant.empty())
      list.push_back(statement(sql::sql("{} GRANT {} ON {} TO {}", head, letters_text(found.grant), on, role)));
    if (!found.grant_option.empty())
      list.push_back(statement(
          sql::sql("{} GRANT {} ON {} TO {} WITH GRANT OPTION", head, letters_text(found.grant_option), on, role)));
  }
  return list;
}

// aclitem[]: what is stored, else what counts without it.
Fragment list_sql(const Context& ctx) {
  const auto& kind = kind_of(ctx);
  const auto role = sql::sql("(SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = {})", Literal{creator(ctx)});
  const auto where = schema(ctx) ? sql::sql("(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = {})",
                                            Literal{schema(ctx)->text})
                                 : sql::sql("0");
  // An empty list would have no dimension, which aclexplode() refuses; null has no entries either.
  const auto otherwise = schema(ctx) ? sql::sql("NULL::pg_catalog.aclitem[]")
                                     : sql::sql("pg_catalog.acldefault({}, {})", Literal{kind.usual}, role);
  return sql::sql(
      "coalesce((SELECT d.defaclacl FROM pg_catalog.pg_default_acl d WHERE d.defaclrole = {} AND d.defaclnamespace = "
      "{} "
      "AND d.defaclobjtype = {}), {})",
      role, where, Literal{kind.object_type}, otherwise);
}

sql::Step step(const Context& ctx, const Acl& before, const Acl& after) {
  return transaction(ctx, "default privileges of " + object_name(ctx).name, statements(ctx, before, after),
                     acl_is(list_sql(ctx), before, after));
}

// ---- checks ----

bool check_words(const Context& ctx) {
  bool good = true;
  for (const auto& privilege : *ctx.call.get<std::vector<syntax::Privilege>>("privileges"))
    if (!privilege.columns.empty()) {
      ctx.sink
          .report(diagnostics::wrong_value, privilege.columns.front().span,
                  "default privileges are of whole objects, not of single columns")
          .note("leave the columns out");
      good = false;
    }
  if (!schema(ctx)) return good;
  if (!require_schema(ctx, *schema(ctx))) return false;
  if (kind_of(ctx).acl != AclKind::schema) return good;
  ctx.sink.report(diagnostics::contradiction, schema(ctx)->span, "no schema is made in a schema")
      .note("leave `in schema` out");
  return false;
}

bool check_creator(const Context& ctx) {
  const auto* name = ctx.call.get<syntax::Name>("creator");
  if (!name) return true;
  if (!require_role(ctx, *name)) return false;
  if (ctx.before.server.role.empty() || acts_as(ctx, name->text)) return true;
  ctx.sink
      .report(diagnostics::no_permission, name->span,
              fmt::format("role `{}` is no member of {}, and says nothing about what that role makes",
                          ctx.before.server.role, sql::quote_ident(name->text)))
      .note(fmt::format("type, as a superuser: GRANT {} TO {};", sql::quote_ident(name->text),
                        sql::quote_ident(ctx.before.server.role)));
  return false;
}

bool check_roles(const Context& ctx, GrantVerb verb) {
  bool good = true;
  for (const auto& role : *ctx.call.get<std::vector<syntax::Name>>("roles")) {
    good = require_role(ctx, role) && good;
    if (!grantee_of(role).empty() || verb == GrantVerb::revoke || !ctx.call.has_word("option")) continue;
    ctx.sink.report(diagnostics::wrong_value, role.span, "a grant option is for roles, not for public (0LP01)")
        .note("leave `with grant option` out, or name the roles");
    good = false;
  }
  return good;
}

}  // namespace

void check_default(const Context& ctx, GrantVerb verb) {
  const auto errors = ctx.sink.count(diagnostics::Severity::error);
  bool good = check_words(ctx);
  (void)privileges_of_call(ctx, kind_of(ctx).acl, true);
  good = check_roles(ctx, verb) && check_creator(ctx) && good;
  if (!good || ctx.sink.count(diagnostics::Severity::error) > errors) return;
  if (changed(ctx, verb) != current(ctx)) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span,
                      verb == GrantVerb::grant ? "this is the default already" : "this is not granted by default");
  if (verb == GrantVerb::revoke && schema(ctx))
    diagnostic.note("what is granted by default in all schemas cannot be taken back in one of them");
  diagnostic.note("take the line out");
}

void default_effect(const Context& ctx, GrantVerb verb, catalog::Catalog& after) {
  const auto acl = changed(ctx, verb);
  const auto name = object_name(ctx);
  if (acl == usual(ctx)) return after.drop("default privileges", name);
  const auto* known = ctx.before.object("default privileges", name);
  catalog::Object object = known ? *known : catalog::Object{};
  object.kind = "default privileges";
  object.name = name;
  object.owner = creator(ctx);
  object.grants = plain_grants(acl);
  after.put(std::move(object));
}

std::vector<sql::Step> default_steps(const Context& ctx, GrantVerb verb) {
  const auto before = current(ctx);
  const auto after = changed(ctx, verb);
  std::vector<sql::Step> steps{step(ctx, before, after)};
  steps.front().back = {step(ctx, after, before)};
  finish(steps, {catalog::key("default privileges", object_name(ctx))});
  return steps;
}

}  // namespace mig::operations
