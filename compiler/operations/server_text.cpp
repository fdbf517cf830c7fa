// Text that the server printed, and what a text names.
#include "compiler/operations/server_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

using sql::Literal;

namespace {

bool of_system(const catalog::Name& name) {
  return name.schema == "pg_catalog" || name.schema == "information_schema" || name.schema.rfind("pg_", 0) == 0 ||
         (name.schema.empty() && name.name.rfind("pg_", 0) == 0);
}

std::vector<std::string> relations_of(const std::string& text) {
  sql::ParseError error;
  if (const auto facts = sql::facts(text, error)) return facts->relations;
  return {};
}

std::optional<catalog::Name> resolve(const Context& ctx, const catalog::Name& name) {
  if (name.schema.empty() && !ctx.before.relation_kind({ctx.schema, name.name}).empty())
    return catalog::Name{ctx.schema, name.name};
  return ctx.before.find_table(name.schema, name.name);
}

std::optional<catalog::Name> as_relation(const std::string& text) {
  const auto parts = catalog::parse_name(text);
  if (!parts || parts->empty() || parts->size() > 2) return std::nullopt;
  return catalog::Name{parts->size() == 2 ? parts->front() : std::string{}, parts->back()};
}

std::vector<std::string> candidates(const Context& ctx, const std::string& schema) {
  std::vector<std::string> found;
  for (const auto* kind : {"table", "view"})
    for (const auto& name : ctx.before.names(kind))
      if (schema.empty() || name.schema == schema) found.push_back(name.name);
  return found;
}

}  // namespace

sql::Fragment server_text(const std::string& text) {
  const auto end = text.find_last_not_of(" \n;");
  return sql::verbatim(text.substr(0, end == std::string::npos ? 0 : end + 1));
}

// Both sides without the schemas of search_path: whether they are printed is the session's matter.
sql::Fragment prints(const Context& ctx, const sql::Fragment& printed, const std::string& text) {
  if (text.empty()) return sql::sql("coalesce({}, '') = ''", printed);
  auto bare = text;
  auto asked = printed;
  for (const auto& schema : ctx.before.server.search_path) {
    const auto prefix = sql::quote_ident(schema) + ".";
    for (auto at = bare.find(prefix); at != std::string::npos; at = bare.find(prefix, at))
      bare.erase(at, prefix.size());
    asked = sql::sql("pg_catalog.replace({}, {}, '')", asked, Literal{prefix});
  }
  return sql::sql("{} = {}", asked, Literal{bare});
}

namespace {

// The name within the text of the file.
source::Span place_of(const Context& ctx, const std::string& name, source::Span span) {
  const auto at = ctx.files.text(span).find(name);
  if (at == std::string_view::npos) return span;
  const auto begin = span.begin + static_cast<std::uint32_t>(at);
  return {span.file, begin, begin + static_cast<std::uint32_t>(name.size())};
}

}  // namespace

void warn_of_unknown_relations(const Context& ctx, const std::string& text, source::Span span) {
  for (const auto& relation : relations_of(text)) {
    const auto name = as_relation(relation);
    if (!name || of_system(*name) || resolve(ctx, *name)) continue;
    auto& diagnostic = ctx.sink.report(diagnostics::unknown_in_text, place_of(ctx, name->name, span),
                                       fmt::format("no table or view `{}` is known here", name->text()));
    const auto near = diagnostics::nearest(name->name, candidates(ctx, name->schema), 1);
    if (!near.empty()) diagnostic.label(fmt::format("did you mean `{}`?", sql::quote_ident(near.front())));
  }
}

std::vector<catalog::Name> named_relations(const Context& ctx, const std::string& text) {
  std::vector<catalog::Name> found;
  for (const auto& relation : relations_of(text)) {
    const auto name = as_relation(relation);
    const auto known = name ? resolve(ctx, *name) : std::nullopt;
    if (known && std::find(found.begin(), found.end(), *known) == found.end()) found.push_back(*known);
  }
  return found;
}

// What else it may do is not known before it is asked for: a role as CREATE ROLE makes it.
void note_role(catalog::Catalog& after, const std::string& role) {
  if (role.empty() || role == "public" || after.object("role", {{}, role}) != nullptr) return;
  catalog::Object object;
  object.kind = "role";
  object.name.name = role;
  object.facts.emplace("inherit", "true");
  after.put(std::move(object));
}

}  // namespace mig::operations
