// Help pages, made from the table of commands.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace mig::cli {

[[nodiscard]] std::string help_overview();
[[nodiscard]] std::string help_page(const Command& command);
// "flags", "targets", "exit-codes", "environment"; throws Failure(usage) for another word.
[[nodiscard]] std::string help_topic(const std::string& topic);
// docs/cli.md: all of the above as one page.
[[nodiscard]] std::string help_manual();

}  // namespace mig::cli
