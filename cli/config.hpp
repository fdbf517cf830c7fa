// mig.toml: where the migrations are, the default policy, the targets. toml++ stays in config.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.hpp"

namespace mig::cli {

// A [target.NAME] table. Exactly one of url and url_env.
struct TargetConfig {
  std::string name, url, url_env;
  bool protected_ = false;
  bool default_ = false;
  int line = 0;
};

struct Config {
  std::filesystem::path root;  // where mig.toml stands; without one, the directory that mig works in
  std::string file;            // as shown to the user; empty: there is none
  std::string migrations = "migrations";
  std::optional<std::string> catalog;
  std::string sandbox_bin;
  int pg = 0;
  ir::Policy policy;
  std::vector<TargetConfig> targets;
  std::map<std::string, std::string> places;  // "policy.lock_timeout" -> "mig.toml:4", of every key that is given

  [[nodiscard]] const TargetConfig* target(const std::string& name) const;
};

// Reads the text of a mig.toml. Throws Failure(usage) with file:line:column: syntax, unknown keys (did-you-mean),
// wrong types, two defaults. No key can weaken safety.
[[nodiscard]] Config read_config(const std::string& text, const std::string& file, const std::filesystem::path& root);

// Finds mig.toml by walking up from `start` to the root of the repository (the directory with .git).
[[nodiscard]] std::optional<std::filesystem::path> find_config(const std::filesystem::path& start);

}  // namespace mig::cli
