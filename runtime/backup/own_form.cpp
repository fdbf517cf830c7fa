// Rows by COPY, each table into a file of its own; and the same files read back.
#include "runtime/backup/own_form.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>

#include "compiler/catalog/snapshot.hpp"
#include "runtime/introspect.hpp"

namespace mig::runtime::backup {

using sql::sql;
namespace fs = std::filesystem;

namespace {

// Names of tables may hold anything; the number keeps two apart that look alike here.
std::string file_name(std::size_t number, const ::mig::sql::Qualified& table) {
  auto name = table.schema + "." + table.name;
  for (auto& c : name)
    if (std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-").find(c) ==
        std::string_view::npos)
      c = '_';
  return fmt::format("{:03}-{}.copy", number, name);
}

Entry copy_rows(Work& work, const Table& table, const fs::path& folder, const std::string& name) {
  Entry entry;
  entry.kind = "rows";
  entry.path = name;
  entry.source = display(table.name);
  Out out(folder / name);
  std::optional<Failed> failed;  // what comes must be taken to its end all the same
  entry.rows =
      work.session->copy_out(sql("COPY {} TO STDOUT (FORMAT binary)", table.name), [&](std::string_view piece) {
        if (work.asked_to_stop() != 0 && !work.cancelled) {
          work.cancelled = true;
          work.session->cancel();
        }
        try {
          if (!failed) out.write(piece);
        } catch (const Failed& why) {
          failed = why;
        }
      });
  if (failed) throw Failed(*failed);
  entry.sum = out.close();
  return entry;
}

Entry of_text(const fs::path& folder, const char* kind, const char* name, const std::string& text) {
  Entry entry;
  entry.kind = kind;
  entry.path = name;
  entry.sum = write_new(folder / name, text);
  return entry;
}

// Numbers in network order.
class Reader {
 public:
  explicit Reader(const fs::path& file) : in_(file, std::ios::binary), name_(file.string()) {}
  std::int32_t number(int bytes) {
    std::array<char, 4> raw{};
    take(raw.data(), bytes);
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i)
      value = (value << 8U) | static_cast<unsigned char>(raw[static_cast<std::size_t>(i)]);
    if (bytes == 2) return static_cast<std::int16_t>(value);
    return static_cast<std::int32_t>(value);
  }
  void skip(std::int32_t bytes) {
    std::array<char, 8192> waste{};
    for (auto left = bytes; left > 0;) {
      const auto size = std::min<std::int32_t>(left, waste.size());
      take(waste.data(), size);
      left -= size;
    }
  }
  void take(char* to, std::int32_t bytes) {
    if (!in_.read(to, bytes)) throw Failed(name_ + " is cut off");
  }
  bool at_end() { return in_.peek() == std::ifstream::traits_type::eof(); }

 private:
  std::ifstream in_;
  std::string name_;
};

}  // namespace

std::vector<Entry> own_form(Work& work, const std::vector<Table>& tables, const fs::path& folder,
                            const std::string& made) {
  std::vector<Entry> entries;
  // The tables are locked: what another session reads of their definition is what this one sees.
  entries.push_back(of_text(folder, "definition", "definition.snapshot.json",
                            catalog::write_snapshot(introspect(work.target)).objects));
  std::vector<Entry> rows;
  for (const auto& table : tables)
    if (table.rows) rows.push_back(copy_rows(work, table, folder, file_name(rows.size() + 1, table.name)));
  entries.push_back(of_text(folder, "script", "restore.sql", restore_script(work, rows, tables, made)));
  entries.insert(entries.end(), rows.begin(), rows.end());
  return entries;
}

long long rows_in(const fs::path& file) {
  static constexpr std::string_view head{"PGCOPY\n\377\r\n\0", 11};
  Reader in(file);
  std::array<char, head.size()> found{};
  in.take(found.data(), found.size());
  if (std::string_view(found.data(), found.size()) != head) throw Failed(file.string() + " is no binary COPY");
  (void)in.number(4);  // flags
  in.skip(in.number(4));
  for (long long rows = 0;; ++rows) {
    const auto fields = in.number(2);
    if (fields == -1) {
      if (!in.at_end()) throw Failed(file.string() + " goes on behind its end");
      return rows;
    }
    for (int i = 0; i < fields; ++i) in.skip(in.number(4));
  }
}

void read_own_form(const std::vector<Entry>& entries, const fs::path& folder) {
  for (const auto& entry : entries) {
    if (entry.kind == "rows" && rows_in(folder / entry.path) != entry.rows)
      throw Failed(fmt::format("{} holds other rows than were copied", entry.path));
    if (sum_of(folder / entry.path).sha256 != entry.sum.sha256)
      throw Failed(fmt::format("{} is not what was written", (folder / entry.path).string()));
  }
}

}  // namespace mig::runtime::backup
