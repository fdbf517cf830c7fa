// Binds operations to the schema at their point: phase check, effects one after another, over all pending migrations.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/check/check.hpp"
#include "compiler/check/flatten.hpp"
#include "compiler/check/looks.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/ir/names.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::check {

namespace {

using Shared = std::shared_ptr<const catalog::Catalog>;

class Binder {
 public:
  Binder(const Scope& scope, const catalog::Catalog& catalog)
      : scope_(scope),
        now_(std::make_shared<const catalog::Catalog>(catalog)),
        parameters_(scope.files, scope.origins, scope.sink) {}

  void keep_trees(ir::Program& program) const {
    for (const auto& tree : parameters_.trees()) program.files.push_back(tree);
    for (const auto& tree : scope_.functions.trees()) program.files.push_back(tree);
  }

  void add(const Declared& declared, ir::Program& program) {
    const auto& name = declared.name;
    if (const auto word = complete_state(*declared.tree); !word.empty()) complete_[name] = word;
    for (const auto& after : declared.tree->after)
      if (after.done) finish(after.migration.text);
    const auto state = state_of(name);
    if (state == "done") return;
    if (state != "pending") return in_flight(declared, state);
    auto migration = head(declared);
    const auto outside = now_;
    enter_schema(declared);
    migration.before = now_;
    parameters_.declare(scope_.sources, declared.files, scope_.environment);
    expand_and_contract(declared, migration);
    for (const auto& after : migration.after)
      if (const auto found = complete_.find(after); found != complete_.end())
        migration.after_states[after] = found->second;
    leave_schema(outside);
    program.migrations.push_back(std::move(migration));
  }

 private:
  [[nodiscard]] std::string state_of(const std::string& name) const {
    for (const auto& row : now_->migrations)
      if (row.name == name) return row.state;
    return "pending";
  }

  // The state in which `after` this one is content, where that is not expanded.
  static std::string complete_state(const syntax::Migration& tree) {
    const bool verified = std::any_of(tree.sections.begin(), tree.sections.end(), [](const auto& section) {
      const auto* checks = std::get_if<syntax::Assertions>(&section);
      return std::holds_alternative<syntax::Checkpoint>(section) ||
             (checks != nullptr && checks->section == "verify" && !checks->expects.empty());
    });
    return verified ? "verified" : "";
  }

  ir::Migration head(const Declared& declared) const {
    const auto& tree = *declared.tree;
    ir::Migration out;
    out.name = declared.name;
    out.title = tree.title ? tree.title->value : "";
    out.file = scope_.files[declared.file].name;
    out.source_hash = declared.source_hash;
    out.files = declared.files;
    out.span = tree.name.span;
    for (const auto& after : tree.after) (after.done ? out.after_done : out.after).push_back(after.migration.text);
    for (const auto& tag : tree.tags) out.tags.push_back(tag.text);
    out.policy = policy(tree, scope_.defaults, scope_.sink);
    for (const auto& section : tree.sections)
      if (const auto* phase = std::get_if<syntax::Phase>(&section); phase != nullptr && phase->section == "contract") {
        out.has_contract = true;
        if (phase->gate.retain)
          if (const auto time = milliseconds(*phase->gate.retain, scope_.sink)) out.retain_seconds = *time / 1000;
      }
    return out;
  }

  // `in schema s`: unqualified names are looked up there first, and new ones made there.
  void enter_schema(const Declared& declared) {
    const auto& schema = declared.tree->schema;
    if (!schema) return;
    if (!now_->has_schema(schema->text)) {
      std::vector<std::string> names;
      for (const auto& name : now_->names("schema")) names.push_back(name.name);
      auto& diagnostic =
          scope_.sink.report(diagnostics::unknown_schema, schema->span, fmt::format("no schema `{}`", schema->text));
      if (const auto near = diagnostics::nearest(schema->text, names, 1); !near.empty())
        diagnostic.suggest(sql::quote_ident(near.front()));
    }
    auto catalog = std::make_shared<catalog::Catalog>(*now_);
    auto& path = catalog->server.search_path;
    path.erase(std::remove(path.begin(), path.end(), schema->text), path.end());
    path.insert(path.begin(), schema->text);
    now_ = std::move(catalog);
  }

  void leave_schema(const Shared& outside) {
    if (now_->server.search_path == outside->server.search_path) return;
    auto catalog = std::make_shared<catalog::Catalog>(*now_);
    catalog->server.search_path = outside->server.search_path;
    now_ = std::move(catalog);
  }

  // Later migrations see the expanded shape: contract comes when old clients are gone, which nobody knows now.
  void expand_and_contract(const Declared& declared, ir::Migration& migration) {
    auto calls = flatten(*declared.tree, scope_.sources, *now_, scope_.sink);
    bind(calls, sql::Phase::expand, declared.file, migration, now_);
    if (const auto* asked = parameters_.asked(*declared.tree, *now_)) {
      auto asking = declared;
      asking.tree = asked;
      bind_looks(scope_, asking, {migration.before, now_}, migration);
    }
    auto contracted = now_;
    bind(calls, sql::Phase::contract, declared.file, migration, contracted);
    contracts_.emplace(migration.name, calls);
    for (const auto& item : migration.items)
      if (item.operation->advise != nullptr)
        item.operation->advise(context(item, migration.name, scope_.sink), *contracted);
  }

  // With parameters and functions in it; null and a report where one of them is wrong.
  const syntax::Call* written_out(const syntax::Call& call, std::uint32_t file, const catalog::Catalog& catalog) {
    const auto* with_values = parameters_.bound(call, catalog);
    return with_values == nullptr ? nullptr : scope_.functions.bound(*with_values, file, catalog);
  }

