// git as a program.
#include "cli/git.hpp"

#include <algorithm>
#include <set>

#include "cli/failure.hpp"
#include "runtime/process.hpp"

namespace mig::cli {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

runtime::Ran git(const fs::path& root, const Words& words) {
  Words arguments{"git", "-C", root.string()};
  arguments.insert(arguments.end(), words.begin(), words.end());
  auto ran = runtime::run_program(arguments);
  while (!ran.output.empty() && ran.output.back() == '\n') ran.output.pop_back();
  return ran;
}

// A list of paths. What git warns of on stderr must not become a path: it is said by the questions before.
Words listed(const fs::path& root, const Words& words) {
  Words arguments{"sh", "-c", "exec git \"$@\" 2>/dev/null", "git", "-C", root.string()};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const auto ran = runtime::run_program(arguments);
  if (ran.exit != 0) throw Failure(usage, "git does not list what changed").at("--changed-since").then("git status");
  Words list;
  for (std::size_t at = 0; at < ran.output.size();) {
    const auto end = ran.output.find('\0', at);
    list.push_back(ran.output.substr(at, end - at));
    at = end == std::string::npos ? ran.output.size() : end + 1;
  }
  return list;
}

Failure unanswered(const std::string& what, const std::string& next) {
  return Failure(usage, what).at("--changed-since").state("nothing was checked").then(next);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// The commit where HEAD left REF.
std::string base_of(const fs::path& root, const std::string& ref) {
  const auto shallow = git(root, {"rev-parse", "--is-shallow-repository"});
  if (shallow.exit == 127) throw unanswered("there is no git program here", "install git, or check all files");
  if (shallow.exit != 0) throw unanswered("git: " + first_line(shallow.output), "git -C " + root.string() + " status");
  if (shallow.output == "true")
    throw unanswered("this clone is shallow: its history ends before anybody can tell what changed since " + ref,
                     "git fetch --unshallow   (GitHub: actions/checkout with fetch-depth: 0; GitLab: GIT_DEPTH: 0)");
  const auto found = ref.empty() || ref.front() == '-'
                         ? runtime::Ran{1, ""}
                         : git(root, {"rev-parse", "--verify", "--quiet", ref + "^{commit}"});
  if (found.exit != 0) throw unanswered("git knows no commit `" + ref + "`", "git fetch origin");
  const auto base = git(root, {"merge-base", found.output, "HEAD"});
  if (base.exit != 0)
    throw unanswered("HEAD and " + ref + " have no commit in common", "name the branch that this one came from");
  return base.output;
}

}  // namespace

std::vector<fs::path> changed_since(const fs::path& root, const std::string& ref) {
  const auto base = base_of(root, ref);
  const fs::path top = git(root, {"rev-parse", "--show-toplevel"}).output;
  std::set<fs::path> paths;
  for (const auto& path : listed(top, {"diff", "--name-only", "--no-renames", "-z", base, "--"}))
    paths.insert(top / path);
  for (const auto& path : listed(top, {"ls-files", "--others", "--exclude-standard", "-z"})) paths.insert(top / path);
  return {paths.begin(), paths.end()};
}

}  // namespace mig::cli
