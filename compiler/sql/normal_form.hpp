// The shapes that PostgreSQL gives to an expression before it stores it, as functions of trees.
#pragma once

#include <string>
#include <vector>

#include "compiler/sql/expression_tree.hpp"

namespace mig::sql {

// `kind` is "and" or "or". `(a and b) and c` is stored as it is written and means `a and b and c`.
[[nodiscard]] Tree logic(const std::string& kind, std::vector<Tree> parts);

// A cast of ARRAY[…] is made on its elements, as transformArrayExpr does it.
[[nodiscard]] Tree cast(const std::string& type, Tree value);

// -(5::int) is one constant for a reader and for the server's printer.
[[nodiscard]] Tree prefix(const std::string& op, Tree operand);

// (a, b) = (c, d) is stored as a = c AND b = d; <> with OR.
[[nodiscard]] Tree compare(const std::string& op, Tree left, Tree right);

// `op` is = for IN, <> for NOT IN. Two or more elements without columns become one array, first; the others are
// compared singly (transformAExprIn).
[[nodiscard]] Tree in(const std::string& op, const Tree& left, std::vector<Tree> items);

// `kind` is one of the four AEXPR_…BETWEEN….
[[nodiscard]] Tree between(const std::string& kind, const Tree& value, const Tree& low, const Tree& high);

// IS [NOT] DISTINCT FROM; against a constant null it is a null test (transformAExprDistinct).
[[nodiscard]] Tree distinct(bool is, Tree left, Tree right);

}  // namespace mig::sql
