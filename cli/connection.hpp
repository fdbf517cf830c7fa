// A target that was reached: the sandbox started where it is one, a session for looking, the target line.
#pragma once

#include <memory>
#include <string>

#include "cli/output.hpp"
#include "cli/project.hpp"
#include "cli/target.hpp"
#include "runtime/sandbox.hpp"

namespace mig::cli {

class Connection {
 public:
  // Chooses, starts, connects, and prints the warnings of the choice. Throws Failure(no_connection) with the origin of
  // the address, never with a password.
  Connection(const Invocation& call, const Project& project, const Output& output);

  [[nodiscard]] const Choice& choice() const { return choice_; }
  [[nodiscard]] const runtime::Target& target() const { return choice_.target; }
  [[nodiscard]] bool standby() const { return standby_; }
  // What a person types to confirm: the target's name, else the database's.
  [[nodiscard]] const std::string& name() const { return name_; }
  // "target   production   migrator@db1:5432/zzik   PostgreSQL 16.4 primary".
  [[nodiscard]] const std::string& line() const { return line_; }
  // The same without "target".
  [[nodiscard]] std::string short_line() const;
  // Refuses to write to a standby: Failure(no_connection).
  void require_primary() const;

 private:
  void look(runtime::Session& session);
  Choice choice_;
  std::unique_ptr<runtime::Sandbox> sandbox_;
  bool standby_ = false;
  std::string name_, line_;
};

[[nodiscard]] runtime::SandboxOptions sandbox_options(const Project& project);

// What the sandbox said when it did not start; "; next: …" in its words becomes the way out.
[[nodiscard]] Failure sandbox_failure(const std::string& said, const std::string& origin);

// What a server's refusal means for a command that only looks: no connection, no privilege (7), or a bug (70).
[[nodiscard]] Failure database_failure(const runtime::DatabaseError& error);

}  // namespace mig::cli
