// PostgreSQL's spellings of types (manual 8, grammar's SimpleTypename) to the one that format_type prints.
#include "compiler/operations/types.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

struct Spelling {
  std::string_view written, printed;
  int most = 0;  // modifiers it takes at most
};

// What the grammar reads as a type of pg_catalog when it stands without quotes.
constexpr Spelling sql_spellings[] = {
    {"int", "integer"},
    {"integer", "integer"},
    {"smallint", "smallint"},
    {"bigint", "bigint"},
    {"real", "real"},
    {"double precision", "double precision"},
    {"decimal", "numeric", 2},
    {"dec", "numeric", 2},
    {"numeric", "numeric", 2},
    {"boolean", "boolean"},
    {"character varying", "character varying", 1},
    {"char varying", "character varying", 1},
    {"bit varying", "bit varying", 1},
};
// The names in pg_type that format_type prints in another way.
constexpr Spelling internal_names[] = {
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"float4", "real"},
    {"bool", "boolean"},
    {"float8", "double precision"},
    {"varchar", "character varying", 1},
    {"varbit", "bit varying", 1},
    {"numeric", "numeric", 2},
};
// Types of pg_catalog whose name is printed as it is; a snapshot may come without its system part.
constexpr std::string_view plain_names[] = {"aclitem",
                                            "box",
                                            "bytea",
                                            "cid",
                                            "cidr",
                                            "circle",
                                            "date",
                                            "datemultirange",
                                            "daterange",
                                            "inet",
                                            "int2vector",
                                            "int4multirange",
                                            "int4range",
                                            "int8multirange",
                                            "int8range",
                                            "json",
                                            "jsonb",
                                            "jsonpath",
                                            "line",
                                            "lseg",
                                            "macaddr",
                                            "macaddr8",
                                            "money",
                                            "name",
                                            "nummultirange",
                                            "numrange",
                                            "oid",
                                            "oidvector",
                                            "path",
                                            "pg_lsn",
                                            "pg_snapshot",
                                            "point",
                                            "polygon",
                                            "refcursor",
                                            "regclass",
                                            "regcollation",
                                            "regconfig",
                                            "regdictionary",
                                            "regnamespace",
                                            "regoper",
                                            "regoperator",
                                            "regproc",
                                            "regprocedure",
                                            "regrole",
                                            "regtype",
                                            "text",
                                            "tid",
                                            "tsmultirange",
                                            "tsquery",
                                            "tsrange",
                                            "tstzmultirange",
                                            "tstzrange",
                                            "tsvector",
                                            "txid_snapshot",
                                            "uuid",
                                            "xid",
                                            "xid8",
                                            "xml"};
constexpr Spelling serials[] = {{"smallserial", "smallint"}, {"serial2", "smallint"}, {"serial", "integer"},
                                {"serial4", "integer"},      {"bigserial", "bigint"}, {"serial8", "bigint"}};

template <std::size_t N>
const Spelling* spelling(const Spelling (&list)[N], std::string_view name) {
  const auto* found = std::find_if(std::begin(list), std::end(list), [&](const auto& s) { return s.written == name; });
  return found == std::end(list) ? nullptr : found;
}

std::string modifiers(const Context& ctx, const syntax::Type& type) {
  std::string text;
  for (const auto& modifier : type.modifiers) {
    if (!text.empty()) text += ',';
    text += ctx.files.text(modifier.span);
  }
  return text;
}

std::string with_modifiers(const Context& ctx, std::string_view name, const syntax::Type& type) {
  if (type.modifiers.empty()) return std::string(name);
  auto text = modifiers(ctx, type);
  // numeric(10) is stored, and printed, as numeric(10,0).
  if (name == "numeric" && type.modifiers.size() == 1) text += ",0";
  return fmt::format("{}({})", name, text);
}

// time and timestamp: the precision stands before the zone.
std::string time_type(const Context& ctx, std::string_view base, const syntax::Type& type, bool zone) {
  return with_modifiers(ctx, base, type) + (zone ? " with time zone" : " without time zone");
}

std::string float_type(const syntax::Type& type) {
  if (type.modifiers.empty()) return "double precision";
  const auto* constant = std::get_if<syntax::Constant>(&type.modifiers.front().node);
  return constant && constant->value.size() <= 2 && std::stoi("0" + constant->value) <= 24 ? "real"
                                                                                           : "double precision";
}

// character, bit and their like mean one of it where no length is said; "char" in quotes is another type.
std::optional<std::string> special(const Context& ctx, std::string_view name, const syntax::Type& type, bool quoted) {
  const bool zoned = type.with == "with time zone";
  if (name == "timestamp" || name == "time") return time_type(ctx, name, type, zoned);
  if (name == "timestamptz") return time_type(ctx, "timestamp", type, true);
  if (name == "timetz") return time_type(ctx, "time", type, true);
  if (name == "interval") {
    if (type.with.empty()) return with_modifiers(ctx, "interval", type);
    return with_modifiers(ctx, "interval " + type.with, type);
  }
  if (name == "bpchar") return type.modifiers.empty() ? "bpchar" : with_modifiers(ctx, "character", type);
  if (name == "char" && quoted) return "\"char\"";
  if (quoted) return std::nullopt;
  if (name == "float") return float_type(type);
  if (name == "char" || name == "character" || name == "nchar")
    return type.modifiers.empty() ? "character(1)" : with_modifiers(ctx, "character", type);
  if (name == "bit") return type.modifiers.empty() ? "bit(1)" : with_modifiers(ctx, "bit", type);
  return std::nullopt;
}

