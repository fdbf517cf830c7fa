// Types: enums, domains, composites, ranges, base types; not row types of tables and not array types.
#include <algorithm>

#include "compiler/catalog/range_names.hpp"
#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

constexpr std::string_view types_query = R"(
SELECT t.oid, n.nspname, t.typname, t.typtype, t.typcategory, t.typispreferred, pg_get_userbyid(t.typowner),
  CASE WHEN t.typacl IS NOT NULL THEN ARRAY[t.typacl::text, acldefault('T', t.typowner)::text] END,
  CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
       WHEN r.rngsubtype IS NOT NULL THEN format_type(r.rngsubtype, NULL) END,
  t.typnotnull, CASE WHEN t.typdefaultbin IS NULL THEN t.typdefault ELSE pg_get_expr(t.typdefaultbin, 0) END,
  CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text
       WHEN r.rngcollation <> 0 THEN r.rngcollation::regcollation::text END,
  en.nspname, e.typname, an.nspname, a.typname, t.typlen, t.typstorage, t.typrelid, x.extname,
  CASE WHEN t.typtype = 'r' THEN concat_ws(', ', 'opclass ' || o.opcname,
         'canonical ' || nullif(r.rngcanonical, 0)::regprocedure, 'difference ' || nullif(r.rngsubdiff, 0)::regprocedure)
       WHEN t.typtype = 'b' THEN concat_ws(', ', 'input ' || t.typinput, 'output ' || t.typoutput,
         'receive ' || nullif(t.typreceive, 0)::regproc, 'send ' || nullif(t.typsend, 0)::regproc, 'analyze ' || nullif(t.typanalyze, 0)::regproc,
         'modifiers ' || nullif(t.typmodin, 0)::regproc, 'align ' || t.typalign::text, 'by value ' || t.typbyval,
         'delimiter ' || t.typdelim::text) END,
  mn.nspname, mr.typname, k.nspname, k.proname
FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_type e ON e.oid = t.typelem
  LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
  LEFT JOIN pg_type a ON a.oid = t.typarray
  LEFT JOIN pg_namespace an ON an.oid = a.typnamespace
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc
  LEFT JOIN pg_type mr ON mr.oid = {multirange}
  LEFT JOIN pg_namespace mn ON mn.oid = mr.typnamespace
  LEFT JOIN LATERAL (
    SELECT pn.nspname, p.proname FROM pg_depend pd JOIN pg_proc p ON p.oid = pd.objid
      JOIN pg_namespace pn ON pn.oid = p.pronamespace
    WHERE pd.refclassid = 'pg_type'::regclass AND pd.refobjid = t.oid AND pd.classid = 'pg_proc'::regclass
      AND pd.deptype = 'i' ORDER BY p.oid LIMIT 1) k ON t.typtype IN ('r', 'm')
  LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension x ON x.oid = d.refobjid
WHERE (c.oid IS NULL OR c.relkind = 'c') AND NOT (e.oid IS NOT NULL AND e.typarray = t.oid))";

std::string kind(char letter) {
  switch (letter) {
    case 'b':
      return "base";
    case 'c':
      return "composite";
    case 'd':
      return "domain";
    case 'e':
      return "enum";
    case 'm':
      return "multirange";
    case 'r':
      return "range";
    default:
      return "pseudo";
  }
}

std::string storage(char letter) {
  return letter == 'p' ? "plain" : letter == 'e' ? "external" : letter == 'm' ? "main" : "extended";
}

catalog::Name read_name(Answer& row) {
  catalog::Name name;
  name.schema = row.text();
  name.name = row.text();
  return name;
}

// Reads a row from `typtype` on.
catalog::Type read_type(Build& build, Answer& row, catalog::Name name) {
  catalog::Type type;
  type.name = std::move(name);
  type.kind = kind(row.letter());
  type.category = row.text();
  type.preferred = row.truth();
  type.owner = row.text();
  type.grants = build.grants(row.view());
  type.base = row.text();
  type.not_null = row.truth();
  type.default_ = row.text();
  type.collation = row.text();
  type.element = read_name(row);
  type.array = read_name(row);
  type.length = static_cast<int>(row.number());
  type.storage = storage(row.letter());
  // A composite's attributes are its relation's columns; the relation is no more than that.
  if (const auto relation = build.relations.find(row.id()); relation != build.relations.end())
    type.attributes = std::move(relation->second.columns);
  type.extension = row.text();
  type.options = row.text();
  catalog::RangeNames names;  // only those that are not the usual ones
  names.multirange = read_name(row);
  names.constructor = read_name(row);
  type.options = catalog::with_range_names(type.options, type.name, names);
  return type;
}

using Types = std::unordered_map<Oid, catalog::Type>;

Types read_all(Build& build) {
  Types types;
  auto rows = build.link.ask(std::string(types_query) + build.oids("t.oid"));
  while (rows.next()) {
    const auto oid = rows.id();
    auto name = read_name(rows);
    const bool system = oid < first_user_oid && name.schema == "pg_catalog";
    if (of_mig(name) || (system_schema(name.schema) && name.schema != "pg_catalog")) continue;
    auto type = read_type(build, rows, std::move(name));
    type.system = system;
    if (!system) build.role(type.owner);
    type.comment = build.comment(type.kind == "composite" ? "pg_class" : "pg_type", oid);
    if (type.comment.empty()) type.comment = build.comment("pg_type", oid);
    types.emplace(oid, std::move(type));
  }
  return types;
}

void read_labels(Build& build, Types& types) {
  auto rows = build.link.ask("SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder");
  while (rows.next()) {
    const auto type = types.find(rows.id());
    auto label = rows.text();
    // What an operation took away is hidden under a name of mig's: PostgreSQL drops no label.
    if (type != types.end() && !of_mig(label)) type->second.labels.push_back(std::move(label));
  }
}

void read_domain_checks(Build& build, Types& types) {
  auto rows = build.link.ask(
      "SELECT contypid, oid, conname, pg_get_expr(conbin, 0), convalidated FROM pg_constraint"
      " WHERE contypid <> 0 AND contype = 'c'");
  while (rows.next()) {
    const auto type = types.find(rows.id());
    if (type == types.end()) continue;
    auto& check = type->second.checks.emplace_back();
    check.comment = build.comment("pg_constraint", rows.id());
    check.name = rows.text();
    check.expression = rows.text();
    check.validated = rows.truth();
  }
  for (auto& [oid, type] : types)
    std::sort(type.checks.begin(), type.checks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

void read_types(Build& build) {
  auto types = read_all(build);
  read_labels(build, types);
  read_domain_checks(build, types);
  for (auto& [oid, type] : types) build.memory->add(std::move(type));
}

}  // namespace mig::runtime::introspection
