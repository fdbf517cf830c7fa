// Where lines break: the author's breaks are kept, an item begins a line, `{` stands on its head's line.
#include "compiler/syntax/format_lines.hpp"

#include <algorithm>
#include <utility>

#include "compiler/diagnostics/width.hpp"

namespace mig::syntax {

namespace {

constexpr unsigned step = 2;
constexpr unsigned deepest = 160;  // no line begins further right: the text stays in proportion to what was written

// An open bracket.
struct Open {
  std::string_view sign;
  bool in_line = false;   // of `{`: its block stands in one line
  bool hanging = false;   // of ( and [: what follows on its line sets the indent
  bool query = false;     // its lines are those of a query: no further indent
  bool columns = false;   // the list of a create: its elements are definitions
  unsigned indent = 0;    // of lines inside
  unsigned outer = 0;     // of the closing bracket
  std::string_view head;  // of `{`: the first word of what it belongs to
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool opens(const Piece& piece) { return piece.is("(") || piece.is("[") || piece.is("{"); }
bool closes(const Piece& piece) { return piece.is(")") || piece.is("]") || piece.is("}"); }
std::string_view opener_of(const Piece& piece) { return piece.is(")") ? "(" : piece.is("]") ? "[" : "{"; }

// For each {: does its block stand in one line, with no line end up to its }?
std::vector<bool> one_line_blocks(const std::vector<Piece>& all) {
  std::vector<bool> result(all.size(), false);
  std::vector<std::pair<std::size_t, unsigned>> open;  // where, and how many line ends before
  unsigned breaks = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    breaks += all[i].breaks_before;
    if (all[i].is("{")) open.emplace_back(i, breaks);
    if (!all[i].is("}") || open.empty()) continue;
    result[open.back().first] = open.back().second == breaks;
    open.pop_back();
  }
  return result;
}

class Layout {
 public:
  explicit Layout(const std::vector<Piece>& all) : all_(all), one_line_(one_line_blocks(all)) {}

  std::vector<Line> run() {
    for (at_ = 0; at_ < all_.size(); ++at_) place();
    finish_line();
    return std::move(lines_);
  }

 private:
  [[nodiscard]] const Piece& piece() const { return all_[at_]; }
  [[nodiscard]] bool in_block() const { return open_.empty() || open_.back().sign == "{"; }
  // The innermost block; null at the top of the file.
  [[nodiscard]] const Open* block() const { return blocks_.empty() ? nullptr : &open_[blocks_.back()]; }
  [[nodiscard]] bool in_line() const { return block() != nullptr && block()->in_line; }
  [[nodiscard]] std::string_view head() const { return block() != nullptr ? block()->head : std::string_view{}; }
  // Where the items of the innermost block begin.
  [[nodiscard]] unsigned item_indent() const { return block() != nullptr ? block()->indent : 0; }

  void place() {
    const unsigned breaks = at_ == 0 ? 0 : breaks_before();
    if (closes(piece())) close();
    if (at_ == 0 || breaks > 0) begin_line(breaks > 1);
    append();
    if (opens(piece())) open();
    if (piece().kind != TokenKind::comment) after_significant();
  }

  // 0: on the same line; 1: a new line; 2: after an empty one.
  [[nodiscard]] unsigned breaks_before() const {
    const auto& last = all_[at_ - 1];
    const unsigned written = std::min(piece().breaks_before, 2U);
    const unsigned forced = last.is_line_comment() ? 1 : 0;
    if (piece().kind == TokenKind::comment) return comment_breaks(written);
    if (in_line()) return forced;
    if (piece().is("}") && block() != nullptr) return last.is("{") ? forced : 1;
    if (piece().is(";") && in_block()) return forced;
    if (piece().is("{"))
      return last.is("[") || last.is(",") || last.is("(") || begins_item_ ? std::max(forced, keep(written)) : forced;
    if (begins_item_) return std::max(1U, written);
    return std::max(forced, keep(written));
  }

