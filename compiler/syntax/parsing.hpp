// The state of one parse: tokens, nodes, vocabulary, and (on the second reading of a broken item) what was expected.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/syntax/node.hpp"
#include "grammar/form.hpp"
#include "grammar/scan.hpp"

namespace mig::syntax {

// Nested deeper than this, a text is refused: the parser and every later pass recurse over it.
inline constexpr int deepest = 200;
struct TooDeep {
  std::uint32_t offset;
};

// What was expected at the furthest token that was reached.
struct Expectations {
  struct One {
    std::string_view text;
    bool sentence = false;  // words of ours, else a keyword or sign of the language
    bool keyword = false;
  };
  std::uint32_t furthest = 0;
  std::vector<One> list;
  std::vector<std::string_view> words;  // all keywords, also those that only continue something: for did-you-mean
  std::vector<std::string_view> hints;
  std::optional<std::size_t> finished_form;  // a call that is complete here but for its `;`
  std::vector<std::string_view> clauses;     // its clauses that were written

  bool reach(std::uint32_t offset);
  void expect(std::uint32_t offset, One one);
  // A rule that began here at `mark` failed at its first token: its sentence stands for all that it tried.
  void summarise(std::uint32_t offset, std::size_t mark, const char* sentence);
  [[nodiscard]] std::size_t mark(std::uint32_t offset) const { return offset == furthest ? list.size() : 0; }
};

// The forms by their first word, longest phrase first. An index counts the vocabulary's forms, then the file's own.
class Verbs {
 public:
  explicit Verbs(const grammar::Vocabulary& vocabulary);
  void add(grammar::Form form);
  [[nodiscard]] const grammar::Form& operator[](std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return forms_.size() + own_.size(); }
  // The forms with the longest phrase that stands at this token, in the order of the vocabulary.
  [[nodiscard]] std::vector<std::size_t> at(const grammar::Tokens& tokens, std::size_t token) const;
  [[nodiscard]] bool begins(const grammar::Tokens& tokens, std::size_t token) const;

 private:
  void index(std::size_t form);
  const std::vector<grammar::Form>& forms_;
  std::vector<std::unique_ptr<grammar::Form>> own_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_word_;
};

// Tokens in, nodes out; the state that PEGTL hands to every rule.
class Parsing {
 public:
  Parsing(const source::Files& files, std::uint32_t file, const grammar::Vocabulary& vocabulary,
          diagnostics::Sink& sink);

  [[nodiscard]] const grammar::Tokens& tokens() const { return tokens_; }
  [[nodiscard]] std::string_view text() const { return tokens_.text; }
  [[nodiscard]] std::string_view text(const Node& node) const {
    return tokens_.text.substr(node.begin, node.end - node.begin);
  }
  [[nodiscard]] const grammar::Lexeme& at(std::uint32_t offset) const { return tokens_.at(offset); }
  // Where the token before this offset ends: the end of what was read so far, without space.
  [[nodiscard]] std::uint32_t read_to(std::uint32_t offset) const {
    const auto index = tokens_.index[offset];
    return index == 0 ? offset : tokens_.list[index - 1].end;
  }
  [[nodiscard]] source::Span span(std::uint32_t begin, std::uint32_t end) const { return {file, begin, end}; }
  [[nodiscard]] source::Span span(const Node& node) const { return {file, node.begin, node.end}; }

  // Nodes. `open` before the rule, then `close` or `drop`.
  std::size_t open(Kind kind, std::uint32_t offset) {
    nodes.push_back({kind, offset, offset, 0, 0});
    return nodes.size() - 1;
  }
  void close(std::size_t node, std::uint32_t offset) {
    nodes[node].end = std::max(nodes[node].begin, read_to(offset));
    nodes[node].next = static_cast<std::uint32_t>(nodes.size());
  }
  void drop(std::size_t node) { nodes.resize(node); }

  [[nodiscard]] bool recording() const { return expected != nullptr; }
  template <class Rule>
  void missed(std::uint32_t offset);  // in parse_control.hpp

  const source::Files& files;
  std::uint32_t file;
  diagnostics::Sink& sink;
  Verbs verbs;
  std::vector<Node> nodes;
  std::vector<const grammar::Part*> holes;
  Expectations* expected = nullptr;
  int depth = 0;
  bool in_step = false;      // in a step's body a phrase means the operation
  bool unclosed = false;     // a block that the end of the file closes was reported
  bool steps_first = false;  // directly in a migration a phrase means the step, inside a phase the operation

 private:
  grammar::Tokens tokens_;
};

// Counts nesting; throws TooDeep.
class Nested {
 public:
  Nested(Parsing& parsing, std::uint32_t offset) : parsing_(parsing) {
    if (++parsing_.depth > deepest) {
      --parsing_.depth;
      throw TooDeep{offset};
    }
  }
  ~Nested() { --parsing_.depth; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  Parsing& parsing_;
};

}  // namespace mig::syntax
