// Bounds of partitions.
#include "compiler/operations/partition_bounds.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "compiler/catalog/catalog.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::operations {

namespace {

// Parts between commas that stand in no quotes and no parentheses.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(std::move(part));
      part.clear();
      continue;
    }
    if (part.empty() && c == ' ') continue;
    part += c;
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

// What stands in the parentheses that open at the first one behind `from`.
std::string inside(const std::string& text, std::size_t from) {
  const auto begin = text.find('(', from);
  if (begin == std::string::npos) return {};
  int depth = 0;
  bool quoted = false;
  for (auto at = begin; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return text.substr(begin + 1, at - begin - 1);
  }
  return {};
}

struct Literal {
  std::string text;
  bool word = false;  // null, minvalue, maxvalue, true …: no value in quotes
};

Literal literal(const syntax::Expr& value) {
  if (const auto* constant = std::get_if<syntax::Constant>(&value.node)) {
    if (constant->is == syntax::Constant::Is::null) return {"NULL", true};
    return {constant->value, false};
  }
  if (const auto* word = std::get_if<syntax::Keyword>(&value.node)) {
    auto upper = word->word;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
    return {upper, true};
  }
  if (const auto* sign = std::get_if<syntax::Unary>(&value.node))
    return {sign->op + literal(*sign->operand).text, false};
  if (const auto* name = std::get_if<syntax::ColumnRef>(&value.node)) return {name->path.parts.back().text, false};
  if (const auto* typed = std::get_if<syntax::Typed>(&value.node)) return {typed->text.value, false};
  if (const auto* cast = std::get_if<syntax::Cast>(&value.node)) return literal(*cast->operand);
  return {};
}

struct Moment {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::string fraction;
  std::optional<int> offset;  // minutes east of Greenwich
};

std::optional<Moment> moment(const std::string& text) {
  Moment made;
  int used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &made.year, &made.month, &made.day, &used) != 3) return std::nullopt;
  auto rest = text.substr(static_cast<std::size_t>(used));
  if (!rest.empty() && (rest[0] == ' ' || rest[0] == 'T')) rest.erase(0, 1);
  used = 0;
  if (std::sscanf(rest.c_str(), "%2d:%2d%n", &made.hour, &made.minute, &used) == 2) {
    rest.erase(0, static_cast<std::size_t>(used));
    used = 0;
    if (std::sscanf(rest.c_str(), ":%2d%n", &made.second, &used) == 1) rest.erase(0, static_cast<std::size_t>(used));
    if (!rest.empty() && rest[0] == '.') {
      const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
      made.fraction = rest.substr(1, end - 1);
      made.fraction.erase(made.fraction.find_last_not_of('0') + 1);
      rest.erase(0, end);
    }
  }
  rest.erase(0, rest.find_first_not_of(' '));
  if (rest == "Z" || rest == "z" || rest == "UTC") made.offset = 0;
  int hours = 0, minutes = 0;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    if (std::sscanf(rest.c_str() + 1, "%2d:%2d", &hours, &minutes) < 1) return std::nullopt;
    made.offset = (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  } else if (!rest.empty() && !made.offset) {
    return std::nullopt;
  }
  return made;
}

std::string printed(const Moment& at, bool zoned) {
  using namespace std::chrono;
  auto minutes_of = sys_days{year{at.year} / at.month / at.day} + hours{at.hour} + minutes{at.minute};
  minutes_of -= minutes{zoned ? at.offset.value_or(0) : 0};
  const auto day = floor<days>(minutes_of);
  const year_month_day date{day};
  const auto left = (minutes_of - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{}{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), left / 60, left % 60,
                     at.second, at.fraction.empty() ? "" : "." + at.fraction, zoned ? "+00" : "");
}

bool is(const std::string& type, const char* begin) { return type.rfind(begin, 0) == 0; }
bool zoned(const std::string& type) {
  return is(type, "timestamp") && type.find("with time zone") != std::string::npos;
}

// numeric(p,s) keeps s digits behind the point; a number without a point is printed in quotes.
std::string numeric(std::string text, const std::string& type) {
  const auto comma = type.find(',');
  const auto scale = comma == std::string::npos ? 0 : std::stoul(type.substr(comma + 1));
  auto point = text.find('.');
  if (comma != std::string::npos && scale > 0) {
    if (point == std::string::npos) point = (text += '.').size() - 1;
    while (text.size() - point - 1 < scale) text += '0';
  }
  const bool bare = text[0] != '-' && text.find('.') != std::string::npos;
  return bare ? text : sql::quote_literal(text);
}

