// What the language has and this version lacks: refused by name, where it stands, never half-done.
#include <fmt/format.h>

#include "compiler/check/check.hpp"
#include "compiler/check/walk.hpp"

namespace mig::check {

namespace {

using syntax::Box;

class Refusal {
 public:
  explicit Refusal(diagnostics::Sink& sink) : sink_(sink) {}

  void file(const syntax::File& file) {
    for (const auto& item : file.items)
      std::visit(
          Overloaded{[](const syntax::Use&) {}, [](const syntax::Include&) {}, [](const syntax::ParameterDecl&) {},
                     [&](const syntax::TimeZone& zone) { no("`time zone` is", zone.span, {}); },
                     [&](const syntax::Source& source) { no("sources are", source.name.span, load_by_hand); },
                     [](const syntax::Values&) {}, [](const syntax::Function&) {},
                     [&](const syntax::StepDecl& step) {
                       no("steps written in the language are", step.head, "write its operations in the migration");
                     },
                     [&](const syntax::Migration& migration) { one(migration); }, [](const syntax::Call&) {},
                     [&](const syntax::Skip& skip) { no("sources, and so `skip`, are", skip.span, {}); }},
          item);
  }

 private:
  static constexpr const char* load_by_hand = "load the rows with \\copy, before or after the migration";

  void no(std::string_view what, source::Span span, std::string_view instead) {
    auto& diagnostic = sink_.report(diagnostics::not_built_yet, span, fmt::format("{} not built yet", what));
    if (!instead.empty()) diagnostic.note(fmt::format("instead: {}", instead));
  }

  void one(const syntax::Migration& migration) { sections(migration.sections); }

  void sections(const std::vector<syntax::Section>& all) {
    for (const auto& section : all)
      std::visit(
          Overloaded{[](const syntax::Policy&) {},  // policy.cpp looks at each rule
                     [](const syntax::Backup&) {}, [](const syntax::Measure&) {}, [](const syntax::Assertions&) {},
                     [&](const syntax::Phase& phase) { one(phase); }, [](const syntax::Checkpoint&) {},
                     [&](const syntax::Publish& publish) {
                       no("`publish version` is", publish.span, "write the views by sql $$…$$ back $$…$$");
                     },
                     [](const syntax::Include&) {}, [&](const Box<syntax::WhenServer>& when) { items(when->items); },
                     [&](const syntax::Map& map) { refuse(map); }, [](const syntax::Call&) {},
                     [&](const syntax::Skip& skip) { no("sources, and so `skip`, are", skip.span, {}); }},
          section);
  }

  void one(const syntax::Phase& phase) {
    if (phase.gate.unused)
      no("`contract when unused` is", phase.gate.unused->span,
         "contract when (SELECT …), with a query that tells whether somebody still reads it");
    items(phase.items);
  }

  void items(const std::vector<syntax::PhaseItem>& all) {
    for (const auto& item : all)
      std::visit(
          Overloaded{[](const syntax::Include&) {}, [&](const Box<syntax::WhenServer>& when) { items(when->items); },
                     [&](const syntax::Map& map) { refuse(map); }, [](const syntax::Call&) {}},
          item);
  }

  void refuse(const syntax::Map& map) {
    if (map.mode.empty())
      no("maps are", map.span, "move the rows by sql $$…$$ back $$…$$");
    else
      no(fmt::format("`{}` maps are", map.mode), map.span, "move the rows by sql $$…$$ back $$…$$");
  }

  diagnostics::Sink& sink_;
};

}  // namespace

void refuse_not_built(const Sources& sources, diagnostics::Sink& sink) {
  Refusal refusal(sink);
  for (const auto& source : sources.all()) refusal.file(*source.tree);
}

}  // namespace mig::check
