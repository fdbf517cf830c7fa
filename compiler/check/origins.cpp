// Made texts, segment by segment.
#include "compiler/check/origins.hpp"

#include <algorithm>

namespace mig::check {

std::uint32_t Origins::add(source::Files& files, const std::string& name, const std::vector<Piece>& pieces) {
  std::string text;
  std::vector<Segment> segments;
  for (const auto& piece : pieces) {
    const auto begin = static_cast<std::uint32_t>(text.size());
    text += piece.text;
    segments.push_back({begin, static_cast<std::uint32_t>(text.size()), piece.origin, piece.verbatim, piece.function});
  }
  const auto file = files.add(name, std::move(text));
  files_[file] = std::move(segments);
  return file;
}

const Origins::Segment* Origins::at(std::uint32_t file, std::uint32_t offset) const {
  const auto found = files_.find(file);
  if (found == files_.end() || found->second.empty()) return nullptr;
  const auto& all = found->second;
  const auto after = std::upper_bound(all.begin(), all.end(), offset,
                                      [](std::uint32_t at, const Segment& segment) { return at < segment.begin; });
  return after == all.begin() ? &all.front() : &*std::prev(after);
}

Origins::Place Origins::place(source::Span span) const {
  Place made{span, true, {}};
  while (files_.count(made.span.file) != 0) {
    const auto now = made.span;
    const auto* first = at(now.file, now.begin);
    const auto* last = at(now.file, now.empty() ? now.begin : now.end - 1);
    const auto begin_of = [&](const Segment& s) {
      return s.verbatim ? s.origin.begin + (std::max(now.begin, s.begin) - s.begin) : s.origin.begin;
    };
    const auto end_of = [&](const Segment& s) {
      return s.verbatim ? s.origin.begin + (std::min(now.end, s.end) - s.begin) : s.origin.end;
    };
    made.exact = made.exact && first == last && first->verbatim;
    if (!made.function && first->function) made.function = first->function;
    made.span = first->origin.file == last->origin.file
                    ? source::join({first->origin.file, begin_of(*first), end_of(*first)},
                                   {last->origin.file, begin_of(*last), end_of(*last)})
                    : first->origin;
  }
  return made;
}

void Origins::relocate(diagnostics::Diagnostic& diagnostic) const {
  std::optional<source::Span> function;
  const auto move = [&](source::Span& span) {
    const auto found = place(span);
    span = found.span;
    if (!function) function = found.function;
    return found.exact;
  };
  if (diagnostic.fix && !move(diagnostic.fix->span)) diagnostic.fix.reset();
  function.reset();
  if (diagnostic.primary) move(diagnostic.primary->span);
  for (auto& label : diagnostic.secondary) move(label.span);
  if (!function) return;
  const auto known = std::any_of(diagnostic.secondary.begin(), diagnostic.secondary.end(),
                                 [&](const auto& label) { return label.span == *function; });
  if (!known) diagnostic.also(*function, "written here, in the function");
}

void Origins::relocate(diagnostics::Sink& sink) const {
  if (files_.empty()) return;
  diagnostics::Sink moved;
  for (auto diagnostic : sink.list()) {
    relocate(diagnostic);
    moved.add(std::move(diagnostic));
  }
  sink = std::move(moved);
}

}  // namespace mig::check