  [[nodiscard]] unsigned comment_breaks(unsigned written) const {
    const unsigned forced = all_[at_ - 1].is_line_comment() ? 1 : 0;
    if (begins_item_) return std::max(forced, written);
    return std::max(forced, keep(written));
  }

  // Inside an item an empty line says something only between the lines of a list.
  [[nodiscard]] unsigned keep(unsigned written) const {
    const bool list = !in_block() && !closes(piece()) && !opens(all_[at_ - 1]);
    return list ? written : std::min(written, 1U);
  }

  void begin_line(bool blank_before) {
    finish_line();
    lines_.push_back({});
    auto& line = lines_.back();
    line.blank_before = blank_before && lines_.size() > 1;
    line.indent = indent();
    column_ = line.indent;
    first_ = at_;
    starts_item_ = begins_item_;
    head_ = head();
    starts_element_ = !in_block() && open_.back().columns && begins_element_;
    depth_ = open_.size();
    split_at_.clear();
  }

  [[nodiscard]] unsigned indent() const {
    if (closed_) return closed_->outer;
    if (in_block()) return begins_item_ ? item_indent() : item_indent() + step;
    const auto& list = open_.back();
    const bool goes_on = !begins_element_ && !list.hanging && !list.query;
    return list.indent + (goes_on ? step : 0);
  }

  void append() {
    auto& line = lines_.back();
    const bool first = first_ == at_;
    if (!first && piece().is_line_comment()) {
      line.comment = piece().text;
      return;
    }
    const bool apart = !first && is_apart(all_[at_ - 1], piece());
    if (apart) line.text += ' ';
    split_at_.push_back(line.text.size());
    line.text += piece().text;
    const auto last = piece().text.rfind('\n');
    const bool one_line = last == std::string_view::npos;
    column_ = one_line ? column_ + (apart ? 1 : 0) : 0;
    column_ += diagnostics::display_width(one_line ? piece().text : piece().text.substr(last + 1));
  }

  void open() {
    const auto* inside = at_ + 1 < all_.size() ? &all_[at_ + 1] : nullptr;
    Open made;
    made.sign = piece().text;
    made.outer = piece().is("{") && in_block() ? item_indent() : lines_.back().indent;
    made.indent = std::min(made.outer + step, deepest);
    if (piece().is("{")) {
      made.in_line = one_line_[at_];
      made.head = head() == "source" ? head() : item_head_;
    } else if (inside != nullptr) {
      made.hanging = inside->breaks_before == 0 && !inside->is_line_comment() && column_ <= deepest;
      made.query = is_one_of(inside->text, {"select", "with", "values", "table"});
      made.columns = !made.hanging && in_block() && item_head_ == "create";
      if (made.hanging) made.indent = column_;
    }
    if (piece().is("{")) blocks_.push_back(open_.size());
    open_.push_back(made);
  }

  // A } closes all that is open in its block; a ) or ] closes only what was opened last.
  void close() {
    closed_.reset();
    if (piece().is("}")) {
      if (blocks_.empty()) return;
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(blocks_.back()) + 1, open_.end());
      blocks_.pop_back();
    } else if (open_.empty() || open_.back().sign != opener_of(piece())) {
      return;
    }
    closed_ = open_.back();
    open_.pop_back();
  }

  void after_significant() {
    const bool ended_block = piece().is("}") && closed_ && !goes_on_after_block();
    closed_.reset();
    begins_element_ = opens(piece()) || piece().is(",");
    if (begins_item_ && !closes(piece())) item_head_ = piece().text;
    begins_item_ = (piece().is(";") && in_block()) || piece().is("{") || (ended_block && in_block());
  }

  // `tasks [ { … } ];`, `address { … } ? secret;`
  [[nodiscard]] bool goes_on_after_block() const {
    auto i = at_ + 1;
    while (i < all_.size() && all_[i].kind == TokenKind::comment) ++i;
    return i < all_.size() && is_one_of(all_[i].text, {";", "]", ")", ",", "?", "secret", "from"});
  }

