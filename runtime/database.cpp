// libpq behind Session: the only file that runs statements.
#include "runtime/database.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <set>
#include <utility>

#include "runtime/fault.hpp"

namespace mig::runtime {

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

DatabaseError error_of(const PGresult* result, PGconn* connection) {
  const auto message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  DatabaseError error(message.empty() ? PQerrorMessage(connection) : message);
  error.message = error.what();
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(result, PG_DIAG_MESSAGE_HINT);
  error.schema = field(result, PG_DIAG_SCHEMA_NAME);
  error.table = field(result, PG_DIAG_TABLE_NAME);
  error.column = field(result, PG_DIAG_COLUMN_NAME);
  error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  error.context = field(result, PG_DIAG_CONTEXT);
  const auto position = field(result, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) error.position = std::stoi(position);
  return error;
}

Rows rows_of(const PGresult* result) {
  Rows rows;
  rows.command_tag = PQcmdStatus(const_cast<PGresult*>(result));
  for (int c = 0; c < PQnfields(result); ++c) rows.columns.emplace_back(PQfname(result, c));
  for (int r = 0; r < PQntuples(result); ++r) {
    auto& row = rows.rows.emplace_back();
    for (int c = 0; c < PQnfields(result); ++c) {
      if (PQgetisnull(result, r, c) != 0)
        row.emplace_back(std::nullopt);
      else
        row.emplace_back(PQgetvalue(result, r, c));
    }
  }
  return rows;
}

// Until a whole result is there or the connection is gone; libpq's own PQexec would wait without us.
void wait_for_answer(PGconn* connection, const std::function<void(long)>& waiting) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  PQflush(connection);
  while (PQisBusy(connection) != 0) {
    pollfd socket{PQsocket(connection), POLLIN, 0};
    const int ready = poll(&socket, 1, 50);
    if (ready == 0 || (ready < 0 && errno == EINTR))
      waiting(std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin).count());
    else if (PQconsumeInput(connection) == 0)
      return;
  }
}

// As PQexec does: the last result counts, but an error before the connection's end is not forgotten.
Result last_result(PGconn* connection) {
  Result last(nullptr, &PQclear);
  while (auto* next = PQgetResult(connection)) {
    if (last && PQresultStatus(last.get()) == PGRES_FATAL_ERROR && !field(last.get(), PG_DIAG_SQLSTATE).empty())
      PQclear(next);
    else
      last.reset(next);
  }
  return last;
}

// Notices are the server's remarks on DDL ("will create implicit index"): the plan says what matters of them.
void ignore_notice(void*, const PGresult*) {}

}  // namespace

const std::string& Rows::value() const {
  if (rows.size() != 1 || rows[0].size() != 1 || !rows[0][0]) throw std::logic_error("not exactly one value");
  return *rows[0][0];
}

struct Session::Connection {
  PGconn* pg = nullptr;
  PGcancel* cancel = nullptr;
};

Session::Session(const Target& target) : connection_(std::make_unique<Connection>()) {
  // expand_dbname: `dbname` may hold a whole URI or key=value string, which libpq reads itself. Settings given before
  // it are overridden by it, those after it win.
  const char* const keys[] = {"dbname", "application_name", "client_encoding", nullptr};
  const char* const values[] = {target.conninfo.c_str(), "mig", "UTF8", nullptr};
  connection_->pg = PQconnectdbParams(keys, values, 1);
  if (PQstatus(connection_->pg) != CONNECTION_OK) {
    DatabaseError error(PQerrorMessage(connection_->pg));
    error.message = error.what();
    PQfinish(connection_->pg);
    throw error;
  }
  PQsetNoticeReceiver(connection_->pg, ignore_notice, nullptr);
  connection_->cancel = PQgetCancel(connection_->pg);
}

Session::~Session() {
  PQfreeCancel(connection_->cancel);
  PQfinish(connection_->pg);
}

