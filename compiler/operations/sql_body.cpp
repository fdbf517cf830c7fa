// SQL text to statements, by PostgreSQL's own parser; locks and changes as far as a statement's kind tells them.
#include "compiler/operations/sql_body.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/server_grammar.hpp"

namespace mig::diagnostics {
extern const Code sql_not_checked;
}

namespace mig::operations {

namespace {

using sql::LockMode;

bool is_one_of(const std::string& kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// The strongest lock of a kind's common forms (reference: manual 13.3.1); nullopt: none on the tables that it names.
std::optional<LockMode> lock_of(const std::string& kind) {
  if (is_one_of(kind, {"SelectStmt", "ViewStmt", "CreateTableAsStmt", "DeclareCursorStmt", "ExplainStmt"}))
    return LockMode::access_share;
  if (is_one_of(kind, {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt"}))
    return LockMode::row_exclusive;
  if (is_one_of(kind, {"CommentStmt", "CreateStatsStmt", "AlterStatsStmt", "CreatePublicationStmt",
                       "AlterPublicationStmt", "VacuumStmt"}))
    return LockMode::share_update_exclusive;
  if (kind == "IndexStmt") return LockMode::share;
  if (kind == "CreateTrigStmt") return LockMode::share_row_exclusive;
  if (is_one_of(kind, {"GrantStmt", "CreateFunctionStmt", "DoStmt", "CallStmt", "SecLabelStmt"})) return std::nullopt;
  return LockMode::access_exclusive;  // ALTER, DROP, TRUNCATE, policies, rules, and whatever is not known
}

// The tables of the model that these names mean.
std::vector<catalog::Name> tables_of(const Context& ctx, const std::vector<std::string>& relations) {
  std::vector<catalog::Name> found;
  for (const auto& text : relations) {
    const auto parts = catalog::parse_name(text);
    if (!parts || parts->empty() || parts->size() > 2) continue;
    const auto name = ctx.before.find_table(parts->size() == 2 ? parts->front() : std::string{}, parts->back());
    if (name && ctx.before.table(*name) && std::find(found.begin(), found.end(), *name) == found.end())
      found.push_back(*name);
  }
  return found;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

source::Span part(const syntax::Body& body, std::size_t offset, std::size_t length) {
  const auto begin = body.span.begin + static_cast<std::uint32_t>(offset);
  return {body.span.file, begin, std::min(body.span.end, begin + static_cast<std::uint32_t>(length))};
}

void refuse(const Context& ctx, const BodyStatement& statement, std::string message, std::string way_out) {
  ctx.sink.report(diagnostics::sql_not_understood, statement.span, std::move(message)).note("write: " + way_out);
}

void check_non_transactional(const Context& ctx, const BodyStatement& statement) {
  const auto words = statement.first_words();
  std::string way = "it by hand with psql, outside of mig: mig would not know after a crash whether it happened";
  if (statement.facts.kind == "IndexStmt") way = "add index on …: it is built concurrently by itself";
  if (statement.facts.kind == "DropStmt") way = "drop index …: it is dropped concurrently by itself";
  refuse(ctx, statement, fmt::format("`{}` cannot run in a transaction", words), way);
}

// What mig's parser refuses is an error, unless the server knows a newer grammar: then only the server can tell.
void check_refused(const Context& ctx, const BodyStatement& statement) {
  const int server = ctx.before.server.major();
  const auto begin = statement.span.begin + static_cast<std::uint32_t>(statement.refused->offset);
  const source::Span at{statement.span.file, std::min(begin, statement.span.end),
                        std::min(begin + 1, statement.span.end)};
  if (server <= sql::grammar_major()) {
    ctx.sink.report(diagnostics::sql_not_understood, at,
                    "PostgreSQL's parser refuses this: " + statement.refused->message);
    return;
  }
  ctx.sink
      .report(diagnostics::sql_not_checked, at,
              fmt::format("not checked: mig reads SQL with the grammar of PostgreSQL {}, which says: {}",
                          sql::grammar_major(), statement.refused->message))
      .note(fmt::format("PostgreSQL {} is asked to parse it by apply, before anything runs", server))
      .note("its locks, its tables and what it breaks are not known");
}

void check_statement(const Context& ctx, const BodyStatement& statement) {
  if (statement.refused) return check_refused(ctx, statement);
  const auto text = lower(statement.text);
  if (statement.facts.transaction_control)
    return refuse(ctx, statement, fmt::format("`{}` ends or begins a transaction", statement.first_words()),
                  "the statements only: mig runs them in one transaction with their journal row");
  if (statement.facts.non_transactional) return check_non_transactional(ctx, statement);
  if (statement.facts.kind == "VariableSetStmt" && text.rfind("set local", 0) != 0 && text.rfind("reset", 0) != 0)
    return refuse(ctx, statement, "`set` would stay in force for all later steps", "set local …");
  if (statement.facts.kind == "CopyStmt" && text.find("stdin") != std::string::npos)
    refuse(ctx, statement, "`copy … from stdin` has no data here", "insert …, or a source and a map");
}

}  // namespace

std::string BodyStatement::first_words() const {
  std::string words;
  for (const char c : text.substr(0, text.find(';'))) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (blank && !words.empty() && words.back() == ' ') continue;
    words += blank ? ' ' : c;
  }
  if (words.size() <= 40) return words;
  const auto end = words.rfind(' ', 40);
  return words.substr(0, end == std::string::npos ? 40 : end) + " …";
}

bool BodyStatement::rows_only() const {
  return is_one_of(facts.kind, {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt",
                                "TruncateStmt", "VariableSetStmt", "GrantRoleStmt", "NotifyStmt"});
}

bool BodyStatement::runs_code() const { return refused || is_one_of(facts.kind, {"DoStmt", "CallStmt"}); }

bool BodyStatement::takes_away_unparsed() const {
  const auto begin = lower(text.substr(0, 8));
  return refused && (begin.rfind("drop", 0) == 0 || begin == "truncate");
}

std::vector<catalog::Name> BodyStatement::changed_tables(const Context& ctx) const {
  if (runs_code()) return ctx.before.names("table");
  return rows_only() ? std::vector<catalog::Name>{} : tables_of(ctx, facts.relations);
}

std::vector<sql::Lock> BodyStatement::locks(const Context& ctx) const {
  std::vector<sql::Lock> made;
  if (refused) return made;
  if (const auto mode = lock_of(facts.kind))
    for (const auto& name : tables_of(ctx, facts.relations)) made.push_back(lock(name, *mode));
  return made;
}

std::vector<BodyStatement> statements_of(const syntax::Body& body) {
  sql::ParseError error;
  std::vector<BodyStatement> made;
  const auto strict = sql::split(body.text, error);
  for (auto [offset, length] : strict ? *strict : sql::split_by_tokens(body.text)) {
    for (; length > 0 && std::isspace(static_cast<unsigned char>(body.text[offset])) != 0; --length) ++offset;
    BodyStatement statement{body.text.substr(offset, length), part(body, offset, length), {}, {}};
    if (auto facts = sql::facts(statement.text, error))
      statement.facts = std::move(*facts);
    else
      statement.refused = error;
    made.push_back(std::move(statement));
  }
  return made;
}

void check_body(const Context& ctx, const syntax::Body& body) {
  const auto statements = statements_of(body);
  if (statements.empty())
    ctx.sink.report(diagnostics::sql_not_understood, body.span, "there is no statement here")
        .note("write: back $$select$$ where nothing is to be done on the way back");
  for (const auto& statement : statements) check_statement(ctx, statement);
}

sql::Step body_step(const Context& ctx, const syntax::Body& body) {
  std::vector<sql::Statement> made;
  std::string title;
  for (const auto& written : statements_of(body)) {
    title += (title.empty() ? "" : "; ") + written.first_words();
    made.push_back(statement(sql::verbatim(written.text), written.locks(ctx),
                             written.rows_only() ? sql::Work::scan : sql::Work::instant,
                             written.refused ? "written as SQL and not checked: its locks are not known"
                                             : "written as SQL: the locks are those of its kind on the tables that it "
                                               "names"));
  }
  sql::Step step = transaction(ctx, "sql: " + title, std::move(made), {});
  step.probe.reset();  // its journal row commits with it: nothing else can say whether it happened
  return step;
}

std::vector<std::string> body_touches(const Context& ctx, const syntax::Body& body) {
  std::vector<std::string> keys;
  for (const auto& statement : statements_of(body))
    for (const auto& name : tables_of(ctx, statement.facts.relations)) {
      auto key = catalog::key("table", name);
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
    }
  return keys;
}

}  // namespace mig::operations
