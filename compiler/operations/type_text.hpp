// A type as format_type prints it, taken apart; domains are followed to what they hold.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct TypeText {
  std::string base;            // "character varying", "timestamp with time zone", "public.mood"
  std::vector<int> modifiers;  // numeric(10,2): 10 and 2
  bool array = false;
  bool constrained = false;             // a domain on the way has checks or is not null
  const catalog::Type* type = nullptr;  // outside of pg_catalog
  [[nodiscard]] bool is(std::string_view name) const { return !array && base == name; }
};
[[nodiscard]] TypeText type_text(const Context& ctx, const std::string& type);
// The type of the catalog that this text names, or null: one of pg_catalog, or none at all.
[[nodiscard]] const catalog::Type* type_of(const catalog::Catalog& catalog, const std::string& type);

}  // namespace mig::operations
