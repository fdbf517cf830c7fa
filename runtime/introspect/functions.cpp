// Functions, procedures, aggregates, window functions.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// An aggregate has no CREATE text to ask for: its parts make one. `{oids}` is appended by the caller.
constexpr std::string_view functions_query = R"(
SELECT p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), p.prokind, p.proretset, p.proisstrict,
  p.prosecdef, p.proleakproof, p.provolatile, p.proparallel, l.lanname, pg_get_userbyid(p.proowner),
  CASE WHEN p.proacl IS NOT NULL THEN ARRAY[p.proacl::text, acldefault('f', p.proowner)::text] END,
  format_type(p.prorettype, NULL), CASE WHEN p.provariadic <> 0 THEN vn.nspname END, v.typname, p.proconfig,
  CASE WHEN a.aggfnoid IS NULL AND p.oid >= 16384 THEN pg_get_functiondef(p.oid)
       WHEN a.aggfnoid IS NOT NULL THEN concat_ws(', ', 'kind ' || a.aggkind::text, 'sfunc ' || a.aggtransfn,
         'stype ' || format_type(a.aggtranstype, NULL), 'finalfunc ' || nullif(a.aggfinalfn, 0)::regproc,
         'finalfunc_modify ' || a.aggfinalmodify::text, 'combinefunc ' || nullif(a.aggcombinefn, 0)::regproc,
         'serialfunc ' || nullif(a.aggserialfn, 0)::regproc, 'deserialfunc ' || nullif(a.aggdeserialfn, 0)::regproc,
         'msfunc ' || nullif(a.aggmtransfn, 0)::regproc, 'minvfunc ' || nullif(a.aggminvtransfn, 0)::regproc,
         'mfinalfunc ' || nullif(a.aggmfinalfn, 0)::regproc, 'sortop ' || nullif(a.aggsortop, 0)::regoperator,
         'direct ' || a.aggnumdirectargs, 'initcond ' || quote_literal(a.agginitval),
         'minitcond ' || quote_literal(a.aggminitval)) END,
  p.proargnames, p.proargmodes,
  ARRAY(SELECT format_type(t, NULL)
        FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY u(t, k) ORDER BY k),
  CASE WHEN p.pronargdefaults > 0 THEN
    ARRAY(SELECT coalesce(pg_get_function_arg_default(p.oid, k), '')
          FROM generate_series(1, array_length(coalesce(p.proallargtypes, p.proargtypes::oid[]), 1)) k ORDER BY k) END
FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
  LEFT JOIN pg_type v ON v.oid = p.provariadic
  LEFT JOIN pg_namespace vn ON vn.oid = v.typnamespace
  LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i')
WHERE d.objid IS NULL)";

std::string kind(char letter) {
  switch (letter) {
    case 'p':
      return "procedure";
    case 'a':
      return "aggregate";
    case 'w':
      return "window";
    default:
      return "function";
  }
}

std::string mode(std::string_view letter) {
  if (letter == "o") return "out";
  if (letter == "b") return "inout";
  if (letter == "v") return "variadic";
  if (letter == "t") return "table";
  return "in";
}

std::string volatility(char letter) { return letter == 'i' ? "immutable" : letter == 's' ? "stable" : "volatile"; }
std::string parallel(char letter) { return letter == 's' ? "safe" : letter == 'r' ? "restricted" : "unsafe"; }

// The last four columns: names, modes, types, defaults, of which all but the types may be missing.
std::vector<catalog::FunctionArgument> read_arguments(Answer& row) {
  const auto names = row.list(), modes = row.list(), types = row.list(), defaults = row.list();
  std::vector<catalog::FunctionArgument> arguments(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    arguments[i].type = types[i];
    if (i < names.size()) arguments[i].name = names[i];
    if (i < modes.size()) arguments[i].mode = mode(modes[i]);
    if (i < defaults.size()) arguments[i].default_ = defaults[i];
  }
  return arguments;
}

catalog::Function read_function(Build& build, Answer& row) {
  catalog::Function function;
  function.name.schema = row.text();
  function.name.name = row.text();
  function.arguments_key = row.text();
  function.kind = kind(row.letter());
  function.returns_set = row.truth();
  function.strict = row.truth();
  function.security_definer = row.truth();
  function.leakproof = row.truth();
  function.volatility = volatility(row.letter());
  function.parallel = parallel(row.letter());
  function.language = row.text();
  function.owner = row.text();
  function.grants = build.grants(row.view());
  function.returns = row.text();
  function.variadic.schema = row.text();
  function.variadic.name = row.text();
  function.settings = row.list();
  function.definition = row.text();
  function.arguments = read_arguments(row);
  return function;
}

using Functions = std::unordered_map<Oid, catalog::Function>;

// Bodies written as SQL (BEGIN ATOMIC) are tracked by pg_depend; texts are not.
void read_uses(Build& build, Functions& functions) {
  auto rows = build.link.ask(
      "SELECT DISTINCT p.oid, d.refobjid, d.refobjsubid FROM pg_proc p"
      " JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid"
      " AND d.refclassid = 'pg_class'::regclass"
      " WHERE p.oid >= 16384 AND {sql_body} ORDER BY 1, 2, 3");
  while (rows.next()) {
    const auto user = functions.find(rows.id());
    const auto used = build.relations.find(rows.id());
    if (user == functions.end() || used == build.relations.end()) continue;
    auto& uses = user->second.uses;
    if (uses.empty() || uses.back().relation != used->second.name) uses.push_back({used->second.name, {}});
    if (auto column = used->second.attribute(static_cast<int>(rows.number())); !column.empty())
      uses.back().columns.push_back(std::move(column));
  }
  for (auto& [oid, function] : functions) std::sort(function.uses.begin(), function.uses.end());
}

}  // namespace

void read_functions(Build& build) {
  Functions functions;
  auto rows = build.link.ask(std::string(functions_query) + build.oids("p.oid"));
  while (rows.next()) {
    const auto oid = rows.id();
    auto function = read_function(build, rows);
    function.system = oid < first_user_oid && function.name.schema == "pg_catalog";
    const auto& schema = function.name.schema;
    if (of_mig(function.name) || (system_schema(schema) && schema != "pg_catalog")) continue;
    if (!function.system) build.role(function.owner);
    function.comment = build.comment("pg_proc", oid);
    functions.emplace(oid, std::move(function));
  }
  read_uses(build, functions);
  for (auto& [oid, function] : functions) build.memory->add(std::move(function));
}

}  // namespace mig::runtime::introspection
