// SHA-256 of bytes: the identity of sources, plans and schemas.
#pragma once

#include <string>
#include <string_view>

namespace mig::source {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// The same of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  // Once, after the last piece.
  [[nodiscard]] std::string hex();

 private:
  void* state_;  // libcrypto's own
};

}  // namespace mig::source
