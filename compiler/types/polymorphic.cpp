// The two families of polymorphic types, in one walk for both questions: whether arguments agree, and on what.
#include "compiler/types/polymorphic.hpp"

#include <array>

#include "compiler/types/coercion.hpp"
#include "compiler/types/refusal.hpp"

namespace mig::types {

namespace {

constexpr std::size_t most_arguments = 100;

// What the arguments of one call say about each family. Every step answers with the first disagreement: `wrong` is its
// message, empty while all agree.
class Families {
 public:
  explicit Families(const Universe& universe) : universe_(universe) {}

  bool take(std::span<const TypeId> actual, std::span<const TypeId> declared) {
    for (std::size_t i = 0; i < actual.size(); ++i)
      if (polymorphic(declared[i]) && !take(actual[i], declared[i])) return false;
    return true;
  }

  bool take(TypeId actual, TypeId declared) {
    first_count_ += first_family(declared) ? 1U : 0U;
    if (second_family(declared)) second_ = true;
    if (declared == type::anynonarray) not_array_ = true;
    if (declared == type::anyenum) enum_ = true;
    if (declared == type::anycompatiblenonarray) compatible_not_array_ = true;
    if (declared == type::anycompatiblearray) compatible_array_wanted_ = true;
    if (declared == type::anycompatiblerange) compatible_range_wanted_ = true;
    if (declared == type::anycompatiblemultirange) compatible_multirange_wanted_ = true;
    if (actual == type::unknown) {
      unknown_ = unknown_ || first_family(declared);
      return true;
    }
    switch (declared) {
      case type::anyarray:
        return same(array_, universe_.base(actual), "anyarray");
      case type::anyrange:
        return same(range_, universe_.base(actual), "anyrange");
      case type::anymultirange:
        return same(multirange_, universe_.base(actual), "anymultirange");
      case type::anycompatible:
      case type::anycompatiblenonarray:
        return compatible(actual);
      case type::anycompatiblearray:
        return compatible(universe_.element(universe_.base(actual)), "anycompatiblearray is no array", actual);
      case type::anycompatiblerange:
        return take_range(universe_.base(actual));
      case type::anycompatiblemultirange:
        return take_multirange(universe_.base(actual));
      default:
        return same(element_, actual, "anyelement");
    }
  }

  // The element from the array, the range from the multirange, the element from the range. `any_array`: an argument
  // that is anyarray itself (pg_stats), allowed where nothing follows from its element.
  bool agree_first(bool any_array_allowed) {
    if (array_ != 0) {
      if (array_ == type::anyarray) {
        if (!any_array_allowed) return fail("the element of anyarray is not known");
        if (element_ == 0) element_ = type::anyelement;
      } else {
        const auto of = universe_.element(array_);
        if (of == 0) return fail("what is given for anyarray is " + universe_.display(array_) + ", no array");
        if (!fits(element_, of, "anyarray", "anyelement")) return false;
      }
    }
    if (multirange_ != 0) {
      const auto of = universe_.at(multirange_).range;
      if (of == 0)
        return fail("what is given for anymultirange is " + universe_.display(multirange_) + ", no multirange");
      if (!fits(range_, of, "anymultirange", "anyrange")) return false;
    }
    if (range_ != 0) {
      const auto of = universe_.at(range_).range_subtype;
      if (of == 0) return fail("what is given for anyrange is " + universe_.display(range_) + ", no range");
      if (!fits(element_, of, "anyrange", "anyelement")) return false;
    }
    return true;
  }

  bool kinds_fit() {
    if (not_array_ && universe_.array_or_domain(element_))
      return fail("what is given for anynonarray is an array, " + universe_.display(element_));
    if (enum_ && universe_.at(element_).kind != 'e')
      return fail("what is given for anyenum is " + universe_.display(element_) + ", no enum");
    return true;
  }

  bool agree_second() {
    if (compatible_multirange_ != 0) {
      const auto of = universe_.at(compatible_multirange_).range;
      if (compatible_range_ != 0) {
        if (of != compatible_range_) return fail("anycompatiblerange and anycompatiblemultirange are not alike");
      } else {
        compatible_range_ = of;
        range_element_ = universe_.at(of).range_subtype;
        if (range_element_ == 0) return fail("a multirange without a range");
        compatible(range_element_);
      }
    }
    if (count_ == 0) return true;
    const std::span<const TypeId> types(compatible_.data(), count_);
    const auto found = common_type(universe_, types);
    if (found.common == 0)
      return fail("arguments of types " + universe_.display(found.left) + " and " + universe_.display(found.right) +
                  " have no common type");
    common_ = found.common;
    if (!all_become(universe_, common_, types)) return fail("not every argument becomes " + universe_.display(common_));
    if (compatible_not_array_ && universe_.array_or_domain(common_))
      return fail("what is given for anycompatiblenonarray is an array, " + universe_.display(common_));
    if (range_element_ != 0 && range_element_ != common_)
      return fail("the range is over " + universe_.display(range_element_) + ", not " + universe_.display(common_));
    return true;
  }

  TypeId bind(std::span<const TypeId> actual, std::span<TypeId> declared, TypeId result) {
    if (first_count_ == 0 && !second_) return result;
    if (first_count_ != 0) bind_first(result);
    if (second_) bind_second(declared);
    if (unknown_) bind_unknown(actual, declared);
    return result_type(result);
  }

  [[nodiscard]] const std::string& wrong() const { return wrong_; }

