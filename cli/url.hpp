// Connection strings: what other tools write into them, where a password hides. Pure text.
#pragma once

#include <string>
#include <vector>

namespace mig::cli {

struct CleanUrl {
  std::string conninfo;              // for libpq
  std::string search_path;           // from ?schema=, "" where it is not given
  std::vector<std::string> ignored;  // "connection_limit=20": parameters that are not libpq's
  bool pooler = false;               // pgbouncer=true: what answers is no server of one's own
};

// Takes what ORMs add (schema, connection_limit, pgbouncer …; jdbc:, postgresql+driver://) out of a URL; everything
// else, and every key=value string, goes to libpq untouched.
[[nodiscard]] CleanUrl clean_url(const std::string& url);

// Is there a password in this URL or key=value string?
[[nodiscard]] bool has_password(const std::string& conninfo);

// `message` without any part of the connection string that may be its password. libpq's parse errors quote from the
// string; what a server says never does.
[[nodiscard]] std::string without_secrets(std::string message, const std::string& conninfo);

}  // namespace mig::cli
