// The real program on a terminal: killed twice at any statement, interrupted, without its server, asked and answered.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/server.hpp"

using namespace mig;
using namespace mig::tests;
namespace fs = std::filesystem;

namespace {

constexpr const char* schema = R"(
create table users (id bigint primary key, name text not null, email text);
insert into users select i, 'user ' || i, i || '@example.org' from generate_series(1, 50) as i;
)";

constexpr const char* two_steps = R"(migration nicknames {
  expand {
    add column users.nick text;
    add index on users (nick);
    create table visits (id bigint primary key, user_id bigint references users);
  }
  contract { drop column users.email; }
}
)";

// The second statement takes its time: something to interrupt.
constexpr const char* slow = R"(migration slow {
  expand {
    add column users.nick text;
    sql $$select pg_sleep(2)$$ back $$select 1$$;
    add column users.motto text;
  }
}
)";

// A project with one migration, and a database for it.
struct Place {
  Scratch scratch;
  const fs::path& directory = scratch.path();
  runtime::Target target;
  std::string url;

  explicit Place(const char* migration, Server& on = server()) : target(on.database(schema)) {
    fs::create_directories(directory / "migrations");
    std::ofstream(directory / "migrations/one.mig") << migration;
    const auto database = run(target, "select current_database()").value();
    url = "postgresql:///" + database + "?host=" + on.directory() + "&user=postgres";
  }

  [[nodiscard]] std::map<std::string, std::string> environment() const {
    return {{"HOME", directory.string()}, {"LANG", "C.UTF-8"}, {"TERM", "xterm"}};
  }
  [[nodiscard]] Program start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--url", url});
    return {MIG_BINARY, arguments, directory.string(), environment()};
  }
  [[nodiscard]] Ended go(std::vector<std::string> arguments) const { return start(std::move(arguments)).wait(); }
  // By the program with crash points.
  [[nodiscard]] Ended go_and_die(std::vector<std::string> arguments, const std::string& point) const {
    arguments.insert(arguments.end(), {"--url", url});
    auto variables = environment();
    variables["MIG_FAULT_KILL"] = point;
    return Program(MIG_FAULT_BINARY, arguments, directory.string(), variables).wait();
  }
  [[nodiscard]] std::string look() const { return picture(target) + journal_picture(target); }
};

const std::vector<std::string> apply_all{"apply", "--yes", "--through", "contract"};
const std::vector<std::string> undo{"rollback", "nicknames", "--yes", "--to", "pending"};

}  // namespace

TEST_CASE("the program killed twice at any statement goes on, and goes back, as if nothing had happened") {
  const Place calm(two_steps);
  const auto start = picture(calm.target);
  REQUIRE(calm.go(apply_all).exit == 0);
  const auto end = calm.look();

  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> number(1, 60);
  const char* const places[] = {"before", "sent", "answered"};
  int killed = 0;
  constexpr int cases = 6;
  for (int i = 0; i < cases; ++i) {
    const auto point = [&] { return std::string(places[random() % 3]) + ":" + std::to_string(number(random)); };
    const auto first = point(), second = point(), third = point();
    CAPTURE(seed, i, first, second, third);
    const Place place(two_steps);
    for (const auto& at : {first, second}) killed += place.go_and_die(apply_all, at).signal == SIGKILL ? 1 : 0;
    const auto resumed = place.go(apply_all);
    CAPTURE(resumed.out);
    CHECK(resumed.exit == 0);
    CHECK(place.look() == end);
    killed += place.go_and_die(undo, third).signal == SIGKILL ? 1 : 0;
    const auto undone = place.go(undo);
    CAPTURE(undone.out);
    CHECK(undone.exit == 0);
    CHECK(picture(place.target) == start);
  }
  CHECK(killed > 0);
  std::cout << "program: seed " << seed << ", " << cases << " double kills run, 0 skipped, " << killed
            << " processes killed\n";
}

TEST_CASE("the first Ctrl-C lets the statement end, and apply goes on from there") {
  const Place place(slow);
  auto program = place.start({"apply", "--yes"});
  REQUIRE(program.shows("expand/1"));
  program.type("\x03");  // the terminal makes it SIGINT
  const auto ended = program.wait();
  CAPTURE(ended.out);
  CHECK(ended.exit == 130);
  CHECK(ended.out.find("next") != std::string::npos);
  CHECK(run(place.target, "select count(*) from mig.step where state = 'done'").value() != "0");
  CHECK(run(place.target, "select count(*) from pg_attribute where attname = 'motto'").value() == "0");
  const auto resumed = place.go({"apply", "--yes"});
  CAPTURE(resumed.out);
  CHECK(resumed.exit == 0);
  CHECK(run(place.target, "select count(*) from pg_attribute where attname = 'motto'").value() == "1");
}

TEST_CASE("the second Ctrl-C cancels the statement") {
  const Place place(slow);
  auto program = place.start({"apply", "--yes"});
  REQUIRE(program.shows("expand/1"));
  usleep(300'000);
  program.signal(SIGINT);
  usleep(200'000);
  program.signal(SIGINT);
  const auto ended = program.wait(10);
  CAPTURE(ended.out);
  CHECK(ended.exit == 130);
  CHECK(place.go({"apply", "--yes"}).exit == 0);
}

TEST_CASE("SIGTERM ends it after the statement with exit code 143") {
  const Place place(slow);
  auto program = place.start({"apply", "--yes"});
  REQUIRE(program.shows("expand/1"));
  program.signal(SIGTERM);
  const auto ended = program.wait();
  CAPTURE(ended.out);
  CHECK(ended.exit == 143);
  CHECK(place.go({"apply", "--yes"}).exit == 0);
}

TEST_CASE("a server lost in mid-apply is exit code 7, and apply goes on when it is back") {
  Server own;
  const Place place(slow, own);
  auto program = place.start({"apply", "--yes"});
  REQUIRE(program.shows("expand/1"));
  usleep(300'000);
  own.stop("immediate");
  const auto ended = program.wait(120);
  CAPTURE(ended.out);
  CHECK(ended.exit == 7);
  CHECK(ended.out.find("next") != std::string::npos);
  own.start();
  const auto resumed = place.go({"apply", "--yes"});
  CAPTURE(resumed.out);
  CHECK(resumed.exit == 0);
  CHECK(run(place.target, "select count(*) from pg_attribute where attname = 'motto'").value() == "1");
}

TEST_CASE("questions: no is the default, yes applies") {
  const Place place(two_steps);
  const auto before = picture(place.target);
  {
    auto program = place.start({"apply"});
    REQUIRE(program.shows("Apply?"));
    program.type("\n");
    const auto ended = program.wait();
    CAPTURE(ended.out);
    CHECK(ended.exit == 8);
    CHECK(picture(place.target) == before);
  }
  auto program = place.start({"apply"});
  REQUIRE(program.shows("Apply?"));
  program.type("y\n");
  const auto ended = program.wait();
  CAPTURE(ended.out);
  CHECK(ended.exit == 0);
  auto back = place.start({"rollback", "nicknames", "--to", "pending"});
  REQUIRE(back.shows("Go back?"));
  back.type("y\n");
  CHECK(back.wait().exit == 0);
  CHECK(picture(place.target) == before);
}

TEST_CASE("Ctrl-C at a question changes nothing") {
  const Place place(two_steps);
  const auto before = picture(place.target);
  auto program = place.start({"apply"});
  REQUIRE(program.shows("Apply?"));
  program.type("\x03");
  const auto ended = program.wait();
  CAPTURE(ended.out);
  CHECK(ended.exit == 130);
  CHECK(picture(place.target) == before);
}
