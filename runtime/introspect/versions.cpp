// What differs between PostgreSQL 13 and 18 in the catalogs that introspection reads, as data.
#include <algorithm>
#include <array>
#include <cassert>

#include "runtime/introspect/link.hpp"

namespace mig::runtime::introspection {

namespace {

struct Variant {
  std::string_view name;    // as {name} in a query
  int since;                // from this major version on
  std::string_view now;     // the expression
  std::string_view before;  // what stands for it in older ones
};

constexpr std::array variants = std::to_array<Variant>({
    {"compression", 14, "a.attcompression", "''"},
    {"detach_pending", 14, "i.inhdetachpending", "false"},
    {"delete_columns", 15, "con.confdelsetcols", "NULL::int2[]"},
    {"enforced", 18, "con.conenforced", "true"},
    {"period", 18, "con.conperiod", "false"},
    {"nulls_not_distinct", 15, "i.indnullsnotdistinct", "false"},
    {"never_analyzed", 14, "c.reltuples < 0", "c.relpages = 0"},
    {"not_null_kind", 18, "'n'", "NULL"},
    {"sql_body", 14, "p.prosqlbody IS NOT NULL", "false"},
    {"multirange", 14, "r.rngmultitypid", "0"},
    {"multirange_of", 14, "OR m.rngmultitypid = t.oid", ""},
    {"publish_filter", 15, "pg_get_expr(pr.prqual, pr.prrelid)", "NULL"},
    {"publish_columns", 15, "pr.prattrs", "NULL::int2vector"},
    {"publish_schemas", 15,
     "(SELECT string_agg(quote_ident(s.nspname), ', ' ORDER BY s.nspname COLLATE \"C\") FROM "
     "pg_publication_namespace pn JOIN pg_namespace s ON s.oid = pn.pnnspid WHERE pn.pnpubid = o.oid)",
     "NULL"},
    {"publish_generated", 18, "nullif(o.pubgencols::text, 'n')", "NULL"},
    {"subscription_binary", 14, "o.subbinary::text", "NULL"},
    {"subscription_stream", 14, "o.substream::text", "NULL"},
    {"subscription_two_phase", 15, "o.subtwophasestate::text", "NULL"},
    {"subscription_disable", 15, "o.subdisableonerr::text", "NULL"},
    {"subscription_origin", 16, "o.suborigin", "NULL"},
    {"statistics_target", 17, "o.stxstattarget::text", "nullif(o.stxstattarget, -1)::text"},
    // 17 has one column for the locale of libc, icu and builtin; 15 and 16 have colliculocale for icu.
    {"collation_locale", 17, "o.colllocale", "{icu_locale}"},
    {"icu_locale", 15, "o.colliculocale", "NULL"},
    {"icu_rules", 16, "o.collicurules", "NULL"},
    {"database_provider", 15, "d.datlocprovider", "'c'"},
});

std::string_view variant(std::string_view name, int major) {
  const auto* found = std::find_if(variants.begin(), variants.end(), [&](const Variant& v) { return v.name == name; });
  assert(found != variants.end() && "a query names a variant that is in the table");
  if (found == variants.end()) return {};
  return major >= found->since ? found->now : found->before;
}

}  // namespace

std::string for_version(std::string_view query, int major) {
  std::string text;
  for (auto open = query.find('{'); open != std::string_view::npos; open = query.find('{')) {
    const auto close = query.find('}', open);
    text += query.substr(0, open);
    text += for_version(variant(query.substr(open + 1, close - open - 1), major), major);
    query.remove_prefix(close + 1);
  }
  return text += query;
}

}  // namespace mig::runtime::introspection
