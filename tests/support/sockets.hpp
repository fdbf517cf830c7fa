// Unix sockets and PostgreSQL's messages (manual 55.7), for the proxies of the tests.
#pragma once

#include <optional>
#include <string>

namespace mig::tests {

// A private directory with a listening socket named as PostgreSQL names it.
struct Listener {
  std::string directory;
  int socket = -1;
};
[[nodiscard]] Listener listen_privately();
[[nodiscard]] int connect_to(const std::string& path);
void send_all(int socket, const std::string& bytes);
// Waits this long for bytes; false: nothing came.
[[nodiscard]] bool readable(int socket, int ms);
// Appends what is there; false: the other side is gone.
[[nodiscard]] bool read_into(int socket, std::string& bytes);
// Takes one whole message off the front. The first message of a client has no type byte.
[[nodiscard]] std::optional<std::string> take_message(std::string& bytes, bool startup);
// The value of host= in a conninfo of tests::Server, and the same conninfo with another host.
[[nodiscard]] std::string host_of(const std::string& conninfo);
[[nodiscard]] std::string with_host(const std::string& conninfo, const std::string& host);

}  // namespace mig::tests
