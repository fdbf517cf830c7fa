// Collations by name.
#include "compiler/operations/collations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"

namespace mig::operations {

std::optional<std::string> find_collation(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  std::vector<std::string> schemas{wanted.schema};
  if (wanted.schema.empty()) {
    schemas = ctx.before.server.search_path;
    schemas.insert(schemas.begin(), "pg_catalog");
  }
  if (wanted.name == "default" && (wanted.schema.empty() || wanted.schema == "pg_catalog")) return std::string{};
  for (const auto& schema : schemas)
    if (ctx.before.object("collation", {schema, wanted.name}))
      return schema == "pg_catalog" ? sql::quote_ident(wanted.name) : catalog::Name{schema, wanted.name}.text();
  const auto names = ctx.before.names("collation");
  const bool knows_own =
      std::any_of(names.begin(), names.end(), [](const auto& name) { return name.schema == "pg_catalog"; });
  // A catalog without its system part does not know the server's own: the server says.
  const bool own = wanted.schema.empty() || wanted.schema == "pg_catalog";
  if (own && (!knows_own || wanted.name == "C" || wanted.name == "POSIX")) return sql::quote_ident(wanted.name);
  return std::nullopt;
}

void report_no_collation(const Context& ctx, const syntax::Path& path) {
  std::vector<std::string> candidates{"C", "POSIX", "default"};
  for (const auto& name : ctx.before.names("collation")) candidates.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_object, path.parts.back(),
                 fmt::format("no collation `{}`", as_name(path).text()), candidates);
}

}  // namespace mig::operations
