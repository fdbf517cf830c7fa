// From one type to another: rewrite or not, loss or not.
#include "compiler/operations/conversion.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "compiler/operations/builtin_casts.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/type_text.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_integer(const std::string& base) { return one_of(base, {"smallint", "integer", "bigint"}); }
int digits(const std::string& base) { return base == "smallint" ? 5 : base == "integer" ? 10 : 19; }
bool is_text(const std::string& base) { return one_of(base, {"text", "character varying"}); }

// Modifiers that say how many letters, bits or digits after the second there is room for.
bool has_length(const std::string& base) {
  return one_of(base, {"character varying", "character", "bit varying", "timestamp without time zone",
                       "timestamp with time zone", "time without time zone", "time with time zone", "interval"});
}

// Room for every value of the other, of the same base type. No modifier is as much room as there is, but of time types,
// whose most is 6.
bool holds_all(const TypeText& from, const TypeText& to) {
  if (to.modifiers.empty() || from.modifiers == to.modifiers) return true;
  if (to.base == "numeric")
    return from.modifiers.size() == 2 && to.modifiers.size() == 2 && to.modifiers[1] >= from.modifiers[1] &&
           to.modifiers[0] - to.modifiers[1] >= from.modifiers[0] - from.modifiers[1];
  if (!has_length(to.base)) return false;
  const bool time = to.base.rfind("time", 0) == 0 || to.base == "interval";
  if (time && to.modifiers.front() >= 6) return true;
  return !from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front();
}

// The same base type: numeric keeps its rows only with the same scale, blanks of character are stored.
bool keeps_rows(const TypeText& from, const TypeText& to) {
  if (from.modifiers == to.modifiers) return true;
  if (one_of(to.base, {"character", "bit"})) return false;
  if (to.base == "numeric" && !to.modifiers.empty())
    return holds_all(from, to) && from.modifiers.size() == 2 && from.modifiers[1] == to.modifiers[1];
  return holds_all(from, to);
}

// Casts without a function (pg_cast.castmethod b) among the types that are printed by name.
bool binary(const Context& ctx, const TypeText& from, const TypeText& to) {
  if (is_text(from.base) && is_text(to.base)) return true;
  for (const auto* schema : {"pg_catalog", ""})
    if (const auto* cast = ctx.before.object("cast", {schema, from.base + " as " + to.base})) {
      const auto method = cast->facts.find("method");
      if (method != cast->facts.end() && method->second == "binary") return true;
    }
  return (from.is("cidr") && to.is("inet")) || (from.is("bit") && to.is("bit varying")) ||
         (from.is("xml") && to.is("text")) || (from.is("integer") && to.is("oid")) ||
         (from.is("oid") && to.is("integer"));
}

// Index storage is kept where operator class and collation stay the same.
bool keeps_indexes(const TypeText& from, const TypeText& to) {
  return from.base == to.base || (is_text(from.base) && is_text(to.base)) || (from.is("cidr") && to.is("inet"));
}

bool rewrites(const Context& ctx, const TypeText& from, const TypeText& to) {
  if (to.constrained) return true;
  if (from.array || to.array) return from.array != to.array || from.base != to.base || from.modifiers != to.modifiers;
  if (from.base == to.base) return !keeps_rows(from, to);
  return !binary(ctx, from, to) || !to.modifiers.empty();
}

// Types whose text says all of a value, so that it can be read back from it.
bool text_says_all(const TypeText& type) {
  if (type.array) return false;
  if (type.type) return type.type->kind == "enum";
  return !one_of(type.base, {"money", "interval", "regclass", "regproc", "regtype", "character"});
}

bool lossless_number(const TypeText& from, const TypeText& to) {
  if (is_integer(from.base)) {
    if (is_integer(to.base)) return digits(from.base) <= digits(to.base);
    if (to.base == "numeric")
      return to.modifiers.empty() || (to.modifiers.size() == 2 && to.modifiers[1] >= 0 &&
                                      to.modifiers[0] - to.modifiers[1] >= digits(from.base));
    if (to.base == "double precision") return from.base != "bigint";
    return to.base == "real" ? from.base == "smallint" : from.base == "integer" && to.base == "oid";
  }
  if (from.base == "oid") return to.base == "integer";
  return from.base == "real" && to.base == "double precision";
}

