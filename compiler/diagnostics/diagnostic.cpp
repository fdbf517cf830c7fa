// The table of codes, and the sink that passes report into.
#include "compiler/diagnostics/diagnostic.hpp"

#include <algorithm>
#include <tuple>

namespace mig::diagnostics {

#define MIG_DIAGNOSTIC(id, name, severity, title) extern const Code name;
#include "compiler/diagnostics/local_codes.def"
#undef MIG_DIAGNOSTIC

namespace {

// `unknown_column` as people write it: `unknown-column`.
template <std::size_t N>
struct Hyphenated {
  char text[N]{};
  constexpr explicit Hyphenated(const char (&name)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = name[i] == '_' ? '-' : name[i];
  }
};

#define MIG_DIAGNOSTIC(id, name, severity, title) constexpr Hyphenated hyphenated_##name(#name);
#include "compiler/diagnostics/codes.def"
#include "compiler/diagnostics/local_codes.def"
#undef MIG_DIAGNOSTIC

// Diagnostics without a place come first: they are about the whole run.
auto position(const Diagnostic& diagnostic) {
  if (!diagnostic.primary) return std::tuple(false, 0U, 0U);
  return std::tuple(true, diagnostic.primary->span.file, diagnostic.primary->span.begin);
}

}  // namespace

#define MIG_DIAGNOSTIC(id, name, severity, title) \
  constinit const Code name{id, hyphenated_##name.text, severity, title};
#include "compiler/diagnostics/codes.def"
#include "compiler/diagnostics/local_codes.def"
#undef MIG_DIAGNOSTIC

const std::vector<const Code*>& all_codes() {
  static const std::vector<const Code*> list{
#define MIG_DIAGNOSTIC(id, name, severity, title) &name,
#include "compiler/diagnostics/codes.def"
#include "compiler/diagnostics/local_codes.def"
#undef MIG_DIAGNOSTIC
  };
  return list;
}

const Code* find_code(std::string_view id_or_name) {
  for (const auto* code : all_codes())
    if (id_or_name == code->id || id_or_name == code->name) return code;
  return nullptr;
}

Diagnostic& Diagnostic::label(std::string text) {
  if (primary) primary->text = std::move(text);
  return *this;
}

Diagnostic& Diagnostic::also(source::Span span, std::string text) {
  secondary.push_back({span, std::move(text)});
  return *this;
}

Diagnostic& Diagnostic::note(std::string line) {
  notes.push_back(std::move(line));
  return *this;
}

Diagnostic& Diagnostic::suggest(std::string replacement) {
  note("write: " + replacement);
  if (primary) fix = Fix{primary->span, std::move(replacement)};
  return *this;
}

Diagnostic& Sink::report(const Code& code, source::Span span, std::string message) {
  auto& diagnostic = report(code, std::move(message));
  diagnostic.primary = Label{span, {}};
  return diagnostic;
}

Diagnostic& Sink::report(const Code& code, std::string message) {
  auto& diagnostic = list_.emplace_back();
  diagnostic.code = &code;
  diagnostic.message = std::move(message);
  return diagnostic;
}

bool Sink::has_errors() const { return count(Severity::error) != 0; }

std::size_t Sink::count(Severity severity) const {
  return static_cast<std::size_t>(std::count_if(
      list_.begin(), list_.end(), [severity](const Diagnostic& each) { return each.code->severity == severity; }));
}

void Sink::sort() {
  std::stable_sort(list_.begin(), list_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return position(a) < position(b); });
}

}  // namespace mig::diagnostics
