// examples/ci: the commands that stand in its files, taken out of them and run in their order on a clean checkout of
// each example, with a real server as production.
#include <sys/wait.h>
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/help.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/examples.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/server.hpp"

namespace fs = std::filesystem;

namespace {

using Variables = std::map<std::string, std::string>;

const fs::path folder = fs::path(MIG_SOURCE_DIR) / "examples/ci";

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

struct Ran {
  int exit = 0;
  std::string output;
};

// One example as a repository with a remote, and production as a database of its own.
class Checkout {
 public:
  explicit Checkout(const std::string& example)
      : target_(mig::tests::server().database(mig::tests::example_baseline(example))) {
    const auto origin = root_ / "origin";
    fs::create_directories(origin);
    fs::copy(fs::path(MIG_SOURCE_DIR) / "examples" / example / "migrations", origin / "migrations",
             fs::copy_options::recursive);
    for (const auto* name : {"mig.toml", "deploy.sh"}) fs::copy(folder / name, origin / name);
    variables_ = {{"PRODUCTION_DATABASE_URL", target_.conninfo}, {"GITHUB_SHA", "4be07a"}, {"CI", "true"}};
    must(origin,
         "git init -q -b main && git config user.email ci@example.org && git config user.name ci && "
         "git add -A && git commit -qm 'The example'");
    must(origin, once());
    must(root_, "git clone -q origin checkout");
  }
  Checkout(const Checkout&) = delete;
  Checkout& operator=(const Checkout&) = delete;

  // As a runner does: sh -e, in the checkout.
  [[nodiscard]] Ran run(const std::string& command, const Variables& more = {}) const {
    return run_in(root_ / "checkout", command, more);
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return root_ / "checkout" / name; }
  [[nodiscard]] const mig::runtime::Target& target() const { return target_; }
  [[nodiscard]] const Variables& variables() const { return variables_; }

 private:
  // The block of the README that is typed once.
  static std::string once() {
    const auto text = read(folder / "README.md");
    const auto begin = text.find("```sh\n") + 6;
    return text.substr(begin, text.find("```", begin) - begin);
  }
  [[nodiscard]] Ran run_in(const fs::path& directory, const std::string& command, const Variables& more) const {
    auto line = "cd " + quoted(directory.string()) + " && env -i LANG=C.UTF-8 HOME=" + quoted(root_.string()) +
                " PATH=" + quoted(fs::path(MIG_BINARY).parent_path().string() + ":" + std::getenv("PATH"));
    for (const auto* set : {&variables_, &more})
      for (const auto& [name, value] : *set) line += " " + name + "=" + quoted(value);
    line += " sh -e -c " + quoted(command) + " >" + quoted((root_ / "log").string()) + " 2>&1 </dev/null";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(root_ / "log")};
  }
  void must(const fs::path& directory, const std::string& command) const {
    const auto ran = run_in(directory, command, {});
    INFO(command << "\n" << ran.output);
    REQUIRE(ran.exit == 0);
  }

  mig::runtime::Target target_;
  mig::tests::Scratch scratch_;
  const fs::path& root_ = scratch_.path();
  Variables variables_;
};

// ${{ secrets.X }} is what the runner puts in for X.
Variables environment_of(const YAML::Node& node, const Variables& secrets) {
  Variables variables;
  for (const auto& entry : node["env"]) {
    auto value = entry.second.as<std::string>();
    for (const auto& [name, secret] : secrets)
      if (value == "${{ secrets." + name + " }}") value = secret;
    CHECK(value.find("${{") == std::string::npos);
    variables[entry.first.as<std::string>()] = value;
  }
  return variables;
}

bool finished(const Checkout& checkout) {
  const auto rows = mig::tests::run(
      checkout.target(), "select count(*) from mig.migration where state not in ('expanded', 'verified', 'done')");
  const auto count = mig::tests::run(checkout.target(), "select count(*) from mig.migration");
  return rows.value() == "0" && count.value() != "0";
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void must_run(const Checkout& checkout, const std::string& command, const Variables& variables) {
  const auto ran = checkout.run(command, variables);
  INFO("$ " << command << "\n" << ran.output);
  CHECK(ran.exit == 0);
}

// What a person answers between the deployment and the next hour.
void approve_checkpoints(const Checkout& checkout, const std::string& example, const Variables& variables) {
  for (const auto& plan : mig::tests::example_plans(example))
    for (const auto& step : plan.steps)
      if (const auto* gate = std::get_if<mig::sql::Gate>(&step.action);
          gate != nullptr && step.phase == mig::sql::Phase::verify)
        must_run(checkout, "mig apply --target production --yes=production --approve=" + gate->approval, variables);
}

}  // namespace

