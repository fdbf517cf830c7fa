// Where the objects of a snapshot's text stand: found by one walk over its lines without reading what they say.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/catalog/lines.hpp"

namespace mig::catalog {

// One object: its own line and, behind it, the lines of its parts.
struct Entry {
  lines::Order order;
  std::string_view kind, key;  // as written
  std::size_t begin = 0, end = 0;
};

class SnapshotIndex {
 public:
  SnapshotIndex() = default;
  // Walks over `text` after its head line. `problem` is set where a line has no place: "line 7 …".
  SnapshotIndex(std::string_view text, std::string& problem);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  // The entries from the first with this order's schema, relation and rank on.
  [[nodiscard]] const Entry* find(const lines::Order& order) const;
  // Entries whose lines hold `"field":"name…"`, by that name as written; made on first use.
  using Holders = std::unordered_map<std::string_view, std::vector<const Entry*>>;
  [[nodiscard]] const Holders& holders_of(std::string_view field) const;
  [[nodiscard]] std::size_t line_number(std::size_t offset) const;

 private:
  bool take(std::size_t begin, std::size_t end, std::string& problem);
  std::string_view text_;
  std::vector<Entry> entries_;
  mutable std::map<std::string, Holders, std::less<>> holders_;
};

// A name as it stands between the quotes of a JSON string.
[[nodiscard]] std::string json_name(const Name& name);

}  // namespace mig::catalog
