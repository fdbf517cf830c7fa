// Connecting, and refusing what cannot work: a standby, a transaction pooler, a server that is too old.
#include <memory>

#include "compiler/plan/messages.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

Outcome wrong_server(const char* code, std::string what, const Session& session, std::string next) {
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = code;
  outcome.what = std::move(what);
  outcome.where = session.display();
  outcome.now = "nothing was changed";
  outcome.next = std::move(next);
  return outcome;
}

// A transaction pooler gives each transaction whatever server session is free: the advisory lock and SET would belong
// to nobody. It shows where a transaction elsewhere gets our backend, or we another one.
bool behind_transaction_pooler(Work& work) {
  const auto pid = [](Session& session) { return session.run(sql("SELECT pg_backend_pid()")).value(); };
  const auto mine = pid(*work.session);
  if (pid(*work.session) != mine) return true;
  if (mine == std::to_string(work.session->backend_pid())) return false;  // no pooler at all
  Session other(work.target);
  other.run(sql("BEGIN"));
  const auto theirs = pid(other);
  const auto again = pid(*work.session);
  other.run(sql("ROLLBACK"));
  return theirs == mine || again != mine;
}

}  // namespace

Stop open(Work& work) {
  if (work.session && work.session->alive()) return std::nullopt;
  work.locked = false;
  work.onlooker.reset();
  work.session.reset();
  try {
    work.session = std::make_unique<Session>(work.target);
  } catch (const DatabaseError& error) {
    return no_connection(error);
  }
  const auto& session = *work.session;
  if (session.server_version() < 130000)
    return wrong_server("R0702", "PostgreSQL " + std::to_string(session.server_version() / 10000) + " is not supported",
                        session, "use PostgreSQL 13 or newer");
  const auto rows =
      work.ask(sql("SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',\n"
                   "  current_user, current_setting('server_version')"));
  const auto& facts = rows.rows.at(0);
  if (*facts[0] == "t")
    return wrong_server("R0702", "this server is a standby", session,
                        "connect to the primary, e.g. add target_session_attrs=read-write to the URL");
  if (*facts[1] == "t")
    return wrong_server("R0702", "sessions on this server are read-only", session,
                        "look at default_transaction_read_only of the role, the database and the server");
  if (behind_transaction_pooler(work))
    return wrong_server("R0703", "a transaction pooler stands between mig and the server", session,
                        "connect directly, e.g. to PostgreSQL's own port instead of PgBouncer's");
  for (const auto& setting : plan::session_settings(session.server_version() / 10000)) work.ask(setting);
  work.tell("connected", {{"display", session.display()}, {"version", *facts[3]}, {"role", *facts[2]}});
  return std::nullopt;
}

void prepare_session(Work& work, const plan::Plan& plan) {
  for (const auto& setting : plan::session_settings(plan, work.session->server_version() / 10000)) work.ask(setting);
}

}  // namespace mig::runtime
