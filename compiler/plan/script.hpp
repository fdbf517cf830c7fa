// A psql script under construction: statements, questions, conditions, and stops with a message. Everything that comes
// from a plan is made harmless here: psql reads backslashes, colons and line ends in places where SQL does not.
#pragma once

#include <string>
#include <string_view>

#include "compiler/sql/sql.hpp"

namespace mig::plan {

class Script {
 public:
  void line(std::string_view text) { text_.append(text).push_back('\n'); }
  void blank() { line(""); }
  // "-- text" on one line, whatever stands in it.
  void comment(std::string_view text);
  // A statement of a plan: one message to the server.
  void send(const sql::Fragment& statement);
  // A statement of mig's own, which may name psql variables; what comes from a plan is in quotes in it.
  void record(const sql::Fragment& statement);
  // A one-row question; each column becomes the psql variable prefix + column.
  void ask(const sql::Fragment& question, std::string_view prefix = "mig_");
  // The same for a question of a plan, which may hold what a user wrote.
  void answer(const sql::Fragment& question);
  // Prints a line for the person who runs it.
  void say(std::string_view text);
  // Ends the script with this error and exit status 3.
  void stop(std::string_view message, std::string_view hint);
  // Ends it so where the boolean expression holds on the server.
  void stop_if(const sql::Fragment& condition, std::string_view message, std::string_view hint);
  // Where the query has a row. That it names what is not there (any more, or yet) stops nothing.
  void stop_if_rows(const sql::Fragment& query, std::string_view message, std::string_view hint);

  // Warns of each row of a question with the columns relation, rows, kept: what a way back left alone.
  void warn_of_left(const sql::Fragment& question);

  // \if on a psql variable that holds a boolean.
  void when(std::string_view variable);
  void otherwise() { line("\\else"); }
  void end() { line("\\endif"); }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The statement as psql must read it: colons that would begin a psql variable are escaped.
[[nodiscard]] std::string psql_text(const sql::Fragment& statement);
// The name of a psql variable for a step: "expand/2" -> "expand_2".
[[nodiscard]] std::string variable(std::string_view step_id);

}  // namespace mig::plan
