// The sandbox's server process: initdb, start, stop, and what is left of one that died.
#pragma once

#include <optional>

#include <sys/types.h>

#include "runtime/programs.hpp"
#include "runtime/sandbox_files.hpp"

namespace mig::runtime {

// All of these are called by the holder of the start lock.

// The postmaster that runs on this data, if any. A pid file whose process is gone or another program is removed.
[[nodiscard]] std::optional<pid_t> running_server(const SandboxFiles& files);
// Major version of the data; 0: there is no data yet.
[[nodiscard]] int data_major(const SandboxFiles& files);
void initialise_data(const SandboxFiles& files, const Programs& programs);
void start_server(const SandboxFiles& files, const Programs& programs);
// Waits until the process is gone.
void stop_server(const SandboxFiles& files, pid_t server);

}  // namespace mig::runtime
