// Kinds of objects as data: what is read of each. Secrets are not: no connection strings, no user mapping's options.
#include "runtime/introspect/object_queries.hpp"

namespace mig::runtime::introspection {

namespace {

constexpr std::string_view languages = R"(
SELECT o.oid, NULL, o.lanname, pg_get_userbyid(o.lanowner),
  CASE WHEN o.lanacl IS NOT NULL THEN ARRAY[o.lanacl::text, acldefault('l', o.lanowner)::text] END,
  ARRAY['trusted', o.lanpltrusted::text, 'handler', nullif(o.lanplcallfoid, 0)::regprocedure::text,
        'inline', nullif(o.laninline, 0)::regprocedure::text, 'validator', nullif(o.lanvalidator, 0)::regprocedure::text]
FROM pg_language o WHERE o.lanispl)";

constexpr std::string_view extensions = R"(
SELECT o.oid, NULL, o.extname, pg_get_userbyid(o.extowner), NULL, ARRAY['version', o.extversion, 'schema', n.nspname]
FROM pg_extension o JOIN pg_namespace n ON n.oid = o.extnamespace WHERE true)";

constexpr std::string_view operators = R"(
SELECT o.oid, n.nspname, o.oprname || '(' || concat_ws(', ', CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE
    format_type(o.oprleft, NULL) END, CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END)
    || ')', pg_get_userbyid(o.oprowner), NULL,
  ARRAY['result', nullif(o.oprresult, 0)::regtype::text, 'function', nullif(o.oprcode, 0)::regproc::text,
        'commutator', nullif(o.oprcom, 0)::regoperator::text, 'negator', nullif(o.oprnegate, 0)::regoperator::text,
        'restrict', nullif(o.oprrest, 0)::regproc::text, 'join', nullif(o.oprjoin, 0)::regproc::text,
        'hashes', nullif(o.oprcanhash, false)::text, 'merges', nullif(o.oprcanmerge, false)::text]
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE true)";

constexpr std::string_view operator_classes = R"(
SELECT o.oid, n.nspname, o.opcname || ' using ' || am.amname, pg_get_userbyid(o.opcowner), NULL,
  ARRAY['type', format_type(o.opcintype, NULL), 'default', nullif(o.opcdefault, false)::text,
        'storage', format_type(nullif(o.opckeytype, 0), NULL), 'family', fn.nspname || '.' || f.opfname]
FROM pg_opclass o
  JOIN pg_namespace n ON n.oid = o.opcnamespace
  JOIN pg_am am ON am.oid = o.opcmethod
  JOIN pg_opfamily f ON f.oid = o.opcfamily
  JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE true)";

constexpr std::string_view operator_families = R"(
SELECT o.oid, n.nspname, o.opfname || ' using ' || am.amname, pg_get_userbyid(o.opfowner), NULL,
  ARRAY['operators', (SELECT string_agg(concat_ws(' ', p.amopstrategy, p.amopopr::regoperator,
            CASE p.amoppurpose WHEN 'o' THEN 'for order by ' || s.opfname END), ', '
            ORDER BY p.amoplefttype::regtype::text COLLATE "C", p.amoprighttype::regtype::text COLLATE "C",
                     p.amopstrategy)
          FROM pg_amop p LEFT JOIN pg_opfamily s ON s.oid = p.amopsortfamily WHERE p.amopfamily = o.oid),
        'functions', (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproc::regprocedure), ', '
            ORDER BY p.amproclefttype::regtype::text COLLATE "C", p.amprocrighttype::regtype::text COLLATE "C",
                     p.amprocnum)
          FROM pg_amproc p WHERE p.amprocfamily = o.oid)]
FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace JOIN pg_am am ON am.oid = o.opfmethod WHERE true)";

// A cast has no schema and no name; PostgreSQL's own are told apart by their oid.
constexpr std::string_view casts = R"(
SELECT o.oid, CASE WHEN o.oid < 16384 THEN 'pg_catalog' END,
  format_type(o.castsource, NULL) || ' as ' || format_type(o.casttarget, NULL), NULL, NULL,
  ARRAY['context', CASE o.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END,
        'method', CASE o.castmethod WHEN 'f' THEN 'function' WHEN 'i' THEN 'inout' ELSE 'binary' END,
        'function', nullif(o.castfunc, 0)::regprocedure::text]
