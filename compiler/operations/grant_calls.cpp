// grant and revoke as written: privileges, roles, and what they change.
#include "compiler/operations/grant_calls.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/grant_objects.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

// The words of the language are PostgreSQL's, in lower case.
std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

char letter_of(const std::string& word) {
  for (const char letter : std::string("arwdDxtXUCm"))
    if (lower(privilege_word(letter).text()) == word) return letter;
  return 0;
}

const char* kind_text(AclKind kind) {
  switch (kind) {
    case AclKind::sequence:
      return "a sequence";
    case AclKind::schema:
      return "a schema";
    case AclKind::function:
      return "a function";
    case AclKind::type:
      return "a type";
    default:
      return "a table or view";
  }
}

bool report_privilege(const Context& ctx, const syntax::Privilege& written, AclKind kind) {
  std::vector<std::string> words{"all"};
  std::string list = "all";
  for (const char letter : all_privileges(kind, 99)) {
    words.push_back(lower(privilege_word(letter).text()));
    list.append(", ").append(words.back());
  }
  auto& diagnostic = ctx.sink.report(diagnostics::wrong_value, written.word.span,
                                     fmt::format("`{}` is no privilege of {}", written.word.text, kind_text(kind)));
  if (const auto near = diagnostics::nearest(written.word.text, words, 1); !near.empty())
    diagnostic.label(fmt::format("did you mean `{}`?", near.front()));
  diagnostic.note("write one of: " + list);
  return false;
}

bool report_columns(const Context& ctx, const syntax::Privilege& written, AclKind kind) {
  ctx.sink
      .report(diagnostics::wrong_value, written.columns.front().span,
              fmt::format("`{}` is not granted on single columns{}", written.word.text,
                          kind == AclKind::relation ? "" : fmt::format(" of {}", kind_text(kind))))
      .note("single columns have: select, insert, update, references");
  return false;
}

// The letters of a word for such an object; empty where something is wrong with it, which is reported when asked.
std::string letters_of(const Context& ctx, const syntax::Privilege& written, AclKind kind, bool report) {
  const auto major = ctx.before.server.major();
  const auto word = lower(written.word.text);
  const bool columns = !written.columns.empty();
  if (word == "all" && (!columns || kind == AclKind::relation))
    return all_privileges(columns ? AclKind::column : kind, major);
  const char letter = letter_of(word);
  const bool known = letter != 0 && all_privileges(kind, 99).find(letter) != std::string::npos;
  if (!known) return report ? (report_privilege(ctx, written, kind), std::string{}) : std::string{};
  const bool fits = !columns || (kind == AclKind::relation && std::string("arwx").find(letter) != std::string::npos);
  if (!fits) return report ? (report_columns(ctx, written, kind), std::string{}) : std::string{};
  if (report && letter == 'm' && !require_server(ctx, 17, written.word.span, "privileges to maintain")) return {};
  return std::string(1, letter);
}

const std::vector<syntax::Privilege>& written_privileges(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Privilege>>("privileges");
}

const std::vector<syntax::Name>& roles(const Context& ctx) { return *ctx.call.get<std::vector<syntax::Name>>("roles"); }

// ---- what changes ----

struct Request {
  GrantVerb verb;
  bool option;
  std::vector<std::string> grantees;
};

void apply(const Request& request, const std::string& grantor, const std::string& letters, Acl& acl) {
  for (const auto& grantee : request.grantees) {
    if (request.verb == GrantVerb::grant)
      add_rights(acl, grantee, grantor, letters, request.option);
    else
      take_rights(acl, grantee, grantor, letters, request.option);
  }
}

Rights changed(const Context& ctx, const Request& request, const RightsObject& object) {
  auto rights = object.rights;
  for (const auto& privilege : privileges_of_call(ctx, object.kind, false)) {
    const auto& letters = privilege.letters;
    if (privilege.columns.empty()) {
      const auto grantor = grantor_of(ctx, object, object.rights.own, letters);
      apply(request, grantor, letters, rights.own);
      // What is revoked from the table is revoked from each of its columns.
      if (request.verb == GrantVerb::revoke)
        for (auto& [column, acl] : rights.columns) apply(request, grantor, letters, acl);
    }
    for (const auto& column : privilege.columns)
      apply(request, grantor_of(ctx, object, object.rights.own, letters), letters, rights.columns[column]);
  }
  std::erase_if(rights.columns, [](const auto& entry) { return entry.second.empty(); });
  return rights;
}

Request request_of(const Context& ctx, GrantVerb verb) {
  Request request{verb, ctx.call.has_word("option"), {}};
  for (const auto& role : roles(ctx)) request.grantees.push_back(grantee_of(role));
  return request;
}

}  // namespace

bool may_grant(const Acl& acl, const std::string& role, const std::string& letters) {
  return std::all_of(letters.begin(), letters.end(), [&](char letter) {
    return std::any_of(acl.begin(), acl.end(), [&](const auto& entry) {
      const auto found = entry.second.find(letter);
      return entry.first.first == role && found != entry.second.end() && found->second;
    });
  });
}

std::string grantor_of(const Context& ctx, const RightsObject& object, const Acl& acl, const std::string& letters) {
  const auto& server = ctx.before.server;
  if (server.superuser || server.role.empty() || server.role == object.owner) return object.owner;
  if (may_grant(acl, server.role, letters)) return server.role;
  if (acts_as(ctx, object.owner)) return object.owner;
  for (const auto& role : server.member_of)
    if (may_grant(acl, role, letters)) return role;
  return {};
}

bool acts_as(const Context& ctx, std::string_view role) {
  const auto& server = ctx.before.server;
  if (server.superuser || server.role == role) return true;
  return std::find(server.member_of.begin(), server.member_of.end(), role) != server.member_of.end();
}

std::string grantee_of(const syntax::Name& role) {
  return role.text == "public" && !role.quoted ? std::string{} : role.text;
}

std::vector<WrittenPrivilege> privileges_of_call(const Context& ctx, AclKind kind, bool report) {
  std::vector<WrittenPrivilege> list;
  for (const auto& written : written_privileges(ctx)) {
    WrittenPrivilege privilege{letters_of(ctx, written, kind, report), {}, written.word.span};
    for (const auto& column : written.columns) privilege.columns.push_back(column.text);
    if (!privilege.letters.empty()) list.push_back(std::move(privilege));
  }
  return list;
}

std::vector<RightsChange> changes_of_call(const Context& ctx, GrantVerb verb) {
  const auto request = request_of(ctx, verb);
  std::vector<RightsChange> changes;
  for (auto& object : objects_of_call(ctx)) {
    const auto known = [&](const RightsChange& change) { return change.object.key == object.key; };
    if (std::any_of(changes.begin(), changes.end(), known)) continue;
    auto before = object.rights;
    auto after = changed(ctx, request, object);
    if (before != after) changes.push_back({std::move(object), std::move(before), std::move(after)});
  }
  return changes;
}

std::vector<sql::Step> rights_steps(const Context& ctx, const std::vector<RightsChange>& changes,
                                    const std::string& title, const std::string& back_title) {
  std::vector<RightsChange> back;
  std::vector<std::string> touches;
  for (const auto& change : changes) {
    back.push_back({change.object, change.after, change.before});
    touches.push_back(change.object.key);
  }
  std::vector<sql::Step> steps{transaction(ctx, title, rights_statements(ctx, changes), rights_are(changes))};
  steps.front().back = {transaction(ctx, back_title, rights_statements(ctx, back), rights_are(back))};
  finish(steps, touches);
  return steps;
}

}  // namespace mig::operations
