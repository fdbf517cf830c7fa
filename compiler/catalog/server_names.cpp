// A scanner for names: no tree is needed, since the server qualifies everything that is not its own.
#include "compiler/catalog/server_names.hpp"

#include <optional>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

namespace {

bool word_begin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool word_part(char c) { return word_begin(c) || (c >= '0' && c <= '9') || c == '$'; }

class Scan {
 public:
  explicit Scan(const std::string& text) : text_(text) {}

  std::vector<NameAt> run() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\'') return string();
    if (c == '$') return body();
    if (word_begin(c) || c == '"') return name();
    if (!word_part(c)) return void(++at_);
    while (at_ < text_.size() && word_part(text_[at_])) ++at_;  // a number
  }

  void string() {
    const auto begin = at_;
    std::string inside;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'' && (++at_ >= text_.size() || text_[at_] != '\'')) break;
      inside += text_[at_];
    }
    if (text_.compare(at_, 5, "::reg") != 0) return;
    const auto parts = parse_name(inside);
    if (parts && parts->size() == 2)
      found_.push_back({begin, at_, {parts->front(), parts->back()}, NameAt::As::constant});
  }

  // $tag$ … $tag$, or a parameter.
  void body() {
    auto end = at_ + 1;
    while (end < text_.size() && word_begin(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') return void(at_ = end);
    const auto tag = text_.substr(at_, end + 1 - at_);
    const auto close = text_.find(tag, end + 1);
    at_ = close == std::string::npos ? end + 1 : close + tag.size();
  }

  std::string ident() {
    std::string made;
    if (text_[at_] != '"') {
      while (at_ < text_.size() && word_part(text_[at_])) made += text_[at_++];
      return made;
    }
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"' && (++at_ >= text_.size() || text_[at_] != '"')) break;
      made += text_[at_];
    }
    return made;
  }
  [[nodiscard]] bool begins_name(std::size_t at) const {
    return at < text_.size() && (word_begin(text_[at]) || text_[at] == '"');
  }

  void name() {
    const auto begin = at_;
    std::vector<std::string> parts{ident()};
    while (at_ < text_.size() && text_[at_] == '.' && begins_name(at_ + 1)) {
      ++at_;
      parts.push_back(ident());
    }
    if (parts.size() != 2) return;
    const bool called = at_ < text_.size() && text_[at_] == '(';
    found_.push_back({begin, at_, {parts[0], parts[1]}, called ? NameAt::As::call : NameAt::As::name});
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::vector<NameAt> found_;
};

bool wanted(const NameAt& at, const Name& name, Places places) {
  if (at.name != name) return false;
  if (places == Places::calls) return at.as == NameAt::As::call;
  if (places == Places::constants) return at.as == NameAt::As::constant;
  return at.as != NameAt::As::call;
}

// Most texts name nothing of the kind: said without reading them.
bool may_name(const std::string& text, const Name& name) {
  return text.find(sql::quote_ident(name.name)) != std::string::npos || text.find("::reg") != std::string::npos;
}

}  // namespace

std::vector<NameAt> names_in(const std::string& text) { return Scan(text).run(); }

bool names(const std::string& text, const Name& name, Places places) {
  if (!may_name(text, name)) return false;
  for (const auto& at : names_in(text))
    if (wanted(at, name, places)) return true;
  return false;
}

void rename_in(std::string& text, const Name& from, const Name& to, Places places) {
  if (!may_name(text, from)) return;
  std::string made;
  std::size_t done = 0;
  for (const auto& at : names_in(text)) {
    if (!wanted(at, from, places)) continue;
    made.append(text, done, at.begin - done);
    made.append(at.as == NameAt::As::constant ? sql::quote_literal(to.text()) : to.text());
    done = at.end;
  }
  if (done != 0) text = made.append(text, done);
}

}  // namespace mig::catalog
