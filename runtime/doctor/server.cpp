// Can mig work here at all, and may this role do what is pending?
#include <algorithm>

#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Ident;
using sql::sql;

void look_at_server(Look& look, const Stop& refused) {
  if (!refused) {
    look.fine("direct", "no transaction pooler between");
    return;
  }
  const bool pooler = refused->code == "R0703";
  look.add(pooler ? "direct" : "server", pooler ? "pooler" : "wrong_server", Grade::bad, refused->what,
           {refused->next});
}

namespace {

// Without it the state and the statement of other roles' sessions are hidden: mig cannot say who blocks it.
void look_at_monitoring(Look& look, const std::string& role) {
  const bool sees = look.work.ask(sql("SELECT pg_has_role('pg_read_all_stats', 'USAGE')")).truth();
  if (!sees)
    look.add("privileges", "no_monitoring", Grade::warning, "what other roles' sessions do is hidden from " + role,
             {pasted(sql("GRANT pg_read_all_stats TO {}", Ident{role}))});
}

std::string named(const std::vector<plan::Plan>& plans) {
  std::string names;
  for (const auto& plan : plans) names += (names.empty() ? "" : ", ") + plan.migration;
  return names;
}

}  // namespace

void look_at_rights(Look& look) {
  const auto who = look.rows(sql("SELECT current_user, current_setting('is_superuser')")).at(0);
  std::vector<const sql::Statement*> statements;
  for (const auto& plan : look.background.pending)
    for (const auto& step : plan.steps)
      for (const auto* statement : sql::statements(step.action)) statements.push_back(statement);
  if (who[1] == "on") {
    look.fine("privileges", text(who[0]) + " is a superuser");
    return;
  }
  auto grants = missing_rights(look.work, statements);
  if (!grants.empty())
    look.add("privileges", "missing_right", Grade::bad,
             "pending steps need rights that " + text(who[0]) + " lacks: " + named(look.background.pending), grants);
  const bool usable = look.journal
                          ? look.work
                                .ask(sql("SELECT has_table_privilege('mig.migration', 'INSERT')\n"
                                         "  AND has_table_privilege('mig.migration', 'UPDATE')"))
                                .truth()
                          : look.work.ask(sql("SELECT has_database_privilege(current_database(), 'CREATE')")).truth();
  if (!usable)
    look.add("privileges", "no_journal_rights", Grade::bad,
             look.journal ? "the journal belongs to another role" : "the journal cannot be made",
             missing_journal_rights(look.work));
  look_at_monitoring(look, text(who[0]));
  look.fine("privileges", look.background.pending.empty() ? "nothing is pending; the journal can be written"
                                                          : "enough for what is pending");
}

}  // namespace mig::runtime::doctor
