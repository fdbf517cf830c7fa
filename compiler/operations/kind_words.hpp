// What a name stands for, in the words of messages.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// "a table", "a materialized view", "an index", "a domain", "a procedure": what has this name where the path looks for
// it; empty where nothing has.
[[nodiscard]] std::string what_is(const Context& ctx, const syntax::Path& path);
// Reports that the name stands for something else than `wanted` ("a view"); false where nothing has the name.
bool report_other_kind(const Context& ctx, const syntax::Path& path, const std::string& wanted);

}  // namespace mig::operations
