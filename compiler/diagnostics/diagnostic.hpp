// A diagnostic: code, place, what was found, the way out. Passes report into a Sink and go on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.hpp"

namespace mig::diagnostics {

enum class Severity { error, warning, note };

// One entry of codes.def. `id` is what `mig explain` takes, e.g. "E0207"; `name` is what people search and
// suppress by, e.g. "unknown-column"; `title` is one line for the index of docs/errors.
struct Code {
  const char* id;
  const char* name;
  Severity severity;
  const char* title;
};

// Each code is an object of this namespace named as in codes.def: diagnostics::unknown_column.
#define MIG_DIAGNOSTIC(id, name, severity, title) extern const Code name;
#include "compiler/diagnostics/codes.def"
#undef MIG_DIAGNOSTIC

// All codes in the order of codes.def.
[[nodiscard]] const std::vector<const Code*>& all_codes();
// The code with this id or name, or null.
[[nodiscard]] const Code* find_code(std::string_view id_or_name);

// A place with optional words under the carets.
struct Label {
  source::Span span;
  std::string text;
};

// A replacement that `mig check --fix` may apply without asking.
struct Fix {
  source::Span span;
  std::string replacement;
};

// What is printed as one frame. `message`: lower case, no final period, says what was found, names in backticks.
struct Diagnostic {
  const Code* code = nullptr;
  std::string message;
  std::optional<Label> primary;    // absent where there is no text, e.g. a missing file
  std::vector<Label> secondary;    // the other half of a conflict
  std::vector<std::string> notes;  // "= found: …", "= write: …": printed as "= " lines in this order
  std::optional<Fix> fix;

  Diagnostic& label(std::string text);                    // words under the primary carets
  Diagnostic& also(source::Span span, std::string text);  // a secondary label
  Diagnostic& note(std::string line);                     // a "= " line, e.g. note("write: …")
  Diagnostic& suggest(std::string replacement);           // a fix of the primary span, said as "write: …"
};

// Collects the diagnostics of a run; never throws; sorted by file and position when taken.
class Sink {
 public:
  Diagnostic& report(const Code& code, source::Span span, std::string message);
  Diagnostic& report(const Code& code, std::string message);  // without a place
  void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }

  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] std::size_t count(Severity severity) const;
  [[nodiscard]] const std::vector<Diagnostic>& list() const { return list_; }
  // Stable sort by file and begin; diagnostics without a place come first.
  void sort();

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace mig::diagnostics
