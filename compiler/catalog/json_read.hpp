// Values back from JSON over their fields(), by simdjson. What a later version writes is refused, not skipped: a field
// that nobody reads would be lost when the snapshot is written again.
#pragma once

#include <simdjson.h>

#include <limits>

#include "compiler/catalog/catalog.hpp"
#include "compiler/catalog/text.hpp"

namespace mig::catalog::json {

using Element = simdjson::dom::element;

// Reads into `into`; false, and `error` says why.
struct Reader {
  std::string error;

  bool fail(std::string why) {
    error = std::move(why);
    return false;
  }

  bool read(Element value, std::string& into) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return fail("not a text");
    into = text;
    return true;
  }
  bool read(Element value, bool& into) {
    return value.get(into) == simdjson::SUCCESS || fail("neither true nor false");
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) bool read(Element value, T& into) {
    std::int64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS || number < std::numeric_limits<T>::min() ||
        number > std::numeric_limits<T>::max())
      return fail("not a number that fits");
    into = static_cast<T>(number);
    return true;
  }
  bool read(Element, double&) { return fail("not a field of snapshots"); }
  bool read(Element value, Name& into) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return fail("not a name");
    auto parts = parse_name(text);
    if (!parts || parts->size() > 2) return fail("not a name");
    into.name = std::move(parts->back());
    if (parts->size() == 2) into.schema = std::move(parts->front());
    return true;
  }
  bool read(Element value, std::map<std::string, std::string>& into) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return fail("not an object");
    for (const auto& [key, text] : object)
      if (!read(text, into[std::string(key)])) return false;
    return true;
  }
  template <class T>
  bool read(Element value, std::optional<T>& into) {
    return read(value, into.emplace());
  }
  template <class T>
  bool read(Element value, std::vector<T>& into) {
    simdjson::dom::array array;
    if (value.get(array) != simdjson::SUCCESS) return fail("not a list");
    for (const auto item : array)
      if (!read(item, into.emplace_back())) return false;
    return true;
  }
  template <text::Fielded T>
  bool read(Element value, T& into) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return fail("not an object");
    for (const auto& [key, member] : object)
      if (!read_field(key, member, into)) return false;
    return true;
  }
  // One member of a Fielded value.
  template <text::Fielded T>
  bool read_field(std::string_view key, Element value, T& into) {
    bool known = false, good = true;
    T::fields(
        [&](const char* field, auto& member, Role role) {
          if (known || role == Role::volatile_ || key != field) return;
          known = true;
          good = read(value, member);
        },
        into);
    if (!good) error = "`" + std::string(key) + "`: " + error;
    return known ? good : fail("unknown field `" + std::string(key) + "`");
  }
};

}  // namespace mig::catalog::json
