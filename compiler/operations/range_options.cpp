// The settings of a new range type: what is written, and what PostgreSQL makes of it.
#include "compiler/operations/range_options.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "compiler/catalog/range_names.hpp"
#include "compiler/operations/collations.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/setting_text.hpp"
#include "compiler/operations/type_text.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using Settings = std::vector<syntax::Setting>;

const Settings& settings(const Context& ctx) { return *ctx.call.get<Settings>("options"); }

// The name that a setting holds; null: it is none, or there is no such setting.
const syntax::Path* name_in(const syntax::Setting& setting) {
  const auto* column = setting.value ? std::get_if<syntax::ColumnRef>(&setting.value->node) : nullptr;
  return column && !column->star ? &column->path : nullptr;
}
const syntax::Path* name_of(const Context& ctx, std::string_view setting) {
  for (const auto& each : settings(ctx))
    if (setting_name(each) == setting) return name_in(each);
  return nullptr;
}

syntax::Type as_type(const syntax::Path& path) {
  syntax::Type type;
  type.name = path;
  type.span = path.span;
  return type;
}

// A range keeps no modifiers of its subtype: char is character, not character(1).
std::string subtype(const Context& ctx) {
  const auto* path = name_of(ctx, "subtype");
  const auto type = path ? find_type(ctx, as_type(*path)) : std::nullopt;
  if (!type) return {};
  if (type->text == "bpchar") return "character";
  if (type->type || type->text.back() != ')') return type->text;
  return type->text.substr(0, type->text.rfind('('));
}

// ---- operator classes: the default one of btree for a type (GetDefaultOpClass) ----

struct Default {
  std::string_view type, opclass;
};
constexpr Default defaults[] = {
    {"bit", "bit_ops"},
    {"boolean", "bool_ops"},
    {"character", "bpchar_ops"},
    {"bytea", "bytea_ops"},
    {"\"char\"", "char_ops"},
    {"cidr", "inet_ops"},
    {"real", "float4_ops"},
    {"double precision", "float8_ops"},
    {"smallint", "int2_ops"},
    {"integer", "int4_ops"},
    {"bigint", "int8_ops"},
    {"character varying", "text_ops"},
    {"time without time zone", "time_ops"},
    {"timestamp with time zone", "timestamptz_ops"},
    {"time with time zone", "timetz_ops"},
    {"bit varying", "varbit_ops"},
    {"timestamp without time zone", "timestamp_ops"},
};

std::string user_opclass(const Context& ctx, const std::string& type) {
  for (const auto& name : ctx.before.names("operator class")) {
    const auto* object = ctx.before.object("operator class", name);
    const auto fact = [&](const char* word) {
      const auto found = object->facts.find(word);
      return found == object->facts.end() ? std::string{} : found->second;
    };
    constexpr std::string_view suffix = " using btree";
    const bool btree = name.name.size() > suffix.size() && name.name.substr(name.name.size() - suffix.size()) == suffix;
    if (btree && fact("type") == type && fact("default") == "true")
      return name.name.substr(0, name.name.size() - suffix.size());
  }
  return {};
}

std::string default_opclass(const Context& ctx, const std::string& type) {
  const auto text = type_text(ctx, type);  // of a domain what it is over
  if (text.array) return "array_ops";
  if (auto own = user_opclass(ctx, text.base); !own.empty()) return own;
  const auto* named = type_of(ctx.before, text.base);
  auto kind = named ? named->kind : std::string{};
  const auto ends = [&](std::string_view word) {
    return text.base.size() > word.size() && text.base.substr(text.base.size() - word.size()) == word;
  };
  if (!named && ends("range")) kind = ends("multirange") ? "multirange" : "range";  // PostgreSQL's own
  if (kind == "enum") return "enum_ops";
  if (kind == "composite") return "record_ops";
  if (kind == "range") return "range_ops";
  if (kind == "multirange") return "multirange_ops";
  const auto* found =
      std::find_if(std::begin(defaults), std::end(defaults), [&](const auto& each) { return each.type == text.base; });
  return found == std::end(defaults) ? text.base + "_ops" : std::string(found->opclass);
}

// ---- subtype_diff ----

const catalog::Function* difference(const Context& ctx, const syntax::Path& path, const std::string& of) {
  const auto wanted = as_name(path);
  auto schemas = schemas_of(ctx, wanted);
  if (wanted.schema.empty()) schemas.emplace_back("pg_catalog");
  for (const auto& schema : schemas)
    for (const auto* function : ctx.before.functions({schema, wanted.name}))
      if (function->arguments_key == of + ", " + of) return function;
  return nullptr;
}

// A catalog without its system part does not know PostgreSQL's own.
bool may_be_own(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  if (!wanted.schema.empty() && wanted.schema != "pg_catalog") return false;
  const auto names = ctx.before.names("function");
  return std::none_of(names.begin(), names.end(), [](const auto& name) { return name.schema == "pg_catalog"; });
}

bool check_difference(const Context& ctx) {
  const auto* path = name_of(ctx, "subtype_diff");
  if (!path) return true;
  const auto of = subtype(ctx);
  const auto* function = difference(ctx, *path, of);
  if (!function && may_be_own(ctx, *path)) return true;
  const auto refuse = [&](std::string message) {
    ctx.sink.report(diagnostics::unknown_object, path->span, std::move(message))
        .note(fmt::format("it says how far two values lie apart: function {}({}, {}) returns float8, immutable",
                          ctx.files.text(path->span), of, of));
    return false;
  };
  if (!function) return refuse(fmt::format("no function `{}({}, {})`", as_name(*path).text(), of, of));
  if (function->returns != "double precision" || function->volatility != "immutable")
    return refuse(fmt::format("`{}` returns {} and is {} (42P17)", function->name.text(), function->returns,
                              function->volatility));
  return true;
}

