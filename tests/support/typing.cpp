// The server as an oracle of types: Parse and Describe in pipelined rounds.
#include "tests/support/typing.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"

namespace mig::tests {

namespace {

constexpr std::size_t round_size = 200;  // statements in flight: their answers fit a socket's buffer

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every type that a column can have, but arrays: of those a few.
constexpr auto types_query = R"(
SELECT format_type(t.oid, NULL) FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('b', 'e', 'd', 'r', 'm', 'c') AND (c.oid IS NULL OR c.relkind = 'c' OR t.oid = 'one.parent'::regtype OR t.oid = 'one.child'::regtype)
  AND (t.typcategory <> 'A' OR t.typname IN ('_int4', '_text', '_varchar', '_numeric', '_mood', '_positive', '_point3', '_jsonb', '_timestamptz', 'int2vector', 'oidvector', '_int4range'))
  AND t.typnamespace <> 'information_schema'::regnamespace AND t.typnamespace <> 'pg_toast'::regnamespace
  AND t.typname NOT IN ('w', '_w')
ORDER BY t.typnamespace::regnamespace::text, t.typname COLLATE "C")";

}  // namespace

std::string Verdict::text() const {
  if (!sqlstate.empty()) return "refused, " + sqlstate;
  return modifier < 0 ? type : type + " modifier " + std::to_string(modifier);
}

std::string Comparison::summary() const {
  return fmt::format("{} run, {} accepted, {} refused, {} unreadable literals, {} not typed here, {} differences", run,
                     accepted, refused, values, unsupported, differences.size());
}

TypingWorld::TypingWorld(Server& server)
    : target_(server.database(file(std::string(MIG_SOURCE_DIR) + "/tests/support/typing_world.sql"))),
      major_(server.major()),
      universe_(server.major()) {
  tests::run(target_, "ALTER DATABASE " + std::string(ask("SELECT quote_ident(current_database())").at(0)) +
                          " SET search_path = one, two, public");
  column_types_ = ask(types_query);
  std::string table = "CREATE TABLE public.w (";
  for (std::size_t i = 0; i < column_types_.size(); ++i) {
    columns_.push_back("c" + std::to_string(i));
    table += (i == 0 ? "" : ", ") + columns_.back() + " " + column_types_[i];
  }
  tests::run(target_, table +
                          ", n numeric(12, 2), v varchar(20), ts timestamp(3), b varbit(7), p \"char\", k text COLLATE "
                          "\"C\", x text COLLATE \"POSIX\")");
  universe_ = types::load(runtime::introspect(target_), {"one", "two", "public"});
  resolver_ = std::make_unique<types::Resolver>(universe_);
  scope_.add(universe_, *universe_.relation_named("public", "w"));
  connection_ = PQconnectdb(target_.conninfo.c_str());
  if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
  PQclear(PQexec(connection_,
                 "SET log_statement = none; SET log_min_error_statement = panic; SET log_min_messages = panic"));
  for (const auto& each : ask("SELECT t.oid || ' ' || n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n"
                              " ON n.oid = t.typnamespace")) {
    const auto blank = each.find(' ');
    names_[static_cast<unsigned>(std::stoul(each.substr(0, blank)))] = each.substr(blank + 1);
  }
  if (PQenterPipelineMode(connection_) != 1) throw std::runtime_error("no pipeline");
}

TypingWorld::~TypingWorld() { PQfinish(connection_); }

std::vector<std::string> TypingWorld::ask(const std::string& query) const {
  std::vector<std::string> result;
  for (const auto& row : tests::run(target_, query).rows) result.push_back(row.at(0).value_or(""));
  return result;
}

namespace {

std::string type_text(const types::Universe& universe, types::TypeId type, std::int32_t& modifier) {
  const auto base = universe.base(type, modifier);  // as Describe tells it
  const auto& of = universe.at(base);
  return std::string(universe.schema_name(of.schema)) + "." + std::string(of.name);
}

}  // namespace

Verdict TypingWorld::ours(const std::string& expression) {
  Verdict verdict;
  sql::ParseError error;
  auto node = types::parse_expression(expression, error);
  if (!node) return verdict.sqlstate = "42601", verdict.message = error.message, verdict;
  const auto typed = resolver_->type_output(*node, scope_);
  if (typed.ok()) {
    verdict.modifier = typed.modifier;
    verdict.type = type_text(universe_, typed.type, verdict.modifier);
  } else {
    verdict.sqlstate = typed.unsupported() ? "none" : typed.refusal->sqlstate;
    verdict.message = typed.refusal->message;
  }
  return verdict;
}

Verdict TypingWorld::ours_of_query(const std::string& query) {
  Verdict verdict;
  sql::ParseError error;
  auto tree = types::parse_query(query, error);
  if (!tree) return verdict.sqlstate = "42601", verdict.message = error.message, verdict;
  auto typed = resolver_->type(*tree);
  if (typed.refusal) {
    verdict.sqlstate = typed.refusal->sqlstate.empty() ? "none" : typed.refusal->sqlstate;
    verdict.message = typed.refusal->message;
    return verdict;
  }
  for (auto& column : typed.columns) {
    const auto text = type_text(universe_, column.type, column.modifier);
    verdict.type +=
        (verdict.type.empty() ? "" : ", ") + column.name + " " + text + "/" + std::to_string(column.modifier);
  }
  return verdict;
}

