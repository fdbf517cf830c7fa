// mig new --revert: a migration that undoes another one, in the language. It goes by the plan of that migration, stored
// or compiled now: which operations ran, what their statements were, what their way back is.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/project.hpp"
#include "compiler/plan/plan.hpp"

namespace mig::cli {

// The operations that undo a plan, in the order in which they are to run.
struct Undoing {
  std::string schema;                 // `in schema` of what is undone; empty: none
  std::vector<std::string> expand;    // what old clients do not notice
  std::vector<std::string> contract;  // what they would
  std::vector<std::string> not_said;  // what the language cannot say: the operation, and why
};

// Of a plan's steps those of `purge` are left out. Pure.
[[nodiscard]] Undoing undo(const plan::Plan& plan);

// The file, formatted.
[[nodiscard]] std::string revert_file(const Undoing& undoing, const std::string& name, const std::string& undone);

// The same for the migration that --revert names: its stored plan where a target is reached, else compiled against the
// catalog of mig.toml. Says on stderr what is not undone. Throws Failure: no such migration, nothing can be said.
[[nodiscard]] std::string revert_text(const Invocation& call, const Project& project, const std::string& name,
                                      const Output& output);

}  // namespace mig::cli
