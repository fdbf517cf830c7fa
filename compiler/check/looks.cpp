// Measurements, backups, assertions, checkpoints and the gate of contract, bound to the schema at their points.
#include "compiler/check/looks.hpp"

#include <fmt/format.h>

#include "compiler/ir/names.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::diagnostics {
extern const Code same_name;
}

namespace mig::check {

namespace {

using Shared = std::shared_ptr<const catalog::Catalog>;

class Looks {
 public:
  Looks(const Scope& scope, const Declared& declared, const Points& points, ir::Migration& migration)
      : scope_(scope), file_(declared.file), points_(points), out_(migration) {}

  void add(const syntax::Section& section) {
    if (const auto* found = std::get_if<syntax::Measure>(&section)) measure(*found);
    if (const auto* found = std::get_if<syntax::Backup>(&section)) backup(*found);
    if (const auto* found = std::get_if<syntax::Assertions>(&section)) assertions(*found);
    if (const auto* found = std::get_if<syntax::Checkpoint>(&section)) checkpoint(*found);
    if (const auto* found = std::get_if<syntax::Phase>(&section); found != nullptr && found->section == "contract")
      gate(*found);
  }

 private:
  operations::Context context(const Shared& at, sql::Phase phase) const {
    static const syntax::Call none;
    return {*at,
            none,
            scope_.files,
            scope_.sink,
            at->server.search_path.empty() ? "public" : at->server.search_path.front(),
            out_.name,
            ir::park_schema(out_.name),
            phase};
  }

  template <class List>
  bool taken(const List& list, const syntax::Name& name) {
    for (const auto* other : list)
      if (other->name.text == name.text) {
        scope_.sink.report(diagnostics::same_name, name.span, fmt::format("there is already one named {}", name.text))
            .also(other->name.span, "the first");
        return true;
      }
    return false;
  }

  void measure(const syntax::Measure& measure) {
    check_runs(context(points_.before, sql::Phase::measure), measure.query, measure.runs);
    if (!taken(out_.measures, measure.name)) out_.measures.push_back(&measure);
  }

  void backup(const syntax::Backup& written) {
    out_.backup = bound_backup(context(points_.before, sql::Phase::backup), written);
    out_.backup_span = written.span;
  }

  void assertions(const syntax::Assertions& section) {
    const bool first = section.section == "require";
    const auto phase = first ? sql::Phase::require : sql::Phase::verify;
    const auto& at = first ? points_.before : points_.expanded;
    for (const auto& written : section.expects) {
      const auto* expect = scope_.functions.bound(written, file_, *at);
      if (expect == nullptr) continue;
      check_expectation(context(at, phase), *expect, out_.measures);
      out_.expectations.push_back({phase, expect, at});
    }
  }

  void checkpoint(const syntax::Checkpoint& checkpoint) {
    if (checkpoint.name.text == "contract")
      scope_.sink.report(diagnostics::reserved_name, checkpoint.name.span, "`contract` is approved by this name")
          .note("write: another name; mig apply --approve stands for `contract when approved`");
    else if (!taken(out_.checkpoints, checkpoint.name))
      out_.checkpoints.push_back(&checkpoint);
  }

  void gate(const syntax::Phase& contract) {
    const auto& gate = contract.gate;
    out_.gate.span = contract.head;
    out_.gate.approved = gate.approved;
    if (gate.after)
      if (const auto time = milliseconds(*gate.after, scope_.sink)) out_.gate.after_seconds = *time / 1000;
    if (!gate.when) return;
    out_.gate.when = scope_.functions.bound(*gate.when, file_, *points_.expanded);
    if (out_.gate.when != nullptr) check_condition(context(points_.expanded, sql::Phase::contract), *out_.gate.when);
  }

  const Scope& scope_;
  std::uint32_t file_;
  const Points& points_;
  ir::Migration& out_;
};

}  // namespace

void bind_looks(const Scope& scope, const Declared& declared, const Points& points, ir::Migration& migration) {
  Looks looks(scope, declared, points, migration);
  for (const auto& section : declared.tree->sections) looks.add(section);
}

}  // namespace mig::check
