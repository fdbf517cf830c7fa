// An operation turned round by its form, and by its statements.
#include "cli/inverse.hpp"

#include <algorithm>

#include "compiler/sql/sql.hpp"

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

// The last name of a path as PostgreSQL prints it.
std::string last_of(const std::string& path) {
  std::string last;
  for (auto rest = path;; rest.erase(0, last.size() + 1)) {
    std::vector<std::string> found;
    if (!fits("{n}.{*}", rest, found)) return rest;
    last = found.front();
  }
}

// The nth name that a statement of one of these patterns makes, `schema` in front of it where the pattern has a path.
std::optional<std::vector<std::string>> nth_found(const Steps& steps, std::initializer_list<const char*> patterns,
                                                  std::size_t nth) {
  for (const auto& text : forward(steps))
    for (const auto* pattern : patterns)
      if (std::vector<std::string> found; fits(pattern, text, found)) {
        if (nth-- == 0) return found;
        break;
      }
  return std::nullopt;
}

// The index that the statements make, in the schema of its table.
std::optional<std::string> index_name(const Steps& steps, std::size_t nth) {
  const auto found = nth_found(steps,
                               {"CREATE INDEX CONCURRENTLY {n} ON ONLY {p} {*}",
                                "CREATE INDEX CONCURRENTLY {n} ON {p} {*}", "CREATE INDEX {n} ON ONLY {p} {*}",
                                "CREATE INDEX {n} ON {p} {*}", "CREATE UNIQUE INDEX CONCURRENTLY {n} ON {p} {*}",
                                "CREATE UNIQUE INDEX {n} ON ONLY {p} {*}", "CREATE UNIQUE INDEX {n} ON {p} {*}"},
                               nth);
  if (!found) return std::nullopt;
  const auto& table = found->at(1);
  return table.substr(0, table.size() - last_of(table).size()) + found->front();
}

std::optional<std::string> constraint_name(const Steps& steps, std::size_t nth) {
  const auto found =
      nth_found(steps, {"ALTER TABLE {*}ADD CONSTRAINT {n} {*}", "ALTER DOMAIN {*}ADD CONSTRAINT {n} {*}"}, nth);
  if (!found) return std::nullopt;
  return found->at(1);
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

std::string types_part(const syntax::Callable& routine, const source::Files& files) {
  const auto written = text_of(routine.span, files);
  const auto types = written.find('(');
  return types == std::string::npos ? "" : written.substr(types);
}

// A routine under its new name, with the types that tell it from others.
std::string renamed(const syntax::Callable& routine, const syntax::Call& call, const source::Files& files) {
  const auto* name = call.get<syntax::Name>("new");
  return parent_of(routine.path, files) + (name != nullptr ? text_of(name->span, files) : "") +
         types_part(routine, files);
}

const syntax::Callable* routine_of(const syntax::Call& call, const std::string& hole) {
  const auto* several = call.get<std::vector<syntax::Callable>>(hole);
  return several != nullptr && several->size() == 1 ? &several->front() : nullptr;
}

// Where the way back moves it to: SET SCHEMA of that name, or of that name with its types.
std::optional<std::string> schema_before(const std::string& last, const Steps& steps) {
  for (const auto& text : backward(steps))
    for (const auto* pattern : {"ALTER {*} SET SCHEMA {n}", "ALTER {*}({*}) SET SCHEMA {n}"})
      if (std::vector<std::string> found; fits(pattern, text, found) && found.front().ends_with("." + last))
        return found.back();
  return std::nullopt;
}

}  // namespace

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
  if (path != nullptr && !part.empty()) {
    const auto last = text_of(path->parts.back().span, files);
    if (part == "last") return last;
    if (part == "routine" && routine != nullptr) return last + types_part(*routine, files);
    if (part == "before") return schema_before(sql::quote_ident(path->parts.back().text), steps);
  }
  for (const auto& argument : written.call->arguments)
    if (part.empty() && argument.hole == hole) return text_of(argument.span, files);
  return std::nullopt;
}

namespace {

bool plain(const sql::Action& action) { return std::holds_alternative<sql::Transaction>(action); }

std::string body(const std::vector<std::string>& texts) {
  std::string text;
  for (const auto& one : texts) text += (text.empty() ? "" : ";\n") + one;
  if (text.ends_with('$')) text += '\n';  // else it would run into the tag
  std::string tag = "$$";
  for (int i = 1; text.find(tag) != std::string::npos; ++i) tag = "$undo" + std::to_string(i) + "$";
  return tag + text + tag;
}

}  // namespace

std::optional<std::string> filled(std::string text,
                                  const std::function<std::optional<std::string>(const std::string&)>& value_of) {
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
    const auto close = text.find('}', open);
    const auto value = value_of(text.substr(open + 1, close - open - 1));
    if (!value) return std::nullopt;
    text.replace(open, close - open + 1, *value);
    open += value->size();
  }
  return text;
}

std::optional<Inverse> by_form(const Written& written, const Steps& steps, const source::Files& files) {
  const auto value = [&](const std::string& word) { return value_of(word, written, steps, files); };
  for (const auto& entry : entries)
    if (written.operation == entry.operation)
      if (auto text = filled(entry.text, value)) return Inverse{entry.section, std::move(*text)};
  return std::nullopt;
}

std::optional<Inverse> by_statements(const Steps& steps) {
  for (const auto* step : steps) {
    if (!plain(step->action) || step->back.empty()) return std::nullopt;
    for (const auto& back : step->back)
      if (!plain(back.action)) return std::nullopt;
  }
  const auto there = forward(steps), back = backward(steps);
  const auto any_of_mig = [](const auto& texts) { return std::any_of(texts.begin(), texts.end(), names_mig); };
  if (back.empty() || any_of_mig(there) || any_of_mig(back)) return std::nullopt;
  return Inverse{"contract", "sql " + body(back) + "\n  back " + body(there) + ";"};
}

}  // namespace mig::cli
