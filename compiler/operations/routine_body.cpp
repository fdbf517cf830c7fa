// Bodies of functions: PostgreSQL's own parsers find mistakes with their place; names of tables are looked up.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/routines.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/sql/parse.hpp"
#include "compiler/sql/plpgsql.hpp"

namespace mig::operations {

namespace {

source::Span part(const syntax::Body& body, std::size_t offset, std::size_t length) {
  const auto begin = std::min(body.span.end, body.span.begin + static_cast<std::uint32_t>(offset));
  return {body.span.file, begin, std::min(body.span.end, begin + static_cast<std::uint32_t>(length))};
}

// The text of a line of the body, without the blanks before it.
source::Span line_of(const syntax::Body& body, int line) {
  std::size_t begin = 0;
  for (; line > 1; --line) {
    const auto end = body.text.find('\n', begin);
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  const auto first = std::min(body.text.find_first_not_of(" \t", begin), body.text.size());
  const auto end = std::min(body.text.find('\n', first), body.text.size());
  return part(body, first, std::max<std::size_t>(1, end - first));
}

// `syntax error at or near "retrun"`: where that stands, if it is told apart; else the line, or the body.
source::Span place_of(const syntax::Body& body, const sql::PlpgsqlError& error) {
  constexpr std::string_view near = "near \"";
  auto line = line_of(body, error.line);
  const auto begin = error.message.rfind(near);
  const auto end = error.message.rfind('"');
  if (begin != std::string::npos && end > begin + near.size()) {
    const auto token = error.message.substr(begin + near.size(), end - begin - near.size());
    const auto at = body.text.find(token, line.begin - body.span.begin);
    if (at != std::string::npos && body.text.find(token, at + 1) == std::string::npos)
      return part(body, at, token.size());
  }
  const bool blank = body.text.find_first_not_of(" \t", line.begin - body.span.begin) >= line.end - body.span.begin ||
                     body.text[line.begin - body.span.begin] == '\n';
  return blank ? body.span : line;
}

void refuse(const Context& ctx, source::Span span, const std::string& message) {
  ctx.sink.report(diagnostics::sql_not_understood, span, "PostgreSQL's parser refuses this: " + message);
}

void check_sql(const Context& ctx, const syntax::Body& body) {
  sql::ParseError error;
  const auto spans = sql::split(body.text, error);
  if (!spans) return refuse(ctx, part(body, error.offset, 1), error.message);
  for (const auto& [offset, length] : *spans)
    warn_of_unknown_relations(ctx, body.text.substr(offset, length), part(body, offset, length));
}

// What a body makes for itself: temporary tables.
bool makes_tables(const sql::PlpgsqlFacts& facts) {
  return std::any_of(facts.statements.begin(), facts.statements.end(), [](const std::string& statement) {
    sql::ParseError error;
    const auto found = sql::facts(statement, error);
    return found && (found->kind == "CreateStmt" || found->kind == "CreateTableAsStmt");
  });
}

void check_plpgsql(const Context& ctx, const syntax::Body& body, const catalog::Function& function) {
  std::optional<sql::PlpgsqlError> error;
  const auto facts = sql::plpgsql_facts(function.definition, error);
  if (error) return refuse(ctx, place_of(body, *error), error->message);
  // A trigger function may read transition tables, whose names stand in the trigger.
  if (!facts || function.returns == "trigger" || makes_tables(*facts)) return;
  for (const auto& statement : facts->statements) {
    const auto at = body.text.find(statement);
    warn_of_unknown_relations(ctx, statement, at == std::string::npos ? body.span : part(body, at, statement.size()));
  }
}

}  // namespace

void check_routine_body(const Context& ctx, const catalog::Function& function) {
  const auto* body = ctx.call.get<syntax::Body>("body");
  if (!body) return;
  if (function.language == "sql") check_sql(ctx, *body);
  if (function.language == "plpgsql") check_plpgsql(ctx, *body, function);
}

}  // namespace mig::operations
