// Help pages: examples first, then flags.
#include "cli/help.hpp"

#include "cli/failure.hpp"
#include "cli/options.hpp"
#include "cli/templates.hpp"
#include "cli/text.hpp"

namespace mig::cli {

namespace {

constexpr const char* targets =
    R"(The target, first that is set:
  --url URL
  --target NAME            a [target.NAME] of mig.toml, or sandbox
  MIG_URL
  MIG_TARGET
  the target with  default = true  in mig.toml
  DATABASE_URL             counts as protected unless mig.toml names it (url_env = "DATABASE_URL")
  PGHOST PGSERVICE PGDATABASE PGSERVICEFILE, and what else libpq reads
  else the sandbox, a throwaway server that mig starts

A protected target wants --yes=NAME, and its name typed out before a rollback.
Variables are also read from .env beside mig.toml, where the environment does not set them
(MIG_ENV_FILE=PATH: another file; MIG_ENV_FILE=: none).
)";

constexpr const char* config_page =
    R"(mig.toml, in the folder of the project or above it; every key may be left out:
  migrations = "migrations"        the folder of the .mig files
  catalog = "snapshot.json"        what files are checked against: a snapshot, or live
  sandbox_bin = "/usr/lib/postgresql/15/bin"   the programs that the sandbox is made with
  pg = 15                          the version whose forms are chosen where no database is asked
  [policy]                         what a migration's own policy { … } overrides
  lock_timeout = "500ms"  statement_timeout = "30s"  expect_timeout = "5min"  pause = "0ms"  lock_tries = 20  batch = 5000
  [target.production]
  url_env = "PRODUCTION_URL"       or url = "…", without a password
  protected = true                 wants --yes=production, and its name typed out before a rollback
  default = true                   where nothing else names a target

A target that is called dev is a playground, as the sandbox is: apply and rollback ask nothing there, and mig.lock does
not hold what ran on it.
)";

constexpr const char* exit_codes =
    R"(    0  done, or nothing to do
    1  the answer is no: errors in a file, an expectation that does not hold, drift seen by snapshot --diff or status,
       not formatted, output not current, not adopted
    2  something is pending (only with --exit-code)
    3  not yet: a gate waits
    4  stopped by policy { stop when … }: a measure of the server is over its limit; resumable
    5  the database refused a step; resumable
    6  busy: another mig holds the lock, or lock_timeout after all tries
    7  no connection, no privilege, wrong server
    8  a person must decide: confirmation, drift in what a step touches, lossy way back, catalog changed since the plan
   64  wrong usage or configuration
   70  bug in mig, with a line to report
  130  interrupted (143: terminated); everything committed so far is kept
)";

std::vector<std::string> flag_row(const Flag& flag) {
  std::string spelled = flag.letter != 0 ? std::string("-") + flag.letter + ", --" : "    --";
  spelled += flag.name;
  if (flag.value != nullptr) {
    const std::string value = flag.value;
    spelled += value.front() == '[' ? "[=" + value.substr(1) : " " + value;
  }
  return {spelled, flag.help};
}

std::string flag_table(std::span<const Flag> flags) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& flag : flags) rows.push_back(flag_row(flag));
  return table(rows, "  ");
}

std::string environment() {
  std::vector<std::vector<std::string>> rows;
  for (const auto& flag : global_flags())
    if (std::string(flag.name) != "help" && std::string(flag.name) != "version")
      rows.push_back({variable_of(flag.name), std::string("as --") + flag.name});
  rows.push_back({"MIG_ENV_FILE", "file of variables instead of .env; empty: none"});
  rows.push_back({"NO_COLOR, CLICOLOR_FORCE", "colours off, on"});
  rows.push_back({"COLUMNS", "width of the output, 40 to 100"});
  rows.push_back({"CI", "never ask"});
  rows.push_back({"GITHUB_ACTIONS", "true: annotations on stderr, whatever the format"});
  rows.push_back({"GITHUB_STEP_SUMMARY", "file that Markdown is appended to"});
  return table(rows, "  ");
}

}  // namespace

std::string help_overview() {
  std::string text = "mig: PostgreSQL migrations that can be stopped, resumed and undone\n";
  const std::pair<const char*, const char*> groups[] = {
      {"write", "write"}, {"run", "run"}, {"trust", "trust"}, {"plumbing", "more"}};
  for (const auto& [group, title] : groups) {
    std::vector<std::vector<std::string>> rows;
    for (const auto* command : all_commands())
      if (std::string(command->group) == group)
        rows.push_back({std::string("mig ") + command->synopsis, command->summary});
    text += "\n" + std::string(title) + "\n" + table(rows, "  ");
  }
  return text + "\nmig help COMMAND, mig help flags, targets, config, environment, exit-codes, templates\n";
}

std::string help_page(const Command& command) {
  std::string text = std::string(command.examples);
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += "\nmig " + std::string(command.synopsis) + "\n  " + command.summary + "\n";
  if (!command.flags.empty()) text += "\nflags\n" + flag_table(command.flags);
  return text + "\nmig help flags: the flags of every command\n";
}

std::string help_manual() {
  std::string text =
      "# The command line\n\nGenerated from the table of commands: `mig help` prints the same. Exit codes and the keys "
      "of "
      "`--format json` are a\ncontract: keys are only ever added within a format number.\n";
  const auto block = [&](const std::string& title, const std::string& body) {
    text += "\n## " + title + "\n\n```\n" + body + (body.empty() || body.back() != '\n' ? "\n" : "") + "```\n";
  };
  block("Commands", help_overview());
  for (const auto* command : all_commands()) block("mig " + std::string(command->name), help_page(*command));
  for (const auto* topic : {"flags", "targets", "config", "environment", "exit-codes", "templates"})
    block(topic, help_topic(topic));
  return text;
}

std::string help_topic(const std::string& topic) {
  if (topic == "flags") return flag_table(global_flags());
  if (topic == "targets") return targets;
  if (topic == "config") return config_page;
  if (topic == "environment") return environment();
  if (topic == "exit-codes") return exit_codes;
  if (topic == "templates") return templates_page();
  std::vector<std::string> topics{"flags", "targets", "config", "environment", "exit-codes", "templates"};
  for (const auto* command : all_commands()) topics.emplace_back(command->name);
  throw Failure(usage, "no help on `" + topic + "`" + did_you_mean(topic, topics)).then("mig help");
}

}  // namespace mig::cli
