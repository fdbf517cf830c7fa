// Triggers, policies and rules.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// Clones of a partitioned table's trigger (tgparentid; before 15 also marked internal) say nothing of their own unless
// they were switched on or off apart from it.
constexpr std::string_view triggers_query = R"(
SELECT t.oid, t.tgrelid, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, n.nspname, p.proname, t.tgattr,
  (t.tgtype & 1) <> 0, t.tgconstraint <> 0
FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_trigger parent ON parent.oid = t.tgparentid
WHERE t.tgrelid >= 16384 AND CASE WHEN t.tgparentid = 0 THEN NOT t.tgisinternal
                                  ELSE NOT parent.tgisinternal AND parent.tgenabled <> t.tgenabled END)";

void read_trigger(Build& build, Answer& row) {
  const auto oid = row.id();
  auto* owner = build.visible(row.id());
  if (owner == nullptr) return;
  catalog::Trigger trigger;
  trigger.name = row.text();
  if (of_mig(trigger.name)) return;
  trigger.definition = row.text();
  trigger.enabled = enabled(row.letter());
  trigger.function.schema = row.text();
  trigger.function.name = row.text();
  trigger.columns = owner->names(row.numbers());
  trigger.row = row.truth();
  trigger.constraint = row.truth();
  trigger.comment = build.comment("pg_trigger", oid);
  (owner->view ? owner->view->triggers : owner->table->triggers).push_back(std::move(trigger));
}

std::string command(char letter) {
  switch (letter) {
    case 'r':
      return "select";
    case 'a':
      return "insert";
    case 'w':
      return "update";
    case 'd':
      return "delete";
    default:
      return "all";
  }
}

void read_policy(Build& build, Answer& row) {
  const auto oid = row.id();
  auto* owner = build.visible(row.id());
  if (owner == nullptr || !owner->table) return;
  catalog::Policy policy;
  policy.name = row.text();
  if (of_mig(policy.name)) return;
  policy.command = command(row.letter());
  policy.permissive = row.truth();
  policy.roles = row.list();
  for (const auto& role : policy.roles) build.role(role == "public" ? "" : role);
  policy.using_ = row.text();
  policy.check = row.text();
  policy.comment = build.comment("pg_policy", oid);
  owner->table->policies.push_back(std::move(policy));
}

void read_rule(Build& build, Answer& row) {
  const auto oid = row.id();
  auto* owner = build.visible(row.id());
  if (owner == nullptr) return;
  catalog::Rule rule;
  rule.name = row.text();
  if (of_mig(rule.name)) return;
  rule.definition = row.text();
  rule.enabled = enabled(row.letter());
  rule.comment = build.comment("pg_rewrite", oid);
  (owner->view ? owner->view->rules : owner->table->rules).push_back(std::move(rule));
}

// One order for every server: by bytes, as std::string compares.
template <class T>
void sort_by_name(std::vector<T>& parts) {
  std::sort(parts.begin(), parts.end(), [](const T& a, const T& b) { return a.name < b.name; });
}

}  // namespace

void read_triggers(Build& build) {
  auto rows = build.link.ask(triggers_query);
  while (rows.next()) read_trigger(build, rows);
  for (auto& [oid, relation] : build.relations) {
    if (relation.table) sort_by_name(relation.table->triggers);
    if (relation.view) sort_by_name(relation.view->triggers);
  }
}

void read_policies(Build& build) {
  auto rows = build.link.ask(R"(
SELECT o.oid, o.polrelid, o.polname, o.polcmd, o.polpermissive,
  ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END FROM unnest(o.polroles) r ORDER BY 1),
  pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid)
FROM pg_policy o)");
  while (rows.next()) read_policy(build, rows);
  for (auto& [oid, relation] : build.relations)
    if (relation.table) sort_by_name(relation.table->policies);
}

void read_rules(Build& build) {
  auto rows = build.link.ask(
      "SELECT oid, ev_class, rulename, pg_get_ruledef(oid), ev_enabled FROM pg_rewrite"
      " WHERE ev_class >= 16384 AND rulename <> '_RETURN'");
  while (rows.next()) read_rule(build, rows);
  for (auto& [oid, relation] : build.relations) {
    if (relation.table) sort_by_name(relation.table->rules);
    if (relation.view) sort_by_name(relation.view->rules);
  }
}

}  // namespace mig::runtime::introspection
