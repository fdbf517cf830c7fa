// Do two texts say the same expression? One side is usually a user's, the other pg_get_expr's, which adds the casts
// that the server put in and leaves out nothing.
#include <algorithm>
#include <array>

#include "compiler/sql/constant.hpp"
#include "compiler/sql/expression_tree.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::sql {

namespace {

// Where an expression stands decides which casts of the server's own the printer shows there: none at the top, those
// of operators and of arguments inside (ruleutils.c: showimplicit).
enum class Place { top, operand, argument };

// Names are equal, or one of them says less: `total` and `orders.total`, `f` and `public.f`.
bool same_name(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  const auto from = a.size() - b.size();
  return a.substr(from) == b && (from == 0 || a[from - 1] == name_separator);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A value under its casts, the outermost first.
struct Value {
  std::vector<std::string_view> casts;
  const Tree* core = nullptr;
};

Value unwrap(const Tree& tree) {
  Value value{{}, &tree};
  for (; value.core->kind == "cast"; value.core = &value.core->parts.front())
    value.casts.emplace_back(value.core->text);
  return value;
}

std::string_view without_length(std::string_view type) { return type.substr(0, type.find('(')); }

bool is_constant(const Tree& tree) { return is_one_of(tree.kind, {"number", "string", "boolean", "null"}); }

// What make_const gives a number: numeric with a point or an exponent, else the first integer type that holds it.
std::string_view natural_type(const Tree& constant) {
  if (constant.kind == "boolean") return "bool";
  if (constant.kind != "number") return "text";
  const auto digits = canonical_number(constant.text);
  if (!digits || digits->find('.') != std::string::npos || constant.text.find_first_of(".eE") != std::string::npos)
    return "numeric";
  const auto size = digits->size() - (digits->front() == '-' ? 1 : 0);
  return size < 10 ? "int4" : size < 19 ? "int8" : "numeric";
}

bool same_value(std::string_view type, const Tree& a, const Tree& b) {
  if (a.kind == "null" || b.kind == "null") return a.kind == b.kind;
  if (a.kind == "boolean" || b.kind == "boolean") {
    const auto left = boolean_value(a.text), right = boolean_value(b.text);
    return left && right && *left == *right;
  }
  if (a.kind == b.kind) return same_constant(type.empty() && a.kind == "number" ? "numeric" : type, a.text, b.text);
  // 5 and '5' are one constant of a number type, never of text
  const bool number = type.empty() || is_one_of(type, {"int2", "int4", "int8", "numeric", "float4", "float8", "oid"});
  return number && same_constant(type.empty() ? "numeric" : type, a.text, b.text);
}

// Casts of a constant: the same, or said on one side only. A second one may stand inside where it is the type that the
// constant has by itself: ('-5'::integer)::numeric.
bool same_constants(const Value& a, const Value& b) {
  const auto& longer = a.casts.size() < b.casts.size() ? b : a;
  const auto& shorter = a.casts.size() < b.casts.size() ? a : b;
  if (!longer.casts.empty() && !shorter.casts.empty() && !same_name(longer.casts.front(), shorter.casts.front()))
    return false;
  for (std::size_t i = 1; i < longer.casts.size(); ++i) {
    if (i < shorter.casts.size() && longer.casts[i] != shorter.casts[i]) return false;
    const bool natural = longer.casts[i] == natural_type(*shorter.core) ||
                         is_one_of(longer.casts[i], {"varchar", "bpchar"}) ||
                         longer.casts[i] == natural_type(*longer.core);
    if (i >= shorter.casts.size() && !natural) return false;
  }
  const auto type = longer.casts.empty() ? std::string_view{} : without_length(longer.casts.back());
  return same_value(type, *a.core, *b.core);
}

// Types that the server casts to by itself, inside an operator or as an argument.
bool is_implicit(std::string_view type, Place place) {
  if (place == Place::top) return false;
  type = without_length(type);
  if (is_one_of(type, {"text", "bpchar", "varchar", "name", "numeric", "float8", "timestamptz", "timestamp", "interval",
                       "inet", "varbit", "regclass", "oid", "text[]", "varchar[]", "bpchar[]", "name[]"}))
    return true;
  return place == Place::argument && is_one_of(type, {"int4", "int8", "float4"});
}

// The outermost cast that one side has more than the other.
struct Extra {
  std::string_view type;
  bool of_first = false;
};

std::optional<Extra> extra_cast(const Tree& a, const Tree& b) {
  const auto left = unwrap(a), right = unwrap(b);
  if (left.casts.size() == right.casts.size()) return std::nullopt;
  const bool first = left.casts.size() > right.casts.size();
  const auto& longer = first ? left : right;
  if (is_constant(*longer.core) && longer.casts.front() == natural_type(*longer.core)) return std::nullopt;
  return Extra{longer.casts.front(), first};
}

bool is_text(std::string_view type) { return is_one_of(without_length(type), {"text", "bpchar", "varchar", "name"}); }

// `id = 1` against `id::text = '1'`.
bool number_against_string(const Tree& a, const Tree& b) {
  const auto left = unwrap(a).core->kind, right = unwrap(b).core->kind;
  return (left == "number" && right == "string") || (left == "string" && right == "number");
}

// Casts of the two operands that cannot all be the server's, so somebody meant them:
// - both operands of an arithmetic operator: (x)::numeric / (2)::numeric is no integer division. In a comparison the
//   server does it, too, for a domain: ((price)::numeric > (0)::numeric);
// - one operand here and one there, to different types: x::numeric > 1 and x > (1)::double precision;
// - a column to text that is compared with a number.
bool meant(const Tree& a, const Tree& b) {
  const auto left = extra_cast(a.parts[0], b.parts[0]);
  const auto right = extra_cast(a.parts[1], b.parts[1]);
  if (left && is_text(left->type) && number_against_string(a.parts[1], b.parts[1])) return true;
  if (right && is_text(right->type) && number_against_string(a.parts[0], b.parts[0])) return true;
  if (!left || !right) return false;
  if (left->of_first != right->of_first) return left->type != right->type;
  return is_one_of(a.text, {"+", "-", "*", "/", "%"});
}

bool same(const Tree& a, const Tree& b, Place place);

bool same_parts(const Tree& a, const Tree& b, Place place) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [place](const Tree& x, const Tree& y) { return same(x, y, place); });
}

