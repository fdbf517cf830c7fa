// A throwaway PostgreSQL: found, initialised, started and stopped without configuration; also as root.
#pragma once

#include <memory>
#include <string>

#include "runtime/database.hpp"

namespace mig::runtime {

struct SandboxOptions {
  std::string project;  // absolute path of the project: one sandbox each
  std::string bin;      // directory with initdb, pg_ctl, postgres; empty: PATH, pg_config, the usual places
  int major = 0;        // 0: the newest found
};

// Keeps the server running for its lifetime. Whoever ends last stops it, unless keep() was called since the last stop:
// so a command that started it stops it, and one that joins what a killed command left behind cleans up after that.
class Sandbox {
 public:
  // Starts or joins the project's server. Throws std::runtime_error with what was looked for and the way out.
  explicit Sandbox(const SandboxOptions& options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  [[nodiscard]] Target target() const;
  [[nodiscard]] std::string url() const;  // of the same, for psql and applications
  [[nodiscard]] bool started_here() const;
  [[nodiscard]] long start_ms() const;
  [[nodiscard]] std::string version() const;   // "16.4"
  [[nodiscard]] std::string log_file() const;  // what the server wrote since its start, with every statement
  [[nodiscard]] std::string bin() const;       // of the server's programs: psql often stands beside them
  void keep();                                 // do not stop at the end, until stop()
  // Stops the server, also a kept or shared one. reset() removes its data as well.
  static void stop(const SandboxOptions& options);
  static void reset(const SandboxOptions& options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mig::runtime