// As the type prints it, in quotes but where pg_get_expr leaves them out.
std::string value_text(const Literal& value, const std::string& type) {
  if (value.word) return value.text;
  const auto& text = value.text;
  if (text.empty()) return sql::quote_literal(text);
  if (type == "integer") return text[0] == '-' ? sql::quote_literal(text) : text;
  if (is(type, "numeric")) return numeric(text, type);
  if (type == "boolean") return text == "true" || text == "t" || text == "on" || text == "1" ? "true" : "false";
  if (type == "date")
    if (const auto at = moment(text)) return sql::quote_literal(printed(*at, false).substr(0, 10));
  if (is(type, "timestamp"))
    if (const auto at = moment(text)) return sql::quote_literal(printed(*at, zoned(type)));
  return sql::quote_literal(text);
}

std::string type_at(const catalog::Table& parent, const PartitionKey& key, std::size_t at) {
  const auto* column = at < key.columns.size() ? parent.column(key.columns[at]) : nullptr;
  return column ? column->type : std::string{};
}

std::string list_text(const catalog::Table& parent, const std::vector<syntax::Expr>& values, bool one_column) {
  const auto key = partition_key(parent);
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i)
    text.append(i == 0 ? "" : ", ").append(value_text(literal(values[i]), type_at(parent, key, one_column ? 0 : i)));
  return text;
}

bool report(const Context& ctx, source::Span span, std::string message, std::string way) {
  ctx.sink.report(diagnostics::wrong_value, span, std::move(message)).note(std::move(way));
  return false;
}

bool check_zones(const Context& ctx, const catalog::Table& parent, const syntax::PartitionBound& bound) {
  const auto key = partition_key(parent);
  for (const auto* list : {&bound.values, &bound.from, &bound.to})
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto value = literal((*list)[i]);
      if (value.word || !zoned(type_at(parent, key, list == &bound.values ? 0 : i))) continue;
      const auto at = moment(value.text);
      if (!at || !at->offset)
        return report(ctx, bound.span,
                      fmt::format("which moment '{}' is depends on the TimeZone of the session", value.text),
                      fmt::format("write: '{}+00', or another zone", value.text));
    }
  return true;
}

// ---- the condition of a range ----

bool finite(const std::string& value) { return value != "MINVALUE" && value != "MAXVALUE"; }

// The rows on this side of one bound, compared from the first key part on that the two bounds do not share, as
// get_qual_for_range() of the server writes it: PostgreSQL takes a check as proof where it has the same shape.
std::string side(const std::vector<std::string>& parts, const std::vector<std::string>& bound, std::size_t first,
                 bool lower) {
  std::string arms;
  std::string equal;
  int count = 0;
  for (auto at = first; at < parts.size() && finite(bound[at]); ++at) {
    const bool last = at + 1 == parts.size();
    // What follows takes in all values of this part, or the last part of the lower bound itself.
    const bool closed = lower ? last || bound[at + 1] == "MINVALUE" : !last && bound[at + 1] == "MAXVALUE";
    const auto* compare = lower ? closed ? ">=" : ">" : closed ? "<=" : "<";
    const auto arm = fmt::format("{}{} {} {}", equal, parts[at], compare, bound[at]);
    arms += count++ == 0 ? arm : fmt::format(" OR ({})", arm);
    equal += fmt::format("{} = {} AND ", parts[at], bound[at]);
  }
  return count > 1 ? fmt::format("({})", arms) : arms;
}

std::optional<std::string> range_condition(const PartitionKey& key, const std::vector<std::string>& from,
                                           const std::vector<std::string>& to) {
  const auto& parts = key.parts;
  if (from.size() != parts.size() || to.size() != parts.size()) return std::nullopt;
  std::string condition;
  const auto add = [&](const std::string& more) {
    if (!more.empty()) condition += (condition.empty() ? "" : " AND ") + more;
  };
  for (const auto& part : parts) add(part + " IS NOT NULL");
  std::size_t first = 0;
  for (; first + 1 < parts.size() && finite(from[first]) && from[first] == to[first]; ++first)
    add(fmt::format("{} = {}", parts[first], from[first]));
  add(side(parts, from, first, true));
  add(side(parts, to, first, false));
  return condition;
}

}  // namespace

