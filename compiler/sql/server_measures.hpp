// What can be measured on a server while a migration works, by its name in a policy.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/sql/sql.hpp"

namespace mig::sql {

enum class Dimension {
  time,         // seconds
  connections,  // a count; of max_connections where a percentage is meant
};

struct ServerMeasure {
  std::string_view name;  // "replication_lag"
  Dimension dimension;
  Fragment value;  // a scalar expression: numeric, null where the role may not see it
};

[[nodiscard]] const std::vector<ServerMeasure>& server_measures();

// One row: the value now, rounded as people read it, and whether it is `op` (">" or ">=") this decimal number. A
// percentage is one of max_connections.
[[nodiscard]] Fragment compare(const ServerMeasure& measure, bool percent, std::string_view op, std::string_view limit);

}  // namespace mig::sql
