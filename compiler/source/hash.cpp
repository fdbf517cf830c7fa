// SHA-256 by libcrypto: about ten times the speed of a portable one on machines with SHA instructions.
#include "compiler/source/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace mig::source {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

// Fails only without memory, or where a policy forbids SHA-256: nothing that a caller could mend.
void require(bool worked) {
  if (!worked) throw std::runtime_error("libcrypto refused to compute SHA-256");
}

std::string hex_of(const Digest& digest, unsigned int size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return hex;
}

EVP_MD_CTX* context(void* state) { return static_cast<EVP_MD_CTX*>(state); }

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return hex_of(digest, size);
}

Sha256::Sha256() : state_(EVP_MD_CTX_new()) {
  require(state_ != nullptr && EVP_DigestInit_ex(context(state_), EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context(state_)); }

void Sha256::add(std::string_view bytes) {
  require(EVP_DigestUpdate(context(state_), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  Digest digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context(state_), digest.data(), &size) == 1);
  return hex_of(digest, size);
}

}  // namespace mig::source