PartitionKey partition_key(const catalog::Table& parent) {
  PartitionKey key;
  key.strategy = parent.partition_by.substr(0, parent.partition_by.find(' '));
  std::size_t next = 0;
  for (const auto& part : split(inside(parent.partition_by, 0))) {
    // `k`, `k COLLATE "C" text_ops`, `lower(k)`, `(a + b)`
    const auto names = catalog::parse_name(part.substr(0, part[0] == '"' ? part.rfind('"') + 1 : part.find(' ')));
    const bool column = next < parent.partition_columns.size() && names && names->size() == 1 &&
                        names->front() == parent.partition_columns[next];
    key.parts.push_back(column ? sql::quote_ident(parent.partition_columns[next]) : "(" + part + ")");
    key.columns.push_back(column ? parent.partition_columns[next++] : std::string{});
  }
  return key;
}

std::string bound_text(const catalog::Table& parent, const syntax::PartitionBound& bound) {
  using Is = syntax::PartitionBound::Is;
  switch (bound.is) {
    case Is::default_:
      return "DEFAULT";
    case Is::in:
      return fmt::format("FOR VALUES IN ({})", list_text(parent, bound.values, true));
    case Is::range:
      return fmt::format("FOR VALUES FROM ({}) TO ({})", list_text(parent, bound.from, false),
                         list_text(parent, bound.to, false));
    case Is::hash:
      break;
  }
  return fmt::format("FOR VALUES WITH (modulus {}, remainder {})", bound.modulus, bound.remainder);
}

bool check_bound(const Context& ctx, const catalog::Table& parent, const syntax::PartitionBound& bound) {
  using Is = syntax::PartitionBound::Is;
  const auto key = partition_key(parent);
  const auto wanted = key.strategy == "RANGE" ? Is::range : key.strategy == "LIST" ? Is::in : Is::hash;
  if (bound.is != wanted && (bound.is != Is::default_ || wanted == Is::hash))
    return report(ctx, bound.span, fmt::format("`{}` is partitioned by {}", parent.name.text(), parent.partition_by),
                  wanted == Is::range ? "write: for values from (…) to (…)"
                  : wanted == Is::in  ? "write: for values in (…)"
                                      : "write: for values with (modulus …, remainder …)");
  if (bound.is == Is::range && (bound.from.size() != key.parts.size() || bound.to.size() != key.parts.size()))
    return report(ctx, bound.span,
                  fmt::format("the key of `{}` has {} part{}", parent.name.text(), key.parts.size(),
                              key.parts.size() == 1 ? "" : "s"),
                  "write as many values in each parenthesis");
  if (bound.is == Is::hash && std::stoll(bound.remainder) >= std::stoll(bound.modulus))
    return report(ctx, bound.span, "the remainder is less than the modulus", "write: a remainder from 0 on");
  if (!check_zones(ctx, parent, bound)) return false;
  const auto text = bound_text(parent, bound);
  for (const auto& name : parent.children)
    if (const auto* child = ctx.before.table(name); child && child->partition_bound == text) {
      ctx.sink.report(diagnostics::duplicate_name, bound.span,
                      fmt::format("`{}` is the partition for these rows already", name.text()));
      return false;
    }
  return true;
}

std::optional<std::string> bound_condition(const catalog::Table& parent, const std::string& bound) {
  const auto key = partition_key(parent);
  if (bound.rfind("FOR VALUES FROM ", 0) == 0)
    return range_condition(key, split(inside(bound, 0)), split(inside(bound, bound.rfind(" TO "))));
  if (key.parts.size() != 1) return std::nullopt;
  const auto& part = key.parts.front();
  if (bound.rfind("FOR VALUES IN ", 0) != 0) return std::nullopt;
  auto values = split(inside(bound, 0));
  const bool null = std::erase(values, "NULL") > 0;
  std::string list;
  for (const auto& value : values) list.append(list.empty() ? "" : ", ").append(value);
  if (null) return list.empty() ? part + " IS NULL" : fmt::format("{0} IS NULL OR {0} IN ({1})", part, list);
  return fmt::format("{0} IS NOT NULL AND {0} IN ({1})", part, list);
}

const catalog::Table* default_partition(const catalog::Catalog& catalog, const catalog::Table& parent) {
  for (const auto& name : parent.children)
    if (const auto* child = catalog.table(name); child && child->partition_bound == "DEFAULT") return child;
  return nullptr;
}

}  // namespace mig::operations
