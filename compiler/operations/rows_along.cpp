// ON DELETE CASCADE, SET NULL, SET DEFAULT: PostgreSQL keeps nothing of what they take, so that mig has to.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/rows.hpp"

namespace mig::operations {

namespace {

// Keys to a table hold for its partitions as well, and keys to a partition for the table's rows that are in it.
std::vector<catalog::Name> referenced_names(const Context& ctx, const catalog::Table& table) {
  auto names = table.partitioned() ? ctx.before.tree(table.name) : std::vector{table.name};
  for (const auto* each = &table; each && !each->partition_of.name.empty(); each = ctx.before.table(each->partition_of))
    names.push_back(each->partition_of);
  return names;
}

struct Found {
  const catalog::Table* child;
  catalog::Constraint key;
};

std::vector<Found> keys_along(const Context& ctx, const catalog::Table& table) {
  std::vector<Found> found;
  for (const auto& referenced : referenced_names(ctx, table))
    for (const auto& name : ctx.before.referencing(referenced)) {
      const auto* child = ctx.before.table(name);
      if (!child) continue;
      for (const auto& key : child->constraints)
        if (key.kind == "foreign key" && key.references == referenced && key.parent.empty() && key.enforced &&
            key.on_delete != "no action" && key.on_delete != "restrict")
          found.push_back({child, key});
    }
  return found;
}

struct Walk {
  const Context& ctx;
  RowWork& work;
  std::string* why;
  std::vector<const catalog::Table*> path;  // that rows are taken of, down to the present one

  bool refuse(std::string text) {
    if (why) *why = std::move(text);
    return false;
  }

  std::size_t part_of(const catalog::Table& child, const catalog::Constraint& key, Fate fate) {
    for (std::size_t i = 1; i < work.parts.size(); ++i)
      if (work.parts[i].of.table == &child && work.parts[i].fate == fate) return i;
    RowPart part;
    part.of = {&child, child.name.name, !child.partitioned(), value_columns(child), row_key(child, key.columns)};
    part.fate = fate;
    work.parts.push_back(std::move(part));
    return work.parts.size() - 1;
  }

  bool down(std::size_t parent) {
    const auto* table = work.parts[parent].of.table;
    path.push_back(table);
    for (const auto& [child, key] : keys_along(ctx, *table))
      if (!along(parent, *child, key)) return false;
    path.pop_back();
    return true;
  }

  bool along(std::size_t parent, const catalog::Table& child, const catalog::Constraint& key) {
    const bool taken = key.on_delete == "cascade";
    if (taken && &child == work.parts[parent].of.table) {
      if (work.parts[parent].of.key.empty())
        return refuse(fmt::format("`{}` takes rows of its own along and has no key", child.name.text()));
      work.parts[parent].takes_itself = true;
      work.parts[parent].from.push_back({parent, key});
      return true;
    }
    if (taken && std::find(path.begin(), path.end(), &child) != path.end())
      return refuse(fmt::format("foreign keys with on delete cascade go in a circle through `{}`", child.name.text()));
    const auto at = part_of(child, key, taken ? Fate::taken : Fate::changed);
    if (!taken && work.parts[at].of.key.empty())
      return refuse(
          fmt::format("`{}` has no key, and {} changes rows of it", child.name.text(), sql::quote_ident(key.name)));
    auto& from = work.parts[at].from;
    const bool known = std::any_of(from.begin(), from.end(), [&](const auto& one) {
      return one.parent == parent && one.key.name == key.name && one.key.references == key.references;
    });
    if (known) return true;
    from.push_back({parent, key});
    if (taken) return down(at);
    auto& set = work.parts[at].set;
    const bool all = !meddling_triggers(ctx, child, "UPDATE").empty();
    for (const auto& column : all ? value_columns(child) : key.columns)
      if (std::find(set.begin(), set.end(), column) == set.end()) set.push_back(column);
    return true;
  }
};

// Parents first, so that a table is looked at when all that takes rows of it along has been; those whose rows are only
// changed last: a row that is taken as well is none of theirs.
void sort_parents_first(RowWork& work) {
  std::vector<std::size_t> order;
  std::set<std::size_t> placed;
  while (order.size() < work.parts.size())
    for (std::size_t i = 0; i < work.parts.size(); ++i) {
      const auto& from = work.parts[i].from;
      const bool ready = std::all_of(from.begin(), from.end(),
                                     [&](const auto& one) { return one.parent == i || placed.count(one.parent) != 0; });
      const bool early =
          work.parts[i].fate == Fate::changed &&
          std::any_of(work.parts.begin(), work.parts.end(), [&](const auto& part) {
            return part.fate == Fate::taken && placed.count(static_cast<std::size_t>(&part - work.parts.data())) == 0;
          });
      if (placed.count(i) != 0 || !ready || early) continue;
      order.push_back(i);
      placed.insert(i);
    }
  std::vector<RowPart> sorted;
  for (const auto i : order) sorted.push_back(work.parts[i]);
  for (auto& part : sorted)
    for (auto& one : part.from)
      one.parent = static_cast<std::size_t>(std::find(order.begin(), order.end(), one.parent) - order.begin());
  work.parts = std::move(sorted);
}

}  // namespace

bool follow(const Context& ctx, RowWork& work, std::string* why) {
  Walk walk{ctx, work, why, {}};
  if (!walk.down(0)) return false;
  sort_parents_first(work);
  return true;
}

}  // namespace mig::operations
