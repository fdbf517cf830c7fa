// Small blocking socket calls: the proxies serve a handful of connections.
#include "tests/support/sockets.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace mig::tests {

namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

}  // namespace

Listener listen_privately() {
  std::string directory = "/tmp/migp-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no directory " + directory);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_of(directory + "/.s.PGSQL.5432");
  if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(socket, 16) != 0)
    throw std::runtime_error("cannot listen in " + directory);
  return {directory, socket};
}

int connect_to(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_of(path);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  close(socket);
  return -1;
}

void send_all(int socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto more = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (more <= 0) return;
    sent += static_cast<std::size_t>(more);
  }
}

bool readable(int socket, int ms) {
  pollfd wait{socket, POLLIN, 0};
  return poll(&wait, 1, ms) > 0;
}

bool read_into(int socket, std::string& bytes) {
  char buffer[65536];
  const auto got = recv(socket, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  bytes.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> take_message(std::string& bytes, bool startup) {
  const std::size_t head = startup ? 0 : 1;
  if (bytes.size() < head + 4) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length * 256 + static_cast<unsigned char>(bytes[head + i]);
  if (bytes.size() < head + length) return std::nullopt;
  auto message = bytes.substr(0, head + length);
  bytes.erase(0, head + length);
  return message;
}

std::string host_of(const std::string& conninfo) {
  const auto at = conninfo.find("host=") + 5;
  return conninfo.substr(at, conninfo.find(' ', at) - at);
}

std::string with_host(const std::string& conninfo, const std::string& host) {
  const auto at = conninfo.find("host=") + 5;
  return conninfo.substr(0, at) + host + conninfo.substr(conninfo.find(' ', at));
}

}  // namespace mig::tests
