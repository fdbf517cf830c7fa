// A column gets another type or collation: in one transaction, with all that hung on it, and the way back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/conversion.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

// All that is decided about one change. Expressions are SQL text over the column; empty: PostgreSQL converts by itself.
struct Retype {
  ColumnAt at;
  std::string type, collation;  // new, as the catalog has them
  sql::Fragment using_there, using_back;
  bool utc = false;   // with TimeZone = UTC the bits stay
  bool free = false;  // a conversion of the author's own: what was there cannot be computed from it
  Conversion there, back;
  std::optional<std::string> default_;  // the default, where PostgreSQL would not convert it; said anew
};

// `value` is what stands after `using`, or null.
[[nodiscard]] Retype plan_retype(const Context& ctx, const ColumnAt& at, const std::string& type,
                                 const std::string& collation, const syntax::Expr* value);

// Reports everything that PostgreSQL would refuse; `span` is where the column is written, `of_type` the type.
bool check_retype(const Context& ctx, const Retype& change, source::Span span, source::Span of_type);
void retype(const Context& ctx, catalog::Catalog& after, const Retype& change);
[[nodiscard]] std::vector<sql::Step> retype_steps(const Context& ctx, const Retype& change);

}  // namespace mig::operations
