// The text of a `sql` operation: its statements, what each is and what it may change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

struct BodyStatement {
  std::string text;
  source::Span span;
  sql::StatementFacts facts;
  // Set where the parser refused it; on a server with a newer grammar that is not the last word.
  std::optional<sql::ParseError> refused;

  // `drop view …`: enough to recognise it in a title or message.
  [[nodiscard]] std::string first_words() const;
  // Reads and writes rows and nothing else.
  [[nodiscard]] bool rows_only() const;
  // May change anything: DO, CALL, and what could not be parsed.
  [[nodiscard]] bool runs_code() const;
  // Could not be parsed, and begins with DROP or TRUNCATE.
  [[nodiscard]] bool takes_away_unparsed() const;
  // Tables of the model that may be another shape afterwards, or have something hanging on them that was not there.
  [[nodiscard]] std::vector<catalog::Name> changed_tables(const Context& ctx) const;
  // The locks that a statement of this kind takes at most on what it names.
  [[nodiscard]] std::vector<sql::Lock> locks(const Context& ctx) const;
};

[[nodiscard]] std::vector<BodyStatement> statements_of(const syntax::Body& body);
// Reports what cannot be run as a step: no statement, syntax, transaction control, what runs only outside of one.
void check_body(const Context& ctx, const syntax::Body& body);
// All statements in one transaction.
[[nodiscard]] sql::Step body_step(const Context& ctx, const syntax::Body& body);
[[nodiscard]] std::vector<std::string> body_touches(const Context& ctx, const syntax::Body& body);

}  // namespace mig::operations
