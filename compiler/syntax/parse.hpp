// Text to syntax tree. Never fails: returns what parsed, and reports the rest.
#pragma once

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/syntax/tree.hpp"
#include "grammar/form.hpp"

namespace mig::syntax {

// Parses the file with this index. Any bytes are accepted: mistakes are reported with the place, what was found and
// the way out; every item that parsed is in the result. Linear in the size but for nesting, which is bounded.
[[nodiscard]] File parse(const source::Files& files, std::uint32_t file, const grammar::Vocabulary& vocabulary,
                         diagnostics::Sink& sink);

// Only the `use` items at the top: what must be known before the vocabulary is complete.
[[nodiscard]] std::vector<Use> parse_uses(const source::Files& files, std::uint32_t file);

}  // namespace mig::syntax
