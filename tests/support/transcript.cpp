// Reading, running, comparing and rewriting transcripts.
#include "tests/support/transcript.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/support/scratch.hpp"

namespace mig::tests {

namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// One command with what is expected of it. `before` holds the lines that only stand there (comments, files).
struct Block {
  Lines before;
  std::string command;
  Lines out, err;
  int exit = 0;
};

struct Case {
  std::vector<Block> blocks;
  Lines after;
};

std::string without_prefix(const std::string& line) { return line.size() > 2 ? line.substr(2) : ""; }

Case parse(const std::string& text) {
  Case read;
  Lines loose;
  bool in_file = false;
  for (const auto& line : lines_of(text)) {
    if (line.rfind("<<< ", 0) == 0) in_file = true;
    if (in_file || line.empty() || (line[0] != '$' && line[0] != '|' && line[0] != '!' && line[0] != '?')) {
      loose.push_back(line);
      if (line == ">>>") in_file = false;
      continue;
    }
    if (line[0] == '$') {
      read.blocks.push_back({std::move(loose), without_prefix(line), {}, {}, 0});
      loose.clear();
      continue;
    }
    if (read.blocks.empty()) throw std::runtime_error("an expectation stands before the first command");
    auto& block = read.blocks.back();
    if (line[0] == '|')
      block.out.push_back(without_prefix(line));
    else if (line[0] == '!')
      block.err.push_back(without_prefix(line));
    else
      block.exit = std::stoi(without_prefix(line));
  }
  read.after = std::move(loose);
  return read;
}

void make_files(const Lines& lines, const fs::path& directory) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].rfind("<<< ", 0) != 0) continue;
    std::string text;
    const auto name = lines[i].substr(4);
    for (++i; i < lines.size() && lines[i] != ">>>"; ++i) text += lines[i] + "\n";
    write(directory / name, text);
  }
}

struct Happened {
  Lines out, err;
  int exit = 0;
};

std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// env -i: nothing of the machine's own settings (PGHOST, LANG, CI …) reaches the command.
Happened run(const std::string& command, const fs::path& directory, const fs::path& beside,
             const TranscriptSettings& settings) {
  const auto bin = fs::path(MIG_BINARY).parent_path().string();
  std::string line = "cd " + quoted(directory.string()) + " && env -i LANG=C.UTF-8 HOME=" + quoted(beside.string()) +
                     " XDG_STATE_HOME=" + quoted((beside / "state").string()) +
                     " PATH=" + quoted(bin + ":" + std::getenv("PATH"));
  for (const auto& [name, value] : settings.variables) line += " " + name + "=" + quoted(value);
  line += " sh -c " + quoted(command) + " >" + quoted((beside / "out").string()) + " 2>" +
          quoted((beside / "err").string()) + " </dev/null";
  const int status = std::system(line.c_str());
  const auto replaced = [&](std::string text) {
    for (const auto& [from, to] : settings.replacements)
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
  };
  return {lines_of(replaced(read(beside / "out"))), lines_of(replaced(read(beside / "err"))),
          WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

bool line_matches(std::string_view expected, std::string_view actual) {
  const auto star = expected.find("{*}");
  if (star == std::string_view::npos) return expected == actual;
  if (actual.substr(0, star) != expected.substr(0, star)) return false;
  const auto rest = expected.substr(star + 3);
  for (auto at = star; at <= actual.size(); ++at)
    if (line_matches(rest, actual.substr(at))) return true;
  return false;
}

bool matches(Lines::const_iterator expected, Lines::const_iterator expected_end, Lines::const_iterator actual,
             Lines::const_iterator actual_end) {
  if (expected == expected_end) return actual == actual_end;
  if (*expected == "{...}") {
    for (auto at = actual;; ++at) {
      if (matches(expected + 1, expected_end, at, actual_end)) return true;
      if (at == actual_end) return false;
    }
  }
  return actual != actual_end && line_matches(*expected, *actual) &&
         matches(expected + 1, expected_end, actual + 1, actual_end);
}

bool same(const Lines& expected, const Lines& actual) {
  return matches(expected.begin(), expected.end(), actual.begin(), actual.end());
}

std::string prefixed(const Lines& lines, char prefix) {
  std::string text;
  for (const auto& line : lines)
    text += line.empty() ? std::string(1, prefix) + "\n" : std::string(1, prefix) + " " + line + "\n";
  return text;
}

std::string block_text(const Block& block) {
  std::string text;
  for (const auto& line : block.before) text += line + "\n";
  return text + "$ " + block.command + "\n" + prefixed(block.out, '|') + prefixed(block.err, '!') +
         (block.exit == 0 ? "" : "? " + std::to_string(block.exit) + "\n");
}

}  // namespace

std::string run_transcript(const std::string& path, const TranscriptSettings& settings) {
  auto expected = parse(read(path));
  const Scratch scratch;
  const auto& beside = scratch.path();
  const auto directory = beside / "project";
  fs::create_directories(directory / ".git");
  auto told = settings;
  told.replacements.emplace(beside.string(), "{dir}");
  std::string problems;
  for (auto& block : expected.blocks) {
    make_files(block.before, directory);
    const auto happened = run(block.command, directory, beside, told);
    if (same(block.out, happened.out) && same(block.err, happened.err) && block.exit == happened.exit) continue;
    problems += "$ " + block.command + "\n" + prefixed(happened.out, '|') + prefixed(happened.err, '!') + "? " +
                std::to_string(happened.exit) + "\n--- expected\n" + prefixed(block.out, '|') +
                prefixed(block.err, '!') + "? " + std::to_string(block.exit) + "\n";
    if (!same(block.out, happened.out)) block.out = happened.out;
    if (!same(block.err, happened.err)) block.err = happened.err;
    block.exit = happened.exit;
  }
  if (problems.empty() || std::getenv("MIG_UPDATE") == nullptr) return problems;
  std::string text;
  for (const auto& block : expected.blocks) text += block_text(block);
  for (const auto& line : expected.after) text += line + "\n";
  write(path, text);
  return problems;
}

std::vector<std::string> transcripts(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(MIG_SOURCE_DIR) / "tests/cases" / folder))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace mig::tests
