// Why an expression has no type: what the server would say, in our words.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mig::types {

struct Refusal {
  std::string sqlstate;  // the server's, five characters
  std::string message;
  int at = 0;                           // byte offset in the text that was parsed
  std::vector<std::string> candidates;  // what stands under this name, as `f(integer, text)`
  std::string remedy;                   // empty: none is known
};

// How the resolver's parts stop; caught by its entry points, never seen outside of compiler/types.
struct Refused {
  Refusal refusal;
};

[[noreturn]] inline void refuse(const char* sqlstate, std::string message, int at = -1, std::string remedy = {}) {
  throw Refused{{sqlstate, std::move(message), at, {}, std::move(remedy)}};
}

}  // namespace mig::types
