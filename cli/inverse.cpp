// The three ways to turn an operation round.
#include "cli/inverse.hpp"

#include <regex>

namespace mig::cli {

namespace {

struct Entry {
  const char *operation, *section, *text;
};

constexpr Entry entries[] = {
#define MIG_INVERSE(operation, section, text) {operation, section, text},
#include "cli/inverses.def"
#undef MIG_INVERSE
};

using Steps = std::vector<const sql::Step*>;

std::vector<std::string> texts_of(const sql::Action& action) {
  std::vector<std::string> texts;
  for (const auto* statement : sql::statements(action)) texts.push_back(statement->text.text());
  return texts;
}

std::vector<std::string> forward(const Steps& steps) {
  std::vector<std::string> texts;
  for (const auto* step : steps)
    for (auto& text : texts_of(step->action)) texts.push_back(std::move(text));
  return texts;
}

// The way back runs the steps in reverse, and each one's own in order.
std::vector<std::string> backward(const Steps& steps) {
  std::vector<std::string> texts;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    for (const auto& back : (*step)->back)
      for (auto& text : texts_of(back.action)) texts.push_back(std::move(text));
  return texts;
}

// A name as PostgreSQL prints it, and a path of such names.
constexpr const char* ident = R"re((?:"(?:[^"]|"")+"|[^\s"().,;]+))re";
std::string path_pattern() { return std::string("(?:") + ident + R"(\.)*)" + ident; }

std::optional<std::smatch> nth_match(const std::vector<std::string>& texts, const std::regex& pattern,
                                     std::size_t nth) {
  for (const auto& text : texts)
    if (std::smatch match; std::regex_search(text, match, pattern) && nth-- == 0) return match;
  return std::nullopt;
}

// The index that the statements make, in the schema of its table.
std::optional<std::string> index_name(const Steps& steps, std::size_t nth) {
  static const std::regex pattern("^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(" + std::string(ident) +
                                  ") ON (?:ONLY )?((?:" + ident + "\\.)*)" + ident);
  const auto texts = forward(steps);
  const auto match = nth_match(texts, pattern, nth);
  if (!match) return std::nullopt;
  return (*match)[2].str() + (*match)[1].str();
}

std::optional<std::string> constraint_name(const Steps& steps, std::size_t nth) {
  static const std::regex pattern("^ALTER TABLE .*?ADD CONSTRAINT (" + std::string(ident) + ") ");
  const auto texts = forward(steps);
  const auto match = nth_match(texts, pattern, nth);
  if (!match) return std::nullopt;
  return (*match)[1].str();
}

std::string text_of(const syntax::Span& span, const source::Files& files) { return std::string(files.text(span)); }

std::string types_of(const syntax::Call& call, const source::Files& files) {
  std::string types;
  if (const auto* parameters = call.get<std::vector<syntax::Parameter>>("parameters"))
    for (const auto& parameter : *parameters)
      if (parameter.mode != "out") types += (types.empty() ? "" : ", ") + text_of(parameter.type.span, files);
  return types;
}

std::string parent_of(const syntax::Path& path, const source::Files& files) {
  std::string text;
  for (std::size_t i = 0; i + 1 < path.parts.size(); ++i) text += text_of(path.parts[i].span, files) + ".";
  return text;
}

// A routine under its new name, with the types that tell it from others.
std::string renamed(const syntax::Callable& routine, const syntax::Call& call, const source::Files& files) {
  const auto* name = call.get<syntax::Name>("new");
  const auto written = text_of(routine.span, files);
  const auto types = written.find('(');
  return parent_of(routine.path, files) + (name != nullptr ? text_of(name->span, files) : "") +
         (types == std::string::npos ? "" : written.substr(types));
}

const syntax::Callable* routine_of(const syntax::Call& call, const std::string& hole) {
  const auto* several = call.get<std::vector<syntax::Callable>>(hole);
  return several != nullptr && several->size() == 1 ? &several->front() : nullptr;
}

std::optional<std::string> value_of(const std::string& word, const Written& written, const Steps& steps,
                                    const source::Files& files) {
  if (word == "index") return index_name(steps, written.nth);
  if (word == "constraint") return constraint_name(steps, written.nth);
  if (word == "types") return types_of(*written.call, files);
  const auto colon = word.find(':');
  const auto hole = word.substr(0, colon), part = colon == std::string::npos ? "" : word.substr(colon + 1);
  const auto* path = written.call->get<syntax::Path>(hole);
  const auto* routine = routine_of(*written.call, hole);
  if (routine != nullptr) path = &routine->path;
  if (part == "renamed")
    return routine == nullptr ? std::nullopt : std::optional(renamed(*routine, *written.call, files));
  if (part == "parent" && path != nullptr) return parent_of(*path, files);
  if (part == "last" && path != nullptr) return text_of(path->parts.back().span, files);
  for (const auto& argument : written.call->arguments)
    if (part.empty() && argument.hole == hole) return text_of(argument.span, files);
  return std::nullopt;
}

// Does a statement name what mig itself made? That is gone, or called otherwise, when the new migration runs.
bool names_mig(const std::vector<std::string>& texts) {
  for (const auto& text : texts)
    for (const auto* mark : {"_mig_", "mig_park", "mig."})
      if (text.find(mark) != std::string::npos) return true;
  return false;
}

bool plain(const sql::Action& action) { return std::holds_alternative<sql::Transaction>(action); }

std::string body(const std::vector<std::string>& texts) {
  std::string text;
  for (const auto& one : texts) text += (text.empty() ? "" : ";\n") + one;
  if (text.ends_with('$')) text += '\n';  // else it would run into the tag
  std::string tag = "$$";
  for (int i = 1; text.find(tag) != std::string::npos; ++i) tag = "$undo" + std::to_string(i) + "$";
  return tag + text + tag;
}

// The kind in front, and null at the end, as they are written in files.
std::string small_words(std::string text) {
  for (auto& c : text) {
    if (c != ' ' && (c < 'A' || c > 'Z')) break;
    c = c == ' ' ? c : static_cast<char>(c - 'A' + 'a');
  }
  return text.ends_with(" IS NULL") ? text.substr(0, text.size() - 8) + " is null" : text;
}

std::string without(std::string text, const std::string& tail) {
  if (text.ends_with(tail)) text.resize(text.size() - tail.size());
  return text;
}

}  // namespace

std::optional<Inverse> by_form(const Written& written, const Steps& steps, const source::Files& files) {
  for (const auto& entry : entries) {
    if (written.operation != entry.operation) continue;
    std::string text = entry.text;
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
      const auto close = text.find('}', open);
      const auto value = value_of(text.substr(open + 1, close - open - 1), written, steps, files);
      if (!value) return std::nullopt;
      text.replace(open, close - open + 1, *value);
      open += value->size();
    }
    return Inverse{entry.section, text};
  }
  return std::nullopt;
}

std::optional<Inverse> by_way_back(const Written& written, const Steps& steps) {
  const auto path = path_pattern();
  static const std::regex set_default("^ALTER TABLE (" + path + ") ALTER COLUMN (" + ident +
                                      R"() SET DEFAULT ([\s\S]+)$)");
  static const std::regex drop_default("^ALTER TABLE (" + path + ") ALTER COLUMN (" + ident + ") DROP DEFAULT$");
  static const std::regex comment(R"(^COMMENT ON ([\s\S]+)$)");
  static const std::regex index("^CREATE (UNIQUE )?INDEX (?:CONCURRENTLY )?(" + std::string(ident) + ") ON (" + path +
                                R"()([\s\S]*)$)");
  static const std::regex constraint("^ALTER TABLE (" + path + ") ADD CONSTRAINT (" + ident +
                                     R"() (FOREIGN KEY|CHECK) ([\s\S]+)$)");
  const auto texts = backward(steps);
  const auto& operation = written.operation;
  const auto first = [&](const std::regex& pattern) { return nth_match(texts, pattern, written.nth); };
  if (operation == "set_default" || operation == "drop_default") {
    if (const auto m = first(set_default))
      return Inverse{"expand", "set default " + (*m)[1].str() + "." + (*m)[2].str() + " to " + (*m)[3].str() + ";"};
    if (const auto m = first(drop_default))
      return Inverse{"expand", "drop default " + (*m)[1].str() + "." + (*m)[2].str() + ";"};
  }
  if (operation == "comment")
    if (const auto m = first(comment)) return Inverse{"expand", "comment on " + small_words((*m)[1].str()) + ";"};
  if (operation == "drop_index")
    if (const auto m = first(index))
      return Inverse{"expand", "add " + std::string((*m)[1].matched ? "unique " : "") + "index " + (*m)[2].str() +
                                   " on " + (*m)[3].str() + (*m)[4].str() + ";"};
  if (operation == "drop_foreign_key" || operation == "drop_check")
    if (const auto m = first(constraint))
      return Inverse{"contract", "add " + std::string((*m)[3] == "CHECK" ? "check " : "foreign key ") + (*m)[2].str() +
                                     " on " + (*m)[1].str() + " " + without((*m)[4].str(), " NOT VALID") + ";"};
  return std::nullopt;
}

std::optional<Inverse> by_statements(const Steps& steps) {
  for (const auto* step : steps) {
    if (!plain(step->action) || step->back.empty()) return std::nullopt;
    for (const auto& back : step->back)
      if (!plain(back.action)) return std::nullopt;
  }
  const auto there = forward(steps), back = backward(steps);
  if (back.empty() || names_mig(there) || names_mig(back)) return std::nullopt;
  return Inverse{"contract", "sql " + body(back) + "\n  back " + body(there) + ";"};
}

}  // namespace mig::cli