  void bind(std::vector<Placed>& calls, sql::Phase phase, std::uint32_t file, ir::Migration& migration,
            Shared& catalog) {
    for (auto& placed : calls) {
      if (placed.phase != phase) continue;
      const auto* call = written_out(*placed.call, file, *catalog);
      if (call == nullptr) continue;
      placed.call = call;
      ir::Item item{phase, operations::all()[placed.call->form], placed.call, catalog, new_schema(*catalog)};
      if (ir::as_run(migration.name)) {
        make_what_is_not_there(item, migration.name);
        if (is_so_already(item, migration.name)) continue;
      }
      const auto next = effect(item, migration.name, scope_.sink, placed.direct);
      if (!next) continue;
      migration.items.push_back(std::move(item));
      catalog = next;
    }
  }

  static std::string new_schema(const catalog::Catalog& catalog) {
    return catalog.server.search_path.empty() ? "public" : catalog.server.search_path.front();
  }

  operations::Context context(const ir::Item& item, const std::string& migration, diagnostics::Sink& sink) const {
    return {*item.before, *item.call, scope_.files, sink, item.schema, migration, ir::park_schema(migration),
            item.phase};
  }

  [[nodiscard]] bool refused(const ir::Item& item, const std::string& migration) const {
    diagnostics::Sink silent;
    item.operation->check(context(item, migration, silent));
    return silent.has_errors();
  }

  // `replace` in a repeatable creates what nobody has made yet: its form is that of `create`, word for word.
  void make_what_is_not_there(ir::Item& item, const std::string& migration) const {
    const std::string_view name = item.operation->name;
    if (name.substr(0, 8) != "replace_" || !refused(item, migration)) return;
    auto instead = item;
    instead.operation = operations::find("create_" + std::string(name.substr(8)));
    if (instead.operation != nullptr && !refused(instead, migration)) item = instead;
  }

  // A repeatable says how things are to be, also where they are so.
  bool is_so_already(const ir::Item& item, const std::string& migration) const {
    diagnostics::Sink silent;
    item.operation->check(context(item, migration, silent));
    const auto& said = silent.list();
    return !said.empty() && std::all_of(said.begin(), said.end(), [](const auto& diagnostic) {
      return diagnostic.code == &diagnostics::nothing_to_do;
    });
  }

  // The schema afterwards; null where the operation is wrong here.
  Shared effect(const ir::Item& item, const std::string& migration, diagnostics::Sink& sink, bool direct) const {
    const auto ctx = context(item, migration, sink);
    const auto errors = sink.count(diagnostics::Severity::error);
    item.operation->check(ctx);
    if (sink.count(diagnostics::Severity::error) > errors) return nullptr;
    if (item.phase == sql::Phase::expand) report_break(ctx, item, sink, direct);
    auto after = std::make_shared<catalog::Catalog>(*item.before);
    item.operation->effect(ctx, *after);
    return after;
  }

  static void report_break(const operations::Context& ctx, const ir::Item& item, diagnostics::Sink& sink, bool direct) {
    const auto found = item.operation->breaks(ctx);
    if (!found) return;
    sink.report(diagnostics::phase_break, item.call->span,
                direct ? fmt::format("this is no step yet: it would run in expand, where {}", found->why)
                       : fmt::format("this cannot stand in expand: {}", found->why))
        .note(found->way_out);
  }

  // What an unfinished migration has still to do is known by trying: an operation that happened fails its own check.
  void in_flight(const Declared& declared, const std::string& state) {
    const auto outside = now_;
    enter_schema(declared);
    diagnostics::Sink silent;
    auto calls = flatten(*declared.tree, scope_.sources, *now_, silent);
    // It ran with the values of its day; whether a variable is set today says nothing about it.
    parameters_.declare(scope_.sources, declared.files, [&](const std::string& name) {
      const auto value = scope_.environment ? scope_.environment(name) : std::nullopt;
      return std::optional(value.value_or(""));
    });
    auto* const loud = scope_.functions.report_to(&silent);
    for (auto& placed : calls)
      if (const auto* call = written_out(*placed.call, declared.file, *now_)) placed.call = call;
    scope_.functions.report_to(loud);
    if (state == "expanding") try_effects(calls, sql::Phase::expand, declared.name);
    leave_schema(outside);
    contracts_.emplace(declared.name, calls);
  }

  void try_effects(const std::vector<Placed>& calls, sql::Phase phase, const std::string& migration) {
    for (const auto& placed : calls) {
      if (placed.phase != phase) continue;
      diagnostics::Sink silent;
      const ir::Item item{phase, operations::all()[placed.call->form], placed.call, now_, new_schema(*now_)};
      if (const auto next = effect(item, migration, silent, false)) now_ = next;
    }
  }

  // `after X done`: X's contract is over before this one begins.
  void finish(const std::string& name) {
    const auto found = contracts_.find(name);
    if (found == contracts_.end()) return;
    try_effects(found->second, sql::Phase::contract, name);
    contracts_.erase(found);
  }

  const Scope& scope_;
  Shared now_;
  Parameters parameters_;
  std::map<std::string, std::vector<Placed>> contracts_;
  std::map<std::string, std::string> complete_;
};

}  // namespace

ir::Program bind(const Scope& scope, const std::vector<Declared>& migrations, const catalog::Catalog& catalog) {
  ir::Program program;
  for (const auto& source : scope.sources.all()) program.files.push_back(source.tree);
  Binder binder(scope, catalog);
  for (const auto& declared : migrations) binder.add(declared, program);
  binder.keep_trees(program);
  return program;
}

}  // namespace mig::check
