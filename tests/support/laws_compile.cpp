// The example of an operation as a migration: in expand where it may stand there, else in contract.
#include <algorithm>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

Output compile_in(const std::string& phase, const std::string& example, const catalog::Catalog& before) {
  Input input;
  input.files = {{"law.mig", "migration law {\n  " + phase + " {\n" + example + "\n  }\n}\n"}};
  input.catalog = before;
  input.read = [](const std::string&) { return std::nullopt; };
  input.environment = [](const std::string&) { return std::nullopt; };
  return compile(std::move(input));
}

bool breaks_clients(const Output& out) {
  const auto& list = out.diagnostics.list();
  return std::any_of(list.begin(), list.end(),
                     [](const auto& diagnostic) { return diagnostic.code == &diagnostics::phase_break; });
}

// The effects of all items, one after the other, on the schema that the first one sees.
catalog::Catalog predict(const Output& out, diagnostics::Sink& sink) {
  const auto& items = out.program.migrations.front().items;
  auto after = *items.back().before;
  const auto& last = items.back();
  const operations::Context ctx{*last.before, *last.call, out.files,      sink,
                                last.schema,  "law",      "mig_park_law", last.phase};
  last.operation->effect(ctx, after);
  return after;
}

}  // namespace

Compiled compile_example(const std::string& example, const catalog::Catalog& before) {
  auto out = compile_in("expand", example, before);
  if (breaks_clients(out)) out = compile_in("contract", example, before);
  Compiled result;
  result.text = out.files[0].text;
  result.before = before;
  if (out.plans.empty()) {
    result.problem = diagnostics::render(out.diagnostics.list(), out.files, {});
    return result;
  }
  result.plan = out.plans.front();
  result.after = predict(out, out.diagnostics);
  return result;
}

}  // namespace mig::tests::laws
