// Frames for people: the source line, carets, the "= " lines. One renderer for check, compile and apply.
#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::diagnostics {

struct Style {
  bool color = false;     // ANSI colours: red error, yellow warning, cyan places
  bool ascii = false;     // only ASCII signs in the frame
  unsigned width = 100;   // columns; long source lines are cut around the carets
  bool fix_hint = false;  // say behind a certain fix that `mig check --fix` writes it
};

// One diagnostic as in the sketches of the command line: head line, "  --> file:line:col", frame, "   = …" lines.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const source::Files& files, const Style& style);

// All of them with a blank line between.
[[nodiscard]] std::string render(const std::vector<Diagnostic>& list, const source::Files& files, const Style& style);

}  // namespace mig::diagnostics
