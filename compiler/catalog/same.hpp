// Equality of values over their fields(): what is derived or volatile does not count.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"
#include "compiler/catalog/text.hpp"

namespace mig::catalog::same {

// Two texts of a field: in a model, what a user wrote counts as what the server makes of it.
[[nodiscard]] bool texts(const std::string& left, const std::string& right, Role role, Compare how);

template <text::Fielded T>
bool values(const T& left, const T& right, Role role, Compare how);
template <class T>
bool values(const T& left, const T& right, Role, Compare) {
  return left == right;
}
inline bool values(const std::string& left, const std::string& right, Role role, Compare how) {
  return texts(left, right, role, how);
}
// Facts hold definitions (statistics objects) and row filters (publications) among other texts.
inline bool values(const std::map<std::string, std::string>& left, const std::map<std::string, std::string>& right,
                   Role, Compare how) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](const auto& a, const auto& b) {
    return a.first == b.first &&
           texts(a.second, b.second,
                 a.first == "definition" || a.first.rfind("where ", 0) == 0 ? Role::expression : Role::identity, how);
  });
}
template <class T>
bool values(const std::optional<T>& left, const std::optional<T>& right, Role role, Compare how) {
  return left.has_value() == right.has_value() && (!left || values(*left, *right, role, how));
}
template <class T>
bool values(const std::vector<T>& left, const std::vector<T>& right, Role role, Compare how) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!values(left[i], right[i], role, how)) return false;
  return true;
}

// Visits the fields that count of two values side by side: visit(field, left_member, right_member, role).
template <text::Fielded T>
void side_by_side(const T& left, const T& right, auto&& visit) {
  std::array<const void*, 32> members{};
  std::size_t count = 0;
  T::fields([&](const char*, const auto& member, Role) { members.at(count++) = &member; }, left);
  count = 0;
  T::fields(
      [&](const char* field, const auto& member, Role role) {
        // The same list visited twice: the same index is the same member, of the same type.
        using Member = std::remove_cvref_t<decltype(member)>;
        const auto& other = *static_cast<const Member*>(members.at(count++));
        if constexpr (!std::floating_point<Member>)
          if (role == Role::identity || role == Role::expression) visit(field, other, member, role);
      },
      right);
}

template <text::Fielded T>
bool values(const T& left, const T& right, Role, Compare how) {
  bool equal = true;
  side_by_side(left, right,
               [&](const char*, const auto& a, const auto& b, Role role) { equal = equal && values(a, b, role, how); });
  return equal;
}

}  // namespace mig::catalog::same
