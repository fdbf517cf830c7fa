// Values as compact JSON over their fields(): the one text that snapshot, fingerprint and diff are made of.
//
// A field that equals its default is left out, so that a later version's new field changes no older text.
#pragma once

#include <algorithm>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compiler/catalog/objects.hpp"

namespace mig::catalog::text {

// Which roles are written.
struct Roles {
  bool derived = true;
  [[nodiscard]] bool take(Role role) const {
    return role == Role::identity || role == Role::expression || (role == Role::derived && derived);
  }
};

// A JSON string with its quotes.
void append_string(std::string& out, std::string_view value);
void append_number(std::string& out, long long value);

template <class T>
concept Fielded = requires(const T& value) {
  T::fields([](const char*, const auto&, Role) {}, value);
};

template <Fielded T>
void append(std::string& out, const T& value, Roles roles);
inline void append(std::string& out, const std::string& value, Roles) { append_string(out, value); }
inline void append(std::string& out, bool value, Roles) { out += value ? "true" : "false"; }
// A template, so that a pointer or a character can not end here.
template <std::integral T>
requires(!std::same_as<T, bool>) void append(std::string& out, T value, Roles) {
  append_number(out, static_cast<long long>(value));
}
inline void append(std::string& out, const Name& value, Roles) { append_string(out, value.text()); }
inline void append(std::string& out, const std::map<std::string, std::string>& value, Roles) {
  char separator = '{';
  for (const auto& [name, text] : value) {
    out += separator;
    append_string(out, name);
    out += ':';
    append_string(out, text);
    separator = ',';
  }
  out += value.empty() ? "{}" : "}";
}
template <class T>
void append(std::string& out, const std::optional<T>& value, Roles roles) {
  if (value)
    append(out, *value, roles);
  else
    out += "null";
}
template <class T>
void append(std::string& out, const std::vector<T>& value, Roles roles) {
  out += '[';
  for (const auto& item : value) {
    if (&item != value.data()) out += ',';
    append(out, item, roles);
  }
  out += ']';
}

// The texts of a default-made T's fields, in order: what is left out.
template <Fielded T>
const std::vector<std::string>& defaults() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> made;
    const T value{};
    T::fields(
        [&](const char*, const auto& member, Role role) {
          made.emplace_back();
          if constexpr (!std::floating_point<std::remove_cvref_t<decltype(member)>>)
            if (role != Role::volatile_) append(made.back(), member, Roles{});
        },
        value);
    return made;
  }();
  return texts;
}

// Appends `,"field":value` for each field that is not its default, but for the field `skip`, which the line's key
// already says. `out` ends in '{' or a member.
template <Fielded T>
void append_members(std::string& out, const T& value, Roles roles, std::string_view skip = {}) {
  std::size_t index = 0;
  const auto& left_out = defaults<T>();
  T::fields(
      [&](const char* field, const auto& member, Role role) {
        const auto& usual = left_out[index++];
        if constexpr (!std::floating_point<std::remove_cvref_t<decltype(member)>>) {
          if (!roles.take(role) || field == skip) return;
          const auto before = out.size();
          if (out.back() != '{') out += ',';
          append_string(out, field);
          out += ':';
          const auto start = out.size();
          append(out, member, roles);
          if (std::string_view(out).substr(start) == usual) out.resize(before);
        }
      },
      value);
}

template <Fielded T>
void append(std::string& out, const T& value, Roles roles) {
  out += '{';
  append_members(out, value, roles);
  out += '}';
}

}  // namespace mig::catalog::text
