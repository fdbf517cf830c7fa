// Patterns as the shell reads them; copies under files/ in the backup.
#include "runtime/backup/files.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

namespace mig::runtime::backup {

namespace fs = std::filesystem;

namespace {

// The project's own path is no pattern, whatever stands in it.
std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::vector<fs::path> matches(const std::string& pattern, const fs::path& project) {
  glob_t found{};
  std::vector<fs::path> paths;
  const auto whole = project.empty() ? pattern : escaped(project.string()) + "/" + pattern;
  if (glob(whole.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (fs::is_regular_file(found.gl_pathv[i])) paths.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return paths;
}

bool is_sqlite(const fs::path& file) {
  static constexpr std::string_view head{"SQLite format 3\0", 16};
  char bytes[head.size()] = {};
  std::ifstream in(file, std::ios::binary);
  return in.read(bytes, sizeof bytes) && std::string_view(bytes, sizeof bytes) == head;
}

// What SQLite has not yet put into the file stands beside it.
void refuse_open_sqlite(const fs::path& file) {
  if (!is_sqlite(file)) return;
  for (const auto* end : {"-wal", "-journal"})
    if (std::error_code error; fs::exists(file.string() + end, error))
      throw Failed(file.string() + " is a SQLite database in use: a copy without " + file.filename().string() + end +
                       " would not be whole",
                   "close what uses it, or copy it by: sqlite3 " + file.string() + " \".backup COPY\"");
}

}  // namespace

std::vector<std::string> files_of(const std::vector<std::string>& patterns, const fs::path& project) {
  std::set<std::string> names;
  for (const auto& pattern : patterns) {
    const auto found = matches(pattern, project);
    if (found.empty())
      throw Failed("no file is called " + pattern, "look at `files` of the backup block, and where mig runs (-C DIR)");
    for (const auto& file : found) {
      refuse_open_sqlite(file);
      names.insert(project.empty() ? file.string() : file.lexically_relative(project).string());
    }
  }
  return {names.begin(), names.end()};
}

long long bytes_of(const std::vector<std::string>& files, const fs::path& project) {
  long long bytes = 0;
  for (const auto& file : files) bytes += static_cast<long long>(fs::file_size(project / file));
  return bytes;
}

Entry copy_file(const std::string& file, const fs::path& project, const fs::path& folder) {
  Entry entry;
  entry.kind = "file";
  entry.source = file;
  entry.path = "files/" + file;
  struct stat facts {};
  if (::stat((project / file).c_str(), &facts) == 0) entry.mode = static_cast<int>(facts.st_mode & 07777U);
  make_folder((folder / entry.path).parent_path());
  entry.sum = copy_whole(project / file, folder / entry.path);
  return entry;
}

}  // namespace mig::runtime::backup
