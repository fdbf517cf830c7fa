// The list of hazards, and what is done with their findings.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/hazards/hazard.hpp"

namespace mig::hazards {

#define MIG_HAZARD(name) extern const Hazard name;
#include "compiler/hazards/hazards.def"
#undef MIG_HAZARD

const std::vector<const Hazard*>& all() {
  static const std::vector<const Hazard*> list{
#define MIG_HAZARD(name) &name,
#include "compiler/hazards/hazards.def"
#undef MIG_HAZARD
  };
  return list;
}

namespace {

// The operation itself has warned of the rewrite, with the way out: once is enough.
bool said_already(const Hazard& hazard, source::Span span, const diagnostics::Sink& sink) {
  if (std::string_view(hazard.code.id) != "H0102") return false;
  return std::any_of(sink.list().begin(), sink.list().end(), [&](const diagnostics::Diagnostic& each) {
    return each.code == &diagnostics::rewrites && each.primary && each.primary->span.file == span.file &&
           each.primary->span.begin >= span.begin && each.primary->span.end <= span.end;
  });
}

}  // namespace

void examine(const ir::Migration& migration, plan::Draft& draft, diagnostics::Sink& sink) {
  for (const auto* hazard : all())
    for (const auto& finding : hazard->find({migration, draft})) {
      draft.plan.steps[finding.step].hazards.push_back(fmt::format("{} {}", hazard->code.id, finding.what));
      if (hazard->code.severity == diagnostics::Severity::note) continue;
      const auto* item = draft.items[finding.step];
      const auto span = item != nullptr ? item->call->span : migration.span;
      if (said_already(*hazard, span, sink)) continue;
      auto& diagnostic = sink.report(hazard->code, span, finding.what);
      for (const auto& note : finding.notes) diagnostic.note(note);
    }
}

std::string documentation() {
  std::string out =
      "# Hazards\n\nWhat may hurt although it is right. `mig check` reports warnings, notes stand only in the plan. "
      "This "
      "page is made from\n`compiler/hazards/`.\n";
  for (const auto* hazard : all())
    out += fmt::format("\n## {} {}\n\n{}: {}.\n\n{}\n", hazard->code.id, hazard->code.name,
                       hazard->code.severity == diagnostics::Severity::note ? "Note" : "Warning", hazard->code.title,
                       hazard->description);
  return out;
}

long long setting_ms(const catalog::Server& server, const std::string& name, long long fallback) {
  const auto found = server.settings.find(name);
  if (found == server.settings.end()) return fallback;
  const auto& text = found->second;
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return fallback;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty() || unit == "ms") return number;
  if (unit == "s") return number * 1000;
  if (unit == "min") return number * 60000;
  if (unit == "h") return number * 3600000;
  if (unit == "d") return number * 86400000;
  return fallback;
}

}  // namespace mig::hazards
