// Every text of a catalog in which the server names objects: what a rename has to follow, and what needs an object.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// Bodies that are strings stand in none of them: in a function's definition they are in dollars.
struct TextAt {
  enum class Is { type, expression, statement, plain };
  Is is;
  std::string_view what;  // "the default of", "view"
  const Name& owner;
  std::string_view part;  // of a table: the column, constraint …; of a function its argument types
};
// "view public.a", "the default of public.orders.total", "function public.f(integer)"
[[nodiscard]] std::string said(const TextAt& at);

// Calls `edit` for each text; an object of which one changed is put back, under its new key where that changed.
void edit_texts(Catalog& catalog, const std::function<void(const TextAt&, std::string&)>& edit);
void each_text(const Catalog& catalog, const std::function<void(const TextAt&, const std::string&)>& look);

}  // namespace mig::catalog