// A type of pg_catalog; quoted and qualified names must be its name in pg_type.
std::optional<TypeAt> builtin(const Context& ctx, const syntax::Type& type, const std::string& name, bool exact) {
  if (auto text = special(ctx, name, type, exact)) return TypeAt{std::move(*text), false, nullptr};
  if (!exact) {
    if (const auto* serial = spelling(serials, name)) return TypeAt{std::string(serial->printed), true, nullptr};
    if (const auto* s = spelling(sql_spellings, name))
      return TypeAt{with_modifiers(ctx, s->printed, type), false, nullptr};
  }
  if (const auto* s = spelling(internal_names, name))
    return TypeAt{with_modifiers(ctx, s->printed, type), false, nullptr};
  if (std::find(std::begin(plain_names), std::end(plain_names), name) != std::end(plain_names))
    return TypeAt{with_modifiers(ctx, name, type), false, nullptr};
  return std::nullopt;
}

std::optional<TypeAt> base_type(const Context& ctx, const syntax::Type& type) {
  const auto wanted = as_name(type.name);
  const bool exact = type.name.parts.back().quoted || wanted.schema == "pg_catalog";
  if (wanted.schema.empty() || wanted.schema == "pg_catalog")
    if (auto found = builtin(ctx, type, wanted.name, exact)) return found;
  std::optional<catalog::Name> name;
  if (wanted.schema.empty() && ctx.before.type({ctx.schema, wanted.name})) name = {ctx.schema, wanted.name};
  if (!name) name = ctx.before.find_type(wanted.schema, wanted.name);
  const auto* object = name ? ctx.before.type(*name) : nullptr;
  if (!object) {  // the row type of a table
    const auto* table = find_table(ctx, type.name);
    if (!table) return std::nullopt;
    return TypeAt{table->name.text(), false, nullptr};
  }
  const auto text = name->schema == "pg_catalog" ? sql::quote_ident(name->name) : name->text();
  return TypeAt{with_modifiers(ctx, text, type), false, name->schema == "pg_catalog" ? nullptr : object};
}

int most_modifiers(const std::string& name) {
  if (const auto* s = spelling(sql_spellings, name)) return s->most;
  if (const auto* s = spelling(internal_names, name)) return s->most;
  constexpr std::string_view one[] = {"timestamp", "time", "timestamptz", "timetz", "interval", "bpchar",
                                      "char",      "bit",  "character",   "nchar",  "float"};
  return std::find(std::begin(one), std::end(one), name) != std::end(one) ? 1 : 0;
}

// Outside pg_catalog a type's own function reads the modifiers: geometry(Point,4326).
bool check_modifiers(const Context& ctx, const syntax::Type& type, const TypeAt& found) {
  if (found.type || type.modifiers.empty()) return true;
  const auto& name = type.name.parts.back().text;
  if (static_cast<int>(type.modifiers.size()) > most_modifiers(name)) {
    ctx.sink.report(diagnostics::wrong_value, type.span,
                    fmt::format("`{}` does not take {} modifier{}", name, type.modifiers.size(),
                                type.modifiers.size() == 1 ? "" : "s"));
    return false;
  }
  for (const auto& modifier : type.modifiers) {
    const auto* number = std::get_if<syntax::Constant>(&modifier.node);
    if (number && number->is == syntax::Constant::Is::number) continue;
    ctx.sink.report(diagnostics::wrong_value, modifier.span, "a length or precision is a number");
    return false;
  }
  return true;
}

void report_unknown_type(const Context& ctx, const syntax::Type& type) {
  const auto wanted = as_name(type.name);
  std::vector<std::string> candidates;
  if (wanted.schema.empty()) {
    for (const auto name : plain_names) candidates.emplace_back(name);
    for (const auto& s : sql_spellings) candidates.emplace_back(s.written);
    for (const auto& s : internal_names) candidates.emplace_back(s.written);
    for (const auto& s : serials) candidates.emplace_back(s.written);
    candidates.insert(candidates.end(),
                      {"timestamp", "timestamptz", "time", "timetz", "interval", "char", "character"});
  }
  for (const auto& name : ctx.before.names("type"))
    if (wanted.schema.empty() ? name.schema != "pg_catalog" : name.schema == wanted.schema)
      candidates.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_type, type.name.parts.back(), fmt::format("no type `{}`", wanted.text()),
                 candidates);
}

}  // namespace

std::optional<TypeAt> find_type(const Context& ctx, const syntax::Type& type) {
  if (type.name.parts.empty()) return std::nullopt;
  auto found = base_type(ctx, type);
  // However many dimensions were written, PostgreSQL keeps one [].
  if (found && !type.bounds.empty()) found->text += "[]";
  return found;
}

std::optional<TypeAt> require_type(const Context& ctx, const syntax::Type& type) {
  auto found = find_type(ctx, type);
  if (!found) {
    if (!type.name.parts.empty()) report_unknown_type(ctx, type);
    return std::nullopt;
  }
  if (!check_modifiers(ctx, type, *found)) return std::nullopt;
  if (type.setof || (found->serial && !type.bounds.empty())) {
    ctx.sink.report(diagnostics::wrong_value, type.span,
                    fmt::format("a column cannot be of type `{}`", ctx.files.text(type.span)));
    return std::nullopt;
  }
  return found;
}

}  // namespace mig::operations
