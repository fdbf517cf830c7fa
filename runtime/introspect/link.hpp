// One session in one read-only transaction, asked for rows. Hides libpqxx: 6.4 and 7 differ in everything but this.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database.hpp"

namespace mig::runtime::introspection {

using Oid = std::uint32_t;

// Rows of an answer, read cell by cell in the order of the query's columns.
class Answer {
 public:
  struct Cells;  // libpqxx's result
  explicit Answer(std::unique_ptr<Cells> cells);
  Answer(Answer&&) noexcept;
  Answer& operator=(Answer&&) noexcept;
  ~Answer();

  // Goes to the next row, first to the first one. False: there is none.
  bool next();
  // Each takes the row's next cell; a null reads as empty, zero, false.
  std::optional<std::string_view> maybe();
  std::string_view view() { return maybe().value_or(std::string_view{}); }
  std::string text() { return std::string(view()); }
  char letter();
  bool truth() { return view() == "t"; }
  long long number();
  double real();
  Oid id() { return static_cast<Oid>(number()); }
  std::vector<std::string> list();  // an array: '{a,"b c"}'
  std::vector<int> numbers();       // '{1,2}' or '1 2'

 private:
  std::unique_ptr<Cells> cells_;
};

// The elements of an array as PostgreSQL prints it; a NULL reads as empty.
[[nodiscard]] std::vector<std::string> array(std::string_view text);

class Link {
 public:
  // Connects; `version()` is known. Throws DatabaseError.
  explicit Link(const Target& target);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();
  [[nodiscard]] int version() const { return version_; }
  // Runs a query whose {names} stand for expressions that differ by major version (versions.cpp). Throws DatabaseError.
  Answer ask(std::string_view query);
  // Runs what gives no rows.
  void tell(std::string_view statement);

 private:
  struct Session;
  std::unique_ptr<Session> session_;
  int version_ = 0;
};

// The query with its {names} replaced for this major version.
[[nodiscard]] std::string for_version(std::string_view query, int major);

}  // namespace mig::runtime::introspection
