// A scanner of PostgreSQL's lexical structure (manual 4.1), as far as names and strings need it.
#include "compiler/sql/words.hpp"

namespace mig::sql {

namespace {

bool name_begin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool digit(char c) { return c >= '0' && c <= '9'; }
bool name_part(char c) { return name_begin(c) || digit(c) || c == '$'; }
bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::vector<Word> run() {
    while (skip(), at_ < text_.size()) one();
    return std::move(words_);
  }

 private:
  [[nodiscard]] char look(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void jump(std::string_view close) {
    const auto found = text_.find(close, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + close.size();
  }
  void skip() {
    for (;;) {
      if (blank(look()))
        ++at_;
      else if (look() == '-' && look(1) == '-')
        jump("\n");
      else if (look() == '/' && look(1) == '*')
        jump("*/");
      else
        return;
    }
  }

  void one() {
    Word word;
    word.begin = at_;
    const char c = look();
    if ((c == 'E' || c == 'e') && look(1) == '\'') {
      ++at_;
      quoted(word, Word::Is::string, true);
    } else if (c == '\'') {
      quoted(word, Word::Is::string, false);
    } else if (c == '"') {
      quoted(word, Word::Is::name, false);
    } else if (name_begin(c)) {
      word.is = Word::Is::name;
      while (name_part(look())) word.value += lower(text_[at_++]);
    } else if (digit(c)) {
      word.is = Word::Is::number;
      while (name_part(look()) || (look() == '.' && digit(look(1)))) ++at_;
    } else if (c != '$' || !body(word)) {
      ++at_;
    }
    word.end = at_;
    words_.push_back(std::move(word));
  }

  void quoted(Word& word, Word::Is is, bool escapes) {
    word.is = is;
    const char quote = text_[at_++];
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) {
        if (look() != quote) return;
        ++at_;
      } else if (escapes && c == '\\' && at_ < text_.size()) {
        word.value += text_[at_++];
        continue;
      }
      word.value += c;
    }
  }

  bool body(Word& word) {
    auto end = at_ + 1;
    while (end < text_.size() && name_begin(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') return false;
    const auto tag = text_.substr(at_, end + 1 - at_);
    word.is = Word::Is::body;
    at_ = end + 1;
    jump(tag);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Word> words_;
};

}  // namespace

std::vector<Word> words(std::string_view text) { return Scan(text).run(); }

}  // namespace mig::sql
