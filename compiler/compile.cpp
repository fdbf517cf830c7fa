// The compiler on one screen: every pass, in order.
#include "compiler/compile.hpp"

#include "compiler/check/check.hpp"
#include "compiler/hazards/hazard.hpp"
#include "compiler/plan/heads.hpp"

namespace mig {

Output compile(Input input) {
  Output out;
  auto& sink = out.diagnostics;
  const check::Sources sources(input.files, input.read, out.files, sink);  // read, parse, follow use and include
  check::refuse_not_built(sources, sink);
  auto migrations = check::declared(sources, out.files, sink);
  migrations = check::due_repeatables(std::move(migrations), input.catalog);
  migrations = check::ordered(std::move(migrations), input.catalog, out.files, sink);
  check::report_changed(migrations, input.catalog, out.files, sink);
  check::Origins origins;
  check::Inliner functions(sources, out.files, origins, sink);
  functions.check();
  const check::Scope scope{sources, out.files, sink, input.environment, input.policy, origins, functions};
  out.program = check::bind(scope, migrations, input.catalog);  // names, phases, effects
  if (!sink.has_errors()) {
    plan::Relations earlier;
    for (const auto& migration : out.program.migrations) {
      auto draft = plan::draft(migration, out.files, sink, earlier);
      earlier.merge(plan::touched(draft.plan));
      hazards::examine(migration, draft, sink);
      plan::seal(draft.plan);
      out.plans.push_back(std::move(draft.plan));
    }
    plan::report_heads(out.program, out.plans, sink);
  }
  if (sink.has_errors()) out.plans.clear();
  origins.relocate(sink);
  sink.sort();
  return out;
}

}  // namespace mig
