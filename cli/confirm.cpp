// --yes and protected targets.
#include "cli/confirm.hpp"

namespace mig::cli {

std::string yes_flag(const Connection& connection) {
  return connection.target().protected_ ? "--yes=" + connection.name() : "--yes";
}

bool said_yes(const Invocation& call, const Connection& connection) {
  if (!call.has("yes")) return false;
  const auto name = call.value("yes");
  if (name && *name != connection.name())
    throw Failure(decide, "`--yes=" + *name + "` is for another target: this is " + connection.name())
        .at(connection.short_line())
        .state("nothing was done")
        .then(yes_flag(connection));
  if (!name && connection.target().protected_)
    throw Failure(decide, "a bare --yes is not enough for a protected target")
        .at(connection.short_line())
        .state("nothing was done")
        .then(yes_flag(connection));
  return true;
}

Failure declined() {
  return Failure(decide, "not confirmed")
      .state("nothing was done")
      .then("the same command, answered with y, or with --yes");
}

}  // namespace mig::cli
