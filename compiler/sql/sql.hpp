// Typed SQL fragments: the only way to make SQL text. A bare string does not compile into a statement.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace mig::sql {

// An identifier; printed quoted where PostgreSQL needs it (quote_ident's rule: manual 4.1.1, reserved words of the
// newest supported major).
struct Ident {
  std::string name;
};

// schema.name; an empty schema prints the bare name.
struct Qualified {
  std::string schema;
  std::string name;
};

// A string constant; printed as '…', with '' for quotes and E'…' where a backslash stands in it.
struct Literal {
  std::string value;
};

// Finished SQL text, made only by sql(), join() and verbatim().
class Fragment {
 public:
  Fragment() = default;
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend bool operator==(const Fragment&, const Fragment&) = default;

 private:
  explicit Fragment(std::string text) : text_(std::move(text)) {}
  friend Fragment make(std::string_view pattern, std::initializer_list<Fragment> arguments);
  friend Fragment join(const std::vector<Fragment>& parts, std::string_view separator);
  friend Fragment fragment(const Ident& ident);
  friend Fragment fragment(const Qualified& name);
  friend Fragment fragment(const Literal& literal);
  friend Fragment fragment(long long number);
  friend Fragment verbatim(std::string text);
  std::string text_;
};

[[nodiscard]] Fragment fragment(const Ident& ident);
[[nodiscard]] Fragment fragment(const Qualified& name);
[[nodiscard]] Fragment fragment(const Literal& literal);
[[nodiscard]] Fragment fragment(long long number);
[[nodiscard]] inline const Fragment& fragment(const Fragment& f) { return f; }

// The one named door for SQL that a user wrote or that the server printed (pg_get_…def, format_type, plan.json).
// Nothing else may call it: the callers are listed by a test.
[[nodiscard]] Fragment verbatim(std::string text);

// How many arguments a pattern takes: its `{}`; `{{` and `}}` stand for braces. npos: a single brace.
[[nodiscard]] constexpr std::size_t holes(std::string_view pattern) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' && pattern[i] != '}') continue;
    if (i + 1 == pattern.size()) return std::string_view::npos;
    const bool hole = pattern[i] == '{' && pattern[i + 1] == '}';
    if (!hole && pattern[i + 1] != pattern[i]) return std::string_view::npos;
    if (hole) ++found;
    ++i;
  }
  return found;
}

// A pattern known at compile time: its text is the program's, never a user's. Too few or too many `{}` do not compile.
template <class... Arguments>
struct Pattern {
  std::string_view text;
  template <std::size_t N>
  consteval Pattern(const char (&literal)[N]) : text(literal, N - 1) {  // NOLINT: implicit on purpose
    if (holes(text) != sizeof...(Arguments)) throw "the pattern has another number of {} than there are arguments";
  }
};

[[nodiscard]] Fragment make(std::string_view pattern, std::initializer_list<Fragment> arguments);

// sql("ALTER TABLE {} DROP COLUMN {}", Qualified{…}, Ident{…}): each {} takes the next argument.
template <class... Arguments>
[[nodiscard]] Fragment sql(Pattern<std::type_identity_t<Arguments>...> pattern, const Arguments&... arguments) {
  return make(pattern.text, {fragment(arguments)...});
}

[[nodiscard]] Fragment join(const std::vector<Fragment>& parts, std::string_view separator);

// Quoted only where needed, as quote_ident does. `a`, `"Order"`, `"select"`.
[[nodiscard]] std::string quote_ident(std::string_view name);
[[nodiscard]] std::string quote_literal(std::string_view value);
// schema.name as a person reads it (public is kept; an empty schema is left out).
[[nodiscard]] std::string display(const Qualified& name);
// True for PostgreSQL's reserved words (and those reserved for functions or types), which need quotes as names.
[[nodiscard]] bool is_reserved(std::string_view lower_case_word);
// True for every word that quote_ident quotes: the reserved ones, and those that only columns may be named by.
[[nodiscard]] bool is_keyword(std::string_view lower_case_word);

// PostgreSQL truncates names to 63 bytes (NAMEDATALEN - 1); the server's makeObjectName rule for generated names:
// shortens the longer of the two parts, at a character boundary of UTF-8.
inline constexpr std::size_t max_name = 63;
[[nodiscard]] std::string object_name(std::string_view name1, std::string_view name2, std::string_view label);

}  // namespace mig::sql
