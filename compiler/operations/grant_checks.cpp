// grant and revoke: roles, columns, the right to grant, and what was granted on.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/grant_calls.hpp"
#include "compiler/operations/grant_objects.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Name>& roles(const Context& ctx) { return *ctx.call.get<std::vector<syntax::Name>>("roles"); }

bool check_columns(const Context& ctx, const RightsObject& object) {
  const auto* table = ctx.before.table(object.relation);
  const auto* view = ctx.before.view(object.relation);
  bool good = true;
  for (const auto& privilege : *ctx.call.get<std::vector<syntax::Privilege>>("privileges"))
    for (const auto& name : privilege.columns) {
      if (table) {
        good = require_column(ctx, *table, name) != nullptr && good;
      } else if (view) {
        std::vector<std::string> names;
        for (const auto& column : view->columns) names.push_back(column.name);
        if (std::find(names.begin(), names.end(), name.text) != names.end()) continue;
        report_unknown(ctx, diagnostics::unknown_column, name,
                       fmt::format("no column `{}` in `{}`", sql::quote_ident(name.text), view->name.text()), names);
        good = false;
      }
    }
  return good;
}

bool check_right(const Context& ctx, const RightsObject& object) {
  for (const auto& privilege : privileges_of_call(ctx, object.kind, false)) {
    if (!grantor_of(ctx, object, object.rights.own, privilege.letters).empty()) continue;
    const auto& role = ctx.before.server.role;
    ctx.sink
        .report(
            diagnostics::no_permission, privilege.span,
            fmt::format("role `{}` neither owns {} nor may it grant on what it was granted there", role, object.key))
        .note("found: owner " + sql::quote_ident(object.owner))
        .note(fmt::format("type, as {} or a superuser: GRANT {} TO {};", sql::quote_ident(object.owner),
                          sql::quote_ident(object.owner), sql::quote_ident(role)));
    return false;
  }
  return true;
}

bool check_roles(const Context& ctx, GrantVerb verb) {
  bool good = true;
  for (const auto& role : roles(ctx)) {
    good = require_role(ctx, role) && good;
    if (!grantee_of(role).empty() || verb == GrantVerb::revoke || !ctx.call.has_word("option")) continue;
    ctx.sink.report(diagnostics::wrong_value, role.span, "a grant option is for roles, not for public (0LP01)")
        .note("leave `with grant option` out, or name the roles");
    good = false;
  }
  return good;
}

// Whom the grantee granted it on: PostgreSQL refuses to revoke under them (2BP01).
void dependents(const Acl& before, const Acl& after, const std::string& owner, std::vector<std::string>& found) {
  for (const auto& [who, letters] : after)
    for (const auto& [letter, option] : letters) {
      const auto& grantor = who.second;
      if (grantor == owner || !may_grant(before, grantor, {letter}) || may_grant(after, grantor, {letter})) continue;
      found.push_back(fmt::format("found: {} granted {} on to {}; revoke that before, by `sql $$…$$` as {}",
                                  sql::quote_ident(grantor), privilege_word(letter).text(),
                                  who.first.empty() ? "public" : sql::quote_ident(who.first),
                                  sql::quote_ident(grantor)));
    }
}

void report_dependents(const Context& ctx, const std::vector<RightsChange>& changes) {
  for (const auto& change : changes) {
    std::vector<std::string> found;
    dependents(change.before.own, change.after.own, change.object.owner, found);
    for (const auto& [column, acl] : change.after.columns)
      if (const auto was = change.before.columns.find(column); was != change.before.columns.end())
        dependents(was->second, acl, change.object.owner, found);
    if (found.empty()) continue;
    auto& diagnostic =
        ctx.sink.report(diagnostics::still_needed, ctx.call.span,
                        fmt::format("what was granted on {} was granted on from there", change.object.key));
    for (const auto& line : found) diagnostic.note(line);
    diagnostic.note("mig never writes CASCADE: what goes, goes by a line of its own");
  }
}

// Somebody else than this session's grantor gave it: revoking would change nothing, without a word.
void note_others(const Context& ctx, diagnostics::Diagnostic& diagnostic) {
  for (const auto& object : objects_of_call(ctx))
    for (const auto& [who, letters] : object.rights.own)
      for (const auto& role : roles(ctx))
        if (who.first == grantee_of(role) && who.second != object.owner && !letters.empty())
          diagnostic.note(fmt::format("found: {} has rights on {} from {}, and only {} can revoke them",
                                      ctx.files.text(role.span), object.key, sql::quote_ident(who.second),
                                      sql::quote_ident(who.second)));
}

void report_nothing(const Context& ctx, GrantVerb verb) {
  auto& diagnostic = ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span,
                                     verb == GrantVerb::grant ? "all of this is granted already"
                                                              : "nothing of this was granted, so nothing is revoked");
  if (verb == GrantVerb::revoke) note_others(ctx, diagnostic);
  diagnostic.note("take the line out");
}

}  // namespace

bool require_role(const Context& ctx, const syntax::Name& role) {
  if (grantee_of(role).empty()) return true;
  const catalog::Name name{"", role.text};
  if (ctx.before.object("role", name) || ctx.before.object("other role", name)) return true;
  auto names = ctx.before.names("other role");
  // A snapshot knows only the roles that are in use.
  if (names.empty()) return true;
  std::vector<std::string> candidates{"public"};
  for (const auto& each : names) candidates.push_back(each.name);
  for (const auto& each : ctx.before.names("role")) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, role, fmt::format("no role `{}`", sql::quote_ident(role.text)),
                 candidates)
      .note("roles belong to the whole cluster: create it before this is compiled");
  return false;
}

void check_grant_call(const Context& ctx, GrantVerb verb) {
  const auto errors = ctx.sink.count(diagnostics::Severity::error);
  bool good = require_objects(ctx);
  good = check_roles(ctx, verb) && good;
  const auto objects = objects_of_call(ctx);
  if (!objects.empty()) (void)privileges_of_call(ctx, objects.front().kind, true);
  for (const auto& object : objects) good = check_columns(ctx, object) && check_right(ctx, object) && good;
  if (!good || ctx.sink.count(diagnostics::Severity::error) > errors) return;
  const auto changes = changes_of_call(ctx, verb);
  if (changes.empty()) return report_nothing(ctx, verb);
  if (verb == GrantVerb::revoke) report_dependents(ctx, changes);
}

}  // namespace mig::operations
