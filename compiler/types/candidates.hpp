// Which operator and which function a name means for these arguments: parse_oper.c, parse_func.c, namespace.c.
#pragma once

#include <span>
#include <vector>

#include "compiler/types/universe.hpp"

namespace mig::types {

// A name as it is written; schema empty: searched in the path.
struct Written {
  std::string_view schema, name;
};

enum class Verdict : char { none, one, several };

struct ChosenOperator {
  Verdict verdict = Verdict::none;
  const Operator* op = nullptr;
};

struct ChosenFunction {
  Verdict verdict = Verdict::none;
  const Function* function = nullptr;
  TypeId cast = 0;                   // a type's name used as a function: a conversion to it, and no function
  std::uint16_t variadic_count = 0;  // how many arguments the variadic parameter took one by one
  std::vector<TypeId> declared;      // of each argument, then of the defaulted parameters
};

struct CallShape {
  std::span<const TypeId> arguments;
  std::span<const std::string_view> names;  // of the last ones
  bool expand_variadic = true;              // no VARIADIC is written
  bool literal = true;                      // an untyped argument is a literal by itself
};

// Keeps its working memory from call to call; not to be used from two threads.
class Chooser {
 public:
  explicit Chooser(const Universe& universe) : universe_(universe) {}

  // `left` 0: a prefix operator.
  [[nodiscard]] ChosenOperator op(Written written, TypeId left, TypeId right);
  // The answer is valid until the next call.
  [[nodiscard]] const ChosenFunction& function(Written written, const CallShape& call);

  // What stands under this name at all, for messages: `f(integer, text)`; at most a dozen.
  [[nodiscard]] std::vector<std::string> operators_named(Written written, bool prefix) const;
  [[nodiscard]] std::vector<std::string> functions_named(Written written) const;
  [[nodiscard]] bool visible(Written written, SchemaId schema) const;

 private:
  struct Candidate {
    const Function* function = nullptr;
    const Operator* op = nullptr;
    bool ambiguous = false;
    int place = 0;
    std::uint16_t count = 0, variadic = 0, defaults = 0;
    std::uint32_t first = 0;    // its argument types in types_
    std::uint32_t numbers = 0;  // of named notation: which parameter each argument is, in numbers_
  };
  [[nodiscard]] std::span<const TypeId> types(const Candidate& candidate, std::size_t count) const {
    return {types_.data() + candidate.first, count};
  }
  [[nodiscard]] const Operator* exact(Written written, TypeId left, TypeId right) const;
  void collect_operators(Written written, bool prefix);
  void collect_functions(Written written, const CallShape& call);
  [[nodiscard]] bool match_names(const Function& function, const CallShape& call);
  void add(const Function& function, int place, const CallShape& call);
  void keep_coercible(std::span<const TypeId> arguments);
  [[nodiscard]] const Candidate* select(std::span<const TypeId> arguments);
  template <class Counts>
  void keep_most(std::span<const TypeId> arguments, Counts counts);
  [[nodiscard]] bool settle_unknown(std::span<const TypeId> arguments);
  [[nodiscard]] const Candidate* last_gasp(std::span<const TypeId> arguments);
  [[nodiscard]] TypeId as_cast(Written written, const CallShape& call) const;
  [[nodiscard]] const ChosenFunction& choose(const Candidate& best, const CallShape& call);

  const Universe& universe_;
  std::vector<Candidate> candidates_, kept_;
  std::vector<TypeId> types_, bases_;
  std::vector<std::uint16_t> numbers_;
  std::vector<bool> given_;
  struct Slot {
    char category = 0;
    bool preferred = false;
  };
  std::vector<Slot> slots_;
  ChosenFunction chosen_;
};

}  // namespace mig::types
