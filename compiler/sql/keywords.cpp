// PostgreSQL's words that are no plain names. From pg_get_keywords() of PostgreSQL 18, the newest supported major:
// a name quoted for 18 is read by every older one.
#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/sql/sql.hpp"

namespace mig::sql {

namespace {

// catcode R and T: reserved, and reserved but allowed as function or type names. Sorted by bytes.
constexpr std::array<std::string_view, 101> reserved{
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
};

// catcode C: names of columns may be these words, but quote_ident quotes them all the same. Sorted by bytes.
constexpr std::array<std::string_view, 63> column_names{
    "between",       "bigint",         "bit",           "boolean",        "char",
    "character",     "coalesce",       "dec",           "decimal",        "exists",
    "extract",       "float",          "greatest",      "grouping",       "inout",
    "int",           "integer",        "interval",      "json",           "json_array",
    "json_arrayagg", "json_exists",    "json_object",   "json_objectagg", "json_query",
    "json_scalar",   "json_serialize", "json_table",    "json_value",     "least",
    "merge_action",  "national",       "nchar",         "none",           "normalize",
    "nullif",        "numeric",        "out",           "overlay",        "position",
    "precision",     "real",           "row",           "setof",          "smallint",
    "substring",     "time",           "timestamp",     "treat",          "trim",
    "values",        "varchar",        "xmlattributes", "xmlconcat",      "xmlelement",
    "xmlexists",     "xmlforest",      "xmlnamespaces", "xmlparse",       "xmlpi",
    "xmlroot",       "xmlserialize",   "xmltable",
};

static_assert(std::is_sorted(reserved.begin(), reserved.end()));
static_assert(std::is_sorted(column_names.begin(), column_names.end()));

}  // namespace

bool is_reserved(std::string_view lower_case_word) {
  return std::binary_search(reserved.begin(), reserved.end(), lower_case_word);
}

bool is_keyword(std::string_view lower_case_word) {
  return is_reserved(lower_case_word) || std::binary_search(column_names.begin(), column_names.end(), lower_case_word);
}

}  // namespace mig::sql
