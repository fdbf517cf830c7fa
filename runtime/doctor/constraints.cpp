// Constraints that hold for new rows only.
#include "compiler/catalog/catalog.hpp"
#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::Ident;
using sql::Qualified;
using sql::sql;

namespace {

void tell(Look& look, const Qualified& relation, const std::string& name, bool domain) {
  const auto words = "constraint " + name + " of " + sql::display(relation) + " is NOT VALID: ";
  const auto owner = domain ? "" : look.owner_of(catalog::key("constraint", {relation.schema, relation.name}, name));
  if (!owner.empty())
    look.add("constraints", "not_valid", Grade::warning, words + owner + " is to validate it", {"mig apply " + owner});
  else
    look.add("constraints", "not_valid", Grade::warning, words + "older rows may break it",
             {pasted(domain ? sql("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", relation, Ident{name})
                            : sql("ALTER TABLE {} VALIDATE CONSTRAINT {}", relation, Ident{name}))});
}

}  // namespace

void look_at_constraints(Look& look) {
  // A constraint that a partition or an inheritor got from above is validated with that one. From 18 on one that is not
  // enforced is never valid, and cannot be validated.
  const bool enforced = look.work.session->server_version() >= 180000;
  const auto rows =
      look.rows(sql("SELECT n.nspname, coalesce(c.relname, t.typname), k.conname, k.contypid <> 0\n"
                    "FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace\n"
                    "LEFT JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid\n"
                    "WHERE NOT k.convalidated AND k.coninhcount = 0 AND n.nspname !~ '^(mig$|mig_park_|pg_)'{}\n"
                    "ORDER BY 1, 2, 3",
                    enforced ? sql(" AND k.conenforced") : sql::Fragment()));
  for (const auto& row : rows) tell(look, {text(row[0]), text(row[1])}, text(row[2]), row[3] == "t");
  look.fine("constraints", "none is NOT VALID");
}

}  // namespace mig::runtime::doctor
