// Where lines break: the author's breaks are kept, an item begins a line, `{` stands on its head's line.
#include "compiler/syntax/format_lines.hpp"

#include <algorithm>

#include "compiler/diagnostics/width.hpp"

namespace mig::syntax {

namespace {

constexpr unsigned step = 2;

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

class Layout {
 public:
  explicit Layout(const std::vector<Piece>& all) : all_(all) {}

  std::vector<Line> run() {
    for (at_ = 0; at_ < all_.size(); ++at_) place();
    finish_line();
    return std::move(lines_);
  }

 private:
  [[nodiscard]] const Piece& piece() const { return all_[at_]; }
  [[nodiscard]] bool in_block() const { return open_.empty() || open_.back().sign == "{"; }
  [[nodiscard]] bool in_line() const {
    const auto block = find_open("{");
    return block != open_.rend() && block->in_line;
  }

  // Where the items of the innermost block begin.
  [[nodiscard]] unsigned item_indent() const {
    const auto block = std::find_if(open_.rbegin(), open_.rend(), [](const Open& each) { return each.sign == "{"; });
    return block == open_.rend() ? 0 : block->indent;
  }

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
    if (piece().is("}") && find_open("{") != open_.rend()) return last.is("{") ? forced : 1;
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
    first_ = at_;
    starts_item_ = begins_item_;
    head_ = enclosing_head();
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
    if (!first && is_apart(all_[at_ - 1], piece())) line.text += ' ';
    split_at_.push_back(line.text.size());
    line.text += piece().text;
  }

  // The column behind what is written of the line.
  [[nodiscard]] unsigned column() const {
    const auto& line = lines_.back();
    const auto last = line.text.rfind('\n');
    if (last != std::string::npos) return diagnostics::display_width(std::string_view(line.text).substr(last + 1));
    return line.indent + diagnostics::display_width(line.text);
  }

  void open() {
    const auto* inside = at_ + 1 < all_.size() ? &all_[at_ + 1] : nullptr;
    Open made;
    made.sign = piece().text;
    made.outer = piece().is("{") && in_block() ? item_indent() : lines_.back().indent;
    made.indent = made.outer + step;
    if (piece().is("{")) {
      made.in_line = stands_in_one_line();
      made.head = enclosing_head() == "source" ? enclosing_head() : item_head_;
    } else if (inside != nullptr) {
      made.hanging = inside->breaks_before == 0 && !inside->is_line_comment();
      made.query = is_one_of(inside->text, {"select", "with", "values", "table"});
      made.columns = !made.hanging && in_block() && item_head_ == "create";
      if (made.hanging) made.indent = column();
    }
    open_.push_back(made);
  }

  [[nodiscard]] std::string_view enclosing_head() const {
    const auto block = std::find_if(open_.rbegin(), open_.rend(), [](const Open& each) { return each.sign == "{"; });
    return block == open_.rend() ? std::string_view{} : block->head;
  }

  // No line end from `{` to its `}`.
  [[nodiscard]] bool stands_in_one_line() const {
    std::size_t depth = 0;
    for (auto i = at_; i < all_.size(); ++i) {
      if (i > at_ && all_[i].breaks_before > 0) return false;
      if (all_[i].is("{")) ++depth;
      if (all_[i].is("}") && --depth == 0) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<Open>::const_reverse_iterator find_open(std::string_view sign) const {
    // A ) or ] does not close what stands outside of its block.
    return std::find_if(open_.rbegin(), open_.rend(),
                        [&](const Open& each) { return each.sign == sign || each.sign == "{"; });
  }

  void close() {
    closed_.reset();
    const auto found = find_open(opener_of(piece()));
    if (found == open_.rend() || found->sign != opener_of(piece())) return;
    closed_ = *found;
    open_.resize(static_cast<std::size_t>(open_.rend() - found) - 1);
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
  std::vector<Line> lines_;
  std::vector<Open> open_;
  std::optional<Open> closed_;  // what the present piece closes
  std::size_t at_ = 0;
  std::string_view item_head_;  // the first word of the present item

  bool begins_item_ = true;      // the next significant piece is an item's first
  bool begins_element_ = false;  // the next one is a list's element's first

  // Of the present line.
  std::size_t first_ = 0, depth_ = 0;
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
