// PostgreSQL's own functions and operators, from builtin_functions.def.
#include "compiler/operations/builtin_functions.hpp"

#include <algorithm>

namespace mig::operations {

namespace {

struct Names {
  std::string_view result, names;
};
struct Row {
  std::string_view name, result, parameters;
};

constexpr Names results[] = {
#define MIG_RESULT(result, names) {result, names},
#define MIG_OVERLOAD(name, result, parameters)
#define MIG_QUESTIONS(names)
#define MIG_OPERATOR(name, result, left, right)
#include "compiler/operations/builtin_functions.def"
#undef MIG_RESULT
#undef MIG_OVERLOAD
#undef MIG_QUESTIONS
#undef MIG_OPERATOR
};

constexpr Row overloads[] = {
#define MIG_RESULT(result, names)
#define MIG_OVERLOAD(name, result, parameters) {name, result, parameters},
#define MIG_QUESTIONS(names)
#define MIG_OPERATOR(name, result, left, right)
#include "compiler/operations/builtin_functions.def"
#undef MIG_RESULT
#undef MIG_OVERLOAD
#undef MIG_QUESTIONS
#undef MIG_OPERATOR
};

constexpr std::string_view questions[] = {
#define MIG_RESULT(result, names)
#define MIG_OVERLOAD(name, result, parameters)
#define MIG_QUESTIONS(names) names,
#define MIG_OPERATOR(name, result, left, right)
#include "compiler/operations/builtin_functions.def"
#undef MIG_RESULT
#undef MIG_OVERLOAD
#undef MIG_QUESTIONS
#undef MIG_OPERATOR
};

struct Operator {
  std::string_view name, result, left, right;
};
constexpr Operator operators[] = {
#define MIG_RESULT(result, names)
#define MIG_OVERLOAD(name, result, parameters)
#define MIG_QUESTIONS(names)
#define MIG_OPERATOR(name, result, left, right) {name, result, left, right},
#include "compiler/operations/builtin_functions.def"
#undef MIG_RESULT
#undef MIG_OVERLOAD
#undef MIG_QUESTIONS
#undef MIG_OPERATOR
};

// A list of words with blanks between them.
bool holds(std::string_view list, std::string_view word) {
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(' ', at), list.size());
    if (list.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

Overload overload_of(const Row& row) {
  Overload made{{}, std::string(row.result), false};
  constexpr std::string_view variadic = "variadic ";
  for (std::size_t at = 0; at < row.parameters.size();) {
    const auto end = std::min(row.parameters.find(", ", at), row.parameters.size());
    auto type = row.parameters.substr(at, end - at);
    if (type.substr(0, variadic.size()) == variadic) {
      made.variadic = true;
      type.remove_prefix(variadic.size());
    }
    made.parameters.emplace_back(type);
    at = end + 2;
  }
  return made;
}

}  // namespace

std::string builtin_result(std::string_view function) {
  for (const auto& each : results)
    if (holds(each.names, function)) return std::string(each.result);
  return {};
}

std::vector<Overload> builtin_overloads(std::string_view function) {
  std::vector<Overload> found;
  for (const auto& each : overloads)
    if (each.name == function) found.push_back(overload_of(each));
  return found;
}

std::vector<Overload> builtin_operators(std::string_view op) {
  std::vector<Overload> found;
  for (const auto& each : operators) {
    if (each.name != op) continue;
    Overload made{{}, std::string(each.result), false};
    if (!each.left.empty()) made.parameters.emplace_back(each.left);
    made.parameters.emplace_back(each.right);
    found.push_back(std::move(made));
  }
  return found;
}

bool builtin_question(std::string_view op) {
  for (const auto& each : questions)
    if (holds(each, op)) return true;
  return op == "!=";
}

}  // namespace mig::operations
