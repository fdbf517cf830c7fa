// Is an index there, and is it the one that was asked for? A stranger's of the same name is another one.
#pragma once

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Compared are the table, the method, UNIQUE, the key's columns and those of INCLUDE by their names and order, whether
// there is a predicate, and that the columns which expressions and the predicate name are among those that it stands
// on: how the server prints an expression is not known before it has seen it.
enum class IndexState { any, valid, invalid };
[[nodiscard]] sql::Fragment has_index(const Context& ctx, const catalog::Name& table, const catalog::Index& index,
                                      IndexState state);

}  // namespace mig::operations
