// Views: their text, and which columns of what they read (pg_depend of their _RETURN rule).
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

void read_definitions(Build& build) {
  auto rows =
      build.link.ask("SELECT oid, pg_get_viewdef(oid) FROM pg_class WHERE oid >= 16384 AND relkind IN ('v', 'm')");
  while (rows.next())
    if (auto* relation = build.visible(rows.id())) relation->view->definition = rows.text();
}

// refobjsubid 0 is the relation itself; where columns are named too, they say more.
void read_uses(Build& build) {
  auto rows = build.link.ask(R"(
SELECT DISTINCT r.ev_class, d.refobjid, d.refobjsubid
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND r.rulename = '_RETURN'
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
ORDER BY r.ev_class, d.refobjid, d.refobjsubid)");
  while (rows.next()) {
    auto* user = build.visible(rows.id());
    const auto used = build.relations.find(rows.id());
    if (user == nullptr || !user->view || used == build.relations.end()) continue;
    auto& uses = user->view->uses;
    const auto& name = used->second.name;
    if (uses.empty() || uses.back().relation != name) uses.push_back({name, {}});
    if (auto column = used->second.attribute(static_cast<int>(rows.number())); !column.empty())
      uses.back().columns.push_back(std::move(column));
  }
  for (auto& [oid, relation] : build.relations)
    if (relation.view) std::sort(relation.view->uses.begin(), relation.view->uses.end());
}

void read_functions_called(Build& build) {
  auto rows = build.link.ask(R"(
SELECT DISTINCT r.ev_class, n.nspname, p.proname
FROM pg_depend d
  JOIN pg_rewrite r ON r.oid = d.objid AND r.rulename = '_RETURN'
  JOIN pg_proc p ON p.oid = d.refobjid
  JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass)");
  while (rows.next()) {
    auto* user = build.visible(rows.id());
    if (user == nullptr || !user->view) continue;
    auto schema = rows.text();
    user->view->functions.push_back({std::move(schema), rows.text()});
  }
  for (auto& [oid, relation] : build.relations)
    if (relation.view) std::sort(relation.view->functions.begin(), relation.view->functions.end());
}

}  // namespace

void read_views(Build& build) {
  read_definitions(build);
  read_uses(build);
  read_functions_called(build);
}

}  // namespace mig::runtime::introspection
