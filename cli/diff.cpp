// Myers' greedy algorithm over lines (An O(ND) Difference Algorithm, 1986), printed as hunks.
#include "cli/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mig::cli {

namespace {

using Lines = std::vector<std::string_view>;

// With their line ends, so that a missing one at the end of the file is a difference.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

struct Edit {
  char kind;  // ' ' both, '-' left, '+' right
  std::size_t left, right;
};

// The furthest reaching x on each diagonal, one array per number of differences.
using Trace = std::vector<std::vector<long>>;

Trace search(const Lines& left, const Lines& right) {
  const auto n = static_cast<long>(left.size()), m = static_cast<long>(right.size()), most = n + m;
  std::vector<long> furthest(static_cast<std::size_t>(2 * most + 2), 0);
  const auto at = [&](long k) -> long& { return furthest[static_cast<std::size_t>(k + most)]; };
  Trace trace;
  for (long d = 0; d <= most; ++d) {
    trace.push_back(furthest);
    for (long k = -d; k <= d; k += 2) {
      long x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      for (; x < n && x - k < m && left[static_cast<std::size_t>(x)] == right[static_cast<std::size_t>(x - k)]; ++x) {
      }
      at(k) = x;
      if (x >= n && x - k >= m) return trace;
    }
  }
  return trace;
}

std::vector<Edit> walk_back(const Trace& trace, long x, long y) {
  const long most = x + y;
  std::vector<Edit> edits;
  const auto add = [&](char kind) {
    edits.push_back({kind, static_cast<std::size_t>(std::max(x, 0L)), static_cast<std::size_t>(std::max(y, 0L))});
  };
  for (auto d = static_cast<long>(trace.size()) - 1; d >= 0; --d) {
    const auto at = [&](long k) { return trace[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + most)]; };
    const long k = x - y;
    const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    const long from = down ? at(k + 1) : at(k - 1), from_y = from - (down ? k + 1 : k - 1);
    while (x > from && y > from_y && x > 0 && y > 0) --x, --y, add(' ');
    if (d == 0) break;
    if (down)
      --y, add('+');
    else
      --x, add('-');
  }
  std::reverse(edits.begin(), edits.end());
  return edits;
}

// Files that differ in most of their lines are printed as one replacement: the search takes quadratic memory.
std::vector<Edit> edits_of(const Lines& left, const Lines& right) {
  std::size_t same = 0;
  while (same < left.size() && same < right.size() && left[same] == right[same]) ++same;
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < same; ++i) edits.push_back({' ', i, i});
  const Lines rest_left(left.begin() + static_cast<long>(same), left.end());
  const Lines rest_right(right.begin() + static_cast<long>(same), right.end());
  if (rest_left.size() + rest_right.size() > 4000) {
    for (auto i = same; i < left.size(); ++i) edits.push_back({'-', i, same});
    for (auto i = same; i < right.size(); ++i) edits.push_back({'+', left.size(), i});
    return edits;
  }
  const auto found = walk_back(search(rest_left, rest_right), static_cast<long>(rest_left.size()),
                               static_cast<long>(rest_right.size()));
  for (const auto& edit : found) edits.push_back({edit.kind, edit.left + same, edit.right + same});
  return edits;
}

std::string hunk(const std::vector<Edit>& edits, std::size_t begin, std::size_t end, const Lines& left,
                 const Lines& right) {
  std::size_t left_count = 0, right_count = 0;
  std::string body;
  for (auto i = begin; i < end; ++i) {
    const auto& edit = edits[i];
    left_count += edit.kind != '+' ? 1 : 0;
    right_count += edit.kind != '-' ? 1 : 0;
    const auto line = edit.kind == '+' ? right[edit.right] : left[edit.left];
    body += edit.kind + std::string(line);
    if (line.back() != '\n') body += "\n\\ No newline at end of file\n";
  }
  return fmt::format("@@ -{},{} +{},{} @@\n", edits[begin].left + (left_count != 0 ? 1 : 0), left_count,
                     edits[begin].right + (right_count != 0 ? 1 : 0), right_count) +
         body;
}

}  // namespace

std::string unified_diff(std::string_view left, std::string_view right, const std::string& left_name,
                         const std::string& right_name) {
  if (left == right) return "";
  const auto left_lines = lines_of(left), right_lines = lines_of(right);
  const auto edits = edits_of(left_lines, right_lines);
  constexpr std::size_t context = 3;
  std::string text = "--- " + left_name + "\n+++ " + right_name + "\n";
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].kind == ' ') continue;
    const auto begin = i - std::min(i, context);
    std::size_t last = i;
    for (auto j = i; j < edits.size() && j <= last + 2 * context; ++j)
      if (edits[j].kind != ' ') last = j;
    const auto end = std::min(edits.size(), last + 1 + context);
    text += hunk(edits, begin, end, left_lines, right_lines);
    i = end - 1;
  }
  return text;
}

}  // namespace mig::cli