TEST_CASE("GitHub's workflow: every command, in order") {
  const auto workflow = YAML::LoadFile((folder / "github-workflow.yml").string());
  for (const auto& example : mig::tests::example_names()) {
    INFO(example);
    const Checkout checkout(example);
    const auto start = std::chrono::steady_clock::now();
    std::size_t commands = 0;
    for (const auto* job : {"review", "migrate", "later"}) {
      const auto node = workflow["jobs"][job];
      REQUIRE(node["runs-on"]);
      auto variables = environment_of(node, checkout.variables());
      if (std::string(job) == "review") variables["PRODUCTION_DATABASE_URL"] = "";  // it needs no database
      if (std::string(job) == "later") approve_checkpoints(checkout, example, variables);
      variables.insert({{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", checkout.file("summary.md").string()}});
      for (const auto& step : node["steps"]) {
        CHECK((step["run"] || step["uses"]));
        if (!step["run"]) continue;
        ++commands;
        must_run(checkout, step["run"].as<std::string>(), variables);
      }
    }
    CHECK(commands == 9);
    CHECK(finished(checkout));
    std::cout << example << ": the workflow took " << seconds_since(start) << " s\n";
    const auto sarif = nlohmann::json::parse(read(checkout.file("mig.sarif")));
    CHECK(sarif["version"] == "2.1.0");
    const auto summary = read(checkout.file("summary.md"));
    for (const auto* command : {"check", "compile", "plan", "snapshot", "apply"})
      CHECK(summary.find("### mig " + std::string(command) + ": ") != std::string::npos);
    CHECK(read(checkout.file("mig.lock")).find("\napplied ") != std::string::npos);
  }
}

TEST_CASE("GitLab's jobs: every command, and the reports that they name") {
  const auto pipeline = YAML::LoadFile((folder / "gitlab-ci.yml").string());
  for (const auto& example : mig::tests::example_names()) {
    INFO(example);
    const Checkout checkout(example);
    for (const auto* job : {"review", "migrate"}) {
      Variables variables{{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"}, {"CI_COMMIT_SHA", "4be07a"}};
      for (const auto& line : pipeline[job]["script"]) must_run(checkout, line.as<std::string>(), variables);
      for (const auto& report : pipeline[job]["artifacts"]["reports"]["junit"])
        must_run(checkout, "xmllint --noout " + report.as<std::string>(), {});
    }
    CHECK(nlohmann::json::parse(read(checkout.file("gl-code-quality-report.json"))).is_array());
    CHECK(finished(checkout));
  }
}

TEST_CASE("the hooks of pre-commit pass on what is committed, and refuse what is not in order") {
  const auto config = YAML::LoadFile((folder / "pre-commit-config.yaml").string());
  const Checkout checkout(mig::tests::example_names().front());
  const auto entry_of = [&](const YAML::Node& hook, const std::string& files) {
    const bool names = !hook["pass_filenames"] || hook["pass_filenames"].as<bool>();
    return hook["entry"].as<std::string>() + (names ? " " + files : "");
  };
  const auto hooks = config["repos"][0]["hooks"];
  REQUIRE(hooks.size() == 2);
  for (const auto& hook : hooks) must_run(checkout, entry_of(hook, "migrations/*.mig"), {});
  std::ofstream(checkout.file("migrations/wrong.mig")) << "migration   wrong { expand { drop colum a.b; } }\n";
  for (const auto& hook : hooks) CHECK(checkout.run(entry_of(hook, "migrations/*.mig")).exit == 1);
}

TEST_CASE("the Job of Kubernetes: its command, and exit codes that there are") {
  const auto job = YAML::LoadFile((folder / "kubernetes-job.yaml").string());
  const auto pod = job["spec"]["template"]["spec"];
  const auto container = pod["containers"][0];
  const Checkout checkout(mig::tests::example_names().front());
  std::string command;
  for (const auto* part : {"command", "args"})
    for (const auto& word : container[part]) command += quoted(word.as<std::string>()) + " ";
  CHECK(container["env"][0]["name"].as<std::string>() == "PRODUCTION_DATABASE_URL");
  must_run(checkout, command, {});
  CHECK(finished(checkout));
  must_run(checkout, command, {});  // started again: nothing to do
  CHECK(pod["restartPolicy"].as<std::string>() == "Never");
  const auto codes = mig::cli::help_topic("exit-codes");
  const auto rule = job["spec"]["podFailurePolicy"]["rules"][0]["onExitCodes"];
  CHECK(rule["containerName"].as<std::string>() == container["name"].as<std::string>());
  for (const auto& code : rule["values"]) {
    INFO(code.as<std::string>());
    CHECK(codes.find(" " + code.as<std::string>() + "  ") != std::string::npos);
    CHECK(code.as<int>() != 6);  // busy: try again
  }
}

TEST_CASE("the Dockerfile names packages that the project builds with, and a command that runs") {
  const auto text = read(folder / "Dockerfile");
  const auto known = read(fs::path(MIG_SOURCE_DIR) / "tests/setup.sh");
  std::istringstream build(text.substr(0, text.find("COPY . /src")));
  int packages = 0;
  for (std::string word; build >> word;)
    if (word.ends_with("-dev") || word == "g++" || word == "cmake") {
      INFO(word);
      ++packages;
      CHECK(known.find(word) != std::string::npos);
    }
  CHECK(packages >= 10);
  const auto cmd = text.find("\nCMD ") + 5;
  const auto words = nlohmann::json::parse(text.substr(cmd, text.find('\n', cmd) - cmd));
  std::string command;
  for (const auto& word : words) command += quoted(word.get<std::string>()) + " ";
  const Checkout checkout(mig::tests::example_names().front());
  must_run(checkout, command, {});
}
