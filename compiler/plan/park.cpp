// Creation and removal of mig_park_<migration>, in the transactions that need them.
#include "compiler/plan/park.hpp"

#include <algorithm>

#include "compiler/source/hash.hpp"

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

bool inside(const std::vector<Kept>& kept, const std::string& schema) {
  return std::any_of(kept.begin(), kept.end(), [&](const Kept& one) { return one.kept.schema == schema; });
}

bool parks(const Step& step, const std::string& schema) {
  const auto* park = std::get_if<::mig::sql::Park>(&step.action);
  return park != nullptr && inside(park->kept, schema);
}

void create_for(Step& step, const std::string& schema) {
  if (!parks(step, schema)) return;
  auto& statements = std::get<::mig::sql::Park>(step.action).statements;
  statements.insert(statements.begin(), creation(schema));
}

// What leaves the schema: the way back of a park, a revival, a purge.
void remove_after(Step& step, const std::string& schema) {
  if (parks(step, schema) && !step.back.empty())
    if (auto* last = std::get_if<::mig::sql::Transaction>(&step.back.back().action))
      last->statements.push_back(removal(schema));
  if (step.revival && inside(step.revival->released, schema)) step.revival->statements.push_back(removal(schema));
  if (auto* purge = std::get_if<::mig::sql::Purge>(&step.action); purge != nullptr && inside(purge->released, schema))
    purge->statements.push_back(removal(schema));
}

}  // namespace

std::string park_schema(std::string_view migration) {
  const auto whole = "mig_park_" + std::string(migration);
  if (whole.size() <= ::mig::sql::max_name) return whole;
  // Two long names that begin alike must not share a schema: the purge of one would meet the other's tables.
  return ::mig::sql::object_name("mig_park", migration, source::sha256_hex(migration).substr(0, 8));
}

void wrap_parking(std::vector<Step>& steps, const std::string& schema) {
  for (auto& step : steps) {
    create_for(step, schema);
    remove_after(step, schema);
    for (auto& back : step.back) create_for(back, schema);
  }
}

}  // namespace mig::plan