 private:
  bool fail(std::string message) {
    wrong_ = std::move(message);
    return false;
  }
  void need(bool agrees) const {
    if (!agrees) refuse("42804", wrong_);
  }
  bool same(TypeId& known, TypeId actual, const char* family) {
    if (known != 0 && known != actual)
      return fail(std::string("arguments for ") + family + " are not alike: " + universe_.display(known) + " and " +
                  universe_.display(actual));
    known = actual;
    return true;
  }
  bool fits(TypeId& known, TypeId derived, const char* from, const char* to) {
    if (known == 0) known = derived;
    if (known == derived) return true;
    return fail(std::string("what is given for ") + from + " is over " + universe_.display(derived) + ", for " + to +
                " stands " + universe_.display(known));
  }
  bool compatible(TypeId id, const char* otherwise = "", TypeId given = 0) {
    if (id == 0) return fail(std::string(otherwise) + ": " + universe_.display(given));
    if (count_ < compatible_.size()) compatible_[count_++] = id;
    return true;
  }
  bool take_range(TypeId actual) {
    if (compatible_range_ != 0) return same(compatible_range_, actual, "anycompatiblerange");
    compatible_range_ = actual;
    range_element_ = universe_.at(actual).range_subtype;
    return compatible(range_element_, "anycompatiblerange is no range", actual);
  }
  bool take_multirange(TypeId actual) {
    if (compatible_multirange_ != 0) return same(compatible_multirange_, actual, "anycompatiblemultirange");
    compatible_multirange_ = actual;
    return universe_.at(actual).range != 0 || fail("what is given for anycompatiblemultirange is no multirange");
  }
  [[nodiscard]] TypeId array_of(TypeId element) const {
    const auto array = universe_.at(element).array;
    if (array == 0) refuse("42704", "there is no array type of " + universe_.display(element));
    return array;
  }

  void bind_first(TypeId result) {
    need(agree_first(first_count_ == 1 && (result == type::anyarray || !first_family(result))));
    if (element_ == 0)
      refuse("42804", "the type is not known: only untyped literals are given", -1, "cast one of them");
    if (element_ != type::anyelement) need(kinds_fit());
  }
  void bind_second(std::span<TypeId> declared) {
    need(agree_second());
    if (count_ == 0) common_ = type::text;
    const auto array = compatible_array_wanted_ ? array_of(common_) : 0;
    if ((compatible_range_wanted_ && compatible_range_ == 0) ||
        (compatible_multirange_wanted_ && compatible_multirange_ == 0))
      refuse("42804", "the range's type is not known: an untyped literal is given", -1, "cast it");
    for (auto& each : declared) {
      if (each == type::anycompatible || each == type::anycompatiblenonarray) each = common_;
      if (each == type::anycompatiblearray) each = array;
      if (each == type::anycompatiblerange) each = compatible_range_;
      if (each == type::anycompatiblemultirange) each = compatible_multirange_;
    }
  }
  void bind_unknown(std::span<const TypeId> actual, std::span<TypeId> declared) {
    for (std::size_t i = 0; i < actual.size(); ++i)
      if (actual[i] == type::unknown && first_family(declared[i])) declared[i] = result_type(declared[i]);
  }
  TypeId result_type(TypeId result) {
    switch (result) {
      case type::anyelement:
      case type::anynonarray:
      case type::anyenum:
        return element_;
      case type::anyarray:
        if (array_ == 0) array_ = array_of(element_);
        return array_;
      case type::anyrange:
        if (range_ == 0) refuse("42804", "the range's type does not follow from its element's");
        return range_;
      case type::anymultirange:
        if (multirange_ == 0 && range_ != 0) multirange_ = universe_.at(range_).multirange;
        if (multirange_ == 0) refuse("42804", "the multirange's type does not follow from its element's");
        return multirange_;
      case type::anycompatible:
      case type::anycompatiblenonarray:
        return common_;
      case type::anycompatiblearray:
        return array_of(common_);
      case type::anycompatiblerange:
        if (compatible_range_ == 0) refuse("42804", "the range's type does not follow from its element's");
        return compatible_range_;
      case type::anycompatiblemultirange:
        if (compatible_multirange_ == 0 && compatible_range_ != 0)
          compatible_multirange_ = universe_.at(compatible_range_).multirange;
        if (compatible_multirange_ == 0) refuse("42804", "the multirange's type does not follow from its element's");
        return compatible_multirange_;
      default:
        return result;
    }
  }

  const Universe& universe_;
  std::string wrong_;
  unsigned first_count_ = 0;
  bool second_ = false, unknown_ = false, not_array_ = false, enum_ = false;
  bool compatible_not_array_ = false, compatible_array_wanted_ = false, compatible_range_wanted_ = false,
       compatible_multirange_wanted_ = false;
  TypeId element_ = 0, array_ = 0, range_ = 0, multirange_ = 0;
  TypeId compatible_range_ = 0, compatible_multirange_ = 0, range_element_ = 0, common_ = 0;
  std::array<TypeId, most_arguments> compatible_{};
  std::size_t count_ = 0;

 public:
  // The candidate filter: no message is made of what does not fit.
  bool check() {
    if (array_ == type::anyarray) return element_ == 0;
    return agree_first(false) && kinds_fit() && agree_second();
  }
};

}  // namespace

bool consistent(const Universe& universe, std::span<const TypeId> actual, std::span<const TypeId> declared) {
  Families families(universe);
  return families.take(actual, declared) && families.check();
}

TypeId bind_polymorphic(const Universe& universe, std::span<const TypeId> actual, std::span<TypeId> declared,
                        TypeId result) {
  bool any = false;
  for (const auto each : declared) any = any || polymorphic(each);
  if (!any) return result;
  Families families(universe);
  if (!families.take(actual, declared)) refuse("42804", families.wrong());
  return families.bind(actual, declared, result);
}

}  // namespace mig::types
