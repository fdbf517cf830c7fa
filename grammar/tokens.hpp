// PEGTL rules for single tokens. A token rule matches one token of the tokenised text and the space behind it, so
// that every rule begins at a token. The state S gives `tokens()` and is told of each miss (compiler/syntax).
#pragma once

#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "grammar/scan.hpp"

namespace mig::grammar::rules {

namespace pegtl = tao::pegtl;

// Text as a template argument: word<"select">. PEGTL's own TAO_PEGTL_KEYWORD expands to 512 arguments a use.
template <std::size_t N>
struct fixed {
  char text[N]{};
  consteval fixed(const char (&from)[N]) {  // NOLINT: implicit on purpose
    for (std::size_t i = 0; i < N; ++i) text[i] = from[i];
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

struct consumes_a_token {};  // what analyze() knows of token rules
struct consumes_nothing {};

// Matches where Rule::accepts(tokens, lexeme); a miss is told to the state as Rule::miss.
template <class Rule>
struct token {
  using rule_t = consumes_a_token;
  using subs_t = pegtl::empty_list;

  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class, template <class...> class, class In,
            class State>
  static bool match(In& in, State& state) {
    const auto& tokens = state.tokens();
    const auto offset = static_cast<std::uint32_t>(in.current() - tokens.text.data());
    const auto index = tokens.index[offset];
    if (tokens.list[index].token != Token::end && Rule::accepts(tokens, tokens.list[index])) {
      in.bump(tokens.list[index + 1].begin - offset);
      return true;
    }
    if (state.recording()) state.template missed<Rule>(offset);
    return false;
  }
};

// A keyword in this place only.
template <fixed S>
struct word : token<word<S>> {
  static constexpr std::string_view text = S.view();
  static bool accepts(const Tokens& tokens, const Lexeme& lexeme) {
    // Length and first letter first: most misses end here, without a call.
    return lexeme.token == Token::word && lexeme.end - lexeme.begin == text.size() &&
           (tokens.text[lexeme.begin] | 0x20) == text[0] && tokens.is(lexeme, text);
  }
};
// A keyword that the tree must know about: it makes a node.
template <fixed S>
struct flag : word<S> {};

// ( ) [ ] { } , ; . : :: := => and single operators with a meaning of their own: = * ? -> <->
template <fixed S>
struct sign : token<sign<S>> {
  static constexpr std::string_view text = S.view();
  static bool accepts(const Tokens& tokens, const Lexeme& lexeme) {
    if (lexeme.end - lexeme.begin != text.size() || tokens.text[lexeme.begin] != text[0]) return false;
    if (lexeme.token != Token::sign && lexeme.token != Token::op) return false;
    for (std::size_t i = 1; i < text.size(); ++i)
      if (tokens.text[lexeme.begin + i] != text[i]) return false;
    return true;
  }
};

// Such a sign that the tree must know about: it makes a node.
template <fixed S>
struct flag_sign : sign<S> {};

template <Token... T>
struct any_token {
  static bool accepts(const Tokens&, const Lexeme& lexeme) { return ((lexeme.token == T) || ...); }
};

// clang-format off
struct end_of_text {
  using rule_t = consumes_nothing;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class, template <class...> class, class In,
            class State>
  static bool match(In& in, State& state) {
    return state.tokens().at(static_cast<std::uint32_t>(in.current() - state.tokens().text.data())).token == Token::end;
  }
};

struct name : token<name> {
  static bool accepts(const Tokens&, const Lexeme& l) { return l.token == Token::quoted || (l.token == Token::word && !l.reserved); }
};
struct label : token<label>, any_token<Token::word, Token::quoted> { using any_token::accepts; };
struct function_name : token<function_name> {  // left, right … directly before `(`
  static bool accepts(const Tokens& tokens, const Lexeme& l) {
    return l.function_word && tokens.text_of((&l)[1]) == "(";
  }
};
struct string : token<string>, any_token<Token::string, Token::escaped> { using any_token::accepts; };
struct any_string : token<any_string>, any_token<Token::string, Token::escaped, Token::national, Token::bits, Token::body> { using any_token::accepts; };
struct body : token<body>, any_token<Token::body> { using any_token::accepts; };
struct number : token<number>, any_token<Token::number> { using any_token::accepts; };
struct operator_ : token<operator_>, any_token<Token::op> { using any_token::accepts; };
struct prefix_operator : token<prefix_operator> {  // all but those that PostgreSQL knows as infix only
  static bool accepts(const Tokens& tokens, const Lexeme& l) {
    if (l.token != Token::op) return false;
    for (const std::string_view infix : {"=", "<", ">", "<=", ">=", "<>", "!=", "*", "/", "%", "^"})
      if (tokens.text_of(l) == infix) return false;
    return true;
  }
};
struct integer : token<integer> {
  static bool accepts(const Tokens& tokens, const Lexeme& l) {
    return l.token == Token::number && tokens.text_of(l).find_first_not_of("0123456789") == std::string_view::npos;
  }
};
// clang-format on

// 250ms 0.5% 64MB: a number with one of these units on it, without space.
[[nodiscard]] constexpr bool unit(std::string_view text) {
  for (const std::string_view known : {"ms", "s", "min", "h", "d", "w", "kB", "MB", "GB", "TB"})
    if (text == known) return true;
  return false;
}
[[nodiscard]] constexpr std::size_t digits_of(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789.");
  return end == std::string_view::npos ? text.size() : end;
}
struct with_unit : token<with_unit> {
  static bool accepts(const Tokens& tokens, const Lexeme& lexeme) {
    const auto text = tokens.text_of(lexeme);
    return lexeme.token == Token::quantity && unit(text.substr(digits_of(text)));
  }
};
struct percent_number : token<percent_number> {
  static bool accepts(const Tokens& tokens, const Lexeme& lexeme) {
    const auto& next = (&lexeme)[1];
    return lexeme.token == Token::number && next.begin == lexeme.end && tokens.text_of(next) == "%";
  }
};
struct factor : token<factor> {  // 1.5x
  static bool accepts(const Tokens& tokens, const Lexeme& lexeme) {
    const auto text = tokens.text_of(lexeme);
    return lexeme.token == Token::quantity && text.substr(digits_of(text)) == "x";
  }
};

// A query up to the token that ends it, verbatim (libpg_query reads it).
struct query_text {
  using rule_t = consumes_a_token;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class, template <class...> class, class In,
            class State>
  static bool match(In& in, State& state) {
    const auto& tokens = state.tokens();
    const auto offset = static_cast<std::uint32_t>(in.current() - tokens.text.data());
    const auto end = query_end(tokens, tokens.index[offset]);
    if (end) in.bump(tokens.list[*end].begin - offset);
    return end.has_value();
  }
};

// rows between 1 preceding and current row: verbatim up to the `)` of its window.
struct frame_text {
  using rule_t = consumes_a_token;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class, template <class...> class, class In,
            class State>
  static bool match(In& in, State& state) {
    const auto& tokens = state.tokens();
    const auto offset = static_cast<std::uint32_t>(in.current() - tokens.text.data());
    const auto first = tokens.index[offset];
    bool begins = false;
    for (const std::string_view known : {"rows", "range", "groups"})
      begins = begins || tokens.is(tokens.list[first], known);
    if (begins) in.bump(tokens.list[end_of_query(tokens, first)].begin - offset);
    return begins;
  }
};

// The header of a step: its form text, all tokens up to `{`.
struct form_text {
  using rule_t = consumes_a_token;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class, template <class...> class, class In,
            class State>
  static bool match(In& in, State& state) {
    const auto& tokens = state.tokens();
    const auto offset = static_cast<std::uint32_t>(in.current() - tokens.text.data());
    auto last = tokens.index[offset];
    const auto ends = [&](const Lexeme& lexeme) {
      const auto text = tokens.text_of(lexeme);
      return lexeme.token == Token::end || text == "{" || text == "}" || text == ";";
    };
    while (!ends(tokens.list[last])) ++last;
    if (last == tokens.index[offset] || tokens.text_of(tokens.list[last]) != "{") return false;
    in.bump(tokens.list[last].begin - offset);
    return true;
  }
};

// Never matches: leaves words for the reader where a token of this kind stands.
template <Token T, fixed S>
struct hint : token<hint<T, S>> {
  static constexpr std::string_view text = S.view();
  static bool accepts(const Tokens&, const Lexeme&) { return false; }
  static bool applies(const Lexeme& lexeme) { return lexeme.token == T; }
};

}  // namespace mig::grammar::rules

namespace tao::pegtl {
template <typename Name>
struct analyze_traits<Name, mig::grammar::rules::consumes_a_token> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, mig::grammar::rules::consumes_nothing> : analyze_opt_traits<> {};
}  // namespace tao::pegtl
