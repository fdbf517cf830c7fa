// A throwaway PostgreSQL: found, initialised, started and stopped without configuration; also as root.
#pragma once

#include <string>

#include "runtime/database.hpp"

namespace mig::runtime {

struct SandboxOptions {
  std::string project;      // absolute path of the project: one sandbox each
  std::string bin;          // directory with initdb, pg_ctl, postgres; empty: PATH, pg_config, the usual places
  int major = 0;            // 0: the newest found
};

// Keeps a started server running for its lifetime; stops it at the end if this process started it and nobody shares it.
class Sandbox {
 public:
  // Starts or joins the project's server. Throws std::runtime_error with what was looked for and the way out.
  explicit Sandbox(const SandboxOptions& options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  [[nodiscard]] Target target() const;
  [[nodiscard]] bool started_here() const;
  [[nodiscard]] long start_ms() const;
  void keep();  // do not stop at the end
  static void stop(const SandboxOptions& options);
  static void reset(const SandboxOptions& options);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace mig::runtime