std::vector<Verdict> TypingWorld::theirs(const std::vector<std::string>& statements, bool queries) {
  std::vector<Verdict> result(statements.size());
  for (std::size_t begin = 0; begin < statements.size(); begin += round_size) {
    const auto end = std::min(statements.size(), begin + round_size);
    for (auto i = begin; i < end; ++i) {
      PQsendPrepare(connection_, "", statements[i].c_str(), 0, nullptr);
      PQsendDescribePrepared(connection_, "");
      PQpipelineSync(connection_);
    }
    for (auto i = begin; i < end;) {
      const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQgetResult(connection_), &PQclear);
      if (!answer) {
        if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error("the oracle is gone: " + statements[i]);
        continue;
      }
      auto& verdict = result[i];
      switch (PQresultStatus(answer.get())) {
        case PGRES_PIPELINE_SYNC:
          ++i;
          break;
        case PGRES_FATAL_ERROR: {
          const auto* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
          verdict.sqlstate = state == nullptr ? "?????" : state;
          const auto* message = PQresultErrorField(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
          verdict.message = message == nullptr ? "" : message;
          break;
        }
        case PGRES_COMMAND_OK:
          for (int c = 0; c < PQnfields(answer.get()); ++c) {
            const auto name = names_[PQftype(answer.get(), c)];
            if (!queries) {
              verdict.type = name;
              verdict.modifier = PQfmod(answer.get(), c);
            } else {
              verdict.type += (verdict.type.empty() ? "" : ", ") + std::string(PQfname(answer.get(), c)) + " " + name +
                              "/" + std::to_string(PQfmod(answer.get(), c));
            }
          }
          break;
        default:
          break;
      }
    }
  }
  return result;
}

void TypingWorld::judge(const std::string& text, const Verdict& mine, const Verdict& other, Comparison& result) const {
  ++result.run;
  // The literal 'a' as the name of a table, a dictionary …
  const bool unknown_name = (other.message.find("\"a\" does not exist") != std::string::npos ||
                             other.message.find("collation \"a\" for encoding") != std::string::npos ||
                             other.message == "operator does not exist: a") &&
                            other.message.find("column") == std::string::npos;
  const bool no_path = other.message.find("of jsonpath input") != std::string::npos ||
                       other.message.find("in tsquery") != std::string::npos;
  if (unknown_name || no_path || (other.sqlstate.rfind("22", 0) == 0 && mine.sqlstate.rfind("22", 0) != 0)) {
    ++result.values;
    return;
  }
  if (mine.sqlstate == "none") {
    ++result.unsupported;
    ++result.not_typed[mine.message];
    return;
  }
  if (mine.type == other.type && mine.modifier == other.modifier && mine.sqlstate == other.sqlstate) {
    ++(other.sqlstate.empty() ? result.accepted : result.refused);
    return;
  }
  result.differences.push_back(
      text + "\n    server: " + other.text() + (other.message.empty() ? "" : " (" + other.message + ")") +
      "\n    here:   " + mine.text() + (mine.message.empty() ? "" : " (" + mine.message + ")"));
}

void TypingWorld::compare(const std::vector<std::string>& expressions, Comparison& result, bool as_query) {
  std::vector<std::string> statements;
  statements.reserve(expressions.size());
  for (const auto& each : expressions) statements.push_back("SELECT (" + each + ") FROM w");
  const auto verdicts = theirs(statements, as_query);
  for (std::size_t i = 0; i < expressions.size(); ++i)
    judge(expressions[i], as_query ? ours_of_query(statements[i]) : ours(expressions[i]), verdicts[i], result);
}

void TypingWorld::compare_assignments(const std::vector<std::pair<std::string, std::string>>& pairs,
                                      Comparison& result) {
  std::vector<std::string> statements;
  for (const auto& [column, expression] : pairs) statements.push_back("UPDATE w SET " + column + " = " + expression);
  const auto verdicts = theirs(statements, true);
  const auto& columns = scope_.entries.front().columns;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    sql::ParseError error;
    auto node = types::parse_expression(pairs[i].second, error);
    REQUIRE(node);
    for (const auto& column : columns) {
      if (column.name != pairs[i].first) continue;
      const auto typed = resolver_->assign(*node, scope_, types::Clause::update, column.type, column.modifier);
      Verdict mine;
      if (!typed.ok()) {
        mine.sqlstate = typed.unsupported() ? "none" : typed.refusal->sqlstate;
        mine.message = typed.refusal->message;
      }
      judge(statements[i], mine, verdicts[i], result);
    }
  }
}

void TypingWorld::compare_queries(const std::vector<std::string>& queries, Comparison& result) {
  const auto verdicts = theirs(queries, true);
  for (std::size_t i = 0; i < queries.size(); ++i) judge(queries[i], ours_of_query(queries[i]), verdicts[i], result);
}

}  // namespace mig::tests
