// Lock modes of tables, as in PostgreSQL's manual 13.3.1.
#include "cli/locks.hpp"

#include <array>
#include <cctype>

namespace mig::cli {

namespace {

using sql::LockMode;

constexpr std::array modes{
    LockMode::access_share, LockMode::row_share,           LockMode::row_exclusive, LockMode::share_update_exclusive,
    LockMode::share,        LockMode::share_row_exclusive, LockMode::exclusive,     LockMode::access_exclusive};

// Bit i: conflicts with the i-th mode, weakest first.
constexpr std::array<unsigned, 8> conflicts{0b10000000, 0b11000000, 0b11110000, 0b11111000,
                                            0b11101100, 0b11111100, 0b11111110, 0b11111111};

const char* taken_by(LockMode mode) {
  switch (mode) {
    case LockMode::access_share:
      return "SELECT";
    case LockMode::row_share:
      return "SELECT … FOR UPDATE, FOR SHARE; the checked side of a foreign key";
    case LockMode::row_exclusive:
      return "INSERT, UPDATE, DELETE, MERGE";
    case LockMode::share_update_exclusive:
      return "VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT, some ALTER TABLE";
    case LockMode::share:
      return "CREATE INDEX without CONCURRENTLY";
    case LockMode::share_row_exclusive:
      return "CREATE TRIGGER, ADD FOREIGN KEY (on both tables)";
    case LockMode::exclusive:
      return "REFRESH MATERIALIZED VIEW CONCURRENTLY";
    case LockMode::access_exclusive:
      return "most ALTER TABLE, DROP, TRUNCATE, VACUUM FULL, REINDEX, LOCK TABLE";
  }
  return "";
}

const char* felt_as(LockMode mode) {
  switch (mode) {
    case LockMode::access_share:
    case LockMode::row_share:
    case LockMode::row_exclusive:
    case LockMode::share_update_exclusive:
      return "readers and writers do not wait";
    case LockMode::share:
    case LockMode::share_row_exclusive:
      return "writers wait, readers do not";
    case LockMode::exclusive:
      return "writers and SELECT … FOR UPDATE wait, plain readers do not";
    case LockMode::access_exclusive:
      return "everybody waits, readers too";
  }
  return "";
}

// Letters only, lower case, without a final "lock": the manual's and pg_locks' spellings are one.
std::string letters(std::string_view words) {
  std::string kept;
  for (const char c : words)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (kept.size() > 4 && kept.substr(kept.size() - 4) == "lock") kept.resize(kept.size() - 4);
  return kept;
}

}  // namespace

std::optional<LockMode> find_lock(std::string_view words) {
  for (const auto mode : modes)
    if (letters(sql::to_string(mode)) == letters(words)) return mode;
  return std::nullopt;
}

std::vector<std::string> lock_names() {
  std::vector<std::string> names;
  for (const auto mode : modes) names.emplace_back(sql::to_string(mode));
  return names;
}

std::string explain_lock(LockMode mode) {
  std::string text = std::string(sql::to_string(mode)) + "\n  " + felt_as(mode) + "\n  taken by       " +
                     taken_by(mode) + "\n  conflicts with ";
  for (std::size_t i = 0; i < modes.size(); ++i)
    if ((conflicts[static_cast<std::size_t>(mode)] >> i & 1U) != 0)
      text += std::string(text.back() == ' ' ? "" : ", ") + sql::to_string(modes[i]);
  return text +
         "\n\n  A lock that has to wait blocks all that come after it and conflict with it, readers too: so mig waits\n"
         "  no longer than lock_timeout (500ms), lets the queue go, and tries again.\n";
}

}  // namespace mig::cli
