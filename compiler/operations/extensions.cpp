// Extensions: names, versions, what uses their types.
#include "compiler/operations/extensions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Literal;

namespace {

// `public.citext[]` is of type citext as well.
bool is_of(const std::string& type, const std::string& name) {
  return type == name || type.rfind(name + "[", 0) == 0 || type.rfind(name + "(", 0) == 0;
}

void add_users(const Context& ctx, const std::string& type, std::vector<Dependent>& found) {
  for (const auto& name : ctx.before.names("table"))
    for (const auto& column : ctx.before.table(name)->columns)
      if (is_of(column.type, type))
        found.push_back({fmt::format("column {}.{} is of type {}", name.text(), sql::quote_ident(column.name), type),
                         "drop the column or change its type before"});
  for (const auto& name : ctx.before.names("type")) {
    const auto* other = ctx.before.type(name);
    if (other->system || !other->extension.empty()) continue;
    const bool part = std::any_of(other->attributes.begin(), other->attributes.end(),
                                  [&](const auto& attribute) { return is_of(attribute.type, type); });
    if (part || is_of(other->base, type))
      found.push_back({fmt::format("{} {} is made of type {}", other->kind, name.text(), type), "drop it before"});
  }
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system) continue;
      const bool taken = std::any_of(function->arguments.begin(), function->arguments.end(),
                                     [&](const auto& argument) { return is_of(argument.type, type); });
      if (taken || is_of(function->returns, type))
        found.push_back({fmt::format("{} {}({}) takes or returns type {}", function->kind, name.text(),
                                     function->arguments_key, type),
                         "drop it before"});
    }
}

}  // namespace

std::string extension_fact(const catalog::Object& extension, const std::string& fact) {
  const auto found = extension.facts.find(fact);
  return found == extension.facts.end() ? std::string{} : found->second;
}

const catalog::Object* find_extension(const Context& ctx, const syntax::Name& name) {
  return ctx.before.object("extension", {"", name.text});
}

const catalog::Object* find_available(const Context& ctx, const std::string& name) {
  return ctx.before.object("available extension", {"", name});
}

const catalog::Object* require_own_extension(const Context& ctx, const syntax::Name& name) {
  if (const auto* found = find_extension(ctx, name)) {
    const bool own = require_owner(ctx, "extension", found->name, found->owner, name.span);
    return own ? found : nullptr;
  }
  std::vector<std::string> candidates;
  for (const auto& each : ctx.before.names("extension")) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, name,
                 fmt::format("no extension `{}` in this database", sql::quote_ident(name.text)), candidates);
  return nullptr;
}

bool require_version(const Context& ctx, const std::string& extension, const syntax::Text& version) {
  const auto* available = find_available(ctx, extension);
  if (!available) return true;
  const auto versions = extension_fact(*available, "versions");
  if ((" " + versions + " ").find(" " + version.value + " ") != std::string::npos) return true;
  ctx.sink
      .report(diagnostics::unknown_object, version.span,
              fmt::format("the server has no version {} of extension {}", sql::quote_literal(version.value),
                          sql::quote_ident(extension)))
      .note("found: " + versions);
  return false;
}

std::vector<Dependent> users_of_types(const Context& ctx, const std::string& extension) {
  std::vector<Dependent> found;
  for (const auto& name : ctx.before.names("type"))
    if (ctx.before.type(name)->extension == extension) add_users(ctx, name.text(), found);
  return found;
}

sql::Fragment has_extension(const std::string& name) {
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = {})", Literal{name});
}

sql::Fragment has_version(const std::string& name, const std::string& version) {
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = {} AND e.extversion = {})",
                  Literal{name}, Literal{version});
}

}  // namespace mig::operations
