// Texts that mig makes of what somebody wrote (a parameter's value, a function's body where it is called): where each
// part of them comes from, so that a mistake in them is shown in the file that a person can edit.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::check {

// A part of a made text.
struct Piece {
  std::string text;
  source::Span origin;                   // what it stands for
  bool verbatim = false;                 // `text` is the text of `origin`, byte by byte
  std::optional<source::Span> function;  // where the declaration stands that it comes from
  int parameter = -1;                    // of a template: the argument goes here; its text is empty
  bool closes = false;                   // of a template: the `)` of its first `(`
};

class Origins {
 public:
  // Adds a file made of these pieces, under the name of a written one. Returns its index.
  std::uint32_t add(source::Files& files, const std::string& name, const std::vector<Piece>& pieces);

  struct Place {
    source::Span span;                     // in a written file
    bool exact = true;                     // `span` is the same text
    std::optional<source::Span> function;  // the part of a declaration that stands there
  };
  [[nodiscard]] Place place(source::Span span) const;
  // Every diagnostic about made text becomes one about what was written; one about the body of a function points at the
  // call and at the body.
  void relocate(diagnostics::Sink& sink) const;

 private:
  struct Segment {
    std::uint32_t begin = 0, end = 0;
    source::Span origin;
    bool verbatim = false;
    std::optional<source::Span> function;
  };
  [[nodiscard]] const Segment* at(std::uint32_t file, std::uint32_t offset) const;
  void relocate(diagnostics::Diagnostic& diagnostic) const;
  std::map<std::uint32_t, std::vector<Segment>> files_;
};

}  // namespace mig::check
