// Types of arguments and results of functions.
#include "compiler/operations/routine_types.hpp"

#include <algorithm>
#include <array>

#include "compiler/catalog/builtin_types.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

constexpr std::array<std::string_view, 22> pseudo_types{"any",
                                                        "anyarray",
                                                        "anycompatible",
                                                        "anycompatiblearray",
                                                        "anycompatiblemultirange",
                                                        "anycompatiblenonarray",
                                                        "anycompatiblerange",
                                                        "anyelement",
                                                        "anyenum",
                                                        "anymultirange",
                                                        "anynonarray",
                                                        "anyrange",
                                                        "cstring",
                                                        "event_trigger",
                                                        "fdw_handler",
                                                        "internal",
                                                        "language_handler",
                                                        "record",
                                                        "table_am_handler",
                                                        "trigger",
                                                        "tsm_handler",
                                                        "void"};

std::optional<std::string> pseudo(const syntax::Type& type) {
  const auto name = as_name(type.name);
  if (!name.schema.empty() && name.schema != "pg_catalog") return std::nullopt;
  if (std::find(pseudo_types.begin(), pseudo_types.end(), name.name) == pseudo_types.end()) return std::nullopt;
  return sql::quote_ident(name.name) + (type.bounds.empty() ? "" : "[]");
}

// PostgreSQL keeps no length of an argument or result; float(n) is another type by it.
syntax::Type without_length(const syntax::Type& type) {
  auto bare = type;
  bare.setof = false;
  if (as_name(type.name).name != "float") bare.modifiers.clear();
  if (as_name(type.name).name == "interval") bare.with.clear();
  return bare;
}

// character(1) and bit(1) are what a column of type character is; an argument of it has any length.
std::string any_length(std::string text) {
  for (const std::string_view name : {"character", "bit"})
    for (const std::string_view rest : {"(1)", "(1)[]"})
      if (text == std::string(name).append(rest)) return std::string(name).append(rest.substr(3));
  if (text.rfind("bpchar", 0) == 0) return "character" + text.substr(6);
  return text;
}

// The row type of a table or view.
std::optional<std::string> row_type(const Context& ctx, const syntax::Type& type) {
  const auto name = first_of(ctx, as_name(type.name), [&](const catalog::Name& each) {
    const bool relation = ctx.before.table(each) != nullptr || ctx.before.view(each) != nullptr;
    return relation ? std::optional(each) : std::nullopt;
  });
  if (!name) return std::nullopt;
  return name->text() + (type.bounds.empty() ? "" : "[]");
}

}  // namespace

std::optional<std::string> routine_type(const Context& ctx, const syntax::Type& type) {
  if (type.name.parts.empty()) return std::nullopt;
  if (auto text = pseudo(type)) return text;
  if (const auto found = find_type(ctx, without_length(type)); found && !found->serial) return any_length(found->text);
  return row_type(ctx, type);
}

std::optional<std::string> require_routine_type(const Context& ctx, const syntax::Type& type) {
  if (auto text = routine_type(ctx, type)) return text;
  const auto found = require_type(ctx, without_length(type));
  if (found && found->serial)
    ctx.sink.report(diagnostics::wrong_value, type.span, "a serial type is for columns only")
        .note("write: " + found->text);
  return std::nullopt;
}

catalog::Name variadic_element(const Context& ctx, const std::string& array_type) {
  if (array_type == "\"any\"") return {"pg_catalog", "any"};
  if (array_type == "anyarray") return {"pg_catalog", "anyelement"};
  if (array_type == "anycompatiblearray") return {"pg_catalog", "anycompatible"};
  const auto end = array_type.rfind("[]");
  const auto element = array_type.substr(0, end);
  if (const auto builtin = catalog::builtin_type(element, ctx.before.server.major())) return *builtin;
  const auto parts = catalog::parse_name(element);
  return parts && parts->size() == 2 ? catalog::Name{parts->front(), parts->back()} : catalog::Name{};
}

}  // namespace mig::operations
