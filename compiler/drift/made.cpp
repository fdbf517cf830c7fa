// Models of a compilation, item by item, against what was found.
#include "compiler/drift/made.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "compiler/ir/names.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::drift {

namespace {

using catalog::Catalog;
using catalog::Difference;
using Differences = std::vector<Difference>;

struct State {
  const ir::Migration* migration = nullptr;
  const ir::Item* item = nullptr;
  Catalog after;
};

Catalog after(const Output& compiled, const ir::Migration& migration, const ir::Item& item) {
  diagnostics::Sink silent;
  auto made = *item.before;
  const operations::Context ctx{
      *item.before, *item.call, compiled.files, silent, item.schema, migration.name, ir::park_schema(migration.name),
      item.phase};
  if (item.operation && item.operation->effect) item.operation->effect(ctx, made);
  return made;
}

std::vector<State> states(const Output& compiled) {
  std::vector<State> all;
  for (const auto& migration : compiled.program.migrations)
    for (std::size_t i = 0; i < migration.items.size(); ++i) {
      const auto& item = migration.items[i];
      all.push_back(
          {&migration, &item,
           i + 1 < migration.items.size() ? *migration.items[i + 1].before : after(compiled, migration, item)});
    }
  return all;
}

std::string table_key(const std::string& key) {
  const auto parsed = catalog::parse_key(key);
  return parsed ? catalog::key("table", parsed->name) : std::string{};
}

// What a migration changes: whole objects, and single fields of others.
class Changed {
 public:
  Changed(const Catalog& from, const Catalog& to) {
    for (const auto& each : catalog::diff(from, to)) {
      if (!each.field.empty()) {
        fields_.insert({each.key, each.field});
        continue;
      }
      whole_.insert(each.key);
      const auto key = catalog::parse_key(each.key);
      const auto* table = key && key->kind == "table" ? to.table(key->name) : nullptr;
      for (const auto& index : table ? table->indexes : std::vector<catalog::Index>{})
        whole_.insert(catalog::key("index", {key->name.schema, index.name}));
    }
  }
  [[nodiscard]] bool made(const Difference& found) const {
    if (fields_.count({found.key, found.field}) != 0) return true;
    if (whole_.count(found.key) == 0 && whole_.count(table_key(found.key)) == 0) return false;
    static const std::set<std::string> others{"owner", "grants", "children", "column order"};
    return others.count(found.field) == 0;
  }

 private:
  std::set<std::pair<std::string, std::string>> fields_;
  std::set<std::string> whole_;
};

bool opaque(const Catalog& model, const std::string& key) {
  const auto parsed = catalog::parse_key(key);
  const auto* table = parsed ? model.table(parsed->name) : nullptr;
  return table && !table->opaque.empty();
}

// It stands as this later state leaves it.
bool agrees(const Differences& with_later, const Difference& found) {
  return std::none_of(with_later.begin(), with_later.end(), [&](const Difference& each) {
    return (each.key == found.key && (each.field == found.field || each.field.empty() || found.field.empty())) ||
           (each.field.empty() && each.key == table_key(found.key));
  });
}

}  // namespace

Differences not_as_made(const Output& compiled, const std::string& migration, sql::Phase through,
                        const Catalog& found) {
  const auto all = states(compiled);
  const auto own = [&](const State& state) { return state.migration->name == migration; };
  const auto first = std::find_if(all.begin(), all.end(), own);
  auto last = all.end();
  for (auto state = first; state != all.end(); ++state)
    if (own(*state) && state->item->phase <= through) last = state;
  if (last == all.end()) return {};
  const Changed changed(*first->item->before, last->after);
  auto out = catalog::diff(last->after, found, catalog::Compare::model);
  std::erase_if(out, [&](const Difference& each) {
    return each.left == "absent" || !changed.made(each) || opaque(last->after, each.key);
  });
  for (auto later = last + 1; later != all.end() && !out.empty(); ++later) {
    const auto with_later = catalog::diff(later->after, found, catalog::Compare::model);
    std::erase_if(out,
                  [&](const Difference& each) { return opaque(later->after, each.key) || agrees(with_later, each); });
  }
  return out;
}

}  // namespace mig::drift
