// The statements of a way back, said in the language.
#include <algorithm>

#include "cli/inverse.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::cli {

namespace {

struct Entry {
  bool alone;
  const char *operation, *section, *statement, *text;
};

constexpr Entry entries[] = {
#define MIG_ALONE(operation, section, statement, text) {true, operation, section, statement, text},
#define MIG_WAY_BACK(operation, section, statement, text) {false, operation, section, statement, text},
#include "cli/way_backs.def"
#undef MIG_WAY_BACK
#undef MIG_ALONE
};

bool parses(const std::string& operation) {
  source::Files files;
  diagnostics::Sink sink;
  const auto file = files.add("undo.mig", "migration undo {\n  contract {\n" + operation + "\n  }\n}\n");
  (void)syntax::parse(files, file, operations::vocabulary(), sink);
  return !sink.has_errors();
}

// SET INCREMENT BY 1 SET CACHE 1: in the language one SET less each.
std::string options_of(std::string text) {
  const std::string set = "SET ";
  for (auto at = text.find(set); at != std::string::npos; at = text.find(set, at))
    if (at == 0 || text[at - 1] == ' ')
      text.erase(at, set.size());
    else
      at += set.size();
  return text;
}

// What the way forward made under this name.
std::optional<std::string> kind_of(const std::string& constraint, const Steps& steps) {
  for (const auto& text : forward(steps))
    for (const auto* kind : {"check", "foreign key"})
      if (small_letters(text).find("add constraint " + constraint + " " + kind) != std::string::npos) return kind;
  return std::nullopt;
}

class Reader {
 public:
  Reader(const Written& written, const Steps& steps, const source::Files& files)
      : written_(written), steps_(steps), files_(files), back_(backward(steps)) {}

  // The nth statement that says all of it.
  std::optional<Inverse> alone() const {
    auto nth = written_.nth;
    for (const auto& statement : back_)
      if (auto said = say(statement, true); said && nth-- == 0) return said;
    return std::nullopt;
  }

  // All statements, two at a time where that has a name.
  std::optional<Inverse> all() const {
    Inverse whole{"expand", ""};
    for (std::size_t i = 0; i < back_.size(); ++i) {
      auto said = i + 1 < back_.size() ? say(back_[i] + ";\n" + back_[i + 1], false) : std::nullopt;
      if (said)
        ++i;
      else
        said = say(back_[i], false);
      if (!said) return std::nullopt;
      if (said->section != whole.section) whole.section = "contract";
      if (!said->text.empty()) whole.text += (whole.text.empty() ? "" : "\n") + said->text;
    }
    if (whole.text.empty()) return std::nullopt;
    return whole;
  }

 private:
  std::optional<Inverse> say(const std::string& statement, bool alone) const {
    for (const auto& entry : entries) {
      const std::string operation = entry.operation;
      if (entry.alone != alone || (!operation.empty() && operation != written_.operation)) continue;
      std::vector<std::string> found;
      if (!fits(entry.statement, statement, found)) continue;
      auto text = filled(entry.text, [&](const std::string& word) { return value(word, found); });
      if (!text) continue;
      text = small_letters(*text);
      if (text->empty() || (!names_mig(*text) && parses(*text))) return Inverse{entry.section, std::move(*text)};
    }
    return std::nullopt;
  }

  std::optional<std::string> value(const std::string& word, const std::vector<std::string>& found) const {
    if (word.front() < '1' || word.front() > '9') return value_of(word, written_, steps_, files_);
    const auto& there = found.at(static_cast<std::size_t>(word.front() - '1'));
    if (word.ends_with(":options")) return options_of(there);
    if (word.ends_with(":kind")) return kind_of(there, steps_);
    return there;
  }

  const Written& written_;
  const Steps& steps_;
  const source::Files& files_;
  std::vector<std::string> back_;
};

}  // namespace

std::optional<Inverse> by_way_back(const Written& written, const Steps& steps, const source::Files& files) {
  if (written.operation == "sql") return std::nullopt;  // what is written as SQL goes back as SQL
  const Reader reader(written, steps, files);
  if (auto said = reader.alone()) return said;
  return reader.all();
}

}  // namespace mig::cli