bool lossless(const TypeText& from, const TypeText& to) {
  if (from.array != to.array) return false;
  if (from.base == to.base) return holds_all(from, to);
  if (lossless_number(from, to)) return true;
  if (from.array) return false;
  const bool wide = to.modifiers.empty();
  if (is_text(to.base) && from.base == "character")
    return wide || (!from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front());
  if (to.base == "text" || (to.base == "character varying" && wide)) return text_says_all(from);
  if (to.base == "character varying" && from.base == "text") return false;
  if (from.base == "cidr") return to.base == "inet";
  if (from.base == "bit" && to.base == "bit varying")
    return wide || (!from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front());
  if (from.base == "date") return to.base == "timestamp without time zone" && wide;
  return from.base == "jsonb" && to.base == "json";
}

bool depends_on_zone(const TypeText& from, const TypeText& to) {
  const auto naive = [](const TypeText& type) {
    return one_of(type.base, {"timestamp without time zone", "date", "time without time zone"});
  };
  const auto zoned = [](const TypeText& type) {
    return one_of(type.base, {"timestamp with time zone", "time with time zone"});
  };
  return (naive(from) && zoned(to)) || (zoned(from) && naive(to));
}

enum class Cast { none, explicit_only, assignment };

// find_coercion_pathway: the same base, a row of pg_cast, elements of arrays, or text by I/O. Casts of extensions are
// not read, so what they have is not known: the server says.
Cast find_cast(const Context& ctx, const TypeText& from, const TypeText& to) {
  if (from.array && to.array) {
    auto a = from, b = to;
    a.array = b.array = false;
    return find_cast(ctx, a, b);
  }
  if (from.array == to.array && from.base == to.base) return Cast::assignment;
  if (!from.array && !to.array) {
    if (binary(ctx, from, to)) return Cast::assignment;
    for (const auto* schema : {"pg_catalog", ""})
      if (const auto* cast = ctx.before.object("cast", {schema, from.base + " as " + to.base})) {
        const auto context = cast->facts.find("context");
        return context != cast->facts.end() && context->second == "explicit" ? Cast::explicit_only : Cast::assignment;
      }
  }
  if (!from.array && !to.array && !from.type && !to.type)
    if (const auto found = builtin_cast(from.base, to.base))
      return *found == CastContext::assignment ? Cast::assignment : Cast::explicit_only;
  const auto of_extension = [](const TypeText& type) { return type.type && !type.type->extension.empty(); };
  if (of_extension(from) || of_extension(to)) return Cast::assignment;
  const bool string = !to.array && (one_of(to.base, {"text", "character varying", "character", "name"}) ||
                                    (to.type && to.type->category == "S"));
  if (string) return Cast::assignment;
  const bool from_string = !from.array && one_of(from.base, {"text", "character varying", "character", "name"});
  return from_string ? Cast::explicit_only : Cast::none;
}

bool fixed_size(const TypeText& type) {
  if (type.array) return false;
  if (type.type) return type.type->kind == "enum" || (type.type->kind == "base" && type.type->length > 0);
  return is_integer(type.base) || type.base.rfind("time", 0) == 0 || type.base.rfind("interval", 0) == 0 ||
         type.base.rfind("reg", 0) == 0 || one_of(type.base, {"real",     "double precision",
                                                              "boolean",  "date",
                                                              "uuid",     "money",
                                                              "oid",      "name",
                                                              "\"char\"", "macaddr",
                                                              "macaddr8", "point",
                                                              "box",      "circle",
                                                              "line",     "lseg",
                                                              "tid",      "xid",
                                                              "xid8",     "cid",
                                                              "pg_lsn"});
}

