// What is not immutable in pg_catalog, from pg_proc of PostgreSQL 13 to 18, and in pgcrypto, uuid-ossp and unaccent.
#include "compiler/check/stability.hpp"

#include <algorithm>
#include <set>

namespace mig::check {

namespace {

// All forms of these are volatile.
const std::set<std::string_view> volatile_names{
    "array_sample", "array_shuffle",    "clock_timestamp",  "currval",       "gen_random_uuid", "gen_random_bytes",
    "gen_salt",     "uuid_generate_v1", "uuid_generate_v4", "lastval",       "lo_create",       "nextval",
    "pg_notify",    "pg_sleep",         "random",           "random_normal", "set_config",      "setseed",
    "setval",       "timeofday",        "uuidv4",           "uuidv7"};
// All forms of these are stable, or, with /n, those of n arguments.
const std::set<std::string_view> stable_names{"age/1",
                                              "array_to_json",
                                              "array_to_string",
                                              "concat",
                                              "concat_ws",
                                              "convert",
                                              "convert_from",
                                              "convert_to",
                                              "current_database",
                                              "current_schemas",
                                              "current_setting",
                                              "date_add/2",
                                              "date_subtract/2",
                                              "enum_first",
                                              "enum_last",
                                              "enum_range",
                                              "format",
                                              "format_type",
                                              "getdatabaseencoding",
                                              "inet_client_addr",
                                              "inet_server_addr",
                                              "json_build_array",
                                              "json_build_object",
                                              "json_populate_record",
                                              "json_populate_recordset",
                                              "json_to_record",
                                              "json_to_recordset",
                                              "json_to_tsvector/2",
                                              "jsonb_build_array",
                                              "jsonb_build_object",
                                              "jsonb_path_exists_tz",
                                              "jsonb_path_match_tz",
                                              "jsonb_path_query_array_tz",
                                              "jsonb_path_query_first_tz",
                                              "jsonb_path_query_tz",
                                              "jsonb_populate_record",
                                              "jsonb_populate_record_valid",
                                              "jsonb_populate_recordset",
                                              "jsonb_to_record",
                                              "jsonb_to_recordset",
                                              "jsonb_to_tsvector/2",
                                              "length/2",
                                              "make_timestamptz",
                                              "now",
                                              "pg_backend_pid",
                                              "pg_typeof",
                                              "phraseto_tsquery/1",
                                              "plainto_tsquery/1",
                                              "row_to_json",
                                              "statement_timestamp",
                                              "timestamptz/1",
                                              "to_char",
                                              "unaccent",
                                              "to_date",
                                              "to_json",
                                              "to_jsonb",
                                              "to_number",
                                              "to_regclass",
                                              "to_regcollation",
                                              "to_regnamespace",
                                              "to_regoper",
                                              "to_regoperator",
                                              "to_regproc",
                                              "to_regprocedure",
                                              "to_regrole",
                                              "to_regtype",
                                              "to_regtypemod",
                                              "to_timestamp/2",
                                              "to_tsquery/1",
                                              "to_tsvector/1",
                                              "transaction_timestamp",
                                              "ts_headline/2",
                                              "txid_current",
                                              "txid_current_if_assigned",
                                              "txid_current_snapshot",
                                              "version",
                                              "websearch_to_tsquery/1",
                                              "xml_is_well_formed"};

Stability of_builtin(const std::string& name, std::size_t arguments) {
  if (volatile_names.count(name) != 0) return Stability::volatile_;
  const auto form = name + "/" + std::to_string(arguments);
  return stable_names.count(name) != 0 || stable_names.count(form) != 0 ? Stability::stable : Stability::immutable;
}

// The mildest of a function's forms: which one is called is not known without types.
Stability of_catalog(const std::vector<const catalog::Function*>& functions) {
  auto mildest = Stability::volatile_;
  for (const auto* function : functions) {
    const auto one = function->volatility == "volatile" ? Stability::volatile_
                     : function->volatility == "stable" ? Stability::stable
                                                        : Stability::immutable;
    mildest = std::min(mildest, one);
  }
  return mildest;
}

bool among(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

const char* to_string(Stability stability) {
  switch (stability) {
    case Stability::immutable:
      return "immutable";
    case Stability::stable:
      return "stable";
    case Stability::volatile_:
      return "volatile";
  }
  return "";
}

Stability stability_of(const catalog::Catalog& catalog, const syntax::Path& function, std::size_t arguments) {
  const auto& name = function.parts.back().text;
  if (function.parts.size() > 1 && function.parts.front().text != "pg_catalog") {
    const auto found = catalog.functions({function.parts.front().text, name});
    return found.empty() ? Stability::immutable : of_catalog(found);
  }
  if (const auto builtin = of_builtin(name, arguments); builtin != Stability::immutable) return builtin;
  if (function.parts.size() > 1 || !catalog.functions({"pg_catalog", name}).empty()) return Stability::immutable;
  for (const auto& schema : catalog.server.search_path)
    if (const auto found = catalog.functions({schema, name}); !found.empty()) return of_catalog(found);
  return Stability::immutable;
}

Stability stability_of_cast(const std::string& from, const std::string& to) {
  const bool of_text = among(from, {"text", "varchar", "character varying", "name", "char", "character", "citext"});
  const bool zoned = among(to, {"timestamptz", "timestamp with time zone", "timetz", "time with time zone"});
  const bool times = zoned || among(to, {"date", "time", "timestamp", "interval", "time without time zone",
                                         "timestamp without time zone"});
  const bool from_zoned = among(from, {"timestamptz", "timestamp with time zone"});
  const bool from_times = among(from, {"date", "time", "timestamp", "interval"});
  if (from == to || from.empty()) return Stability::immutable;
  if (of_text && (times || among(to, {"regclass", "regtype", "regproc", "regrole", "money"}))) return Stability::stable;
  if ((from_zoned || from_times) && (zoned != from_zoned) && times) return Stability::stable;
  if ((from_zoned || from_times) && among(to, {"text", "varchar"})) return Stability::stable;
  return Stability::immutable;
}

}  // namespace mig::check