  // A line takes part in alignment if it holds a whole item or element.
  void finish_line() {
    if (lines_.empty()) return;
    auto& line = lines_.back();
    if (all_[first_].kind == TokenKind::comment) {
      if (first_ + 1 == at_) line.column = Column::comment;
      return;
    }
    if (line.text.find('\n') != std::string::npos || open_.size() + (closed_ ? 1 : 0) != depth_) return;
    const auto last = last_of_line();
    const bool whole_item = starts_item_ && all_[last].is(";");
    const bool whole_element = starts_element_ && (all_[last].is(",") || closed_);
    if (whole_item || whole_element) line.column = Column::other;
    if (whole_item) classify_item(line);
    if (whole_element) classify_element(line);
  }

  [[nodiscard]] std::size_t last_of_line() const {
    auto last = at_ - 1;
    while (last > first_ && all_[last].kind == TokenKind::comment) --last;
    return last;
  }

  void split(Line& line, Column column, std::size_t token) {
    if (token >= split_at_.size()) return;
    line.column = column;
    line.split = split_at_[token];
  }

  void classify_item(Line& line) {
    const auto* first = &all_[first_];
    const auto count = last_of_line() + 1 - first_;
    if (count < 3) return;
    if (first[0].is_name() && first[1].is("=")) return split(line, Column::assignment, 1);
    if (head_ == "values" && (first[1].is("->") || first[1].is("<->"))) return split(line, Column::pair, 1);
    const bool type = first[1].is_name() || first[1].is("[") || first[1].is("{");
    if (head_ == "source" && first[0].is_name() && type) return split(line, Column::definition, 1);
    if (!first[0].is("add") || !first[1].is("column")) return;
    std::size_t name = 2;
    while (name + 2 < count && first[name + 1].is(".")) name += 2;
    if (name + 1 < count && first[name].is_name()) split(line, Column::added_column, name + 1);
  }

  void classify_element(Line& line) {
    const auto* first = &all_[first_];
    if (last_of_line() < first_ + 1 || !first[0].is_name() || !first[1].is_name()) return;
    const bool constraint =
        first[0].kind == TokenKind::word &&
        is_one_of(first[0].text, {"primary", "unique", "check", "foreign", "constraint", "exclude", "like"});
    if (!constraint) split(line, Column::definition, 1);
  }

  const std::vector<Piece>& all_;
  std::vector<bool> one_line_;
  std::vector<std::size_t> blocks_;  // the braces in open_
  std::vector<Line> lines_;
  std::vector<Open> open_;
  std::optional<Open> closed_;  // what the present piece closes
  std::size_t at_ = 0;
  std::string_view item_head_;  // the first word of the present item

  bool begins_item_ = true;      // the next significant piece is an item's first
  bool begins_element_ = false;  // the next one is a list's element's first

  // Of the present line.
  std::size_t first_ = 0, depth_ = 0;
  unsigned column_ = 0;  // behind what is written of it
  bool starts_item_ = false, starts_element_ = false;
  std::string_view head_;              // of the block it stands in
  std::vector<std::size_t> split_at_;  // where each of its pieces begins
};

}  // namespace

std::optional<std::vector<Piece>> pieces(std::string_view text) {
  std::vector<Piece> result;
  Piece next;
  for (const auto& token : tokenize(text)) {
    const auto written = token.text(text);
    if (token.kind == TokenKind::error) return std::nullopt;
    if (token.kind == TokenKind::blank) {
      next.blank_before = true;
      for (std::size_t i = 0; i < written.size(); ++i)
        if (written[i] == '\n' || (written[i] == '\r' && written.substr(i, 2) != "\r\n")) ++next.breaks_before;
      continue;
    }
    next.kind = token.kind;
    next.text = written;
    result.push_back(next);
    next = {};
  }
  return result;
}

std::vector<Line> lines(const std::vector<Piece>& pieces) { return Layout(pieces).run(); }

}  // namespace mig::syntax
