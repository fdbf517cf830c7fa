// Functions of the language in words: docs/stdlib.md, and what `mig explain` says of one.
#pragma once

#include "compiler/check/inline.hpp"

namespace mig::check {

// What is known of one function or value map, for people.
struct Description {
  std::string signature;
  std::vector<std::string> doc;  // its comment, line by line
  std::string volatility;        // "immutable", "stable, by now", "volatile, by gen_salt"
  std::string needs;             // an extension, or empty
  std::string inverse;           // the name of its inverse, or empty
  std::vector<std::string> examples;
};
[[nodiscard]] Description describe(Inliner& functions, const Declaration& declaration, const source::Files& files);

// The standard library, read once: its declarations live as long as the program.
struct Library {
  source::Files files;
  diagnostics::Sink sink;
  Origins origins;
  std::unique_ptr<Sources> sources;
  std::unique_ptr<Inliner> functions;
  Library();
  // By its whole name, or by its last part where only one module has it; null: none.
  [[nodiscard]] const Declaration* find(const std::string& name) const;
};

// docs/stdlib.md.
[[nodiscard]] std::string stdlib_page();

}  // namespace mig::check
