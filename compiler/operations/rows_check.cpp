// What stands in the way of writing rows of a table, said before anything runs.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

bool acts_as(const Context& ctx, const std::string& role) {
  const auto& roles = ctx.before.server.member_of;
  return ctx.before.server.superuser || ctx.before.server.role == role ||
         std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::string words_of(std::string_view rights) {
  std::string text;
  for (const auto& [letter, word] : {std::pair{'r', "SELECT"}, {'a', "INSERT"}, {'w', "UPDATE"}, {'d', "DELETE"}})
    if (rights.find(letter) != std::string_view::npos) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

bool require_rights(const Context& ctx, const catalog::Table& table, std::string_view rights) {
  if (ctx.before.server.role.empty() || table.owner.empty() || acts_as(ctx, table.owner)) return true;
  std::string missing;
  for (const char right : rights) {
    const bool granted = std::any_of(table.grants.begin(), table.grants.end(), [&](const auto& grant) {
      return grant.privileges.find(right) != std::string::npos &&
             (grant.grantee.empty() || acts_as(ctx, grant.grantee));
    });
    if (!granted) missing += right;
  }
  if (missing.empty()) return true;
  const auto& role = ctx.before.server.role;
  ctx.sink
      .report(diagnostics::no_permission, path(ctx).span,
              fmt::format("role `{}` lacks {} on `{}`", role, words_of(missing), table.name.text()))
      .note("for: reading the rows to keep, changing them, and the way back")
      .note(fmt::format("type, as {} or a superuser: GRANT {} ON {} TO {};", sql::quote_ident(table.owner),
                        words_of(missing), table.name.text(), sql::quote_ident(role)));
  return false;
}

// A rule makes another statement of the one that is written; what that one changes is not kept.
bool require_no_rules(const Context& ctx, const catalog::Table& table) {
  for (const auto& rule : table.rules) {
    if (rule.enabled == "disabled") continue;
    ctx.sink
        .report(diagnostics::still_needed, path(ctx).span,
                fmt::format("rule {} of `{}` makes another statement of this one", sql::quote_ident(rule.name),
                            table.name.text()))
        .note("found: " + rule.definition)
        .note("write: it as sql $$…$$ back $$…$$, or make a trigger of the rule");
    return false;
  }
  return true;
}

bool require_kind(const Context& ctx, const catalog::Table& table) {
  if (table.kind != "foreign table") return true;
  ctx.sink
      .report(diagnostics::wrong_kind, path(ctx).span,
              fmt::format("`{}` is a foreign table: another server has its rows", table.name.text()))
      .note("rows there cannot be locked and kept in one transaction with ours")
      .note("write: sql $$…$$ back $$…$$, or the change on that server");
  return false;
}

std::string publication_of(const Context& ctx, const catalog::Name& table) {
  for (const auto& [kind, name] : ctx.before.users(table))
    if (kind == "publication") return name.name;
  for (const auto& name : ctx.before.names("publication"))
    if (const auto* object = ctx.before.object("publication", name);
        object != nullptr && object->facts.count("all_tables") != 0)
      return name.name;
  return {};
}

}  // namespace

const catalog::Table* require_rows(const Context& ctx, std::string_view rights) {
  if (!ctx.call.get<syntax::Path>("table")) return nullptr;
  const auto* table = require_table(ctx, path(ctx));
  if (!table) return nullptr;
  for (const auto& name : ctx.before.tree(table->name)) {
    const auto* each = ctx.before.table(name);
    if (!each) continue;
    // Rows of a partition are reached by the rights on the table; inheritors are asked for theirs.
    const bool asked = each == table || !table->partitioned();
    if (!require_kind(ctx, *each) || !require_no_rules(ctx, *each)) return nullptr;
    if (asked && !require_rights(ctx, *each, rights)) return nullptr;
  }
  return table;
}

bool require_columns(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns) {
  bool good = true;
  std::set<std::string> seen;
  for (const auto& name : columns) {
    const auto* column = require_column(ctx, table, name);
    good = good && column;
    if (!column) continue;
    if (!column->generated.empty()) {
      ctx.sink
          .report(diagnostics::wrong_value, name.span,
                  fmt::format("`{}` is generated from other columns", sql::quote_ident(name.text)))
          .note("leave it out: PostgreSQL computes it (428C9)");
      good = false;
    }
    if (!seen.insert(name.text).second) {
      ctx.sink.report(diagnostics::contradiction, name.span,
                      fmt::format("`{}` stands twice", sql::quote_ident(name.text)));
      good = false;
    }
  }
  return good;
}

bool require_identity(const Context& ctx, const catalog::Table& table, std::string_view event) {
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* each = ctx.before.table(name);
    if (!each || each->partitioned()) continue;
    const bool known = each->replica_identity == "full" || each->replica_identity == "index" ||
                       (each->replica_identity == "default" && each->primary_key());
    auto publication = publication_of(ctx, name);
    if (publication.empty()) publication = publication_of(ctx, table.name);
    if (known || publication.empty()) continue;
    ctx.sink
        .report(diagnostics::contradiction, path(ctx).span,
                fmt::format("`{}` is published by {} and has no replica identity: PostgreSQL refuses to {} its rows "
                            "(55000)",
                            name.text(), sql::quote_ident(publication), event))
        .note(fmt::format("give it a primary key, or type: ALTER TABLE {} REPLICA IDENTITY FULL;", name.text()));
    return false;
  }
  return true;
}

bool require_batches_or_few(const Context& ctx, const std::vector<RowsOf>& relations, std::string_view verb) {
  for (const auto& of : relations) {
    if (!of.key.empty() || small(ctx, *of.table, !of.only)) continue;
    const bool assigned = !row_key(*of.table, {}).empty();
    auto& diagnostic = ctx.sink.report(
        diagnostics::no_row_key, path(ctx).span,
        assigned ? fmt::format("the key of `{}` itself changes, so that its rows cannot be passed through in batches",
                               of.table->name.text())
                 : fmt::format("`{}` has no key along which its rows could be passed through in batches",
                               of.table->name.text()));
    diagnostic.note(of.table->rows < 0 ? fmt::format("found: {} bytes, never analyzed", of.table->bytes)
                                       : fmt::format("found: about {:.0f} rows", of.table->rows));
    diagnostic.note(
        assigned ? std::string("a unique index over other columns that are not null would do")
                 : fmt::format("write before it: a primary key, or a unique index over columns that are not null"));
    diagnostic.note(fmt::format("or, in one transaction that keeps all its row locks: sql $${} …$$ back $$…$$", verb));
    return false;
  }
  return true;
}

}  // namespace mig::operations
