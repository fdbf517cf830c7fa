// The rules by which one of several candidates is taken (func_select_candidate), and operators.
#include "compiler/types/candidates.hpp"

#include <algorithm>

#include "compiler/types/coercion.hpp"

namespace mig::types {

bool Chooser::visible(Written written, SchemaId schema) const {
  if (written.schema.empty()) return universe_.place(schema) >= 0;
  return universe_.schema_name(schema) == written.schema;
}

const Operator* Chooser::exact(Written written, TypeId left, TypeId right) const {
  const Operator* best = nullptr;
  for (const auto& op : universe_.operators(written.name)) {
    if (op.left != left || op.right != right || !visible(written, op.schema)) continue;
    if (best == nullptr || universe_.place(op.schema) < universe_.place(best->schema)) best = &op;
  }
  return best;
}

void Chooser::collect_operators(Written written, bool prefix) {
  candidates_.clear();
  types_.clear();
  for (const auto& op : universe_.operators(written.name)) {
    if ((op.left == 0) != prefix || !visible(written, op.schema)) continue;
    const auto place = universe_.place(op.schema);
    const auto same = std::find_if(candidates_.begin(), candidates_.end(), [&](const Candidate& each) {
      return each.op->left == op.left && each.op->right == op.right;
    });
    if (same != candidates_.end()) {
      if (place < same->place) same->op = &op, same->place = place;
      continue;
    }
    Candidate candidate;
    candidate.op = &op;
    candidate.place = place;
    candidate.first = static_cast<std::uint32_t>(types_.size());
    candidate.count = prefix ? 1 : 2;
    if (!prefix) types_.push_back(op.left);
    types_.push_back(op.right);
    candidates_.push_back(candidate);
  }
}

ChosenOperator Chooser::op(Written written, TypeId left, TypeId right) {
  const bool prefix = left == 0;
  auto one = left, other = right;
  if (left == type::unknown) one = right;
  if (right == type::unknown && !prefix) other = left;
  if (const auto* found = exact(written, one, other)) return {Verdict::one, found};
  const bool assumed = !prefix && (left == type::unknown || right == type::unknown);
  if (const auto base = universe_.base(other); assumed && base != other)
    if (const auto* found = exact(written, base, base)) return {Verdict::one, found};
  collect_operators(written, prefix);
  const TypeId both[] = {left, right};
  const auto arguments = prefix ? std::span<const TypeId>(&both[1], 1) : std::span<const TypeId>(both);
  keep_coercible(arguments);
  if (candidates_.empty()) return {};
  const auto* best = candidates_.size() == 1 ? &candidates_.front() : select(arguments);
  return best == nullptr ? ChosenOperator{Verdict::several, nullptr} : ChosenOperator{Verdict::one, best->op};
}

void Chooser::keep_coercible(std::span<const TypeId> arguments) {
  std::erase_if(candidates_, [&](const Candidate& each) {
    return !can_coerce(universe_, arguments, types(each, arguments.size()), Context::implicit);
  });
}

// Keeps those where `counts(argument, base of the argument, parameter)` holds most often.
template <class Counts>
void Chooser::keep_most(std::span<const TypeId> arguments, Counts counts) {
  int best = -1;
  kept_.clear();
  for (const auto& each : candidates_) {
    int matches = 0;
    const auto parameters = types(each, arguments.size());
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (bases_[i] != type::unknown && counts(bases_[i], parameters[i])) ++matches;
    if (matches > best) {
      best = matches;
      kept_.clear();
    }
    if (matches == best) kept_.push_back(each);
  }
  candidates_.swap(kept_);
}

// A category for every untyped argument: string where any candidate takes one, else what all agree on. False: they do
// not. Then those stay that take this category, and its preferred type where one of them does.
bool Chooser::settle_unknown(std::span<const TypeId> arguments) {
  slots_.assign(arguments.size(), {});
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (bases_[i] != type::unknown) continue;
    auto& slot = slots_[i];
    bool conflict = false;
    for (const auto& each : candidates_) {
      const auto& of = universe_.at(types(each, arguments.size())[i]);
      if (slot.category == 0) {
        slot = {of.category, of.preferred};
      } else if (of.category == slot.category) {
        slot.preferred = slot.preferred || of.preferred;
      } else if (of.category == 'S') {
        slot = {of.category, of.preferred};
      } else {
        conflict = true;
      }
    }
    if (conflict && slot.category != 'S') return false;
  }
  kept_.clear();
  for (const auto& each : candidates_) {
    const auto parameters = types(each, arguments.size());
    bool keep = true;
    for (std::size_t i = 0; keep && i < arguments.size(); ++i) {
      if (bases_[i] != type::unknown) continue;
      const auto& of = universe_.at(parameters[i]);
      keep = of.category == slots_[i].category && (!slots_[i].preferred || of.preferred);
    }
    if (keep) kept_.push_back(each);
  }
  if (!kept_.empty()) candidates_.swap(kept_);
  return true;
}

// All known arguments are of one type: taking the untyped ones for the same, does exactly one candidate fit?
const Chooser::Candidate* Chooser::last_gasp(std::span<const TypeId> arguments) {
  TypeId known = type::unknown;
  for (const auto each : bases_) {
    if (each == type::unknown) continue;
    if (known != type::unknown && known != each) return nullptr;
    known = each;
  }
  if (known == type::unknown) return nullptr;
  std::fill(bases_.begin(), bases_.end(), known);
  const Candidate* found = nullptr;
  for (const auto& each : candidates_) {
    if (!can_coerce(universe_, bases_, types(each, arguments.size()), Context::implicit)) continue;
    if (found != nullptr) return nullptr;
    found = &each;
  }
  return found;
}

const Chooser::Candidate* Chooser::select(std::span<const TypeId> arguments) {
  bases_.clear();
  std::size_t unknown = 0;
  for (const auto each : arguments) {
    bases_.push_back(each == type::unknown ? each : universe_.base(each));
    if (each == type::unknown) ++unknown;
  }
  keep_most(arguments, [](TypeId base, TypeId parameter) { return base == parameter; });
  if (candidates_.size() == 1) return &candidates_.front();
  keep_most(arguments, [&](TypeId base, TypeId parameter) {
    const auto& of = universe_.at(parameter);
    return base == parameter || (of.preferred && of.category == universe_.at(base).category);
  });
  if (candidates_.size() == 1) return &candidates_.front();
  if (unknown == 0) return nullptr;
  if (settle_unknown(arguments) && candidates_.size() == 1) return &candidates_.front();
  return unknown < arguments.size() ? last_gasp(arguments) : nullptr;
}

std::vector<std::string> Chooser::operators_named(Written written, bool prefix) const {
  std::vector<std::string> result;
  for (const auto& op : universe_.operators(written.name))
    if ((op.left == 0) == prefix && visible(written, op.schema) && result.size() < 12)
      result.push_back((prefix ? "" : universe_.display(op.left) + " ") + std::string(op.name) + " " +
                       universe_.display(op.right));
  return result;
}

}  // namespace mig::types
