// Days pass by moving what was written down into the past: nothing in mig knows of another clock.
#include "tests/support/waiting.hpp"

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"

namespace mig::tests {

std::vector<plan::Plan> compiled_all(const runtime::Target& target, const std::vector<std::string>& texts) {
  Input input;
  for (const auto& text : texts) input.files.emplace_back("m" + std::to_string(input.files.size()) + ".mig", text);
  input.catalog = runtime::introspect(target);
  auto out = compile(std::move(input));
  INFO(diagnostics::render(out.diagnostics.list(), out.files, {}));
  REQUIRE(out.plans.size() == texts.size());
  return std::move(out.plans);
}

plan::Plan compiled(const runtime::Target& target, const std::string& text) {
  return std::move(compiled_all(target, {text}).front());
}

void pass_time(const runtime::Target& target, const std::string& interval) {
  for (const auto* column : {"migration SET since = since", "kept SET since = since", "kept SET until = until",
                             "approval SET at = at", "run SET started = started", "run SET ended = ended",
                             "step SET started = started", "step SET ended = ended", "event SET at = at"})
    run(target, "UPDATE mig." + std::string(column) + " - interval '" + interval + "'");
}

runtime::Outcome go(const runtime::Target& target, const plan::Plan& plan, std::optional<sql::Phase> through,
                    std::vector<std::string> approve, Story* story) {
  runtime::ApplyOptions options;
  options.through = through;
  options.approve = std::move(approve);
  return apply(target, plan, options, story);
}

}  // namespace mig::tests
