// What becomes of a value where another type is wanted, and the names of types.
#include <algorithm>
#include <charconv>
#include <limits>

#include "compiler/types/polymorphic.hpp"
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

// Types whose input takes nothing at all, of those that are not pseudo-types.
constexpr TypeId never_read[] = {194, 3361, 3402, 5017, 4600, 4601, 3642};

std::string quoted(const std::string& text) { return "`" + text + "`"; }

}  // namespace

std::string Resolver::show(const Operand& operand) const {
  return operand.type == type::unknown ? "an untyped literal" : universe_.display(operand.type);
}

// An untyped literal is read by the type's input function: which value it takes is no matter of types, but some types
// read none.
void Resolver::literal(const Operand& value, TypeId target, int at) const {
  const auto& of = universe_.at(universe_.base(target));
  const auto* read = value.node;
  while (read != nullptr && read->kind == Kind::collate) read = &read->parts.front();
  if (read != nullptr && read->kind == Kind::call)
    refuse("XX000", "a value of type unknown that is no literal does not become " + universe_.display(target), at);
  const bool null = read != nullptr && read->kind == Kind::null;
  if (null && of.strict_input) return;
  const bool refused = of.kind == 'p'
                           ? of.id != type::cstring && of.id != type::void_ && of.id != type::record_array
                           : std::find(std::begin(never_read), std::end(never_read), of.id) != std::end(never_read);
  if (refused) refuse("0A000", "a literal cannot be read as " + universe_.display(target), at);
}

// coerce_type: can_coerce() has said that it works.
Operand Resolver::coerce(Operand value, TypeId target, Context context, int at) {
  if (value.type == target) return value;
  switch (target) {
    case type::any:
    case type::anyelement:
    case type::anynonarray:
    case type::anycompatible:
    case type::anycompatiblenonarray:
      return value;
    case type::anyarray:
    case type::anyenum:
    case type::anyrange:
    case type::anymultirange:
    case type::anycompatiblearray:
    case type::anycompatiblerange:
    case type::anycompatiblemultirange:
      if (value.type != type::unknown) {
        const auto base = universe_.base(value.type);
        if (base != value.type) value = {base, value.modifier, value.node};
        return value;
      }
      break;
    default:
      break;
  }
  // A row is a record already.
  if ((target == type::record && universe_.composite(value.type)) ||
      (target == type::record_array && universe_.composite_array(value.type)))
    return value;
  if (value.type == type::unknown) {
    literal(value, target, at);
  } else if (conversion(universe_, target, value.type, context).path == Path::none) {
    if (value.type == type::record && universe_.composite(target)) record_to_composite(value, target, context, at);
  }
  if (value.node != nullptr) value.node->coerced = target;
  return {target, -1, value.node};
}

// coerce_record_to_complex: column by column.
void Resolver::record_to_composite(Operand value, TypeId target, Context context, int at) {
  const auto* relation = universe_.columns_of(target);
  if (value.node == nullptr || value.node->kind != Kind::row || relation == nullptr)
    refuse("42846", "a record does not become " + quoted(universe_.display(target)), at);
  auto& fields = value.node->parts;
  if (fields.size() != relation->columns.size())
    refuse("42846",
           "a row of " + std::to_string(fields.size()) + " does not become " + quoted(universe_.display(target)) +
               ", which has " + std::to_string(relation->columns.size()) + " columns",
           at);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& column = relation->columns[i];
    const Operand field{fields[i].coerced != 0 ? fields[i].coerced : fields[i].type, fields[i].modifier, &fields[i]};
    if (!coerce_to(field, column.type, column.modifier, context, at))
      refuse("42846",
             "column " + std::to_string(i + 1) + " of the row, " + show(field) + ", does not become " +
                 universe_.display(column.type),
             at);
  }
}

// coerce_to_target_type: nullopt where there is no such conversion in this context.
std::optional<Operand> Resolver::coerce_to(Operand value, TypeId target, std::int32_t modifier, Context context,
                                           int at) {
  if (!can_coerce(universe_, value.type, target, context)) return std::nullopt;
  const bool same = value.type == target;
  auto result = coerce(value, target, context, at);
  if (result.type != target) return result;
  // 13 leaves a value of the same type as it is where no modifier is asked for.
  if (modifier >= 0 || universe_.major() >= 14 || !same) result.modifier = modifier;
  return result;
}

Operand Resolver::to_boolean(Operand value, const char* word, int sets_before) {
  const int at = value.node != nullptr ? value.node->at : -1;
  if (value.type != type::boolean) {
    const auto result = coerce_to(value, type::boolean, -1, Context::assignment, at);
    if (!result) refuse("42804", std::string("the argument of ") + word + " is " + show(value) + ", not boolean", at);
    value = *result;
  }
  if (level().sets != sets_before) refuse("42804", std::string("the argument of ") + word + " is a set", at);
  return value;
}

Operand Resolver::to_specific(Operand value, TypeId target, const char* word, int at) {
  if (value.type == target) return value;
  const auto result = coerce_to(value, target, -1, Context::assignment, at);
  if (!result)
    refuse("42804",
           std::string("the argument of ") + word + " is " + show(value) + ", not " + universe_.display(target), at);
  return *result;
}

