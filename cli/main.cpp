// The program: options, dispatch, exit codes.
#include "cli/command.hpp"

int main() { return mig::cli::all_commands().empty() ? mig::cli::usage : mig::cli::done; }