FROM pg_cast o WHERE true)";

constexpr std::string_view collations = R"(
SELECT o.oid, n.nspname, o.collname, pg_get_userbyid(o.collowner), NULL,
  ARRAY['provider', CASE o.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default' END,
        'collate', o.collcollate::text, 'ctype', o.collctype::text, 'locale', {collation_locale}, 'rules', {icu_rules},
        'deterministic', o.collisdeterministic::text]
FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE true)";

constexpr std::string_view conversions = R"(
SELECT o.oid, n.nspname, o.conname, pg_get_userbyid(o.conowner), NULL,
  ARRAY['from', pg_encoding_to_char(o.conforencoding), 'to', pg_encoding_to_char(o.contoencoding),
        'function', o.conproc::regproc::text, 'default', nullif(o.condefault, false)::text]
FROM pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace WHERE true)";

constexpr std::string_view event_triggers = R"(
SELECT o.oid, NULL, o.evtname, pg_get_userbyid(o.evtowner), NULL,
  ARRAY['event', o.evtevent::text, 'function', o.evtfoid::regprocedure::text, 'tags', array_to_string(o.evttags, ', '),
        'enabled', CASE o.evtenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica'
                   ELSE 'always' END]
FROM pg_event_trigger o WHERE true)";

constexpr std::string_view wrappers = R"(
SELECT o.oid, NULL, o.fdwname, pg_get_userbyid(o.fdwowner),
  CASE WHEN o.fdwacl IS NOT NULL THEN ARRAY[o.fdwacl::text, acldefault('F', o.fdwowner)::text] END,
  ARRAY['handler', nullif(o.fdwhandler, 0)::regproc::text, 'validator', nullif(o.fdwvalidator, 0)::regproc::text]
FROM pg_foreign_data_wrapper o WHERE true)";

constexpr std::string_view servers = R"(
SELECT o.oid, NULL, o.srvname, pg_get_userbyid(o.srvowner),
  CASE WHEN o.srvacl IS NOT NULL THEN ARRAY[o.srvacl::text, acldefault('S', o.srvowner)::text] END,
  ARRAY['wrapper', w.fdwname, 'type', o.srvtype, 'version', o.srvversion, 'options',
        (SELECT string_agg(u.x, ', ' ORDER BY u.x COLLATE "C") FROM unnest(o.srvoptions) u(x)
         WHERE u.x !~* '^[^=]*(pass|secret|key|token|user)')]
FROM pg_foreign_server o JOIN pg_foreign_data_wrapper w ON w.oid = o.srvfdw WHERE true)";

constexpr std::string_view user_mappings = R"(
SELECT o.umid, NULL, o.usename || ' on ' || o.srvname, NULL, NULL, NULL FROM pg_user_mappings o WHERE true)";

constexpr std::string_view access_methods = R"(
SELECT o.oid, NULL, o.amname, NULL, NULL,
  ARRAY['type', CASE o.amtype WHEN 'i' THEN 'index' ELSE 'table' END, 'handler', o.amhandler::regproc::text]
FROM pg_am o WHERE true)";

constexpr std::string_view configurations = R"(
SELECT o.oid, n.nspname, o.cfgname, pg_get_userbyid(o.cfgowner), NULL,
  ARRAY['parser', pn.nspname || '.' || p.prsname, 'mappings',
        (SELECT string_agg(m.maptokentype || ' ' || m.mapdict::regdictionary, ', ' ORDER BY m.maptokentype, m.mapseqno)
         FROM pg_ts_config_map m WHERE m.mapcfg = o.oid)]
FROM pg_ts_config o
  JOIN pg_namespace n ON n.oid = o.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = o.cfgparser
  JOIN pg_namespace pn ON pn.oid = p.prsnamespace
WHERE true)";

