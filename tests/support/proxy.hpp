// Between libpq and the server: a proxy that understands message borders and cuts the connection at one of them.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "runtime/database.hpp"

namespace mig::tests {

enum class Cut {
  before,  // the message is not passed on
  after    // the message is passed on, and what follows is not: a statement runs and nobody hears its answer
};

// Counts over all connections what the client sends and the ends of the server's answers (ReadyForQuery); cuts once, at
// the number given (0: never). Connections made later pass.
class Proxy {
 public:
  // `server` is a Target of tests::Server: host=DIR user=… dbname=….
  Proxy(const runtime::Target& server, int cut_at, Cut cut);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  [[nodiscard]] runtime::Target target() const;
  [[nodiscard]] int messages() const { return messages_; }
  [[nodiscard]] bool has_cut() const { return has_cut_; }

 private:
  struct Pair;
  void serve();
  bool pass_on(Pair& pair, bool from_client);
  std::string directory_, server_socket_;
  runtime::Target target_;
  int cut_at_;
  Cut cut_;
  int listener_ = -1;
  std::atomic<int> messages_ = 0;
  std::atomic<bool> has_cut_ = false, end_ = false;
  std::thread thread_;
};

// A transaction pooler in its simplest form: one client, two server sessions, each statement goes to the other one.
class Pooler {
 public:
  explicit Pooler(const runtime::Target& server);
  ~Pooler();
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;
  [[nodiscard]] runtime::Target target() const;

 private:
  void serve();
  std::string directory_, server_socket_;
  runtime::Target target_;
  int listener_ = -1;
  std::atomic<bool> end_ = false;
  std::thread thread_;
};

}  // namespace mig::tests
