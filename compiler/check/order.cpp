// The order of migrations: `after` first, then by file name; and that files of migrations that ran are as they were.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/check/check.hpp"
#include "compiler/diagnostics/suggest.hpp"

namespace mig::check {

namespace {

const catalog::Applied* applied(const catalog::Catalog& catalog, const std::string& name) {
  for (const auto& one : catalog.migrations)
    if (one.name == name) return &one;
  return nullptr;
}

class Order {
 public:
  Order(std::vector<Declared> migrations, const catalog::Catalog& catalog, const source::Files& files,
        diagnostics::Sink& sink)
      : all_(std::move(migrations)), catalog_(catalog), sink_(sink) {
    // Names of files carry the dates by which people sort them; where they don't, they are the migrations' names.
    std::sort(all_.begin(), all_.end(), [&](const Declared& a, const Declared& b) {
      return std::tie(a.tree->repeatable, files[a.file].name, a.name) <
             std::tie(b.tree->repeatable, files[b.file].name, b.name);
    });
    for (std::size_t i = 0; i < all_.size(); ++i) index_[all_[i].name] = i;
    link();
  }

  std::vector<Declared> sorted() {
    std::vector<Declared> out;
    std::vector<bool> placed(all_.size());
    while (out.size() < all_.size()) {
      const auto next = ready(placed);
      if (next)
        place(*next, placed, out);
      else
        for (const auto member : circle(placed)) place(member, placed, out);
    }
    return out;
  }

 private:
  void link() {
    before_.resize(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const auto& after : all_[i].tree->after) {
        const auto found = index_.find(after.migration.text);
        if (found != index_.end())
          before_[i].push_back(found->second);
        else if (applied(catalog_, after.migration.text) == nullptr)
          unknown(after.migration);
      }
  }

  void unknown(const syntax::Name& name) {
    std::vector<std::string> names;
    for (const auto& [known, index] : index_) names.push_back(known);
    for (const auto& one : catalog_.migrations) names.push_back(one.name);
    auto& diagnostic =
        sink_.report(diagnostics::unknown_migration, name.span, fmt::format("there is no migration `{}`", name.text));
    if (const auto near = diagnostics::nearest(name.text, names, 1); !near.empty())
      diagnostic.suggest(near.front());
    else
      diagnostic.note("a migration is named by the word after `migration`, not by its file");
  }

  // The first that waits for nothing; linear, since the lists are short and mostly in order.
  std::optional<std::size_t> ready(const std::vector<bool>& placed) const {
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!placed[i] && std::all_of(before_[i].begin(), before_[i].end(), [&](std::size_t b) { return placed[b]; }))
        return i;
    return std::nullopt;
  }

  void place(std::size_t i, std::vector<bool>& placed, std::vector<Declared>& out) {
    placed[i] = true;
    out.push_back(all_[i]);
  }

  // None is ready: following what each waits for ends in a circle. Reports it whole.
  std::vector<std::size_t> circle(const std::vector<bool>& placed) {
    std::vector<std::size_t> path;
    std::size_t at = 0;
    while (placed[at]) ++at;
    while (std::find(path.begin(), path.end(), at) == path.end()) {
      path.push_back(at);
      at = *std::find_if(before_[at].begin(), before_[at].end(), [&](std::size_t b) { return !placed[b]; });
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    std::string chain = all_[at].name;
    for (std::size_t i = 1; i <= path.size(); ++i) chain += " after " + all_[path[i % path.size()]].name;
    auto& diagnostic =
        sink_.report(diagnostics::migration_cycle, all_[at].tree->name.span, "these migrations wait for each other");
    for (std::size_t i = 1; i < path.size(); ++i) diagnostic.also(all_[path[i]].tree->name.span, "");
    diagnostic.note("found: " + chain).note("take one `after` out");
    return path;
  }

  std::vector<Declared> all_;
  const catalog::Catalog& catalog_;
  diagnostics::Sink& sink_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::vector<std::size_t>> before_;
};

}  // namespace

std::vector<Declared> ordered(std::vector<Declared> migrations, const catalog::Catalog& catalog,
                              const source::Files& files, diagnostics::Sink& sink) {
  return Order(std::move(migrations), catalog, files, sink).sorted();
}

void report_changed(const std::vector<Declared>& migrations, const catalog::Catalog& catalog,
                    const source::Files& files, diagnostics::Sink& sink) {
  for (const auto& migration : migrations) {
    const auto* row = applied(catalog, migration.name);
    if (row == nullptr || row->state == "pending" || row->source_hash == migration.source_hash) continue;
    sink.report(diagnostics::changed_migration, migration.tree->name.span,
                fmt::format("{} is {} in the database, and {} was changed since", row->name, row->state,
                            files[migration.file].name))
        .note(fmt::format("found: {}, it ran as {}", migration.source_hash, row->source_hash))
        .note(
            fmt::format("put the file back as it was, and write the change as a new migration, `after {}`", row->name));
  }
}

}  // namespace mig::check
