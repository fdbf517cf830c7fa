// PostgreSQL's own type names, 13 to 18, and SQL's spellings of them (manual, table 8.1; gram.y).
#include "compiler/catalog/builtin_types.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace mig::catalog {

namespace {

using namespace std::string_view_literals;

struct Builtin {
  std::string_view name;
  int since;  // major version; 0: all supported ones
};

// pg_type of pg_catalog without row types and arrays; sorted.
constexpr std::array types = std::to_array<Builtin>({{"aclitem", 0},
                                                     {"any", 0},
                                                     {"anyarray", 0},
                                                     {"anycompatible", 0},
                                                     {"anycompatiblearray", 0},
                                                     {"anycompatiblemultirange", 14},
                                                     {"anycompatiblenonarray", 0},
                                                     {"anycompatiblerange", 0},
                                                     {"anyelement", 0},
                                                     {"anyenum", 0},
                                                     {"anymultirange", 14},
                                                     {"anynonarray", 0},
                                                     {"anyrange", 0},
                                                     {"bit", 0},
                                                     {"bool", 0},
                                                     {"box", 0},
                                                     {"bpchar", 0},
                                                     {"bytea", 0},
                                                     {"char", 0},
                                                     {"cid", 0},
                                                     {"cidr", 0},
                                                     {"circle", 0},
                                                     {"cstring", 0},
                                                     {"date", 0},
                                                     {"datemultirange", 14},
                                                     {"daterange", 0},
                                                     {"event_trigger", 0},
                                                     {"fdw_handler", 0},
                                                     {"float4", 0},
                                                     {"float8", 0},
                                                     {"gtsvector", 0},
                                                     {"index_am_handler", 0},
                                                     {"inet", 0},
                                                     {"int2", 0},
                                                     {"int2vector", 0},
                                                     {"int4", 0},
                                                     {"int4multirange", 14},
                                                     {"int4range", 0},
                                                     {"int8", 0},
                                                     {"int8multirange", 14},
                                                     {"int8range", 0},
                                                     {"internal", 0},
                                                     {"interval", 0},
                                                     {"json", 0},
                                                     {"jsonb", 0},
                                                     {"jsonpath", 0},
                                                     {"language_handler", 0},
                                                     {"line", 0},
                                                     {"lseg", 0},
                                                     {"macaddr", 0},
                                                     {"macaddr8", 0},
                                                     {"money", 0},
                                                     {"name", 0},
                                                     {"numeric", 0},
                                                     {"nummultirange", 14},
                                                     {"numrange", 0},
                                                     {"oid", 0},
                                                     {"oidvector", 0},
                                                     {"path", 0},
                                                     {"pg_brin_bloom_summary", 14},
                                                     {"pg_brin_minmax_multi_summary", 14},
                                                     {"pg_ddl_command", 0},
                                                     {"pg_dependencies", 0},
                                                     {"pg_lsn", 0},
                                                     {"pg_mcv_list", 0},
                                                     {"pg_ndistinct", 0},
                                                     {"pg_node_tree", 0},
                                                     {"pg_snapshot", 0},
                                                     {"point", 0},
                                                     {"polygon", 0},
                                                     {"record", 0},
                                                     {"refcursor", 0},
                                                     {"regclass", 0},
                                                     {"regcollation", 0},
                                                     {"regconfig", 0},
                                                     {"regdictionary", 0},
                                                     {"regnamespace", 0},
                                                     {"regoper", 0},
                                                     {"regoperator", 0},
                                                     {"regproc", 0},
                                                     {"regprocedure", 0},
                                                     {"regrole", 0},
                                                     {"regtype", 0},
                                                     {"table_am_handler", 0},
                                                     {"text", 0},
                                                     {"tid", 0},
                                                     {"time", 0},
                                                     {"timestamp", 0},
                                                     {"timestamptz", 0},
                                                     {"timetz", 0},
                                                     {"trigger", 0},
                                                     {"tsm_handler", 0},
                                                     {"tsmultirange", 14},
                                                     {"tsquery", 0},
                                                     {"tsrange", 0},
                                                     {"tstzmultirange", 14},
                                                     {"tstzrange", 0},
                                                     {"tsvector", 0},
                                                     {"txid_snapshot", 0},
                                                     {"unknown", 0},
                                                     {"uuid", 0},
                                                     {"varbit", 0},
                                                     {"varchar", 0},
                                                     {"void", 0},
                                                     {"xid", 0},
                                                     {"xid8", 0},
                                                     {"xml", 0}});

// Spellings that the grammar turns into one of the above; sorted.
constexpr std::array spellings = {std::pair{"bigint"sv, "int8"sv},
                                  std::pair{"bit varying"sv, "varbit"sv},
                                  std::pair{"boolean"sv, "bool"sv},
                                  std::pair{"char"sv, "bpchar"sv},
                                  std::pair{"char varying"sv, "varchar"sv},
                                  std::pair{"character"sv, "bpchar"sv},
                                  std::pair{"character varying"sv, "varchar"sv},
                                  std::pair{"dec"sv, "numeric"sv},
                                  std::pair{"decimal"sv, "numeric"sv},
                                  std::pair{"double precision"sv, "float8"sv},
                                  std::pair{"float"sv, "float8"sv},
                                  std::pair{"int"sv, "int4"sv},
                                  std::pair{"integer"sv, "int4"sv},
                                  std::pair{"national char"sv, "bpchar"sv},
                                  std::pair{"national char varying"sv, "varchar"sv},
                                  std::pair{"national character"sv, "bpchar"sv},
                                  std::pair{"national character varying"sv, "varchar"sv},
                                  std::pair{"nchar"sv, "bpchar"sv},
                                  std::pair{"nchar varying"sv, "varchar"sv},
                                  std::pair{"real"sv, "float4"sv},
                                  std::pair{"smallint"sv, "int2"sv},
                                  std::pair{"time with time zone"sv, "timetz"sv},
                                  std::pair{"time without time zone"sv, "time"sv},
                                  std::pair{"timestamp with time zone"sv, "timestamptz"sv},
                                  std::pair{"timestamp without time zone"sv, "timestamp"sv}};

}  // namespace

std::optional<Name> builtin_type(std::string_view written, int major) {
  const auto* spelling = std::lower_bound(spellings.begin(), spellings.end(), written,
                                          [](const auto& entry, std::string_view name) { return entry.first < name; });
  if (spelling != spellings.end() && spelling->first == written) written = spelling->second;
  const auto* found = std::lower_bound(types.begin(), types.end(), written,
                                       [](const Builtin& entry, std::string_view name) { return entry.name < name; });
  if (found == types.end() || found->name != written) return std::nullopt;
  if (major != 0 && major < found->since) return std::nullopt;
  return Name{"pg_catalog", std::string(found->name)};
}

}  // namespace mig::catalog
