// Reaching a target.
#include "cli/connection.hpp"

#include <fmt/format.h>

#include "cli/text.hpp"
#include "cli/url.hpp"

namespace mig::cli {

namespace {

// libpq's messages have several lines and a line end.
std::string one_line(std::string text) {
  std::string line;
  for (const char c : text)
    if (c != '\n' && c != '\t')
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += line.back() == ':' || c == '\t' ? " " : "; ";
  while (!line.empty() && (line.back() == ' ' || line.back() == ';')) line.pop_back();
  return line;
}

Failure unreachable(const Choice& choice, const runtime::DatabaseError& error) {
  // Only libpq's own complaints quote from the string; what a server answers never does.
  auto said = one_line(error.what());
  if (said.rfind("connection to server", 0) != 0) said = without_secrets(said, choice.target.conninfo);
  const auto& origin = choice.target.origin;
  const bool variable = origin.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos &&
                        origin.rfind("PG", 0) != 0;
  return Failure(no_connection, "no connection: " + said)
      .at("the address is from " + origin)
      .state("nothing was done")
      .then(variable ? "psql \"$" + origin + "\" -c 'select 1'" : "mig help targets");
}

std::string first_word(const std::string& text) { return text.substr(0, text.find(' ')); }

}  // namespace

Failure sandbox_failure(const std::string& said, const std::string& origin) {
  const auto way_out = said.find("; next: ");
  return Failure(no_connection, "the sandbox does not start: " + said.substr(0, way_out))
      .at(origin)
      .state("nothing was done")
      .then(way_out == std::string::npos ? "install postgresql, or name a server: --url postgresql://…"
                                         : said.substr(way_out + 8));
}

runtime::SandboxOptions sandbox_options(const Project& project) {
  return {std::filesystem::weakly_canonical(project.config.root).string(), project.config.sandbox_bin,
          project.config.pg};
}

Connection::Connection(const Invocation& call, const Project& project, const Output& output)
    : choice_(choose_target(call, project.config, project.environment)) {
  for (const auto& warning : choice_.warnings) output.warning(warning);
  if (choice_.sandbox) {
    try {
      sandbox_ = std::make_unique<runtime::Sandbox>(sandbox_options(project));
    } catch (const std::runtime_error& error) {
      throw sandbox_failure(error.what(), choice_.target.origin);
    }
    choice_.target.conninfo = sandbox_->target().conninfo;
  }
  try {
    runtime::Session session(choice_.target);
    look(session);
  } catch (const runtime::DatabaseError& error) {
    throw unreachable(choice_, error);
  }
}

void Connection::look(runtime::Session& session) {
  standby_ = session.run(sql::sql("SELECT pg_is_in_recovery()")).truth();
  const auto version = first_word(session.run(sql::sql("SHOW server_version")).value());
  const auto database = session.run(sql::sql("SELECT current_database()")).value();
  name_ = choice_.target.name.empty() ? database : choice_.target.name;
  const auto& shown = choice_.target.name.empty() ? "from " + choice_.target.origin : choice_.target.name;
  if (sandbox_ == nullptr)
    line_ = fmt::format("target   {}   {}   PostgreSQL {} {}", shown, session.display(), version,
                        standby_ ? "standby" : "primary");
  else if (sandbox_->started_here())
    line_ = fmt::format("target   {}   sandbox, PostgreSQL {}, started in {}", shown, version,
                        duration(sandbox_->start_ms()));
  else
    line_ = fmt::format("target   {}   sandbox, PostgreSQL {}", shown, version);
}

std::string Connection::short_line() const { return line_.substr(9); }

void Connection::require_primary() const {
  if (standby_)
    throw Failure(no_connection, "this server is a standby: it takes no changes")
        .at(short_line())
        .state("nothing was done")
        .then("name the primary, or add target_session_attrs=read-write to the URL");
}

Failure database_failure(const runtime::DatabaseError& error) {
  const auto& state = error.sqlstate;
  const auto said = one_line(error.what());
  if (error.connection_lost())
    return Failure(no_connection, "the connection was lost: " + said)
        .state("nothing was changed")
        .then("the same command, when the server answers again: mig doctor");
  auto failure = Failure(state == "42501" || state.rfind("53", 0) == 0 || state.rfind("28", 0) == 0 || state == "0A000"
                             ? no_connection
                         : state == "55P03" ? busy
                                            : refused,
                         fmt::format("the server refused to answer: {} (SQLSTATE {})", said, state));
  failure.next = "mig doctor looks at the server and says what to do";
  if (!error.hint.empty()) failure.next = one_line(error.hint);
  if (failure.exit == busy) failure.next = "mig doctor says who holds the lock";
  return failure.state("nothing was changed");
}

}  // namespace mig::cli
