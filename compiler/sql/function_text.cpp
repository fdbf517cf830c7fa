// CREATE FUNCTION and calls of functions, by libpg_query's tree.
#include "compiler/sql/function_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/server_parser.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

std::optional<json> parse(std::string_view text) {
  const auto parsed = parse_to_json(text);
  if (parsed.error) return std::nullopt;
  auto tree = json::parse(parsed.json, nullptr, false);
  if (tree.is_discarded() || !tree.contains("stmts") || tree["stmts"].empty()) return std::nullopt;
  return tree;
}

std::vector<std::string> strings(const json& list) {
  std::vector<std::string> result;
  for (const auto& each : list)
    if (each.contains("String")) result.push_back(each["String"].value("sval", ""));
  return result;
}

Qualified qualified(const json& list) {
  auto parts = strings(list);
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts[parts.size() - 2] : std::string{}, parts.back()};
}

std::string number(const json& argument) {
  if (argument.contains("Integer")) return std::to_string(argument["Integer"].value("ival", 0));
  return argument.contains("Float") ? argument["Float"].value("fval", "") : std::string{};
}

// The end of `name` or `schema.name` that begins here.
std::size_t name_end(std::string_view text, std::size_t at) {
  for (;;) {
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size(); ++at)
        if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) break;
    } else {
      at = std::min(text.find_first_of(" \t\n.,;()[]:'\"+-*/<>=~!@#%^&|`?", at), text.size());
    }
    if (at >= text.size() || text[at] != '.') return at;
    ++at;
  }
}

void option(const json& element, FunctionText& made, std::size_t& last) {
  const auto name = element.value("defname", "");
  const auto at = element.value("location", std::size_t{0});
  const auto argument = element.value("arg", json::object());
  if (name == "language") made.options_begin = at;
  if (name == "as") made.options_end = at;
  if (name != "as") last = std::max(last, at);
  if (name == "window") made.window = true;
  if (name == "cost") made.cost = number(argument);
  if (name == "rows") made.rows = number(argument);
  if (name == "support" && argument.contains("List")) {
    const auto function = qualified(argument["List"]["items"]);
    made.support = display(function);
  }
  if (name == "as" && argument.contains("List")) {
    const auto parts = strings(argument["List"]["items"]);
    if (!parts.empty()) made.body = parts.front();
  }
}

std::string_view head(Text kind) {
  if (kind == Text::expression) return "SELECT (";
  return kind == Text::constraint ? "ALTER TABLE t ADD " : "";
}
std::string_view tail(Text kind) { return kind == Text::expression ? "\n)" : ""; }

void add_call(const json& node, std::string_view text, std::vector<CalledFunction>& found) {
  CalledFunction made;
  made.name = qualified(node["funcname"]);
  made.arguments = node.contains("args") ? node["args"].size() : 0;
  made.begin = node.value("location", std::size_t{0});
  made.end = name_end(text, made.begin);
  found.push_back(std::move(made));
}

// CREATE TRIGGER says no place of its function: it stands behind the last EXECUTE FUNCTION.
void add_trigger_function(const json& node, std::string_view text, std::vector<CalledFunction>& found) {
  constexpr std::string_view word = "EXECUTE FUNCTION ";
  const auto at = text.rfind(word);
  if (!node.contains("funcname") || at == std::string_view::npos) return;
  found.push_back({qualified(node["funcname"]), 0, at + word.size(), name_end(text, at + word.size())});
}

}  // namespace

std::optional<FunctionText> function_text(std::string_view definition) {
  const auto tree = parse(definition);
  if (!tree) return std::nullopt;
  const auto& statement = (*tree)["stmts"][0]["stmt"];
  if (!statement.contains("CreateFunctionStmt")) return std::nullopt;
  FunctionText made;
  std::size_t last = 0;
  const auto& function = statement["CreateFunctionStmt"];
  if (!function.contains("options")) return std::nullopt;
  for (const auto& each : function["options"])
    if (each.contains("DefElem")) option(each["DefElem"], made, last);
  // Options end their line; BEGIN ATOMIC or RETURN begins the next.
  if (made.options_end == 0) made.options_end = std::min(definition.find('\n', last), definition.size() - 1) + 1;
  return made;
}

std::vector<CalledFunction> called_functions(std::string_view text, Text kind) {
  const auto whole = std::string(head(kind)).append(text).append(tail(kind));
  std::vector<CalledFunction> found;
  const auto tree = parse(whole);
  if (!tree) return found;
  std::vector<const json*> open{&*tree};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->is_object()) {
      if (node->contains("FuncCall")) add_call((*node)["FuncCall"], whole, found);
      if (node->contains("CreateTrigStmt")) add_trigger_function((*node)["CreateTrigStmt"], whole, found);
    }
    if (node->is_structured())
      for (const auto& child : *node) open.push_back(&child);
  }
  for (auto& call : found) {
    call.begin -= head(kind).size();
    call.end -= head(kind).size();
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  return found;
}

std::optional<std::string> rename_function(std::string_view text, Text kind, const Qualified& from,
                                           const Qualified& to) {
  if (!parse(std::string(head(kind)).append(text).append(tail(kind)))) return std::nullopt;
  std::string made;
  std::size_t at = 0;
  for (const auto& call : called_functions(text, kind)) {
    if (call.name.name != from.name || (!call.name.schema.empty() && call.name.schema != from.schema)) continue;
    made.append(text.substr(at, call.begin - at)).append(display(to));
    at = call.end;
  }
  return made.append(text.substr(at));
}

}  // namespace mig::sql
