// Publications: options as written.
#include <optional>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/setting_text.hpp"

namespace mig::operations {

namespace {

constexpr const char* commands[] = {"insert", "update", "delete", "truncate"};

// insert, update: what is written, in PostgreSQL's order; nullopt where a word is none of them.
std::optional<std::string> publish_list(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  for (const char c : text + ",") {
    if (c == ',') {
      if (!word.empty()) words.insert(word);
      word.clear();
    } else if (c != ' ' && c != '\t' && c != '\n') {
      word += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
  }
  std::string list;
  for (const auto* command : commands)
    if (words.erase(command) != 0) list.append(list.empty() ? "" : ", ").append(command);
  return words.empty() ? std::optional(list) : std::nullopt;
}

void put(catalog::Object& object, const std::string& fact, const std::string& value) {
  object.facts.erase(fact);
  if (!value.empty()) object.facts.emplace(fact, value);
}

bool wrong(const Context& ctx, const syntax::Setting& setting, const std::string& way) {
  ctx.sink
      .report(diagnostics::wrong_value, setting.span,
              fmt::format("`{}` is no value for {}", setting_text(setting), setting_name(setting)))
      .note("write: " + way);
  return false;
}

bool check_option(const Context& ctx, const syntax::Setting& setting) {
  const auto name = setting_name(setting);
  if (name == "publish")
    return publish_list(setting_text(setting)) || wrong(ctx, setting, "publish = 'insert, update, delete, truncate'");
  if (name == "publish_via_partition_root")
    return setting_boolean(setting) || wrong(ctx, setting, "publish_via_partition_root = true");
  if (name == "publish_generated_columns") {
    if (!require_server(ctx, 18, setting.span, "publications of generated columns")) return false;
    const auto value = setting_text(setting);
    return value == "stored" || value == "none" || wrong(ctx, setting, "publish_generated_columns = stored");
  }
  report_unknown(ctx, diagnostics::wrong_value, setting.name.parts.back(),
                 fmt::format("a publication has no option `{}`", name),
                 {"publish", "publish_via_partition_root", "publish_generated_columns"});
  return false;
}

}  // namespace

bool check_options(const Context& ctx, const std::vector<syntax::Setting>& settings) {
  bool good = true;
  for (const auto& setting : settings) good = check_option(ctx, setting) && good;
  return good;
}

void set_options(const Context&, const std::vector<syntax::Setting>& settings, catalog::Object& publication) {
  for (const auto& setting : settings) {
    const auto name = setting_name(setting);
    const auto value = setting_text(setting);
    if (name == "publish") put(publication, name, publish_list(value).value_or(""));
    if (name == "publish_via_partition_root")
      put(publication, "via_root", setting_boolean(setting).value_or(false) ? "true" : "");
    if (name == "publish_generated_columns") put(publication, "generated_columns", value == "stored" ? "s" : "");
  }
}

}  // namespace mig::operations
