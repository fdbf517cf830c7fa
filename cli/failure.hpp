// The way out of a command that cannot go on: an exit code and the four parts that every failure has.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "cli/command.hpp"
#include "cli/finding.hpp"

namespace mig::cli {

// Thrown by the command line only (options, configuration, targets, prompts) and caught once, in main. Mistakes in
// .mig files are diagnostics, never this.
struct Failure : std::exception {
  int exit;
  std::string code;               // "R0601" where there is one
  std::string about;              // what happened, one line
  std::string where;              // file:line, variable or object
  std::string now;                // what is true now
  std::string next;               // what to type
  std::vector<Finding> findings;  // of files, where they are what stands in the way

  Failure(int exit_code, std::string what_happened) : exit(exit_code), about(std::move(what_happened)) {}
  Failure& coded(std::string one) { return code = std::move(one), *this; }
  Failure& at(std::string place) { return where = std::move(place), *this; }
  Failure& state(std::string truth) { return now = std::move(truth), *this; }
  Failure& then(std::string command) { return next = std::move(command), *this; }
  [[nodiscard]] const char* what() const noexcept override { return about.c_str(); }
};

}  // namespace mig::cli
