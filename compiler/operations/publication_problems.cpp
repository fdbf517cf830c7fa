// Publications: which writes would fail once their tables are published so.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

// The columns by which a subscriber finds the row of an update or delete; nullopt: there are none.
std::optional<std::vector<std::string>> identity(const catalog::Table& table) {
  std::vector<std::string> columns;
  if (table.replica_identity == "full") {
    for (const auto& column : table.columns) columns.push_back(column.name);
    return columns;
  }
  if (table.replica_identity == "default") {
    if (const auto* key = table.primary_key()) return key->columns;
    return std::nullopt;
  }
  for (const auto& index : table.indexes)
    if (index.replica_identity && table.replica_identity == "index") {
      for (const auto& part : index.parts) columns.push_back(part.column);
      return columns;
    }
  return std::nullopt;
}

// The first of `columns` that is not in `among`, or empty.
std::string missing(const std::vector<std::string>& columns, const std::vector<std::string>& among) {
  for (const auto& column : columns)
    if (std::find(among.begin(), among.end(), column) == among.end()) return column;
  return {};
}

using Lines = std::vector<std::string>;

void identity_problems(const catalog::Table& table, const std::vector<std::string>& columns, const std::string& filter,
                       Lines& lines) {
  const auto name = table.name.text();
  const auto key = identity(table);
  if (!key) {
    lines.push_back(
        fmt::format("every update and delete of {} would fail (55000): it has no primary key and no replica identity; "
                    "give it one before, or publish = 'insert, truncate'",
                    name));
    return;
  }
  if (const auto column = columns.empty() ? std::string{} : missing(*key, columns); !column.empty())
    lines.push_back(
        fmt::format("every update and delete of {} would fail (42P10): its replica identity has column {}, the list of "
                    "columns has not; add the column",
                    name, sql::quote_ident(column)));
  if (const auto column = missing(filter.empty() ? Lines{} : sql::columns_of(filter), *key); !column.empty())
    lines.push_back(
        fmt::format("every update and delete of {} would fail (42P10): its row filter asks for {}, which is not in the "
                    "replica identity; set its replica identity to full before, or publish = 'insert, truncate'",
                    name, sql::quote_ident(column)));
}

void table_problems(const Context& ctx, const catalog::Object& publication, const catalog::Use& use, Lines& lines) {
  const auto* table = ctx.before.table(use.relation);
  if (!table) return;
  const auto found = publication.facts.find("where " + use.relation.text());
  const auto filter = found == publication.facts.end() ? std::string{} : found->second;
  const bool narrowed = !use.columns.empty() || !filter.empty();
  if (table->partitioned() && narrowed && publication.facts.count("via_root") == 0)
    lines.push_back(
        fmt::format("{} is partitioned: its columns and rows are chosen only with publish_via_partition_root = true",
                    use.relation.text()));
  if (!use.columns.empty() && !schemas_of(publication).empty())
    lines.push_back(fmt::format("{} has a list of columns, which excludes tables in schema", use.relation.text()));
  if (!publishes(publication, "update") && !publishes(publication, "delete")) return;
  for (const auto& name : ctx.before.tree(use.relation)) {
    const auto* each = ctx.before.table(name);
    if (each && !each->partitioned() && (table->partitioned() || name == use.relation))
      identity_problems(*each, use.columns, filter, lines);
  }
}

Lines problems(const Context& ctx, const catalog::Object& publication) {
  Lines lines;
  for (const auto& use : publication.uses) table_problems(ctx, publication, use, lines);
  const auto schemas = schemas_of(publication);
  const bool all = publication.facts.count("all_tables") != 0;
  if (!all && schemas.empty()) return lines;
  for (const auto& name : ctx.before.names("table")) {
    const auto* table = ctx.before.table(name);
    const bool logged = table && table->kind == "table" && table->persistence == "permanent";
    const bool published = all || std::find(schemas.begin(), schemas.end(), name.schema) != schemas.end();
    if (logged && published && (publishes(publication, "update") || publishes(publication, "delete")))
      identity_problems(*table, {}, {}, lines);
  }
  return lines;
}

}  // namespace

void report_problems(const Context& ctx, source::Span span, const catalog::Object* before,
                     const catalog::Object& publication) {
  const auto old = before ? problems(ctx, *before) : Lines{};
  auto found = problems(ctx, publication);
  std::erase_if(found, [&](const auto& line) { return std::find(old.begin(), old.end(), line) != old.end(); });
  if (found.empty()) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::contradiction, span,
                      fmt::format("publication `{}` would not work so", sql::quote_ident(publication.name.name)));
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < found.size() && i < most; ++i) diagnostic.note(found[i]);
  if (found.size() > most) diagnostic.note(fmt::format("and {} more tables", found.size() - most));
}

}  // namespace mig::operations
