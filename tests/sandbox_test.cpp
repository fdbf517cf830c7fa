// The sandbox: started without configuration, shared, kept, stopped, and what a killed command leaves behind.
#include "runtime/sandbox.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include <sys/wait.h>
#include <unistd.h>

#include "runtime/programs.hpp"
#include "runtime/sandbox_files.hpp"
#include "runtime/sandbox_server.hpp"
#include "tests/support/catch.hpp"

using namespace mig;
namespace fs = std::filesystem;

namespace {

// A project of its own for each test; nothing of it is left, whatever the test did.
struct Project {
  Project() : options{"/project/" + std::to_string(getpid()) + "/" + std::to_string(++count), "", 0} {}
  ~Project() {
    runtime::Sandbox::reset(options);
    const auto files = runtime::sandbox_files(options.project);
    fs::remove_all(files.socket);
    fs::remove_all(files.state);
  }
  static inline int count = 0;
  runtime::SandboxOptions options;
};

bool answers(const runtime::Target& target) {
  try {
    return runtime::Session(target).run(sql::sql("SELECT true")).truth();
  } catch (const runtime::DatabaseError&) {
    return false;
  }
}

// Runs the body in another process: 0 when it returns, else how it ended.
int in_child(const std::function<int()>& body) {
  const auto child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("a sandbox starts without configuration, keeps its data, and stops with its command") {
  Project project;
  runtime::Target target;
  {
    const runtime::Sandbox sandbox(project.options);
    target = sandbox.target();
    CHECK(sandbox.started_here());
    runtime::Session(target).run(sql::sql("CREATE TABLE kept (a int)"));
  }
  CHECK_FALSE(answers(target));
  const runtime::Sandbox again(project.options);
  CHECK(runtime::Session(target).run(sql::sql("SELECT to_regclass('kept') IS NOT NULL")).truth());
}

TEST_CASE("the socket's directory is short and closed to others") {
  const Project project;
  const auto files = runtime::sandbox_files(project.options.project);
  CHECK(files.socket.size() < 60);
  CHECK((fs::status(files.socket).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("two commands share a server, and the last one stops it") {
  Project project;
  auto first = std::make_unique<runtime::Sandbox>(project.options);
  auto second = std::make_unique<runtime::Sandbox>(project.options);
  CHECK_FALSE(second->started_here());
  const auto target = first->target();
  first.reset();
  CHECK(answers(target));
  second.reset();
  CHECK_FALSE(answers(target));
}

TEST_CASE("of two processes that start at once, one starts the server and both use it") {
  Project project;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  pid_t children[2];
  for (auto& child : children) {
    child = fork();
    if (child != 0) continue;
    const runtime::Sandbox sandbox(project.options);
    const char said = answers(sandbox.target()) ? (sandbox.started_here() ? 's' : 'j') : 'x';
    if (write(ends[1], &said, 1) != 1) _exit(1);
    usleep(500'000);
    _exit(0);
  }
  char said[2] = {};
  REQUIRE(read(ends[0], said, 1) == 1);
  REQUIRE(read(ends[0], said + 1, 1) == 1);
  for (auto child : children) waitpid(child, nullptr, 0);
  const std::string both(said, 2);
  CHECK((both == "sj" || both == "js"));
}

TEST_CASE("a kept server runs until it is stopped") {
  Project project;
  runtime::Target target;
  {
    runtime::Sandbox sandbox(project.options);
    sandbox.keep();
    target = sandbox.target();
  }
  CHECK(answers(target));
  { const runtime::Sandbox user(project.options); }
  CHECK(answers(target));
  runtime::Sandbox::stop(project.options);
  CHECK_FALSE(answers(target));
  { const runtime::Sandbox user(project.options); }
  CHECK_FALSE(answers(target));
}

TEST_CASE("reset begins anew") {
  Project project;
  { runtime::Session(runtime::Sandbox(project.options).target()).run(sql::sql("CREATE TABLE gone (a int)")); }
  runtime::Sandbox::reset(project.options);
  const runtime::Sandbox sandbox(project.options);
  CHECK(runtime::Session(sandbox.target()).run(sql::sql("SELECT to_regclass('gone') IS NULL")).truth());
}

TEST_CASE("what a killed command left running is joined and then stopped") {
  Project project;
  CHECK(in_child([&] {
          const runtime::Sandbox sandbox(project.options);
          return raise(SIGKILL);
        }) == -SIGKILL);
  runtime::Target target;
  {
    const runtime::Sandbox sandbox(project.options);
    target = sandbox.target();
    CHECK_FALSE(sandbox.started_here());
    CHECK(answers(target));
  }
  CHECK_FALSE(answers(target));
}

TEST_CASE("a killed server leaves a pid file that is seen through") {
  Project project;
  const auto files = runtime::sandbox_files(project.options.project);
  {
    const runtime::Sandbox sandbox(project.options);
    const auto server = runtime::running_server(files);
    REQUIRE(server);
    kill(*server, SIGKILL);
    while (runtime::running_server(files)) usleep(10'000);
  }
  // The number now belongs to another process: ours.
  std::ofstream(files.data + "/postmaster.pid") << getpid() << "\n" << files.data << "\n";
  const runtime::Sandbox sandbox(project.options);
  CHECK(sandbox.started_here());
  CHECK(answers(sandbox.target()));
}

TEST_CASE("an initdb that was killed is not taken for data") {
  Project project;
  const auto files = runtime::sandbox_files(project.options.project);
  fs::create_directories(files.state + "/new-1/base");
  std::ofstream(files.state + "/new-1/PG_VERSION") << "15\n";
  const runtime::Sandbox sandbox(project.options);
  CHECK(answers(sandbox.target()));
  CHECK_FALSE(fs::exists(files.state + "/new-1"));
}

TEST_CASE("a plain user with a long home directory has a sandbox too") {
  if (geteuid() != 0) return;  // then every test of this file is that one
  auto home = std::string("/tmp/") + std::string(60, 'h') + "XXXXXX";
  REQUIRE(mkdtemp(home.data()) != nullptr);
  const auto account = runtime::server_account();
  REQUIRE(chown(home.c_str(), account.uid, account.gid) == 0);
  CHECK(in_child([&] {
          if (setgid(account.gid) != 0 || setuid(account.uid) != 0) return 1;
          setenv("HOME", home.c_str(), 1);
          unsetenv("XDG_STATE_HOME");
          Project project;
          const runtime::Sandbox sandbox(project.options);
          const auto files = runtime::sandbox_files(project.options.project);
          if (files.state.rfind(home + "/.local/state/mig/", 0) != 0) return 2;
          if (files.socket.size() >= 60) return 3;
          return answers(sandbox.target()) ? 0 : 4;
        }) == 0);
  fs::remove_all(home);
}

TEST_CASE("no programs, or not this version: the message says what was looked for and the way out") {
  CHECK_THROWS_WITH(
      runtime::choose_programs(std::vector<runtime::Programs>{}, 0),
      "no initdb found (looked in PATH, pg_config, /usr/lib/postgresql/*/bin); install postgresql, or mig "
      "apply --url …");
  CHECK_THROWS_WITH(runtime::choose_programs({{"/opt/pg/bin", 15, "15.4"}}, 16),
                    Catch::Contains("no initdb of PostgreSQL 16 found") && Catch::Contains("15.4 in /opt/pg/bin"));
  CHECK_THROWS_WITH(runtime::choose_programs("/nonexistent", 0), "no initdb, pg_ctl and postgres in /nonexistent");
}

TEST_CASE("data of another version is not touched") {
  Project project;
  { const runtime::Sandbox sandbox(project.options); }
  project.options.major = 99;
  CHECK_THROWS_WITH(runtime::Sandbox(project.options), Catch::Contains("mig sandbox --reset"));
}
