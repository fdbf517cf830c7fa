// SQL that is newer than mig's own copy of PostgreSQL's parser: the server has the last word, before anything runs.
#include <algorithm>

#include "compiler/sql/server_grammar.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

struct Unparsed {
  const sql::Step* step;
  const sql::Statement* statement;
};

void collect(const std::vector<const sql::Step*>& steps, std::vector<Unparsed>& found) {
  for (const auto* step : steps) {
    for (const auto* statement : sql::statements(step->action))
      if (sql::check_statement(statement->text.text())) found.push_back({step, statement});
    std::vector<const sql::Step*> back;
    for (const auto& piece : step->back) back.push_back(&piece);
    collect(back, found);
  }
}

// What the server says of its syntax; errors about names mean that it was parsed. Rolled back, since parsing a query
// locks what it names.
std::optional<DatabaseError> syntax_error(Work& work, const sql::Statement& statement) {
  std::optional<DatabaseError> found;
  work.ask(sql::sql("BEGIN"));
  try {
    work.session->parse(statement.text);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    if (error.sqlstate == "42601") found = error;
  }
  work.ask(sql::sql("ROLLBACK"));
  return found;
}

// The line in which the position (in characters, from 1) stands.
std::string line_at(const std::string& text, int position) {
  std::size_t at = 0;
  for (int left = position - 1; left > 0 && at < text.size(); --left)
    for (++at; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;) ++at;
  const auto newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  const auto begin = newline == std::string::npos ? 0 : newline + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

Outcome refused_by_server(const Work& work, const Migration& m, const Unparsed& unparsed, const DatabaseError& error) {
  Outcome outcome;
  outcome.exit = 1;
  outcome.code = "R0707";
  outcome.state = m.row.state;
  outcome.what = "PostgreSQL " + std::to_string(work.session->server_version() / 10000) +
                 " cannot parse a statement: " + error.message;
  outcome.where = unparsed.step->id + " " + unparsed.step->title +
                  (unparsed.step->origin.empty() ? "" : ", " + unparsed.step->origin) +
                  "\nin: " + line_at(unparsed.statement->text.text(), error.position);
  outcome.now = "nothing was changed by this call";
  outcome.next = "mend the text, then: mig apply " + m.plan.migration;
  return outcome;
}

}  // namespace

Stop refuse_unparsed(Work& work, const Migration& m, const std::vector<const sql::Step*>& remaining) {
  if (work.session->server_version() / 10000 <= sql::grammar_major()) return std::nullopt;
  std::vector<Unparsed> unparsed;
  collect(remaining, unparsed);
  for (const auto& each : unparsed)
    if (const auto error = syntax_error(work, *each.statement)) return refused_by_server(work, m, each, *error);
  return std::nullopt;
}

}  // namespace mig::runtime
