// Parts of a table by name.
#include "compiler/catalog/objects.hpp"

#include <algorithm>

namespace mig::catalog {

namespace {

template <class T>
const T* by_name(const std::vector<T>& parts, std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const T& part) { return part.name == name; });
  return found == parts.end() ? nullptr : &*found;
}

}  // namespace

const Column* Table::column(std::string_view column) const { return by_name(columns, column); }
const Constraint* Table::constraint(std::string_view constraint) const { return by_name(constraints, constraint); }
const Index* Table::index(std::string_view index) const { return by_name(indexes, index); }

const Constraint* Table::primary_key() const {
  const auto found = std::find_if(constraints.begin(), constraints.end(),
                                  [](const Constraint& part) { return part.kind == "primary key"; });
  return found == constraints.end() ? nullptr : &*found;
}

}  // namespace mig::catalog
