// One thread for all connections of a proxy.
#include "tests/support/proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <list>
#include <vector>

#include "tests/support/sockets.hpp"

namespace mig::tests {

struct Proxy::Pair {
  int client = -1, server = -1;
  std::string from_client, from_server;
  bool started = false;
  void close_both() {
    close(client);
    close(server);
    client = server = -1;
  }
};

Proxy::Proxy(const runtime::Target& server, int cut_at, Cut cut) : target_(server), cut_at_(cut_at), cut_(cut) {
  const auto listening = listen_privately();
  directory_ = listening.directory;
  listener_ = listening.socket;
  server_socket_ = host_of(server.conninfo) + "/.s.PGSQL.5432";
  target_.conninfo = with_host(server.conninfo, directory_);
  thread_ = std::thread([this] { serve(); });
}

Proxy::~Proxy() {
  end_ = true;
  thread_.join();
  close(listener_);
  std::filesystem::remove_all(directory_);
}

runtime::Target Proxy::target() const { return target_; }

// False: the pair is finished.
bool Proxy::pass_on(Pair& pair, bool from_client) {
  auto& bytes = from_client ? pair.from_client : pair.from_server;
  if (!read_into(from_client ? pair.client : pair.server, bytes)) return false;
  while (auto message = take_message(bytes, from_client && !pair.started)) {
    if (from_client) pair.started = true;
    // libpq hands out an answer whole or not at all: of what the server says only the end of an answer is a border.
    const bool border = from_client || message->front() == 'Z';
    const bool here = border && ++messages_ == cut_at_ && !has_cut_;
    if (here) has_cut_ = true;
    if (!here || cut_ == Cut::after) send_all(from_client ? pair.server : pair.client, *message);
    if (here) return false;
  }
  return true;
}

void Proxy::serve() {
  std::list<Pair> pairs;
  while (!end_) {
    std::vector<pollfd> wait{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs) {
      wait.push_back({pair.client, POLLIN, 0});
      wait.push_back({pair.server, POLLIN, 0});
    }
    if (poll(wait.data(), wait.size(), 20) <= 0) continue;
    std::size_t at = 1;
    for (auto pair = pairs.begin(); pair != pairs.end(); at += 2) {
      const bool goes_on =
          (wait[at].revents == 0 || pass_on(*pair, true)) && (wait[at + 1].revents == 0 || pass_on(*pair, false));
      if (!goes_on) pair->close_both();
      pair = goes_on ? std::next(pair) : pairs.erase(pair);
    }
    if ((wait[0].revents & POLLIN) == 0) continue;
    Pair made;
    made.client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    made.server = connect_to(server_socket_);
    if (made.server < 0)
      close(made.client);
    else
      pairs.push_back(std::move(made));
  }
  for (auto& pair : pairs) pair.close_both();
}

Pooler::Pooler(const runtime::Target& server) : target_(server) {
  const auto listening = listen_privately();
  directory_ = listening.directory;
  listener_ = listening.socket;
  server_socket_ = host_of(server.conninfo) + "/.s.PGSQL.5432";
  target_.conninfo = with_host(server.conninfo, directory_);
  thread_ = std::thread([this] { serve(); });
}

Pooler::~Pooler() {
  end_ = true;
  thread_.join();
  close(listener_);
  std::filesystem::remove_all(directory_);
}

runtime::Target Pooler::target() const { return target_; }

namespace {

// Everything up to ReadyForQuery.
std::string whole_answer(int server) {
  std::string answer, bytes;
  while (readable(server, 5000) && read_into(server, bytes))
    while (auto message = take_message(bytes, false)) {
      answer += *message;
      if (message->front() == 'Z') return answer;
    }
  return answer;
}

}  // namespace

void Pooler::serve() {
  while (!end_) {
    if (!readable(listener_, 20)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int servers[2] = {connect_to(server_socket_), connect_to(server_socket_)};
    std::string bytes;
    std::size_t turn = 0;
    bool started = false;
    while (!end_) {
      if (!readable(client, 20)) continue;
      if (!read_into(client, bytes)) break;
      while (auto message = take_message(bytes, !started)) {
        if (started && message->front() == 'X') break;
        send_all(servers[turn % 2], *message);
        const auto answer = whole_answer(servers[turn % 2]);
        if (!started) {
          send_all(servers[1], *message);
          (void)whole_answer(servers[1]);
        } else {
          ++turn;
        }
        started = true;
        send_all(client, answer);
      }
    }
    for (const int socket : {client, servers[0], servers[1]}) close(socket);
  }
}

}  // namespace mig::tests
