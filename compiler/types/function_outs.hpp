// The OUT parameters of a function, as its entry in the universe holds them: "name type,name type".
#pragma once

#include <charconv>
#include <string_view>

#include "compiler/types/universe.hpp"

namespace mig::types {

// each(name, type), in order; the name may be empty.
template <class Each>
void each_out(std::string_view outs, Each each) {
  while (!outs.empty()) {
    const auto end = outs.find(',');
    const auto part = outs.substr(0, end);
    const auto blank = part.rfind(' ');
    TypeId id = 0;
    std::from_chars(part.data() + blank + 1, part.data() + part.size(), id);
    each(part.substr(0, blank), id);
    if (end == std::string_view::npos) return;
    outs.remove_prefix(end + 1);
  }
}

}  // namespace mig::types
