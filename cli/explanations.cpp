// A paragraph for codes whose title does not say enough.
#include "cli/explanations.hpp"

#include <utility>

namespace mig::cli {

namespace {

constexpr std::pair<const char*, const char*> texts[] = {
    {"E0105",
     "The whole grammar is read, but what has no meaning yet is refused by name, never half-done.\n"
     "The reference says which version brings it."},
    {"E0202",
     "Names without quotes fold to lower case, as in PostgreSQL: User means user. A table made as \"User\" (Prisma, "
     "Sequelize\nand others do) is written with its quotes. Without a schema the search_path of the catalog counts."},
    {"E0207",
     "Names without quotes fold to lower case, as in PostgreSQL: phoneNumber means phonenumber.\n"
     "Write \"phoneNumber\" for a column that was made with quotes; mig check --fix writes the quotes where only they "
     "miss."},
    {"E0310",
     "The role that mig connects as owns neither the object nor the right. The GRANT or ALTER … OWNER in the message\n"
     "is for somebody who does. Nothing needs superuser."},
    {"E0311",
     "A column that is NOT NULL without a default cannot be added where rows exist. Give it a default, or add it "
     "nullable,\nfill it, and set not null in a later migration."},
    {"E0312",
     "PostgreSQL would write every row again under ACCESS EXCLUSIVE: everybody waits for as long as that takes."},
    {"E0313",
     "A drop never takes along what somebody else uses. Drop or change that first, in the same migration if it belongs "
     "there."},
};

}  // namespace

std::string explanation(std::string_view code) {
  for (const auto& [id, text] : texts)
    if (code == id) return text;
  return "";
}

}  // namespace mig::cli
