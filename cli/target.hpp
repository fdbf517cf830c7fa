// Which database is meant: the chain of docs/cli.md, first that is set, with where it was said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/config.hpp"
#include "cli/environment.hpp"
#include "runtime/database.hpp"

namespace mig::cli {

// A target chosen and cleaned, nothing connected yet.
struct Choice {
  runtime::Target target;
  bool sandbox = false;               // a server that mig starts
  bool playground = false;            // sandbox or the target named dev: apply and rollback do not ask
  bool named = false;                 // on the command line (--url, --target, --sandbox)
  std::vector<std::string> warnings;  // password in ps, parameters that are ignored, a pooler
};

// The chain: --url, --target, MIG_URL, MIG_TARGET, default target, DATABASE_URL, libpq's variables, sandbox.
// Throws Failure(usage): unknown target, its variable is not set, or only DB_HOST … are there.
[[nodiscard]] Choice choose_target(const Invocation& call, const Config& config, const Environment& environment);

// How the target is called in a command line to paste: "--target production", "--url …" never with its text.
[[nodiscard]] std::string target_flag(const Choice& choice);

}  // namespace mig::cli
