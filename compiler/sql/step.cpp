// The words for locks, work, phases and reversibility, and what an action runs.
#include "compiler/sql/step.hpp"

#include <array>
#include <cassert>

namespace mig::sql {

namespace {

constexpr std::array<const char*, 8> lock_modes{
    "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
    "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};
constexpr std::array<const char*, 4> works{"instant", "scan", "rewrite", "build"};
constexpr std::array<const char*, 4> reversibilities{"exact", "exact until purged", "lossy", "irreversible"};
constexpr std::array<const char*, 8> phases{"measure", "backup", "require",  "expand",
                                            "map",     "verify", "contract", "purge"};

template <class Enum, std::size_t N>
const char* word(const std::array<const char*, N>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  assert(index < N);
  return words[index];
}

template <class Enum, std::size_t N>
std::optional<Enum> value(const std::array<const char*, N>& words, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

std::vector<const Statement*> pointers(const std::vector<Statement>& statements) {
  std::vector<const Statement*> result;
  for (const auto& statement : statements) result.push_back(&statement);
  return result;
}

struct Statements {
  std::vector<const Statement*> operator()(const Transaction& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Concurrent& action) const { return {&action.statement}; }
  std::vector<const Statement*> operator()(const Park& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Purge& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Batches& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Assert& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Measure& action) const { return pointers(action.statements); }
  std::vector<const Statement*> operator()(const Gate&) const { return {}; }
  std::vector<const Statement*> operator()(const Backup&) const { return {}; }
};

}  // namespace

const char* to_string(LockMode mode) { return word(lock_modes, mode); }
const char* to_string(Work work) { return word(works, work); }
const char* to_string(Reversibility reversibility) { return word(reversibilities, reversibility); }
const char* to_string(Phase phase) { return word(phases, phase); }

std::optional<LockMode> lock_mode(std::string_view text) { return value<LockMode>(lock_modes, text); }
std::optional<Phase> phase(std::string_view text) { return value<Phase>(phases, text); }

std::vector<const Statement*> statements(const Action& action) { return std::visit(Statements{}, action); }

bool transactional(const Action& action) { return !std::holds_alternative<Concurrent>(action); }

bool in_parts(const Action& action) { return std::holds_alternative<Batches>(action); }

bool only_looks(const Action& action) {
  return asked_anew(action) || std::holds_alternative<Gate>(action) || std::holds_alternative<Backup>(action);
}

bool asked_anew(const Action& action) {
  return std::holds_alternative<Assert>(action) || std::holds_alternative<Measure>(action);
}

}  // namespace mig::sql
