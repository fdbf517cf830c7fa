// A hash table of 64-bit keys to small values in one block of memory: for look-ups in the inner loop. 0 is no key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mig::types {

template <class Value>
class FlatMap {
 public:
  void put(std::uint64_t key, Value value) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    auto& slot = slots_[place(key)];
    if (slot.key == 0) ++count_;
    slot = {key, value};
  }
  // nullptr: not there.
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const auto& slot = slots_[place(key)];
    return slot.key == key ? &slot.value : nullptr;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Value value{};
  };
  [[nodiscard]] std::size_t place(std::uint64_t key) const {
    const auto mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20) & mask;
    while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    auto old = std::move(slots_);
    slots_ = std::vector<Slot>(old.empty() ? 64 : old.size() * 2);
    for (const auto& slot : old)
      if (slot.key != 0) slots_[place(slot.key)] = slot;
  }
  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace mig::types
