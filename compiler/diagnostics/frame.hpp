// The middle of a diagnostic: lines of source with carets under them.
#pragma once

#include <string>

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/diagnostics/render.hpp"

namespace mig::diagnostics {

// Colours only say again what the words say.
enum class Ink { plain, red, yellow, cyan, dim };
[[nodiscard]] Ink ink(Severity severity);
[[nodiscard]] std::string paint(std::string_view text, Ink ink, const Style& style);

// Columns of the line numbers: the widest number of all frames of the diagnostic, at least two.
[[nodiscard]] unsigned gutter_width(const Diagnostic& diagnostic, const source::Files& files);

// "  --> file:line:col" and the lines that the labels point at; one frame for each file. The diagnostic has a place.
[[nodiscard]] std::string frames(const Diagnostic& diagnostic, const source::Files& files, const Style& style);

}  // namespace mig::diagnostics
