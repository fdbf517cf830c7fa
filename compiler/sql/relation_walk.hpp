// Walks PostgreSQL's tree by its scopes: which range each column belongs to, innermost query first.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mig::sql::tree {

using nlohmann::json;

// An item of a FROM list: what columns of it are qualified by.
struct Range {
  const json* node;
  std::string name;
  bool aliased;
};

[[nodiscard]] std::string word(const json& node, const char* key);

// Walks a tree and tells of each relation and each qualified column, with the range that it belongs to.
class Walk {
 public:
  std::function<void(json& relation, const Range* range)> on_relation;
  std::function<void(json& other)> on_other;  // a range that is no relation: subquery, function, join with an alias
  std::function<void(json& column, const Range* range)> on_column;
  std::function<void(json& column)> on_bare = [](json&) {};      // a column without a range
  std::function<void(json& target)> on_target = [](json&) {};    // what a query shows, or a written column
  std::function<void(json& statement)> on_write = [](json&) {};  // INSERT, UPDATE

  void visit(json& node);
  // All ranges around this place.
  [[nodiscard]] std::vector<const Range*> ranges() const;
  [[nodiscard]] const Range* find(const std::string& name) const;

 private:
  void open(const json& node);
  void collect(const json& node);
  [[nodiscard]] const Range* range_of(const json& node) const;
  void column(json& node);

  std::vector<std::vector<Range>> scopes_;
};

// Places differ between texts that say the same.
void forget_places(json& node);

// A place in a text that gets another one.
struct Edit {
  std::size_t begin, end;
  std::string text;
};
[[nodiscard]] std::string spliced(std::string_view text, std::vector<Edit> edits);

// The end of the identifier that begins here.
[[nodiscard]] std::size_t ident_end(std::string_view text, std::size_t at);

}  // namespace mig::sql::tree
