// mig sandbox: the project's throwaway server.
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/connection.hpp"
#include "cli/text.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"stop", nullptr, "stop the server, keep its data"},
    {"reset", nullptr, "stop the server, throw its data away"},
};

int start(const Project& project, const Output& output) {
  runtime::Sandbox sandbox(sandbox_options(project));
  sandbox.keep();
  output.note("sandbox, PostgreSQL " + sandbox.version() +
              (sandbox.started_here() ? ", started in " + duration(sandbox.start_ms()) : ", runs already") +
              "; mig sandbox --stop ends it\n");
  if (output.text())
    output.answer(sandbox.url() + "\n");
  else
    output.object(done, {{"url", sandbox.url()}, {"version", sandbox.version()}, {"log", sandbox.log_file()}});
  return done;
}

// psql is replaced for this process: its exit code, its terminal. The server is kept, since nobody is left to stop it.
int psql(const Invocation& call, const Project& project) {
  std::string url, beside;
  {
    runtime::Sandbox sandbox(sandbox_options(project));
    sandbox.keep();
    url = sandbox.url();
    beside = sandbox.bin() + "/psql";
  }
  std::vector<std::string> words{"psql"};
  words.insert(words.end(), call.arguments.begin() + 1, call.arguments.end());
  words.push_back("-d");
  words.push_back(url);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp("psql", argv.data());
  execv(beside.c_str(), argv.data());
  throw Failure(no_connection, "psql is not found")
      .at("PATH, " + beside)
      .then("install postgresql-client; the address is " + url);
}

int dispatch(const Invocation& call, const Project& project, const Output& output) {
  if (call.has("reset")) {
    runtime::Sandbox::reset(sandbox_options(project));
    output.note("the sandbox is gone, with its data\n");
    return done;
  }
  if (call.has("stop")) {
    runtime::Sandbox::stop(sandbox_options(project));
    output.note("the sandbox is stopped; its data is kept\n");
    return done;
  }
  if (call.arguments.empty()) return start(project, output);
  if (call.arguments[0] == "psql") return psql(call, project);
  throw Failure(usage, "`mig sandbox " + call.arguments[0] + "` is not known").then("mig sandbox, mig sandbox psql");
}

int run(const Invocation& call) {
  const Output output(call);
  const auto project = open_project(call, output);
  try {
    return dispatch(call, project, output);
  } catch (const runtime::DatabaseError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw sandbox_failure(error.what(), "sandbox");
  }
}

}  // namespace

constinit const Command sandbox_command{"sandbox",
                                        "trust",
                                        "sandbox [psql]",
                                        "a throwaway PostgreSQL: start it and print its URL",
                                        "mig sandbox                     start, print the URL; it runs until --stop\n"
                                        "mig sandbox psql                a psql session in it\n"
                                        "mig sandbox psql -- -c 'select 1'\n"
                                        "mig sandbox --reset             throw its data away\n",
                                        flags,
                                        "text json",
                                        -1,
                                        run};

}  // namespace mig::cli
