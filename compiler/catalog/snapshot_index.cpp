// The walk over a snapshot's lines. Parts are only held against their object's name: ten thousand tables have a
// hundred thousand lines, and a check of one file may take 50 ms, process start included.
#include "compiler/catalog/snapshot_index.hpp"

#include <algorithm>
#include <functional>

namespace mig::catalog {

namespace {

// The raw text of a JSON string that begins at `at` (its opening quote); moves behind its closing quote.
std::optional<std::string_view> take_string(std::string_view line, std::size_t& at) {
  if (at >= line.size() || line[at] != '"') return std::nullopt;
  const auto begin = ++at;
  while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
  if (at >= line.size()) return std::nullopt;
  return line.substr(begin, at++ - begin);
}

// Keys escape nothing but quotes and backslashes, as far as a name is readable at all; others are left to simdjson.
std::optional<std::string> unescape(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text += raw[i];
      continue;
    }
    if (++i == raw.size()) return std::nullopt;
    switch (raw[i]) {
      case 'n':
        text += '\n';
        break;
      case 't':
        text += '\t';
        break;
      case 'r':
        text += '\r';
        break;
      case '"':
      case '\\':
        text += raw[i];
        break;
      case 'u': {  // text::append_string writes \u00xx, for control characters only
        unsigned value = 0;
        for (int digit = 0; digit < 4; ++digit) {
          if (++i == raw.size()) return std::nullopt;
          const auto place = std::string_view("0123456789abcdef").find(raw[i]);
          if (place == std::string_view::npos) return std::nullopt;
          value = value * 16 + static_cast<unsigned>(place);
        }
        if (value == 0 || value >= 0x20) return std::nullopt;
        text += static_cast<char>(value);
        break;
      }
      default:
        return std::nullopt;
    }
  }
  return text;
}

bool is_part(lines::Rank rank) {
  using lines::Rank;
  return rank == Rank::column || rank == Rank::constraint || rank == Rank::index || rank == Rank::trigger ||
         rank == Rank::policy || rank == Rank::rule;
}

struct Head {
  std::string_view kind, key, on;
};

// {"kind":"key" and, of an index, ,"on":"table".
std::optional<Head> head(std::string_view line) {
  if (line.size() < 2 || line.front() != '{' || line.back() != '}') return std::nullopt;
  std::size_t at = 1;
  const auto kind = take_string(line, at);
  if (!kind || at >= line.size() || line[at++] != ':') return std::nullopt;
  const auto key = take_string(line, at);
  if (!key) return std::nullopt;
  Head found{*kind, *key, {}};
  constexpr std::string_view on = ",\"on\":";
  if (*kind == "index" && line.substr(at, on.size()) == on) {
    at += on.size();
    found.on = take_string(line, at).value_or(std::string_view{});
  }
  return found;
}

}  // namespace

std::string json_name(const Name& name) {
  std::string quoted;
  text::append_string(quoted, name.text());
  return quoted.substr(1, quoted.size() - 2);
}

SnapshotIndex::SnapshotIndex(std::string_view text, std::string& problem) : text_(text) {
  auto begin = std::min(text.find('\n'), text.size() - 1) + 1;
  while (begin < text.size()) {
    const auto end = text.find('\n', begin);
    if (end == std::string_view::npos) {
      problem = "the last line is cut off";
      return;
    }
    if (!take(begin, end, problem)) {
      problem = "line " + std::to_string(line_number(begin)) + " " + problem;
      return;
    }
    begin = end + 1;
  }
}

bool SnapshotIndex::take(std::size_t begin, std::size_t end, std::string& problem) {
  const auto found = head(text_.substr(begin, end - begin));
  if (!found) return problem = "is not the line of an object", false;
  const auto rank = lines::rank(found->kind);
  if (is_part(rank)) {
    if (entries_.empty()) return problem = "is a part of no object", false;
    auto& owner = entries_.back();
    // An owner's raw name is the beginning of its parts' names, but for indexes, which say `on`.
    const bool belongs = rank == lines::Rank::index ? unescape(found->on) == owner.order.relation
                                                    : found->key.substr(0, owner.key.size()) == owner.key &&
                                                          found->key.substr(owner.key.size(), 1) == ".";
    if (!belongs || owner.order.rank > lines::Rank::view)
      return problem = "belongs to another object than the lines around it", false;
    owner.end = end + 1;
    return true;
  }
  const auto key_text = unescape(found->key);
  const auto key = key_text ? parse_key(std::string(found->kind) + " " + *key_text) : std::nullopt;
  if (!key || key->kind != found->kind) return problem = "has a name that cannot be read", false;
  Entry entry{lines::order(found->kind, key->name, key->part), found->kind, found->key, begin, end + 1};
  if (!entries_.empty() && !(entries_.back().order < entry.order))
    return problem = "is not in order: `" + *key_text + "` stands behind what sorts after it, or twice", false;
  entries_.push_back(std::move(entry));
  return true;
}

const Entry* SnapshotIndex::find(const lines::Order& order) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), order,
                       [](const Entry& entry, const lines::Order& wanted) { return entry.order < wanted; });
  return found == entries_.end() ? nullptr : &*found;
}

const SnapshotIndex::Holders& SnapshotIndex::holders_of(std::string_view field) const {
  if (const auto known = holders_.find(field); known != holders_.end()) return known->second;
  auto& holders = holders_[std::string(field)];
  // Inside a string value the quotes would be escaped, so what is found is a field.
  const auto pattern = "\"" + std::string(field) + "\":";
  const std::boyer_moore_horspool_searcher searcher(pattern.begin(), pattern.end());
  auto entry = entries_.begin();
  for (auto hit = text_.begin(); (hit = std::search(hit, text_.end(), searcher)) != text_.end();) {
    auto at = static_cast<std::size_t>(hit - text_.begin()) + pattern.size();
    hit += static_cast<std::ptrdiff_t>(pattern.size());
    const auto name = take_string(text_, at);
    while (entry != entries_.end() && entry->end <= at) ++entry;
    if (!name) break;
    if (entry == entries_.end() || at < entry->begin) continue;  // of the head line
    auto& list = holders[*name];
    if (list.empty() || list.back() != &*entry) list.push_back(&*entry);
  }
  return holders;
}

std::size_t SnapshotIndex::line_number(std::size_t offset) const {
  return static_cast<std::size_t>(
             std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n')) +
         1;
}

}  // namespace mig::catalog