// As regprocedure prints it.
std::string difference_text(const Context& ctx) {
  const auto* path = name_of(ctx, "subtype_diff");
  if (!path) return {};
  const auto of = subtype(ctx);
  const auto* function = difference(ctx, *path, of);
  const auto name = function ? function->name : as_name(*path);
  const bool own = name.schema.empty() || name.schema == "pg_catalog";
  return fmt::format("{}({},{})", own ? sql::quote_ident(name.name) : name.text(), of, of);
}

// ---- all together ----

bool check_words(const Context& ctx) {
  static const std::set<std::string> known{"subtype",   "subtype_opclass", "collation",
                                           "canonical", "subtype_diff",    "multirange_type_name"};
  std::set<std::string> seen;
  bool good = true;
  for (const auto& each : settings(ctx)) {
    const auto name = setting_name(each);
    const auto refuse = [&](std::string message, const char* way) {
      ctx.sink.report(diagnostics::wrong_value, each.span, std::move(message)).note(way);
      good = false;
    };
    if (known.count(name) == 0)
      refuse(fmt::format("a range type has no setting `{}`", name),
             "write: subtype, subtype_opclass, collation, subtype_diff, multirange_type_name");
    else if (name == "canonical")
      refuse("a canonical function needs a type that is not finished, and is written in C",
             "write it as sql $$CREATE TYPE …$$ back $$…$$");
    else if (!seen.insert(name).second)
      refuse(fmt::format("`{}` stands twice", name), "take one out");
    else if (!name_in(each))
      refuse(fmt::format("`{}` is a name", name), "a type of several words by its short name: float8, timestamptz");
    else if (name == "multirange_type_name" && !require_server(ctx, 14, each.span, "multirange types"))
      good = false;
  }
  if (good && seen.count("subtype") == 0) {
    ctx.sink.report(diagnostics::wrong_value, ctx.call.span, "a range type has a subtype (42601)")
        .note("write: (subtype = …)");
    return false;
  }
  return good;
}

bool check_collation(const Context& ctx) {
  const auto* path = name_of(ctx, "collation");
  if (!path) return true;
  if (!collatable(ctx, subtype(ctx))) {
    ctx.sink
        .report(diagnostics::wrong_kind, path->span, fmt::format("only texts have a collation, not {}", subtype(ctx)))
        .note("take it out");
    return false;
  }
  if (find_collation(ctx, *path)) return true;
  report_no_collation(ctx, *path);
  return false;
}

catalog::Name multirange_name(const Context& ctx, const catalog::Name& range) {
  const auto* path = name_of(ctx, "multirange_type_name");
  return path ? new_name(ctx, *path) : catalog::usual_multirange(range);
}

}  // namespace

bool check_range_options(const Context& ctx) {
  if (!check_words(ctx)) return false;
  const auto type = require_type(ctx, as_type(*name_of(ctx, "subtype")));
  if (!type) return false;
  if (type->serial) {
    ctx.sink.report(diagnostics::wrong_value, name_of(ctx, "subtype")->span, "a range is never over a serial type")
        .note(fmt::format("write: subtype = {}", type->text));
    return false;
  }
  if (const auto* name = name_of(ctx, "multirange_type_name")) {
    if (!require_name(ctx, name->parts.back())) return false;
    if (name->parts.size() == 2 && !require_schema(ctx, name->parts.front())) return false;
  }
  return check_collation(ctx) && check_difference(ctx);
}

void fill_range(const Context& ctx, catalog::Type& type) {
  type.base = subtype(ctx);
  if (const auto* path = name_of(ctx, "collation")) type.collation = find_collation(ctx, *path).value_or("");
  if (type.collation.empty() && collatable(ctx, type.base))
    type.collation = type.base == "name" ? "\"C\"" : "\"default\"";
  const auto* opclass = name_of(ctx, "subtype_opclass");
  type.options = "opclass " + (opclass ? opclass->parts.back().text : default_opclass(ctx, type.base));
  if (const auto text = difference_text(ctx); !text.empty()) type.options += ", difference " + text;
  catalog::RangeNames names{type.name, {}};
  if (ctx.before.server.major() >= 14) names.multirange = multirange_name(ctx, type.name);
  type.options = catalog::with_range_names(type.options, type.name, names);
}

sql::Fragment create_range_text(const Context& ctx, const catalog::Type& type) {
  std::vector<sql::Fragment> parts{sql::sql("SUBTYPE = {}", expression(type.base))};
  const auto add = [&](std::string_view setting, const sql::Fragment& word) {
    if (const auto* path = name_of(ctx, setting)) parts.push_back(sql::sql("{} = {}", word, as_name(*path).sql()));
  };
  add("subtype_opclass", sql::sql("SUBTYPE_OPCLASS"));
  if (name_of(ctx, "collation")) parts.push_back(sql::sql("COLLATION = {}", expression(type.collation)));
  if (const auto* path = name_of(ctx, "subtype_diff")) {
    const auto* function = difference(ctx, *path, type.base);
    const bool own = !function || function->name.schema == "pg_catalog";
    parts.push_back(sql::sql("SUBTYPE_DIFF = {}", own ? as_name(*path).sql() : function->name.sql()));
  }
  if (name_of(ctx, "multirange_type_name"))
    parts.push_back(sql::sql("MULTIRANGE_TYPE_NAME = {}", multirange_name(ctx, type.name).sql()));
  return sql::sql("CREATE TYPE {} AS RANGE ({})", type.name.sql(), sql::join(parts, ", "));
}

}  // namespace mig::operations
