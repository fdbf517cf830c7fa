// The walk over forms: reads any operation or step from the data that declares it. The grammar knows none by name.
#include "compiler/syntax/parse_rules.hpp"
#include "compiler/syntax/parsing.hpp"

namespace mig::syntax {
namespace {

using grammar::Part;

struct Walk {
  Parsing& parsing;
  std::uint32_t offset;
  std::vector<std::string_view> clauses;  // first words of the optional parts that were written
  int inside = 0;                         // optional parts, repetitions and choices around this place

  bool word(std::string_view text) {
    const auto& tokens = parsing.tokens();
    const auto token = tokens.index[offset];
    if (!tokens.is(tokens.list[token], text)) {
      if (parsing.recording()) parsing.expected->expect(offset, {text, false, true});
      return false;
    }
    const auto node = inside > 0 ? parsing.open(Kind::call_word, offset) : 0;
    offset = tokens.list[token + 1].begin;
    if (inside > 0) parsing.close(node, offset);
    return true;
  }

  bool hole(const Part& part) {
    const auto node = parsing.open(Kind::call_argument, offset);
    if (!read_argument(part.kind, parsing, offset)) {
      parsing.drop(node);
      return false;
    }
    parsing.nodes[node].data = static_cast<std::uint32_t>(parsing.holes.size());
    parsing.holes.push_back(&part);
    parsing.close(node, offset);
    return true;
  }

  // All of the sequence, or nothing.
  bool sequence(const std::vector<Part>& parts) {
    const auto begin = offset;
    const auto nodes = parsing.nodes.size();
    for (const auto& one : parts) {
      if (part(one)) continue;
      offset = begin;
      parsing.drop(nodes);
      return false;
    }
    return true;
  }

  bool group(const Part& part) {
    ++inside;
    bool matched = false;
    for (const auto& branch : part.branches) {
      const auto begin = offset;
      matched = sequence(branch);
      if (matched && part.is != Part::Is::choice && branch.front().is == Part::Is::word && offset > begin)
        clauses.push_back(branch.front().text);
      if (matched) break;
    }
    --inside;
    return matched;
  }

  bool part(const Part& one) {
    switch (one.is) {
      case Part::Is::word:
        return word(one.text);
      case Part::Is::hole:
        return hole(one);
      case Part::Is::choice:
        return group(one);
      case Part::Is::optional:
        (void)group(one);
        return true;
      case Part::Is::repeated:
        for (auto before = offset; group(one) && offset > before; before = offset) {
        }
        return true;
    }
    return false;
  }
};

bool read_end(Parsing& parsing, std::uint32_t& offset) {
  const auto& tokens = parsing.tokens();
  const auto token = tokens.index[offset];
  if (tokens.text_of(tokens.list[token]) == ";") {
    offset = tokens.list[token + 1].begin;
    return true;
  }
  if (parsing.recording()) parsing.expected->expect(offset, {";", false, false});
  return false;
}

bool read_form(Parsing& parsing, std::size_t index, std::uint32_t& offset) {
  const auto& form = parsing.verbs[index];
  const auto& tokens = parsing.tokens();
  const auto call = parsing.open(Kind::call, offset);
  parsing.nodes[call].data = static_cast<std::uint32_t>(index);
  const auto phrase = parsing.open(Kind::phrase, offset);
  Walk walk{parsing, tokens.list[tokens.index[offset] + form.phrase.size()].begin, {}};
  parsing.close(phrase, walk.offset);
  bool matched = walk.sequence(form.parts);
  if (matched) {
    if (parsing.recording() && parsing.expected->reach(walk.offset)) {
      parsing.expected->finished_form = index;
      parsing.expected->clauses = walk.clauses;
    }
    (void)read_loss(parsing, walk.offset);
    matched = read_end(parsing, walk.offset);
  }
  if (!matched) {
    parsing.drop(call);
    return false;
  }
  parsing.close(call, walk.offset);
  offset = walk.offset;
  return true;
}

}  // namespace

template <>
bool read<grammar::rules::operation>(Parsing& parsing, std::uint32_t& offset) {
  auto candidates = parsing.verbs.at(parsing.tokens(), parsing.tokens().index[offset]);
  if (parsing.steps_first) std::reverse(candidates.begin(), candidates.end());
  for (const auto index : candidates)
    if (read_form(parsing, index, offset)) return true;
  if (candidates.empty() && parsing.recording()) parsing.expected->expect(offset, {"an operation", true, false});
  return false;
}

}  // namespace mig::syntax
