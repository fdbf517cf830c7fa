// An expression in one normal form: what PostgreSQL's analysis would make of it, as far as that needs no catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::sql {

// One node. Kinds of their own meaning:
//   number string boolean null            constants; `text` is the value
//   cast                                  `text` is the type, one part
//   column call collate relation          `text` is the name, its parts joined by name_separator
//   operator prefix any all               `text` is the operator
//   and or not null? notnull? distinct    as they say; and/or are flat
//   array row case                        parts in order
// Every other node of PostgreSQL's tree keeps its name, with a part ".field" for each of its fields.
struct Tree {
  std::string kind;
  std::string text;
  std::vector<Tree> parts;
  friend bool operator==(const Tree&, const Tree&) = default;
};

inline constexpr char name_separator = '\x1f';

// The tree of an expression, of a table constraint (`CHECK (…)`) or of a statement; nullopt where none of them parses,
// or where it is nested more deeply than anybody writes.
[[nodiscard]] std::optional<Tree> normal_tree(std::string_view text);

}  // namespace mig::sql
