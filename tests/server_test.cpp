// The throwaway server itself: databases, log, stop and start, and that nothing is left of it.
#include "tests/support/server.hpp"

#include <csignal>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/catch.hpp"

using namespace mig;

TEST_CASE("each database is fresh and holds what the script makes") {
  const auto first = tests::server().database("create table t (a int); insert into t values (1)");
  tests::run(first, "insert into t values (2)");
  const auto second = tests::server().database("create table t (a int); insert into t values (1)");
  CHECK(tests::run(first, "select count(*) from t").value() == "2");
  CHECK(tests::run(second, "select count(*) from t").value() == "1");
}

TEST_CASE("the log gives the statements of one database back as they were sent") {
  const auto target = tests::server().database();
  const auto mark = tests::server().log().size();
  tests::run(target, "select 1,\n  2");
  const auto name = tests::run(target, "select current_database()").value();
  const auto seen = tests::server().logged_statements(mark, name);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == "select 1,\n  2");
}

TEST_CASE("psql runs against the server and says how it ended") {
  const auto target = tests::server().database();
  CHECK(tests::psql(target, {"-Atc", "select 40 + 2"}).output == "42\n");
  CHECK(tests::psql(target, {"-c", "select 1/0"}).exit != 0);
}

TEST_CASE("a killed test program leaves no server and no directory") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const auto child = fork();
  if (child == 0) {
    tests::Server own;
    const auto name = own.directory();
    if (write(ends[1], name.c_str(), name.size() + 1) < 0) _exit(1);
    raise(SIGKILL);
  }
  char name[256] = {};
  REQUIRE(read(ends[0], name, sizeof name) > 0);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WTERMSIG(status) == SIGKILL);
  for (int i = 0; i < 100 && std::filesystem::exists(name); ++i) usleep(50'000);
  CHECK_FALSE(std::filesystem::exists(name));
}
