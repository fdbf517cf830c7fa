// Expressions typed by the resolver and by a server: what both say, compared.
#pragma once

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/types/from_catalog.hpp"
#include "compiler/types/parse.hpp"
#include "compiler/types/resolve.hpp"
#include "tests/support/server.hpp"

namespace mig::tests {

// What was said of one expression: "integer", "numeric(12,2)" as a type's name and modifier, or "!" and the SQLSTATE.
struct Verdict {
  std::string type;
  std::int32_t modifier = -1;
  std::string sqlstate;
  std::string message;
  [[nodiscard]] std::string text() const;
};

struct Comparison {
  std::size_t run = 0, accepted = 0, refused = 0;
  std::size_t unsupported = 0;  // no verdict of the resolver's
  std::size_t values = 0;       // the server could not read a literal (class 22): no verdict about types
  std::vector<std::string> differences;
  std::map<std::string, std::size_t> not_typed;  // why, and how often
  [[nodiscard]] std::string summary() const;
};

// A database with the typing world, and table `w` that has a column c0, c1 … of each type.
class TypingWorld {
 public:
  explicit TypingWorld(Server& server);
  ~TypingWorld();
  TypingWorld(const TypingWorld&) = delete;
  TypingWorld& operator=(const TypingWorld&) = delete;

  // `SELECT expression FROM w` for each, in pipelined rounds of Parse and Describe.
  // `as_query`: here too it is typed as that query, so that what is grouped is looked at.
  void compare(const std::vector<std::string>& expressions, Comparison& result, bool as_query = false);
  // `UPDATE w SET column = expression`: may it be written there?
  void compare_assignments(const std::vector<std::pair<std::string, std::string>>& pairs, Comparison& result);
  // Whole queries: all their columns' types.
  void compare_queries(const std::vector<std::string>& queries, Comparison& result);

  [[nodiscard]] const types::Universe& universe() const { return universe_; }
  // The columns of w, and the types they are of as SQL names them.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<std::string>& column_types() const { return column_types_; }
  [[nodiscard]] Verdict ours(const std::string& expression);
  [[nodiscard]] Verdict ours_of_query(const std::string& query);
  // Of queries: all columns with their names.
  [[nodiscard]] std::vector<Verdict> theirs(const std::vector<std::string>& statements, bool queries);
  [[nodiscard]] int major() const { return major_; }
  // Rows of one column.
  [[nodiscard]] std::vector<std::string> ask(const std::string& query) const;

 private:
  void judge(const std::string& text, const Verdict& mine, const Verdict& other, Comparison& result) const;
  runtime::Target target_;
  PGconn* connection_ = nullptr;
  int major_ = 0;
  types::Universe universe_;
  std::unique_ptr<types::Resolver> resolver_;
  types::Scope scope_;
  std::vector<std::string> columns_, column_types_;
  std::unordered_map<unsigned, std::string> names_;  // types by the server's number
};

}  // namespace mig::tests
