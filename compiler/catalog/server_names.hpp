// Qualified names in texts that the server printed, outside of strings and bodies.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/objects.hpp"

namespace mig::catalog {

struct NameAt {
  enum class As {
    name,     // public.orders
    call,     // public.label( … )
    constant  // 'public.numbers'::regclass: the place is that of the string
  };
  std::size_t begin = 0, end = 0;
  Name name;
  As as = As::name;
};
// In the order of the text. What is qualified by more than one name (a.b.c) is none.
[[nodiscard]] std::vector<NameAt> names_in(const std::string& text);

// Which of the places get the new name.
enum class Places {
  types,  // also constants of regtype; never calls: a range's constructor is a function of its name
  calls,
  constants,
};
// False: the name does not stand there.
[[nodiscard]] bool names(const std::string& text, const Name& name, Places places);
void rename_in(std::string& text, const Name& from, const Name& to, Places places);

}  // namespace mig::catalog
