// Names folded as PostgreSQL folds them, strings decoded, numbers as written.
#include "compiler/syntax/build.hpp"

namespace mig::syntax {
namespace {

using grammar::Token;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string folded(std::string_view text) {
  std::string made(text);
  for (auto& c : made) c = lower(c);
  return made;
}

// The text between quotes, a doubled quote being one.
std::string unquoted(std::string_view text, char quote) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    made += text[i];
    if (text[i] == quote) ++i;
  }
  return made;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80U) {
    out += static_cast<char>(code);
  } else if (code < 0x800U) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000U) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 99;
}

// E'…': the escapes of PostgreSQL's lexer. `good` is false for one that makes no character.
struct Escapes {
  std::string_view text;
  bool good = true;
  std::string made{};
  std::size_t at = 0;

  // Up to `most` digits of the base behind `at`.
  std::uint32_t digits(int base, std::size_t most, std::size_t& count) {
    std::uint32_t value = 0;
    for (count = 0; count < most && at < text.size() && digit_value(text[at]) < base; ++count, ++at)
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(text[at]));
    return value;
  }

  void unicode(std::size_t width) {
    std::size_t count = 0;
    auto code = digits(16, width, count);
    good = good && count == width;
    // A surrogate pair is one character.
    if (code >= 0xD800U && code <= 0xDBFFU && text.substr(at, 2) == "\\u") {
      at += 2;
      const auto low = digits(16, 4, count);
      good = good && count == 4 && low >= 0xDC00U && low <= 0xDFFFU;
      code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
    }
    good = good && code != 0 && code <= 0x10FFFFU && !(code >= 0xD800U && code <= 0xDFFFU);
    if (good) append_utf8(made, code);
  }

  void byte(int base, std::size_t most) {
    std::size_t count = 0;
    const auto value = digits(base, most, count);
    // Bytes beyond ASCII would have to make UTF-8 with their neighbours: \u does that better.
    good = good && count > 0 && value > 0 && value < 0x80U;
    made += static_cast<char>(value & 0x7FU);
  }

  void escape() {
    const auto c = text[at++];
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view meant = "\b\f\n\r\t";
    const auto letter = letters.find(c);
    if (letter != std::string_view::npos) {
      made += meant[letter];
    } else if (c == 'u') {
      unicode(4);
    } else if (c == 'U') {
      unicode(8);
    } else if (c == 'x' && at < text.size() && digit_value(text[at]) < 16) {
      byte(16, 2);
    } else if (c >= '0' && c <= '7') {
      --at;
      byte(8, 3);
    } else {
      made += c;
    }
  }

  std::string decode() {
    while (at < text.size()) {
      const auto c = text[at++];
      if (c == '\\' && at < text.size()) {
        escape();
      } else {
        made += c;
        if (c == '\'') ++at;
      }
    }
    return std::move(made);
  }
};

std::string_view body_text(std::string_view token) {
  const auto head = token.find('$', 1) + 1;
  return token.substr(head, token.size() - 2 * head);
}

}  // namespace

std::optional<std::size_t> Builder::child(std::size_t node, Kind wanted) const {
  for (const auto one : children(node))
    if (kind(one) == wanted) return one;
  return std::nullopt;
}

std::vector<std::size_t> Builder::all(std::size_t node, Kind wanted) const {
  std::vector<std::size_t> found;
  for (const auto one : children(node))
    if (kind(one) == wanted) found.push_back(one);
  return found;
}

std::string Builder::words(std::size_t node) const {
  const auto& tokens = parsing_.tokens();
  const auto& at = parsing_.nodes[node];
  std::string made;
  bool after_word = false;
  for (auto i = tokens.index[at.begin]; tokens.list[i].begin < at.end; ++i) {
    const auto& lexeme = tokens.list[i];
    const bool is_word = lexeme.token == Token::word;
    if (after_word && (is_word || lexeme.token == Token::quoted || lexeme.token == Token::op)) made += ' ';
    made += is_word ? folded(tokens.text_of(lexeme)) : std::string(tokens.text_of(lexeme));
    after_word = is_word;
  }
  return made;
}

