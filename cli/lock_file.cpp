// Reading, holding and writing mig.lock.
#include "cli/lock_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/check.hpp"
#include "compiler/ir/names.hpp"

namespace mig::diagnostics {
extern const Code edited_locked;
extern const Code damaged_lock;
extern const Code locked_file_gone;
}  // namespace mig::diagnostics

namespace mig::cli {

namespace {

constexpr const char* head = "# Written by mig new and mig apply; commit it. A merge keeps the lines of both sides.\n";

std::filesystem::path lock_path(const Project& project) { return project.config.root / "mig.lock"; }

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "applied HASH NAME"; the name is the rest of the line.
void read_line(const std::string& line, int number, LockFile& lock) {
  if (line.empty() || line[0] == '#') return;
  for (const auto* mark : {"<<<<<<<", "=======", ">>>>>>>", "|||||||"})
    if (line.rfind(mark, 0) == 0) return lock.mistakes.push_back({number, "a conflict that git left"});
  const auto space = line.find(' ');
  const auto state = line.substr(0, space);
  const auto rest = space == std::string::npos ? "" : line.substr(space + 1);
  if ((state != "applied" && state != "written") || rest.size() < 66 || !is_hash(rest.substr(0, 64)) || rest[64] != ' ')
    return lock.mistakes.push_back({number, "not a state, a hash and a name"});
  LockRow row{state == "applied", rest.substr(0, 64), rest.substr(65), number};
  const auto* known = lock.find(row.name);
  if (known != nullptr && known->applied && row.applied && known->hash != row.hash)
    return lock.mistakes.push_back(
        {number, fmt::format("`{}` was applied with two texts: here, and in line {}", row.name, known->line)});
  lock.put(std::move(row));
}

void report_mistakes(const LockFile& lock, const std::string& text, mig::Output& compiled) {
  if (lock.mistakes.empty()) return;
  const auto file = compiled.files.add("mig.lock", text);
  for (const auto& mistake : lock.mistakes) {
    const auto begin = compiled.files[file].line_starts[static_cast<std::size_t>(mistake.line - 1)];
    const auto line = compiled.files[file].line(static_cast<std::uint32_t>(mistake.line));
    compiled.diagnostics
        .report(diagnostics::damaged_lock, {file, begin, begin + static_cast<std::uint32_t>(line.size())}, mistake.what)
        .note("keep the lines of both sides, one for each migration; delete what is no line of mig");
  }
}

void report_edited(const LockFile& lock, mig::Output& compiled) {
  const auto said = compiled.diagnostics.list();
  for (const auto& migration : compiled.program.migrations) {
    const auto* row = lock.find(migration.name);
    const bool known = std::any_of(said.begin(), said.end(), [&](const auto& one) {
      return one.code == &diagnostics::changed_migration && one.primary && one.primary->span == migration.span;
    });
    if (row == nullptr || !row->applied || row->hash == migration.source_hash || known) continue;
    compiled.diagnostics
        .report(diagnostics::edited_locked, migration.span,
                fmt::format("`{}` was applied, and {} was changed since", migration.name, migration.file))
        .note(fmt::format("found: {}, mig.lock says {}", migration.source_hash, row->hash))
        .note(fmt::format("put the file back (git checkout -- {}), and write what is new after it: mig new NAME "
                          "--after {}",
                          migration.file, migration.name))
        .note(fmt::format("or, where it was rolled back everywhere: delete line {} of mig.lock", row->line));
  }
}

void report_gone(const LockFile& lock, mig::Output& compiled) {
  std::set<std::string> there;
  for (const auto& file : compiled.program.files)
    for (const auto& item : file->items)
      if (const auto* migration = std::get_if<syntax::Migration>(&item)) there.insert(migration->name.text);
  for (const auto& row : lock.rows)
    if (there.count(row.name) == 0)
      compiled.diagnostics
          .report(diagnostics::locked_file_gone,
                  fmt::format("mig.lock has the migration `{}`, and no file has it", row.name))
          .note(fmt::format("put the file back, or delete line {} of mig.lock", row.line));
}

}  // namespace

const LockRow* LockFile::find(const std::string& name) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

void LockFile::put(LockRow row) {
  const auto found =
      std::lower_bound(rows.begin(), rows.end(), row, [](const auto& a, const auto& b) { return a.name < b.name; });
  if (found == rows.end() || found->name != row.name)
    rows.insert(found, std::move(row));
  else if (row.applied || !found->applied)
    *found = std::move(row);
}

LockFile read_lock(const std::string& text) {
  LockFile lock;
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    read_line(line, ++number, lock);
    at = end + 1;
  }
  return lock;
}

std::string print_lock(const LockFile& lock) {
  std::string text = head;
  for (const auto& row : lock.rows)
    text += fmt::format("{} {} {}\n", row.applied ? "applied" : "written", row.hash, row.name);
  return text;
}

void hold_lock(const Project& project, mig::Output& compiled, bool all_files) {
  const auto text = read_if_there(lock_path(project));
  if (!text) return;
  const auto lock = read_lock(*text);
  // A file with errors may hold the migration that seems to be missing.
  const bool readable = !compiled.diagnostics.has_errors();
  report_mistakes(lock, *text, compiled);
  report_edited(lock, compiled);
  if (all_files && readable) report_gone(lock, compiled);
  compiled.diagnostics.sort();
  if (compiled.diagnostics.has_errors()) compiled.plans.clear();
}

bool update_lock(const Project& project, const std::vector<LockRow>& rows) {
  const auto text = read_if_there(lock_path(project));
  auto lock = read_lock(text.value_or(""));
  if (!lock.mistakes.empty())
    throw Failure(usage, fmt::format("mig.lock does not read: {}", lock.mistakes.front().what))
        .at(fmt::format("mig.lock:{}", lock.mistakes.front().line))
        .state("mig.lock was not changed")
        .then("mig check");
  const auto before = lock.rows;
  for (const auto& row : rows) lock.put(row);
  if (text && lock.rows == before) return false;
  write_file(lock_path(project), print_lock(lock));
  return true;
}

std::vector<LockRow> rows_of(const Project& project, const std::vector<std::pair<std::string, std::string>>& files) {
  source::Files sources;
  diagnostics::Sink ignored;
  const check::Sources read(
      files, [&](const std::string& path) { return read_if_there(project.config.root / path); }, sources, ignored);
  std::vector<LockRow> rows;
  for (const auto& declared : check::declared(read, sources, ignored))
    if (!declared.tree->repeatable) rows.push_back({false, declared.source_hash, declared.name, 0});
  return rows;
}

}  // namespace mig::cli
