// Functions by name and arguments: defaults, variadic parameters, named notation (FuncnameGetCandidates,
// func_get_detail).
#include <algorithm>

#include "compiler/types/candidates.hpp"
#include "compiler/types/coercion.hpp"

namespace mig::types {

namespace {

// The number of a parameter of this name; npos: none.
std::size_t parameter_named(const Function& function, std::string_view name) {
  auto names = function.names;
  for (std::size_t i = 0; !names.empty(); ++i) {
    const auto end = names.find(',');
    if (names.substr(0, end) == name && !name.empty()) return i;
    if (end == std::string_view::npos) break;
    names.remove_prefix(end + 1);
  }
  return std::string_view::npos;
}

}  // namespace

// MatchNamedCall: numbers_ gets the parameter of each argument, then the defaulted ones.
bool Chooser::match_names(const Function& function, const CallShape& call) {
  const auto count = call.arguments.size();
  if (function.names.empty() || count > function.count) return false;
  const auto positional = count - call.names.size();
  given_.assign(function.count, false);
  for (std::size_t i = 0; i < positional; ++i) {
    given_[i] = true;
    numbers_.push_back(static_cast<std::uint16_t>(i));
  }
  for (const auto name : call.names) {
    const auto parameter = parameter_named(function, name);
    if (parameter == std::string_view::npos || parameter >= given_.size() || given_[parameter]) return false;
    given_[parameter] = true;
    numbers_.push_back(static_cast<std::uint16_t>(parameter));
  }
  for (std::size_t i = positional; i < function.count; ++i) {
    if (given_[i]) continue;
    if (i + function.defaults < function.count) return false;
    numbers_.push_back(static_cast<std::uint16_t>(i));
  }
  return true;
}

// Adds a function that could be meant, unless one with the same arguments is there: the one earlier in the path, or the
// one that is not variadic, stays; else the call is ambiguous.
void Chooser::add(const Function& function, int place, const CallShape& call) {
  const auto count = call.arguments.size();
  Candidate candidate;
  candidate.function = &function;
  candidate.place = place;
  candidate.first = static_cast<std::uint32_t>(types_.size());
  candidate.numbers = static_cast<std::uint32_t>(numbers_.size());
  const auto parameters = universe_.parameters(function);
  bool expand = false;
  if (!call.names.empty()) {
    if (function.variadic != 0 && call.expand_variadic) return;
    if (!match_names(function, call)) {
      numbers_.resize(candidate.numbers);
      return;
    }
  } else {
    expand = function.variadic != 0 && call.expand_variadic && parameters.size() <= count;
    const bool defaults = parameters.size() > count;
    if (defaults && count + function.defaults < parameters.size()) return;
    if (parameters.size() != count && !expand && !defaults) return;
  }
  candidate.count = static_cast<std::uint16_t>(std::max(count, parameters.size()));
  candidate.defaults = static_cast<std::uint16_t>(parameters.size() > count ? parameters.size() - count : 0);
  if (expand) candidate.variadic = static_cast<std::uint16_t>(candidate.count - parameters.size() + 1);
  for (std::size_t i = 0; i < candidate.count; ++i)
    if (expand && i + 1 >= parameters.size())
      types_.push_back(function.variadic);
    else
      types_.push_back(parameters[call.names.empty() ? i : numbers_[candidate.numbers + i]]);
  const auto mine = types(candidate, static_cast<std::size_t>(candidate.count) - candidate.defaults);
  const auto same = std::find_if(candidates_.begin(), candidates_.end(), [&](const Candidate& each) {
    const auto theirs = types(each, static_cast<std::size_t>(each.count) - each.defaults);
    return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end());
  });
  if (same == candidates_.end()) {
    candidates_.push_back(candidate);
  } else if (place != same->place) {
    if (place < same->place) *same = candidate;
  } else if (candidate.variadic > 0 && same->variadic == 0) {
    return;
  } else if (candidate.variadic == 0 && same->variadic > 0) {
    *same = candidate;
  } else {
    same->ambiguous = true;
  }
}

void Chooser::collect_functions(Written written, const CallShape& call) {
  candidates_.clear();
  types_.clear();
  numbers_.clear();
  for (const auto& function : universe_.functions(written.name))
    if (visible(written, function.schema)) add(function, universe_.place(function.schema), call);
}

// The name of a type called like a function, with one argument: a conversion, where that takes no function.
TypeId Chooser::as_cast(Written written, const CallShape& call) const {
  if (call.arguments.size() != 1 || !call.names.empty()) return 0;
  const auto target = universe_.type_named(written.schema, written.name);
  if (target == 0 || universe_.at(target).kind == 'c') return 0;
  const auto source = call.arguments.front();
  if (source == type::unknown && call.literal) return target;
  const auto path = conversion(universe_, target, source, Context::explicit_).path;
  if (path == Path::relabel) return target;
  if (path != Path::io) return 0;
  const bool row_as_text =
      (source == type::record || universe_.composite(source)) && universe_.at(target).category == 'S';
  return row_as_text ? 0 : target;
}

const ChosenFunction& Chooser::choose(const Candidate& best, const CallShape& call) {
  chosen_.verdict = best.ambiguous ? Verdict::several : Verdict::one;
  if (best.ambiguous) return chosen_;
  // VARIADIC with names: its argument has to be the variadic parameter's.
  if (!call.names.empty() && !call.expand_variadic && !call.arguments.empty() &&
      numbers_[best.numbers + call.arguments.size() - 1] != call.arguments.size() - 1) {
    chosen_.verdict = Verdict::none;
    return chosen_;
  }
  chosen_.function = best.function;
  chosen_.variadic_count = best.variadic;
  const auto all = types(best, best.count);
  chosen_.declared.assign(all.begin(), all.end());
  return chosen_;
}

const ChosenFunction& Chooser::function(Written written, const CallShape& call) {
  chosen_.verdict = Verdict::none;
  chosen_.function = nullptr;
  chosen_.cast = 0;
  chosen_.variadic_count = 0;
  chosen_.declared.clear();
  collect_functions(written, call);
  for (const auto& each : candidates_) {
    const auto parameters = types(each, call.arguments.size());
    if (std::equal(parameters.begin(), parameters.end(), call.arguments.begin())) return choose(each, call);
  }
  if (const auto cast = as_cast(written, call); cast != 0) {
    chosen_.verdict = Verdict::one;
    chosen_.cast = cast;
    return chosen_;
  }
  keep_coercible(call.arguments);
  if (candidates_.empty()) return chosen_;
  const auto* best = candidates_.size() == 1 ? &candidates_.front() : select(call.arguments);
  if (best != nullptr) return choose(*best, call);
  chosen_.verdict = Verdict::several;
  return chosen_;
}

std::vector<std::string> Chooser::functions_named(Written written) const {
  std::vector<std::string> result;
  for (const auto& function : universe_.functions(written.name)) {
    if (!visible(written, function.schema) || result.size() >= 12) continue;
    std::string text(function.name);
    char before = '(';
    for (const auto parameter : universe_.parameters(function)) {
      text += (before == '(' ? "(" : ", ") + universe_.display(parameter);
      before = ',';
    }
    result.push_back(text + (before == '(' ? "()" : ")"));
  }
  return result;
}

}  // namespace mig::types