Fragment out_of_range(const Fragment& column, const std::string& to) {
  if (to == "smallint") return sql::sql("{} NOT BETWEEN -32768 AND 32767", column);
  if (to == "integer") return sql::sql("{} NOT BETWEEN -2147483648 AND 2147483647", column);
  return sql::sql("{} NOT BETWEEN -9223372036854775808 AND 9223372036854775807", column);
}

Fragment not_numeric(const Fragment& column, const TypeText& to) {
  const auto scale = static_cast<long long>(to.modifiers.at(1));
  const auto whole = static_cast<long long>(to.modifiers.at(0) - to.modifiers.at(1));
  return sql::sql("({} <> round({}, {}) OR abs({}) >= power(10::numeric, {}))", column, column, scale, column, whole);
}

}  // namespace

bool same_bits_in_utc(const Context& ctx, const std::string& from, const std::string& to) {
  const auto a = type_text(ctx, from), b = type_text(ctx, to);
  constexpr std::string_view naive = "timestamp without time zone", zoned = "timestamp with time zone";
  if (!(a.is(naive) && b.is(zoned)) && !(a.is(zoned) && b.is(naive))) return false;
  return !b.constrained && a.modifiers == b.modifiers;
}

Conversion conversion(const Context& ctx, const std::string& from_text, const std::string& to_text) {
  const auto from = type_text(ctx, from_text), to = type_text(ctx, to_text);
  Conversion made;
  made.assignment = find_cast(ctx, from, to) == Cast::assignment;
  made.rewrites = rewrites(ctx, from, to);
  made.rebuilds = made.rewrites || !keeps_indexes(from, to);
  made.lossless = lossless(from, to);
  made.zoned = depends_on_zone(from, to);
  const bool one_kind = from.base == to.base || (is_text(from.base) && is_text(to.base));
  made.grows = one_kind && !made.rewrites && made.lossless;
  return made;
}

bool collatable(const Context& ctx, const std::string& text) {
  const auto type = type_text(ctx, text);
  if (type.type) return type.type->category == "S" || !type.type->collation.empty();
  return one_of(type.base, {"text", "character varying", "character", "bpchar", "name"});
}

bool toastable(const Context& ctx, const std::string& type) { return !fixed_size(type_text(ctx, type)); }

std::string usual_storage(const Context& ctx, const std::string& text) {
  const auto type = type_text(ctx, text);
  if (fixed_size(type)) return "plain";
  if (!type.array && one_of(type.base, {"numeric", "inet", "cidr"})) return "main";
  return "extended";
}

Fragment cast_to(const Context& ctx, const Fragment& value, const std::string& from, const std::string& to) {
  if (find_cast(ctx, type_text(ctx, from), type_text(ctx, to)) == Cast::none)
    return sql::sql("({})::text::{}", value, expression(to));
  return sql::sql("({})::{}", value, expression(to));
}

Fragment does_not_fit(const Context& ctx, const std::string& name, const std::string& from_text,
                      const std::string& to_text) {
  const auto from = type_text(ctx, from_text), to = type_text(ctx, to_text);
  const auto column = sql::fragment(Ident{name});
  if (from.array || to.array) return {};
  const bool number = is_integer(from.base) || one_of(from.base, {"numeric", "real", "double precision"});
  if (number && is_integer(to.base)) return out_of_range(column, to.base);
  if ((is_integer(from.base) || from.base == "numeric") && to.base == "numeric" && to.modifiers.size() == 2)
    return not_numeric(column, to);
  if (is_text(from.base) && one_of(to.base, {"character varying", "character"}) && !to.modifiers.empty())
    return sql::sql("char_length({}) > {}", column, static_cast<long long>(to.modifiers.front()));
  if (is_text(from.base) && to.type && to.type->kind == "enum") {
    std::vector<Fragment> labels;
    for (const auto& label : to.type->labels) labels.push_back(sql::fragment(Literal{label}));
    return labels.empty() ? Fragment{} : sql::sql("{} NOT IN ({})", column, sql::join(labels, ", "));
  }
  if (is_text(from.base) && ctx.before.server.major() >= 16)
    return sql::sql("NOT pg_input_is_valid({}, {})", column, Literal{to_text});
  return {};
}

}  // namespace mig::operations