constexpr std::string_view dictionaries = R"(
SELECT o.oid, n.nspname, o.dictname, pg_get_userbyid(o.dictowner), NULL,
  ARRAY['template', tn.nspname || '.' || t.tmplname, 'options', o.dictinitoption]
FROM pg_ts_dict o
  JOIN pg_namespace n ON n.oid = o.dictnamespace
  JOIN pg_ts_template t ON t.oid = o.dicttemplate
  JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE true)";

constexpr std::string_view parsers = R"(
SELECT o.oid, n.nspname, o.prsname, NULL, NULL,
  ARRAY['start', o.prsstart::regproc::text, 'token', o.prstoken::regproc::text, 'end', o.prsend::regproc::text,
        'headline', nullif(o.prsheadline, 0)::regproc::text, 'lextypes', o.prslextype::regproc::text]
FROM pg_ts_parser o JOIN pg_namespace n ON n.oid = o.prsnamespace WHERE true)";

constexpr std::string_view templates = R"(
SELECT o.oid, n.nspname, o.tmplname, NULL, NULL,
  ARRAY['init', nullif(o.tmplinit, 0)::regproc::text, 'lexize', o.tmpllexize::regproc::text]
FROM pg_ts_template o JOIN pg_namespace n ON n.oid = o.tmplnamespace WHERE true)";

constexpr std::string_view default_privileges = R"(
SELECT o.oid, NULL, pg_get_userbyid(o.defaclrole) || coalesce(' in ' || n.nspname, '') || ' on ' ||
    CASE o.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
      WHEN 'T' THEN 'types' WHEN 'L' THEN 'large objects' ELSE 'schemas' END,
  pg_get_userbyid(o.defaclrole), ARRAY[o.defaclacl::text], NULL
FROM pg_default_acl o LEFT JOIN pg_namespace n ON n.oid = o.defaclnamespace WHERE true)";

constexpr std::string_view tablespaces = R"(
SELECT o.oid, NULL, o.spcname, pg_get_userbyid(o.spcowner),
  CASE WHEN o.spcacl IS NOT NULL THEN ARRAY[o.spcacl::text, acldefault('t', o.spcowner)::text] END,
  ARRAY['options', array_to_string(o.spcoptions, ', ')]
FROM pg_tablespace o WHERE true)";

constexpr std::string_view subscriptions = R"(
SELECT o.oid, NULL, o.subname, pg_get_userbyid(o.subowner), NULL,
  ARRAY['enabled', o.subenabled::text, 'slot', o.subslotname::text, 'synchronous_commit', o.subsynccommit,
        'publications', array_to_string(o.subpublications, ', '), 'binary', {subscription_binary},
        'stream', {subscription_stream}, 'two_phase', {subscription_two_phase},
        'disable_on_error', {subscription_disable}, 'origin', {subscription_origin}]
FROM pg_subscription o WHERE o.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()))";

}  // namespace

const std::vector<ObjectQuery>& object_queries() {
  static const std::vector<ObjectQuery> queries = {
      {"access method", "pg_am", access_methods},
      {"cast", "pg_cast", casts, true},
      {"collation", "pg_collation", collations},
      {"conversion", "pg_conversion", conversions},
      {"default privileges", "pg_default_acl", default_privileges},
      {"event trigger", "pg_event_trigger", event_triggers},
      {"extension", "pg_extension", extensions},
      {"foreign data wrapper", "pg_foreign_data_wrapper", wrappers},
      {"foreign server", "pg_foreign_server", servers},
      {"language", "pg_language", languages},
      {"operator", "pg_operator", operators, true},
      {"operator class", "pg_opclass", operator_classes},
      {"operator family", "pg_opfamily", operator_families},
      {"subscription", "pg_subscription", subscriptions},
      {"tablespace", "pg_tablespace", tablespaces},
      {"text search configuration", "pg_ts_config", configurations},
      {"text search dictionary", "pg_ts_dict", dictionaries},
      {"text search parser", "pg_ts_parser", parsers},
      {"text search template", "pg_ts_template", templates},
      {"user mapping", "pg_user_mapping", user_mappings},
  };
  return queries;
}

}  // namespace mig::runtime::introspection
