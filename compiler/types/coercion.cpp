// Conversions between types, by pg_cast and the rules beside it.
#include "compiler/types/coercion.hpp"

#include <algorithm>

#include "compiler/types/polymorphic.hpp"

namespace mig::types {

namespace {

Context context_of(char letter) {
  return letter == 'i' ? Context::implicit : letter == 'a' ? Context::assignment : Context::explicit_;
}

// What no row of pg_cast speaks of: arrays by their elements, then through text.
Conversion without_row(const Universe& universe, TypeId target, TypeId source, Context context) {
  if (target != type::oidvector && target != type::int2vector) {
    const auto to = universe.element(target), from = universe.element(source);
    if (to != 0 && from != 0)
      if (const auto inner = conversion(universe, to, from, context); inner.path != Path::none)
        return {Path::array, inner.function};
  }
  if (context >= Context::assignment && universe.at(target).category == 'S') return {Path::io, 0};
  if (context >= Context::explicit_ && universe.at(source).category == 'S') return {Path::io, 0};
  return {};
}

bool row_types(const Universe& universe, TypeId source, TypeId target) {
  if (source == type::record && universe.composite(target)) return true;
  if (target == type::record && universe.composite(source)) return true;
  if (target == type::record_array && universe.composite_array(source)) return true;
  return universe.at(source).kind == 'c' && universe.at(target).kind == 'c' && universe.inherits(source, target);
}

}  // namespace

Conversion conversion(const Universe& universe, TypeId target, TypeId source, Context context) {
  target = universe.base(target);
  source = universe.base(source);
  if (source == target) return {Path::relabel, 0};
  const auto* row = universe.cast(source, target);
  if (row == nullptr) return without_row(universe, target, source, context);
  if (context < context_of(row->context)) return {};
  if (row->method == 'f') return {Path::function, row->function};
  return {row->method == 'i' ? Path::io : Path::relabel, 0};
}

bool can_coerce(const Universe& universe, std::span<const TypeId> sources, std::span<const TypeId> targets,
                Context context) {
  bool generic = false;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto source = sources[i], target = targets[i];
    if (source == target || target == type::any) continue;
    if (polymorphic(target)) {
      generic = true;
      continue;
    }
    if (source == type::unknown) continue;
    if (conversion(universe, target, source, context).path != Path::none) continue;
    if (!row_types(universe, source, target)) return false;
  }
  return !generic || consistent(universe, sources, targets);
}

bool has_length_function(const Universe& universe, TypeId id) {
  if (const auto element = universe.element(id); element != 0) id = element;
  const auto* row = universe.cast(id, id);
  return row != nullptr && row->function != 0;
}

Common common_type(const Universe& universe, std::span<const TypeId> types) {
  const auto first = types.front();
  if (first != type::unknown && std::all_of(types.begin(), types.end(), [&](TypeId each) { return each == first; }))
    return {first, 0, 0};
  auto chosen = universe.base(first);
  for (const auto each : types.subspan(1)) {
    const auto next = universe.base(each);
    if (next == type::unknown || next == chosen) continue;
    if (chosen == type::unknown) {
      chosen = next;
    } else if (universe.at(next).category != universe.at(chosen).category) {
      return {0, chosen, next};
    } else if (!universe.at(chosen).preferred && can_coerce(universe, chosen, next, Context::implicit) &&
               !can_coerce(universe, next, chosen, Context::implicit)) {
      chosen = next;
    }
  }
  return {chosen == type::unknown ? type::text : chosen, 0, 0};
}

bool all_become(const Universe& universe, TypeId common, std::span<const TypeId> types) {
  return std::all_of(types.begin(), types.end(),
                     [&](TypeId each) { return can_coerce(universe, each, common, Context::implicit); });
}

}  // namespace mig::types