// Fields of PostgreSQL's tree that hold a whole expression of their own.
bool is_root(std::string_view field) {
  return is_one_of(field, {".raw_expr", ".whereClause", ".expr", ".val", ".havingClause", ".quals"});
}

bool same_core(const Tree& a, const Tree& b) {
  if (a.kind != b.kind) return false;
  if (is_one_of(a.kind, {"column", "call", "collate", "relation", "operator", "prefix", "any", "all", "type"})) {
    if (!same_name(a.text, b.text)) return false;
  } else if (a.text != b.text) {
    return false;
  }
  if (is_one_of(a.kind, {"operator", "any", "all"})) return !meant(a, b) && same_parts(a, b, Place::operand);
  if (is_one_of(a.kind, {"and", "or", "not", "collate"}) || is_root(a.kind)) return same_parts(a, b, Place::top);
  return same_parts(a, b, Place::argument);
}

bool same(const Tree& a, const Tree& b, Place place) {
  const auto left = unwrap(a), right = unwrap(b);
  if (is_constant(*left.core) && is_constant(*right.core)) return same_constants(left, right);
  const auto& longer = left.casts.size() < right.casts.size() ? right : left;
  const auto& shorter = left.casts.size() < right.casts.size() ? left : right;
  const auto extra = longer.casts.size() - shorter.casts.size();
  for (std::size_t i = 0; i < extra; ++i)
    if (!is_implicit(longer.casts[i], place)) return false;
  for (std::size_t i = 0; i < shorter.casts.size(); ++i)
    if (!same_name(longer.casts[i + extra], shorter.casts[i])) return false;
  return same_core(*left.core, *right.core);
}

}  // namespace

bool same_expression(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = normal_tree(a);
  const auto right = normal_tree(b);
  return left && right && same(*left, *right, Place::top);
}

}  // namespace mig::sql
