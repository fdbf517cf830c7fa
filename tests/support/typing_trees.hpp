// Random expressions over the columns of the typing world: every form, most of them nearly right.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "compiler/types/universe.hpp"

namespace mig::tests {

class Trees {
 public:
  Trees(const types::Universe& universe, unsigned seed);
  // At most this deep.
  [[nodiscard]] std::string expression(int depth);
  [[nodiscard]] std::string query();

 private:
  // A value of about this type; 0: of any.
  std::string value(types::TypeId type, int depth);
  std::string leaf(types::TypeId type);
  std::string form(types::TypeId type, int depth);
  std::string call(types::TypeId type, int depth);
  std::string op(types::TypeId type, int depth);
  std::string condition(int depth);
  std::string sub_query(types::TypeId type, int depth);
  types::TypeId some_type();
  std::string type_name(types::TypeId type);
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }

  const types::Universe& universe_;
  std::mt19937 random_;
  std::vector<types::TypeId> types_;               // those that columns have
  std::vector<std::vector<std::string>> columns_;  // of each of them
  std::vector<const types::Function*> functions_;
  std::vector<const types::Operator*> operators_;
};

}  // namespace mig::tests