bool Builder::has_flag(std::size_t node, std::string_view word) const {
  for (const auto one : children(node))
    if (kind(one) == Kind::flag && grammar::equal_fold(text(one), word)) return true;
  return false;
}

void Builder::problem(source::Span where, std::string message, std::string way_out) {
  parsing_.sink.report(diagnostics::syntax_error, where, std::move(message)).note(std::move(way_out));
}

Name Builder::name(std::size_t node) {
  const auto written = text(node);
  Name made{{}, written.front() == '"', span(node)};
  if (!made.quoted) {
    made.text = folded(written);
    return made;
  }
  made.text = unquoted(written.substr(1, written.size() - 2), '"');
  if (made.text.empty()) problem(made.span, "a name without characters", "write: a name between the quotes");
  return made;
}

Name Builder::label_as_written(std::size_t node) {
  auto made = name(node);
  if (!made.quoted) made.text = std::string(text(node));
  return made;
}

std::optional<Name> Builder::optional_name(std::size_t parent) {
  const auto node = child(parent, Kind::name);
  if (!node) return std::nullopt;
  return name(*node);
}

Path Builder::path(std::size_t node) {
  Path made;
  made.span = span(node);
  for (const auto part : children(node)) made.parts.push_back(name(part));
  return made;
}

std::vector<Name> Builder::names(std::size_t node) {
  std::vector<Name> made;
  for (const auto one : children(node)) made.push_back(name(one));
  return made;
}

std::vector<Path> Builder::paths(std::size_t node) {
  std::vector<Path> made;
  for (const auto one : children(node)) made.push_back(path(one));
  return made;
}

std::vector<Name> Builder::names_in(std::size_t parent) {
  const auto node = child(parent, Kind::names);
  return node ? names(*node) : std::vector<Name>{};
}

Text Builder::string(std::size_t node) {
  const auto written = text(node);
  Text made{{}, span(node)};
  switch (parsing_.at(made.span.begin).token) {
    case Token::escaped: {
      Escapes escapes{written.substr(2, written.size() - 3)};
      made.value = escapes.decode();
      if (!escapes.good)
        problem(made.span, "an escape in this string makes no character", "write: \\n, \\\\, \\', \\x41 or \\u00e9");
      break;
    }
    case Token::national:
      made.value = unquoted(written.substr(2, written.size() - 3), '\'');
      break;
    case Token::body:
      made.value = std::string(body_text(written));
      break;
    case Token::bits:
      made.value = std::string(written);
      break;
    default:
      made.value = unquoted(written.substr(1, written.size() - 2), '\'');
  }
  return made;
}

std::optional<Text> Builder::optional_string(std::size_t parent) {
  const auto node = child(parent, Kind::string);
  if (!node) return std::nullopt;
  return string(*node);
}

Number Builder::number(std::size_t node) const { return {words(node), span(node)}; }

Quantity Builder::quantity(std::size_t node) const {
  const auto written = words(node);
  const auto end = written.find_first_not_of("0123456789.");
  if (end == std::string::npos) return {written, "", span(node)};
  return {written.substr(0, end), written.substr(end), span(node)};
}

Body Builder::body(std::size_t node) const {
  const auto written = text(node);
  const auto inner = body_text(written);
  const auto begin = parsing_.nodes[node].begin + static_cast<std::uint32_t>(inner.data() - written.data());
  return {std::string(inner), parsing_.span(begin, begin + static_cast<std::uint32_t>(inner.size()))};
}

Query Builder::query(std::size_t node) const { return {std::string(text(node)), span(node)}; }

Word Builder::word(std::size_t node) const { return {words(node), span(node)}; }

std::optional<Text> Builder::loss_in(std::size_t parent) {
  const auto node = child(parent, Kind::loss);
  if (!node) return std::nullopt;
  return optional_string(*node);
}

}  // namespace mig::syntax
