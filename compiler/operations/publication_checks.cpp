// Publications: names and targets as written.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

// `table t (columns) where (…)`: the holes of one of them follow each other in the call.
struct WrittenTable {
  const syntax::Path* path = nullptr;
  const std::vector<syntax::Name>* columns = nullptr;
  const syntax::Expr* filter = nullptr;
  source::Span columns_span;
};

std::vector<WrittenTable> written_tables(const Context& ctx) {
  std::vector<WrittenTable> list;
  for (const auto& argument : ctx.call.arguments) {
    if (argument.hole == "table") list.push_back({std::get_if<syntax::Path>(&argument.value), nullptr, nullptr, {}});
    if (list.empty()) continue;
    if (argument.hole == "columns") {
      list.back().columns = std::get_if<std::vector<syntax::Name>>(&argument.value);
      list.back().columns_span = argument.span;
    }
    if (argument.hole == "condition") list.back().filter = std::get_if<syntax::Expr>(&argument.value);
  }
  return list;
}

std::vector<const syntax::Name*> written_schemas(const Context& ctx) {
  std::vector<const syntax::Name*> list;
  for (const auto& argument : ctx.call.arguments)
    if (argument.hole == "schema") list.push_back(std::get_if<syntax::Name>(&argument.value));
  return list;
}

// The table, and where it is an ordinary one its inheritors: PostgreSQL publishes them along.
std::vector<catalog::Name> with_inheritors(const Context& ctx, const catalog::Table& table) {
  return table.partitioned() ? std::vector{table.name} : ctx.before.tree(table.name);
}

// As PostgreSQL keeps a list of columns: in the order of the table.
std::vector<std::string> in_order(const catalog::Table& table, const std::vector<syntax::Name>& written) {
  std::vector<std::string> list;
  for (const auto& column : table.columns)
    for (const auto& name : written)
      if (name.text == column.name) list.push_back(column.name);
  return list;
}

bool check_kind(const Context& ctx, const catalog::Table& table, source::Span span) {
  const bool foreign = table.kind == "foreign table";
  if (!foreign && table.persistence != "unlogged") return true;
  ctx.sink
      .report(diagnostics::wrong_kind, span,
              fmt::format("`{}` is {} table, and its rows are in no WAL to be published", table.name.text(),
                          foreign ? "a foreign" : "an unlogged"))
      .note(foreign ? "publish it where it lives" : "write before: set logged of the table");
  return false;
}

bool check_columns(const Context& ctx, const catalog::Table& table, const WrittenTable& written) {
  if (!written.columns) return true;
  bool good = require_server(ctx, 15, written.columns_span, "lists of columns in publications");
  std::set<std::string> seen;
  for (const auto& name : *written.columns) {
    const auto* column = require_column(ctx, table, name);
    good = column && good;
    if (!seen.insert(name.text).second) {
      ctx.sink.report(diagnostics::duplicate_name, name.span,
                      fmt::format("column `{}` stands twice", sql::quote_ident(name.text)));
      good = false;
    }
    const bool stored = column && column->generated == "stored" && ctx.before.server.major() >= 18;
    if (!column || column->generated.empty() || stored) continue;
    ctx.sink.report(diagnostics::wrong_kind, name.span,
                    fmt::format("column `{}` is generated, and PostgreSQL {} cannot publish it",
                                sql::quote_ident(name.text), ctx.before.server.major()));
    good = false;
  }
  return good;
}

bool check_table(const Context& ctx, const WrittenTable& written, std::set<catalog::Name>& seen) {
  const auto* table = require_own_table(ctx, *written.path);
  if (!table || !check_kind(ctx, *table, written.path->span)) return false;
  bool good = check_columns(ctx, *table, written);
  if (written.filter)
    good = require_server(ctx, 15, written.filter->span, "row filters in publications") &&
           require_row_expression(ctx, *table, *written.filter, "a row filter") && good;
  if (seen.insert(table->name).second) return good;
  ctx.sink.report(diagnostics::duplicate_name, written.path->span,
                  fmt::format("`{}` stands twice", table->name.text()));
  return false;
}

bool require_superuser(const Context& ctx, source::Span span, std::string_view what) {
  const auto& server = ctx.before.server;
  if (server.superuser || server.role.empty()) return true;
  ctx.sink
      .report(diagnostics::no_permission, span,
              fmt::format("role `{}` is no superuser, and only a superuser may publish {}", server.role, what))
      .note(
          "run this migration as a superuser, or publish tables by name: for table …; nothing that can be granted "
          "gives this right");
  return false;
}

}  // namespace

const catalog::Object* require_own_publication(const Context& ctx, const syntax::Name& name) {
  const auto* found = find_publication(ctx, name);
  if (found) {
    const bool own = require_owner(ctx, "publication", found->name, found->owner, name.span);
    return own ? found : nullptr;
  }
  std::vector<std::string> candidates;
  for (const auto& each : ctx.before.names("publication")) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, name,
                 fmt::format("no publication `{}`", sql::quote_ident(name.text)), candidates);
  return nullptr;
}

bool require_new_publication(const Context& ctx, const syntax::Name& name) {
  if (!require_name(ctx, name)) return false;
  if (!find_publication(ctx, name)) return true;
  ctx.sink.report(diagnostics::duplicate_name, name.span,
                  fmt::format("there is a publication `{}` already", sql::quote_ident(name.text)));
  return false;
}

bool check_targets(const Context& ctx) {
  bool good = true;
  std::set<catalog::Name> seen;
  for (const auto& table : written_tables(ctx)) good = check_table(ctx, table, seen) && good;
  for (const auto* schema : written_schemas(ctx))
    good = require_server(ctx, 15, schema->span, "publications of schemas") && require_schema(ctx, *schema) &&
           require_superuser(ctx, schema->span, "a schema") && good;
  if (ctx.call.has_word("all")) good = require_superuser(ctx, ctx.call.span, "all tables") && good;
  return good;
}

void add_targets(const Context& ctx, catalog::Object& publication) {
  for (const auto& written : written_tables(ctx))
    for (const auto& name : with_inheritors(ctx, *find_table(ctx, *written.path))) {
      const auto& table = *ctx.before.table(name);
      catalog::Use use{name, {}};
      if (written.columns) use.columns = in_order(table, *written.columns);
      publication.uses.push_back(std::move(use));
      if (written.filter) publication.facts["where " + name.text()] = "(" + text_of(ctx, *written.filter) + ")";
    }
  std::sort(publication.uses.begin(), publication.uses.end());
  auto schemas = schemas_of(publication);
  for (const auto* schema : written_schemas(ctx)) schemas.push_back(schema->text);
  put_schemas(publication, std::move(schemas));
  if (ctx.call.has_word("all")) publication.facts.emplace("all_tables", "true");
}

Targets targets_of_call(const Context& ctx) {
  Targets targets;
  for (const auto& written : written_tables(ctx))
    if (const auto* table = find_table(ctx, *written.path))
      for (auto& name : with_inheritors(ctx, *table)) targets.tables.push_back(std::move(name));
  for (const auto* schema : written_schemas(ctx)) targets.schemas.push_back(schema->text);
  return targets;
}

}  // namespace mig::operations
