// Creation and removal of mig_park_<migration>, in the transactions that need them.
#include "compiler/plan/park.hpp"

#include <set>

namespace mig::plan {

using sql::Ident;
using sql::Kept;
using sql::sql;
using sql::Statement;
using sql::Step;

namespace {

Statement creation(const std::string& schema) {
  Statement made;
  made.text = sql("CREATE SCHEMA IF NOT EXISTS {}", Ident{schema});
  return made;
}

// Whether it is empty only the server knows, at that moment: DROP SCHEMA without CASCADE asks it.
Statement removal(const std::string& schema) {
  const auto body =
      sql("BEGIN DROP SCHEMA IF EXISTS {}; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END", Ident{schema});
  Statement made;
  made.text = sql("DO {}", ::mig::sql::Literal{body.text()});
  return made;
}

// The schemas of mig's that hold tables; a kept column stays in its table.
std::set<std::string> schemas(const std::vector<Kept>& kept) {
  std::set<std::string> out;
  for (const auto& one : kept)
    if (one.kept.schema != one.original.schema) out.insert(one.kept.schema);
  return out;
}

void create_before(Step& step) {
  auto* park = std::get_if<::mig::sql::Park>(&step.action);
  if (park == nullptr) return;
  for (const auto& schema : schemas(park->kept)) park->statements.insert(park->statements.begin(), creation(schema));
}

void append(std::vector<Statement>& statements, const std::set<std::string>& emptied) {
  for (const auto& schema : emptied) statements.push_back(removal(schema));
}

// What leaves a schema: the way back of a park, a revival, a purge.
void remove_after(Step& step) {
  if (const auto* park = std::get_if<::mig::sql::Park>(&step.action); park != nullptr && !step.back.empty())
    if (auto* last = std::get_if<::mig::sql::Transaction>(&step.back.back().action))
      append(last->statements, schemas(park->kept));
  if (step.revival) append(step.revival->statements, schemas(step.revival->released));
  if (auto* purge = std::get_if<::mig::sql::Purge>(&step.action)) append(purge->statements, schemas(purge->released));
}

}  // namespace

void wrap_parking(std::vector<Step>& steps) {
  for (auto& step : steps) {
    create_before(step);
    remove_after(step);
    for (auto& back : step.back) create_before(back);
  }
}

}  // namespace mig::plan
