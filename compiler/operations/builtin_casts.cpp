// PostgreSQL's own casts, as pg_cast has them from 13 to 18.
#include "compiler/operations/builtin_casts.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string_view>

namespace mig::operations {

namespace {

using Names = std::initializer_list<std::string_view>;

bool one_of(std::string_view name, Names names) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool number(std::string_view type) {
  return one_of(type, {"smallint", "integer", "bigint", "numeric", "real", "double precision"});
}
bool text(std::string_view type) {
  return one_of(type, {"text", "character varying", "character", "bpchar", "name", "\"char\""});
}
bool oid(std::string_view type) { return type == "oid" || type.rfind("reg", 0) == 0; }

struct Pair {
  std::string_view from, to;
};
constexpr Pair by_assignment[] = {{"numeric", "money"},
                                  {"money", "numeric"},
                                  {"integer", "money"},
                                  {"bigint", "money"},
                                  {"boolean", "text"},
                                  {"boolean", "character varying"},
                                  {"boolean", "character"},
                                  {"xml", "text"},
                                  {"xml", "character varying"},
                                  {"xml", "character"},
                                  {"bit", "bit varying"},
                                  {"bit varying", "bit"},
                                  {"cidr", "inet"},
                                  {"inet", "cidr"},
                                  {"macaddr", "macaddr8"},
                                  {"macaddr8", "macaddr"},
                                  {"date", "timestamp without time zone"},
                                  {"date", "timestamp with time zone"},
                                  {"timestamp without time zone", "date"},
                                  {"timestamp without time zone", "time without time zone"},
                                  {"timestamp without time zone", "timestamp with time zone"},
                                  {"timestamp with time zone", "date"},
                                  {"timestamp with time zone", "time without time zone"},
                                  {"timestamp with time zone", "time with time zone"},
                                  {"timestamp with time zone", "timestamp without time zone"},
                                  {"time without time zone", "interval"},
                                  {"time without time zone", "time with time zone"},
                                  {"time with time zone", "time without time zone"},
                                  {"interval", "time without time zone"},
                                  {"json", "jsonb"},
                                  {"jsonb", "json"},
                                  {"point", "box"},
                                  {"box", "polygon"},
                                  {"path", "polygon"},
                                  {"polygon", "path"},
                                  {"text", "regclass"},
                                  {"character varying", "regclass"}};
constexpr Pair by_hand[] = {{"integer", "boolean"},  {"boolean", "integer"},
                            {"integer", "\"char\""}, {"\"char\"", "integer"},
                            {"integer", "bit"},      {"bigint", "bit"},
                            {"bit", "integer"},      {"bit", "bigint"},
                            {"text", "xml"},         {"character varying", "xml"},
                            {"character", "xml"},    {"jsonb", "boolean"},
                            {"xid8", "xid"},         {"lseg", "point"},
                            {"box", "point"},        {"box", "lseg"},
                            {"box", "circle"},       {"circle", "box"},
                            {"circle", "point"},     {"circle", "polygon"},
                            {"polygon", "point"},    {"polygon", "box"},
                            {"polygon", "circle"}};

template <std::size_t N>
bool listed(const Pair (&list)[N], std::string_view from, std::string_view to) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](const Pair& pair) { return pair.from == from && pair.to == to; });
}

}  // namespace

std::optional<CastContext> builtin_cast(const std::string& from, const std::string& to) {
  if (number(from) && number(to)) return CastContext::assignment;
  if (text(from) && text(to)) return CastContext::assignment;
  const bool whole = one_of(from, {"smallint", "integer", "bigint"}) || one_of(to, {"integer", "bigint"});
  if ((oid(from) || oid(to)) && (whole || (oid(from) && oid(to)))) return CastContext::assignment;
  if (listed(by_assignment, from, to)) return CastContext::assignment;
  if (listed(by_hand, from, to) || (from == "jsonb" && number(to))) return CastContext::explicit_only;
  return std::nullopt;
}

}  // namespace mig::operations