Rows Session::run(const sql::Fragment& statement) {
  return run(statement, [](long) {});
}

Rows Session::run(const sql::Fragment& statement, const std::function<void(long)>& waiting) {
  fault::before_statement();
  if (PQsendQuery(connection_->pg, statement.text().c_str()) == 0) throw error_of(nullptr, connection_->pg);
  fault::statement_sent();
  wait_for_answer(connection_->pg, waiting);
  const auto result = last_result(connection_->pg);
  fault::answer_read();
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      return rows_of(result.get());
    default:
      throw error_of(result.get(), connection_->pg);
  }
}

long long Session::copy_out(const sql::Fragment& statement, const std::function<void(std::string_view)>& take) {
  fault::before_statement();
  if (PQsendQuery(connection_->pg, statement.text().c_str()) == 0) throw error_of(nullptr, connection_->pg);
  fault::statement_sent();
  const Result begun(PQgetResult(connection_->pg), &PQclear);
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) {
    const auto error = error_of(begun.get(), connection_->pg);
    (void)last_result(connection_->pg);
    throw error;
  }
  char* piece = nullptr;
  for (int size = 0; (size = PQgetCopyData(connection_->pg, &piece, 0)) > 0;) {
    const std::unique_ptr<char, decltype(&PQfreemem)> owner(piece, &PQfreemem);
    take(std::string_view(piece, static_cast<std::size_t>(size)));
  }
  const auto end = last_result(connection_->pg);
  fault::answer_read();
  if (PQresultStatus(end.get()) != PGRES_COMMAND_OK) throw error_of(end.get(), connection_->pg);
  return std::atoll(PQcmdTuples(end.get()));
}

void Session::parse(const sql::Fragment& statement) {
  const Result result(PQprepare(connection_->pg, "", statement.text().c_str(), 0, nullptr), &PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw error_of(result.get(), connection_->pg);
}

void Session::cancel() const {
  char message[256];
  if (connection_->cancel != nullptr) PQcancel(connection_->cancel, message, sizeof message);
}

int Session::backend_pid() const { return PQbackendPID(connection_->pg); }
bool Session::alive() const { return PQstatus(connection_->pg) == CONNECTION_OK; }
bool Session::in_transaction() const { return PQtransactionStatus(connection_->pg) != PQTRANS_IDLE; }
int Session::server_version() const { return PQserverVersion(connection_->pg); }

std::map<std::string, std::string> Session::environment() const {
  std::map<std::string, std::string> variables;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(connection_->pg),
                                                                             &PQconninfoFree);
  // Which of several hosts, and whose password, is settled by now; the encoding and the name are ours alone.
  static const std::set<std::string_view> settled{"host",        "hostaddr",
                                                  "port",        "password",
                                                  "service",     "application_name",
                                                  "servicefile", "client_encoding",
                                                  "passfile",    "target_session_attrs"};
  for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option)
    if (option->envvar != nullptr && option->val != nullptr && *option->val != '\0' &&
        settled.count(option->keyword) == 0)
      variables[option->envvar] = option->val;
  const auto set = [&](const char* name, const char* value) {
    if (value != nullptr && *value != '\0') variables[name] = value;
  };
  set("PGHOST", PQhost(connection_->pg));
  set("PGPORT", PQport(connection_->pg));
  set("PGUSER", PQuser(connection_->pg));
  set("PGDATABASE", PQdb(connection_->pg));
  set("PGPASSWORD", PQpass(connection_->pg));
  return variables;
}

std::string Session::display() const {
  const auto text = [](const char* value) { return std::string(value != nullptr ? value : ""); };
  auto host = text(PQhost(connection_->pg));
  if (!host.empty() && host.front() == '/') host = "[local]";
  return text(PQuser(connection_->pg)) + "@" + host + ":" + text(PQport(connection_->pg)) + "/" +
         text(PQdb(connection_->pg));
}

}  // namespace mig::runtime
