// Numbers, durations and tables for people.
#include "cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diagnostics/width.hpp"

namespace mig::cli {

namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto color = text.find("\x1b[");
    count += diagnostics::display_width(text.substr(0, color));
    if (color == std::string_view::npos) break;
    const auto end = text.find('m', color);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return count;
}

std::string pad(std::string text, std::size_t width) {
  const auto used = columns(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string cut_middle(const std::string& text, std::size_t width, bool ascii) {
  if (columns(text) <= width || width < 8) return text;
  const std::string dots = ascii ? "..." : "…";
  const auto room = width - columns(dots);
  std::vector<std::string> points;
  for (const char c : text)
    if (!continuation(c) || points.empty())
      points.emplace_back(1, c);
    else
      points.back() += c;
  std::string cut;
  for (std::size_t i = 0; i < room - room / 2; ++i) cut += points[i];
  cut += dots;
  for (std::size_t i = points.size() - room / 2; i < points.size(); ++i) cut += points[i];
  return cut;
}

std::string thousands(long long number) {
  auto digits = std::to_string(number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string plural(long long count, std::string_view noun) {
  const bool hiss =
      noun.size() > 1 && (noun.back() == 'x' || noun.back() == 's' || noun.substr(noun.size() - 2) == "ch");
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : hiss ? "es" : "s");
}

std::string duration(long long milliseconds) {
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  const auto seconds = milliseconds / 1000;
  if (seconds < 10) return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string age(long long seconds) {
  const auto minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  if (seconds < 60) return "now";
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (hours < 48) return fmt::format("{}h", hours);
  return hours % 24 == 0 ? fmt::format("{}d", days) : fmt::format("{}d {}h", days, hours % 24);
}

std::string size(std::int64_t bytes) {
  const char* const units[] = {"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(units); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.{}f} {}", value, value < 10 ? 1 : 0, units[unit]);
}

std::string minute(std::string_view iso) {
  if (iso.size() < 16 || iso[4] != '-' || iso[7] != '-' || iso[13] != ':') return std::string(iso);
  return std::string(iso.substr(0, 10)) + " " + std::string(iso.substr(11, 5)) + "Z";
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      if (i + 1 < row.size()) widths[i] = std::max(widths[i], columns(row[i]));
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) line += i + 1 < row.size() ? pad(row[i], widths[i]) + "  " : row[i];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace mig::cli
