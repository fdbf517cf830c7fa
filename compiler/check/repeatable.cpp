// Repeatables: run again when their bytes change. The journal keeps each run as a migration of its own, so that status,
// resume and rollback know no other kind: going back from reports@2 leaves what reports@1 made.
#include <algorithm>

#include "compiler/check/check.hpp"
#include "compiler/ir/names.hpp"

namespace mig::check {

namespace {

// The newest run that was begun; number 0 where there is none.
struct Newest {
  int number = 0;
  const catalog::Applied* row = nullptr;
};

Newest newest_run(const catalog::Catalog& catalog, const std::string& repeatable) {
  Newest newest;
  for (const auto& row : catalog.migrations) {
    const auto run = ir::as_run(row.name);
    if (!run || run->repeatable != repeatable || row.state == "pending" || run->number < newest.number) continue;
    newest = {run->number, &row};
  }
  return newest;
}

// A run that is under way ends by its own plan before the new bytes count.
bool under_way(const Newest& newest) { return newest.row != nullptr && newest.row->state.ends_with("ing"); }

bool up_to_date(const Newest& newest, const Declared& declared) {
  return newest.row != nullptr && !under_way(newest) && newest.row->source_hash == declared.source_hash;
}

}  // namespace

std::vector<Declared> due_repeatables(std::vector<Declared> migrations, const catalog::Catalog& catalog) {
  std::vector<Declared> due;
  for (auto& declared : migrations) {
    if (declared.tree->repeatable) {
      const auto newest = newest_run(catalog, declared.name);
      if (up_to_date(newest, declared)) continue;
      declared.name = ir::run_name(declared.name, under_way(newest) ? newest.number : newest.number + 1);
    }
    due.push_back(std::move(declared));
  }
  return due;
}

}  // namespace mig::check