Operand Resolver::to_common(Operand value, TypeId common, const char* word, int at) {
  if (value.type == common) return value;
  if (!can_coerce(universe_, value.type, common, Context::implicit))
    refuse("42846", std::string(word) + ": " + show(value) + " does not become " + universe_.display(common), at);
  return coerce(value, common, Context::implicit, at);
}

TypeId Resolver::common(std::span<const Operand> values, const char* word, int at) {
  std::vector<TypeId> types;
  types.reserve(values.size());
  for (const auto& each : values) types.push_back(each.type);
  const auto found = common_type(universe_, types);
  if (found.common == 0)
    refuse("42804",
           std::string(word) + ": " + universe_.display(found.left) + " and " + universe_.display(found.right) +
               " have no common type",
           at, "cast one of them");
  return found.common;
}

// The modifier that all have, where all are of this type already.
std::int32_t Resolver::common_modifier(std::span<const Operand> values, TypeId common) const {
  const auto first = values.front().modifier;
  for (const auto& each : values)
    if (each.type != common || each.modifier != first) return -1;
  return first;
}

Written Resolver::written(const std::vector<std::string>& name, int at) const {
  if (name.size() < 2) return {{}, name.empty() ? std::string_view() : std::string_view(name.back())};
  const auto& schema = name[name.size() - 2];
  if (!universe_.has_schema(schema)) refuse("3F000", "there is no schema " + quoted(schema), at);
  return {schema, name.back()};
}

namespace {

constexpr int longest = 10'485'760;  // MaxAttrSize

std::int32_t length(std::int32_t n, std::int32_t most, std::int32_t extra, int at) {
  if (n < 1) refuse("22023", "a length is at least 1", at);
  if (n > most) refuse("22023", "a length is at most " + std::to_string(most), at);
  return n + extra;
}

std::int32_t precision(std::int32_t n, int at) {
  if (n < 0) refuse("22023", "a precision is not negative", at);
  return std::min(n, 6);
}

std::int32_t numeric(const std::vector<std::int32_t>& given, int major, int at) {
  const auto digits = given[0], scale = given.size() > 1 ? given[1] : 0;
  if (given.size() > 2 || digits < 1 || digits > 1000) refuse("22023", "numeric has 1 to 1000 digits", at);
  if (major >= 15 ? scale < -1000 || scale > 1000 : scale < 0 || scale > digits)
    refuse("22023", "numeric's scale is out of range", at);
  return ((digits << 16) | (scale & (major >= 15 ? 0x7ff : 0xffff))) + 4;
}

}  // namespace

// The type's typmodin over constants; of types that are not PostgreSQL's own it is not known.
std::int32_t Resolver::modifier_of(TypeId id, const TypeName& name) {
  if (!universe_.at(id).has_modifiers) refuse("42601", universe_.display(id) + " takes no modifier", name.at);
  std::vector<std::int32_t> given;
  for (const auto& each : name.modifiers) {
    std::int32_t value = 0;
    const auto& text = each.text;
    if (each.kind == Kind::integer || each.kind == Kind::string)
      if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) {
        given.push_back(value);
        continue;
      }
    refuse(each.kind == Kind::number || each.kind == Kind::string ? "22P02" : "42601", "a modifier is an integer",
           name.at);
  }
  switch (id) {
    case type::varchar:
    case type::bpchar:
      if (given.size() != 1) refuse("22023", "one length is wanted", name.at);
      return length(given[0], longest, 4, name.at);
    case type::bit:
    case type::varbit:
      if (given.size() != 1) refuse("22023", "one length is wanted", name.at);
      return length(given[0], longest * 8, 0, name.at);
    case type::numeric:
      return numeric(given, universe_.major(), name.at);
    case type::time:
    case type::timetz:
    case type::timestamp:
    case type::timestamptz:
      if (given.size() != 1) refuse("22023", "one precision is wanted", name.at);
      return precision(given[0], name.at);
    case type::interval: {
      constexpr std::int32_t whole = 0x7FFF, full = 0xFFFF;
      if (given.size() > 2) refuse("22023", "interval takes a precision", name.at);
      if (given.size() == 1 && given[0] == whole) return -1;
      const auto digits = given.size() == 2 ? precision(given[1], name.at) : full;
      return static_cast<std::int32_t>((static_cast<std::uint32_t>(given[0]) << 16) |
                                       static_cast<std::uint32_t>(digits));
    }
    default:
      refuse("", "the modifiers of " + universe_.display(id) + " are known to the server alone", name.at);
  }
}

TypeId Resolver::type_of(const TypeName& name, std::int32_t& modifier) {
  if (name.of_column || name.set) refuse("", "this way of naming a type", name.at);
  const auto wanted = written(name.name, name.at);
  auto id = universe_.type_named(wanted.schema, wanted.name);
  if (id == 0) refuse("42704", "there is no type " + quoted(std::string(wanted.name)), name.at);
  modifier = name.modifiers.empty() ? -1 : modifier_of(id, name);
  if (name.array) {
    if (!universe_.at(id).true_array || universe_.at(universe_.at(id).element).array != id) {
      const auto array = universe_.at(id).array;
      if (array == 0) refuse("42704", "there is no array type of " + universe_.display(id), name.at);
      id = array;
    }
  }
  return id;
}

}  // namespace mig::types
