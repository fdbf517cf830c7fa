// Questions. Only four things ask (docs/cli.md): apply on a real target, contract, rollback, purge.
#pragma once

#include <string>

#include "cli/output.hpp"

namespace mig::cli {

// Can somebody answer? stdin and stderr are a terminal, and neither --no-input nor CI forbids it.
[[nodiscard]] bool can_ask(const Invocation& call);

// Asks on stderr, default no. Throws Failure(decide) naming `flag` where nobody can answer.
[[nodiscard]] bool ask_yes(const Invocation& call, const Output& output, const std::string& question,
                           const std::string& flag);

// Asks for a word to be typed out. Throws as above.
[[nodiscard]] bool ask_word(const Invocation& call, const Output& output, const std::string& question,
                            const std::string& word, const std::string& flag);

}  // namespace mig::cli
