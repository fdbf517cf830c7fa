// Types as written to types as PostgreSQL prints them (format_type): one spelling in the model and in the SQL.
#pragma once

#include <optional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct TypeAt {
  std::string text;                     // format_type(): "character varying(20)", "public.mood[]"
  bool serial = false;                  // smallserial, serial, bigserial: `text` is the column's type
  const catalog::Type* type = nullptr;  // a type outside pg_catalog (of the elements, where it is an array)
};

// Silent; nullopt where there is no such type.
[[nodiscard]] std::optional<TypeAt> find_type(const Context& ctx, const syntax::Type& type);
// Reports unknown types with did-you-mean, and modifiers that the type does not take.
[[nodiscard]] std::optional<TypeAt> require_type(const Context& ctx, const syntax::Type& type);

}  // namespace mig::operations
