// Bytes made small for the journal (zlib), and as text that SQL can carry (base64).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mig::plan {

// zlib's stream (RFC 1950) at its best level: the same bytes in, the same bytes out.
[[nodiscard]] std::string compress(std::string_view bytes);
// The bytes again; nullopt when damaged, or when they would be larger than `most`.
[[nodiscard]] std::optional<std::string> decompress(std::string_view bytes, std::size_t most = std::size_t{1} << 28U);

// RFC 4648, without line breaks: what decode(…, 'base64') takes.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace mig::plan
