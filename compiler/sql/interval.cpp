// Reading intervals: `24h` and `24:00:00` are one value.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "compiler/sql/constant.hpp"

namespace mig::sql {

namespace {

struct Unit {
  std::string_view word;
  std::int64_t months, days, microseconds;
};

constexpr std::int64_t second = 1'000'000;
constexpr std::array<Unit, 42> units{{
    {"us", 0, 0, 1},
    {"usec", 0, 0, 1},
    {"usecs", 0, 0, 1},
    {"microsecond", 0, 0, 1},
    {"microseconds", 0, 0, 1},
    {"ms", 0, 0, 1000},
    {"msec", 0, 0, 1000},
    {"msecs", 0, 0, 1000},
    {"millisecond", 0, 0, 1000},
    {"milliseconds", 0, 0, 1000},
    {"s", 0, 0, second},
    {"sec", 0, 0, second},
    {"secs", 0, 0, second},
    {"second", 0, 0, second},
    {"seconds", 0, 0, second},
    {"m", 0, 0, 60 * second},
    {"min", 0, 0, 60 * second},
    {"mins", 0, 0, 60 * second},
    {"minute", 0, 0, 60 * second},
    {"minutes", 0, 0, 60 * second},
    {"h", 0, 0, 3600 * second},
    {"hr", 0, 0, 3600 * second},
    {"hrs", 0, 0, 3600 * second},
    {"hour", 0, 0, 3600 * second},
    {"hours", 0, 0, 3600 * second},
    {"d", 0, 1, 0},
    {"day", 0, 1, 0},
    {"days", 0, 1, 0},
    {"w", 0, 7, 0},
    {"week", 0, 7, 0},
    {"weeks", 0, 7, 0},
    {"mon", 1, 0, 0},
    {"mons", 1, 0, 0},
    {"month", 1, 0, 0},
    {"months", 1, 0, 0},
    {"y", 12, 0, 0},
    {"yr", 12, 0, 0},
    {"yrs", 12, 0, 0},
    {"year", 12, 0, 0},
    {"years", 12, 0, 0},
    {"decade", 120, 0, 0},
    {"decades", 120, 0, 0},
}};

const Unit* find_unit(std::string_view word) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.word == word; });
  return found == units.end() ? nullptr : &*found;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    std::transform(text.begin(), text.end(), std::back_inserter(text_),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }

  std::optional<Interval> read() {
    skip_blanks();
    if (sees("@")) ++at_, skip_blanks();
    if (at_ == text_.size()) return std::nullopt;
    while (at_ < text_.size()) {
      if (word() == "ago") return at_ == text_.size() ? std::optional(negated()) : std::nullopt;
      if (!field()) return std::nullopt;
    }
    return value_;
  }

 private:
  [[nodiscard]] bool sees(std::string_view sign) const { return text_.compare(at_, sign.size(), sign) == 0; }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  [[nodiscard]] Interval negated() const { return {-value_.months, -value_.days, -value_.microseconds}; }

  // A word, read only if it is `ago`.
  std::string_view word() {
    if (!sees("ago")) return {};
    at_ += 3;
    skip_blanks();
    return "ago";
  }

  std::optional<std::string> digits(std::string_view allowed) {
    const auto begin = at_;
    while (at_ < text_.size() && allowed.find(text_[at_]) != std::string_view::npos) ++at_;
    if (begin == at_ || at_ - begin > 15) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

  // A number with its unit, or hours:minutes[:seconds].
  bool field() {
    const bool minus = sees("-");
    if (minus || sees("+")) ++at_;
    const auto number = digits("0123456789.");
    if (!number || std::count(number->begin(), number->end(), '.') > 1 || *number == ".") return false;
    const double sign = minus ? -1 : 1;
    if (sees(":")) return clock(sign, *number);
    skip_blanks();
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    // A bare number at the end counts seconds.
    const auto* unit =
        begin == at_ && at_ == text_.size() ? find_unit("s") : find_unit(text_.substr(begin, at_ - begin));
    skip_blanks();
    return unit != nullptr && add(sign * std::stod(*number), *unit);
  }

  // Parts of a month become days, parts of a day become time.
  bool add(double amount, const Unit& unit) {
    double whole = 0;
    if (unit.months != 0) {
      const double part = std::modf(amount * static_cast<double>(unit.months), &whole);
      value_.months += static_cast<std::int64_t>(whole);
      return add(part * 30, {"", 0, 1, 0}, part);
    }
    if (unit.days != 0) {
      const double part = std::modf(amount * static_cast<double>(unit.days), &whole);
      value_.days += static_cast<std::int64_t>(whole);
      return add(part * 86400, {"", 0, 0, second}, part);
    }
    value_.microseconds += std::llround(amount * static_cast<double>(unit.microseconds));
    return true;
  }
  bool add(double amount, const Unit& unit, double part) { return part == 0 || add(amount, unit); }

  bool clock(double sign, const std::string& hours) {
    ++at_;
    const auto minutes = digits("0123456789");
    if (!minutes) return false;
    double seconds = 0;
    if (sees(":")) {
      ++at_;
      const auto text = digits("0123456789.");
      if (!text || std::count(text->begin(), text->end(), '.') > 1 || *text == ".") return false;
      seconds = std::stod(*text);
    }
    skip_blanks();
    const double total = std::stod(hours) * 3600 + std::stod(*minutes) * 60 + seconds;
    value_.microseconds += std::llround(sign * total * static_cast<double>(second));
    return true;
  }

  std::string text_;
  std::size_t at_ = 0;
  Interval value_;
};

}  // namespace

std::optional<Interval> interval_value(std::string_view text) { return Reader(text).read(); }

}  // namespace mig::sql
