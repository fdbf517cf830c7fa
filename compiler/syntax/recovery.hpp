// After a mistake: what to say about it, and where to go on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/syntax/parsing.hpp"

namespace mig::syntax {

// What kind of items stand in a block: decides what a line that begins the next item looks like.
enum class Items { file, sections, phase, map, back, assignments, rules, expects, fields, values, examples };

// The words that begin an item there, besides verb phrases.
[[nodiscard]] const std::vector<std::string>& item_words(Items items);

// Does an item of this kind begin at the token? Sure signs only: a known word or phrase, or `name =` in a map.
[[nodiscard]] bool begins_item(const Parsing& parsing, Items items, std::size_t token);

// Does something begin here that cannot stand in this block but in one around it? Then a `}` is missing.
[[nodiscard]] bool belongs_outside(const Parsing& parsing, Items items, std::size_t token);

// Reports the mistake of the item that begins at `begin`, from what was expected at the furthest token.
void report(Parsing& parsing, const Expectations& expected, Items items, std::uint32_t begin);
void report_too_deep(Parsing& parsing, std::uint32_t offset);

// Where to go on after a mistake at `from` in the item at `begin`: behind its `;` or closing `}`, at a `}` that is not
// its own, or at a line that begins the next item. Always behind `begin`, and never before `from`. When the item's own
// block `{` follows and `enter` is set, `block` is set and the offset is that of the `{`.
struct Resume {
  std::uint32_t offset = 0;
  bool block = false;
};
[[nodiscard]] Resume resume(const Parsing& parsing, Items items, std::uint32_t begin, std::uint32_t from, bool enter);

// The kind of items in the block that this first word heads, e.g. `expand`; nullopt: it heads none.
[[nodiscard]] std::optional<Items> block_of(std::string_view word);

}  // namespace mig::syntax
