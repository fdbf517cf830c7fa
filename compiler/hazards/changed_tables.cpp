// Which steps change the shape of which tables: by the locks that their statements take.
#include "compiler/hazards/changed_tables.hpp"

#include <algorithm>

#include "compiler/operations/operation.hpp"

namespace mig::hazards {

namespace {

void add(std::vector<Reshaped>& found, std::size_t step, const catalog::Name& table, const sql::Statement& statement) {
  auto at = std::find_if(found.begin(), found.end(),
                         [&](const Reshaped& each) { return each.step == step && each.table == table; });
  if (at == found.end()) at = found.insert(found.end(), {step, table, {}});
  at->statements.push_back(&statement);
}

}  // namespace

std::vector<Reshaped> reshaped_tables(const Context& ctx) {
  std::vector<Reshaped> found;
  for (std::size_t i = 0; i < ctx.draft.plan.steps.size(); ++i)
    for (const auto* statement : sql::statements(ctx.draft.plan.steps[i].action))
      for (const auto& lock : statement->locks) {
        const catalog::Name name{lock.relation.schema, lock.relation.name};
        if (lock.mode == sql::LockMode::access_exclusive && ctx.migration.before->table(name) != nullptr)
          add(found, i, name, *statement);
      }
  return found;
}

bool made_by(const Context& ctx, std::size_t step, std::initializer_list<std::string_view> operations) {
  const auto* item = ctx.draft.items[step];
  return item != nullptr && std::find(operations.begin(), operations.end(), item->operation->name) != operations.end();
}

}  // namespace mig::hazards
