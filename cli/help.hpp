// Help pages, made from the table of commands.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace mig::cli {

[[nodiscard]] std::string help_overview();
[[nodiscard]] std::string help_page(const Command& command);
// "flags", "targets", "exit-codes", "environment"; throws Failure(usage) for another word.
[[nodiscard]] std::string help_topic(const std::string& topic);

}  // namespace mig::cli
