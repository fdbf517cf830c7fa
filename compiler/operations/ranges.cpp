// What comes with a range type: where it is, how it moves, who uses it.
#include "compiler/operations/ranges.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/range_names.hpp"
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;

namespace {

std::vector<catalog::Name*> names_of(RangeParts& parts) {
  std::vector<catalog::Name*> names{&parts.range, &parts.constructor};
  if (!parts.multirange.name.empty()) names.insert(names.end(), {&parts.multirange, &parts.multirange_constructor});
  return names;
}

void move_type(const catalog::Name& from, const catalog::Name& to, std::vector<sql::Statement>& list) {
  if (from.schema != to.schema)
    list.push_back(statement(sql::sql("ALTER TYPE {} SET SCHEMA {}", from.sql(), Ident{to.schema})));
}

void move_function(const catalog::Name& from, const catalog::Name& to, const Fragment& arguments,
                   std::vector<sql::Statement>& list) {
  if (from.schema != to.schema)
    list.push_back(statement(sql::sql("ALTER FUNCTION {}({}) SET SCHEMA {}", from.sql(), arguments, Ident{to.schema})));
}

bool has_function(const Context& ctx, const catalog::Name& name, const std::string& arguments) {
  const auto overloads = ctx.before.functions(name);
  return std::any_of(overloads.begin(), overloads.end(),
                     [&](const auto* function) { return function->arguments_key == arguments; });
}

}  // namespace

RangeParts range_parts(const Context& ctx, const catalog::Type& range) {
  const auto names = catalog::range_names(range);
  RangeParts parts{range.name, names.constructor, {}, {}, range.base};
  if (ctx.before.server.major() < 14) return parts;
  parts.multirange = names.multirange;
  const auto* multirange = ctx.before.type(names.multirange);
  // PostgreSQL puts new ones beside the range, wherever the multirange type is.
  parts.multirange_constructor = multirange ? catalog::range_names(*multirange).constructor
                                            : catalog::Name{range.name.schema, parts.multirange.name};
  return parts;
}

RangeParts moved_parts(RangeParts parts, const std::string& from, const std::string& to) {
  for (auto* name : names_of(parts))
    if (name->schema == from) name->schema = to;
  return parts;
}

RangeParts parts_in(RangeParts parts, const std::string& schema) {
  for (auto* name : names_of(parts)) name->schema = schema;
  return parts;
}

std::vector<sql::Statement> move_parts(const RangeParts& from, const RangeParts& to) {
  std::vector<sql::Statement> list;
  const auto subtype = expression(from.subtype);
  move_type(from.range, to.range, list);
  move_function(from.constructor, to.constructor, sql::sql("{}, {}", subtype, subtype), list);
  move_function(from.constructor, to.constructor, sql::sql("{}, {}, text", subtype, subtype), list);
  if (from.multirange.name.empty()) return list;
  move_type(from.multirange, to.multirange, list);
  const auto range = sql::fragment(to.range.sql());
  move_function(from.multirange_constructor, to.multirange_constructor, {}, list);
  move_function(from.multirange_constructor, to.multirange_constructor, range, list);
  move_function(from.multirange_constructor, to.multirange_constructor, sql::sql("VARIADIC {}[]", range), list);
  return list;
}

catalog::Type multirange_type(const Context& ctx, const catalog::Type& range) {
  catalog::Type type;
  type.name = catalog::range_names(range).multirange;
  type.kind = "multirange";
  type.category = "R";
  type.owner = range.owner;
  type.array = catalog::array_name(type.name);
  type.length = -1;
  type.storage = "extended";
  // From 17 on its rights are the range's.
  if (ctx.before.server.major() < 17) type.grants = initial_grants(ctx, "types", type.name.schema);
  catalog::set_range_names(type, {range_parts(ctx, range).multirange_constructor, {}});
  return type;
}

bool require_free_parts(const Context& ctx, const RangeParts& parts, source::Span span) {
  const auto taken = [&](const catalog::Name& name, const std::string& arguments) {
    if (!has_function(ctx, name, arguments)) return false;
    ctx.sink
        .report(diagnostics::duplicate_name, span,
                fmt::format("there is a function `{}({})` already", name.text(), arguments))
        .note("a range type brings functions of its name that make its values");
    return true;
  };
  const auto& subtype = parts.subtype;
  if (taken(parts.constructor, fmt::format("{}, {}", subtype, subtype)) ||
      taken(parts.constructor, fmt::format("{}, {}, text", subtype, subtype)))
    return false;
  if (parts.multirange.name.empty()) return true;
  if (!require_free_type(ctx, parts.multirange, span)) return false;
  return !taken(parts.multirange_constructor, "") && !taken(parts.multirange_constructor, parts.range.text()) &&
         !taken(parts.multirange_constructor, parts.range.text() + "[]");
}

std::vector<Dependent> range_users(const Context& ctx, const RangeParts& parts) {
  auto wanted = parts;
  std::set<std::string> keys;
  auto copy = ctx.before;
  catalog::each_text(copy, [&](const std::string& key, std::string& text) {
    for (const auto* name : names_of(wanted))
      if (mentions(text, *name)) keys.insert(key);
    return false;
  });
  keys.erase(catalog::key("type", parts.range));
  keys.erase(catalog::key("type", parts.multirange));
  std::vector<Dependent> found;
  for (const auto& key : keys) found.push_back({key + " uses it", "drop or change it before"});
  return found;
}

}  // namespace mig::operations
