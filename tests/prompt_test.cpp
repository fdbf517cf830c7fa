// The questions of the command line, on a terminal of its own: what is asked, what each answer does, that the default
// is no.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/server.hpp"

namespace fs = std::filesystem;
using mig::tests::run;

namespace {

constexpr const char* schema = "create table users (id bigint primary key, name text not null, email text)";

constexpr const char* config = R"([target.dev]
url_env = "HERE"
[target.staging]
url_env = "HERE"
[target.production]
url_env = "HERE"
protected = true
)";

constexpr const char* migration =
    "migration m { expand { add column users.nick text; } contract { drop column users.email; } }\n";

struct Said {
  std::string screen;
  int exit = -1;
};

// A project whose targets are one database of the test server.
class Terminal {
 public:
  Terminal() : target_(mig::tests::server().database(schema)) {
    fs::create_directories(root_ / "migrations");
    fs::create_directories(root_ / ".git");
    std::ofstream(root_ / "mig.toml") << config;
    std::ofstream(root_ / "migrations/m.mig") << migration;
  }

  // mig with these words, `keys` typed into its terminal when it asks.
  [[nodiscard]] Said mig(const std::string& words, const std::string& keys) const {
    int master = -1;
    const pid_t child = forkpty(&master, nullptr, nullptr, nullptr);
    REQUIRE(child >= 0);
    if (child == 0) start(words);
    Said said;
    bool typed = false;
    char bytes[4096];
    for (ssize_t count = 0; (count = read(master, bytes, sizeof bytes)) > 0;) {
      said.screen.append(bytes, static_cast<std::size_t>(count));
      if (typed ||
          (said.screen.find("[y/N] ") == std::string::npos && said.screen.find("go on: ") == std::string::npos))
        continue;
      typed = true;
      REQUIRE(write(master, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    close(master);
    said.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return said;
  }

  [[nodiscard]] std::string state() const {
    if (run(target_, "select to_regclass('mig.migration') is null").truth()) return "none";
    const auto rows = run(target_, "select state from mig.migration").rows;
    return rows.empty() ? "none" : rows[0][0].value_or("");
  }

 private:
  [[noreturn]] void start(const std::string& words) const {
    const auto url = "HERE=" + target_.conninfo;
    if (chdir(root_.c_str()) != 0) _exit(99);
    const auto line = "exec \"$0\" " + words;
    const char* arguments[] = {"sh", "-c", line.c_str(), MIG_BINARY, nullptr};
    const char* environment[] = {url.c_str(), "LANG=C.UTF-8", "TERM=dumb", nullptr};
    execve("/bin/sh", const_cast<char**>(arguments), const_cast<char**>(environment));
    _exit(99);
  }

  mig::runtime::Target target_;
  mig::tests::Scratch scratch_;
  const fs::path& root_ = scratch_.path();
};

bool asks(const Said& said, const std::string& text) { return said.screen.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("apply on a real target asks, and the default is no") {
  const Terminal terminal;
  const auto none = terminal.mig("apply --target staging", "\n");
  INFO(none.screen);
  CHECK(asks(none, "1 migration to run: m. Blocks writes: no. Apply? [y/N]"));
  CHECK(none.exit == 8);
  CHECK(asks(none, "not confirmed"));
  CHECK(terminal.mig("apply --target staging", "yess\n").exit == 8);
  CHECK(terminal.state() == "none");
  CHECK(terminal.mig("apply --target staging", "y\n").exit == 0);
  CHECK(terminal.state() == "expanded");
}

TEST_CASE("Ctrl-C and an end of the line are a no") {
  const Terminal terminal;
  CHECK(terminal.mig("apply --target staging", "\x03").exit == 130);
  CHECK(terminal.mig("apply --target staging", "\x04").exit == 8);
  CHECK(terminal.state() == "none");
}

TEST_CASE("dev does not ask to apply; contract asks there, and no leaves it expanded") {
  const Terminal terminal;
  const auto said = terminal.mig("apply --target dev", "n\n");
  INFO(said.screen);
  CHECK(asks(said, "Contract as well? It ends the old shape: old clients stop working. [y/N]"));
  CHECK(said.exit == 0);
  CHECK(terminal.state() == "expanded");
  CHECK(terminal.mig("apply --target dev", "y\n").exit == 0);
  CHECK(terminal.state() == "contracted");
}

TEST_CASE("the question names what contract ends and what purge destroys") {
  const Terminal terminal;
  const auto contract = terminal.mig("apply --target staging --through contract", "n\n");
  CHECK(asks(contract, "Contract ends the old shape: old clients stop working. Apply? [y/N]"));
  const auto purge = terminal.mig("apply --target staging --through purge", "n\n");
  CHECK(asks(purge, "It destroys what was kept: there is no way back. Apply? [y/N]"));
  CHECK(terminal.state() == "none");
  CHECK(terminal.mig("apply --target staging --through purge", "y\n").exit == 0);
  CHECK(terminal.state() == "done");
}

TEST_CASE("rollback shows what goes and asks; a protected target wants its name") {
  const Terminal terminal;
  REQUIRE(terminal.mig("apply --target staging --yes --through contract", "").exit == 0);
  const auto no = terminal.mig("rollback m --target staging", "\n");
  INFO(no.screen);
  CHECK(asks(no, "m is contracted"));
  CHECK(asks(no, "Going back to expanded:"));
  CHECK(asks(no, "Go back? [y/N]"));
  CHECK(no.exit == 8);
  CHECK(terminal.mig("rollback m --target production", "staging\n").exit == 8);
  CHECK(terminal.mig("rollback m --target production", "y\n").exit == 8);
  CHECK(terminal.state() == "contracted");
  const auto named = terminal.mig("rollback m --target production", "production\n");
  INFO(named.screen);
  CHECK(asks(named, "Type the target's name to go on: "));
  CHECK(named.exit == 0);
  CHECK(terminal.state() == "expanded");
}

TEST_CASE("--yes answers, --no-input refuses to ask") {
  const Terminal terminal;
  const auto refused = terminal.mig("apply --target production --no-input", "");
  CHECK(refused.exit == 8);
  CHECK(asks(refused, "needs --yes=production"));
  CHECK(terminal.mig("apply --target production --yes", "").exit == 8);
  CHECK(terminal.mig("apply --target production --yes=production", "").exit == 0);
  CHECK(terminal.mig("rollback m --target dev", "").exit == 0);
  CHECK(terminal.state() == "pending");
}

TEST_CASE("looking never asks") {
  const Terminal terminal;
  for (const auto* words : {"status --target production", "plan --target production", "doctor --target production",
                            "apply --dry-run --target production"}) {
    const auto said = terminal.mig(words, "");
    INFO(words << "\n" << said.screen);
    CHECK(said.exit <= 1);
  }
  CHECK(terminal.state() == "none");
}
