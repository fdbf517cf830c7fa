// Options of functions: volatility, rights, costs, settings; as written, and as pg_get_functiondef() prints them.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routines.hpp"

namespace mig::operations {

namespace {

// Settings that hold a list of names (GUC_LIST_QUOTE of guc_tables.c): each name is quoted by itself.
bool holds_names(std::string_view setting) {
  constexpr std::array<std::string_view, 6> known{"local_preload_libraries",   "search_path",
                                                  "session_preload_libraries", "shared_preload_libraries",
                                                  "temp_tablespaces",          "unix_socket_directories"};
  return std::find(known.begin(), known.end(), setting) != known.end();
}

// The settings that PostgreSQL itself spells with capitals.
std::string canonical(const std::string& setting) {
  if (setting == "datestyle") return "DateStyle";
  if (setting == "intervalstyle") return "IntervalStyle";
  return setting == "timezone" ? "TimeZone" : setting;
}

std::string setting_name(const syntax::Path& path) {
  std::string name;
  for (const auto& part : path.parts) name += (name.empty() ? "" : ".") + part.text;
  return canonical(name);
}

std::string name_list(const std::vector<std::string>& names, bool quoted) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + (quoted ? sql::quote_ident(name) : name);
  return text;
}

// '' as a name is quoted, too: quote_ident of nothing.
std::string one_name(const std::string& value) { return value.empty() ? "\"\"" : sql::quote_ident(value); }

std::string value_of(const std::string& setting, const syntax::Value* value) {
  const bool names = holds_names(setting);
  if (!value) return "on";
  if (const auto* text = std::get_if<syntax::Text>(value)) return names ? one_name(text->value) : text->value;
  if (const auto* number = std::get_if<syntax::Number>(value)) return number->text;
  std::vector<std::string> list;
  if (const auto* paths = std::get_if<std::vector<syntax::Path>>(value))
    for (const auto& path : *paths) list.push_back(path.parts.back().text);
  return name_list(list, names);
}

void put_setting(std::vector<std::string>& settings, const std::string& name, const std::string& value) {
  const auto entry = fmt::format("{}={}", name, value);
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const auto& each) { return each.rfind(name + "=", 0) == 0; });
  if (found != settings.end())
    *found = entry;
  else
    settings.push_back(entry);
}

void apply_settings(const Context& ctx, std::vector<std::string>& settings) {
  if (ctx.call.has_word("reset") && ctx.call.has_word("all")) settings.clear();
  const auto& arguments = ctx.call.arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto* path = std::get_if<syntax::Path>(&arguments[i].value);
    if (arguments[i].hole == "reset" && path)
      std::erase_if(settings,
                    [name = setting_name(*path)](const auto& each) { return each.rfind(name + "=", 0) == 0; });
    if (arguments[i].hole != "setting" || !path) continue;
    const bool follows =
        i + 1 < arguments.size() &&
        (arguments[i + 1].hole == "names" || arguments[i + 1].hole == "text" || arguments[i + 1].hole == "number");
    const auto name = setting_name(*path);
    put_setting(settings, name, value_of(name, follows ? &arguments[i + 1].value : nullptr));
  }
}

// As printf's %g, which PostgreSQL prints costs by.
std::string plain_number(const std::string& written) {
  return fmt::format("{:g}", std::strtod(written.c_str(), nullptr));
}

// The names of a list as proconfig holds it: shop, "Other one".
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  bool quoted = false, any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"')
        name += text[++i];
      else
        quoted = !quoted;
      any = true;
    } else if (c == ',' && !quoted) {
      names.push_back(std::exchange(name, {}));
      any = false;
    } else if (quoted || c != ' ') {
      name += c;
      any = true;
    }
  }
  if (any || !names.empty()) names.push_back(name);
  return names;
}

struct Pair {
  std::string_view a, b;
};

}  // namespace

void check_routine_options(const Context& ctx, Routine kind) {
  constexpr std::array<Pair, 5> exclusive{{{"immutable", "stable"},
                                           {"immutable", "volatile"},
                                           {"stable", "volatile"},
                                           {"definer", "invoker"},
                                           {"safe", "unsafe"}}};
  for (const auto& [a, b] : exclusive)
    if (ctx.call.has_word(a) && ctx.call.has_word(b))
      ctx.sink
          .report(diagnostics::contradiction, ctx.call.phrase, fmt::format("`{}` and `{}` exclude each other", a, b))
          .note("take one of them out");
  if (ctx.call.has_word("strict") && ctx.call.has_word("called"))
    ctx.sink
        .report(diagnostics::contradiction, ctx.call.phrase, "`strict` and `called on null input` exclude each other")
        .note("take one of them out");
  if (ctx.call.has_word("leakproof") && !ctx.call.has_word("not") && !ctx.before.server.superuser &&
      !ctx.before.server.role.empty())
    ctx.sink
        .report(diagnostics::no_permission, ctx.call.phrase, "only a superuser may say that a function is leakproof")
        .note("take `leakproof` out, or let a superuser apply the migration");
  (void)kind;
}

void apply_routine_options(const Context& ctx, catalog::Function& function, RoutineExtras& extras) {
  const auto& call = ctx.call;
  for (const auto* volatility : {"immutable", "stable", "volatile"})
    if (call.has_word(volatility)) function.volatility = volatility;
  for (const auto* parallel : {"safe", "restricted", "unsafe"})
    if (call.has_word(parallel)) function.parallel = parallel;
  if (call.has_word("strict")) function.strict = true;
  if (call.has_word("called")) function.strict = false;
  if (call.has_word("definer")) function.security_definer = true;
  if (call.has_word("invoker")) function.security_definer = false;
  if (call.has_word("leakproof")) function.leakproof = !call.has_word("not");
  if (const auto* cost = call.get<syntax::Number>("cost")) extras.cost = plain_number(cost->text);
  if (const auto* rows = call.get<syntax::Number>("rows")) extras.rows = plain_number(rows->text);
  // The defaults are not printed.
  const bool native = function.language == "c" || function.language == "internal";
  if (extras.cost == (native ? "1" : "100")) extras.cost.clear();
  if (extras.rows == "1000" || extras.rows == "0") extras.rows.clear();
  apply_settings(ctx, function.settings);
}

std::string proconfig_text(const std::string& entry) {
  const auto at = entry.find('=');
  const auto name = entry.substr(0, at), value = entry.substr(at + 1);
  std::string text;
  if (holds_names(name))
    for (const auto& each : split_names(value)) text += (text.empty() ? "" : ", ") + sql::quote_literal(each);
  if (text.empty()) text = sql::quote_literal(value);
  std::string printed;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto dot = std::min(name.find('.', begin), name.size());
    printed += (printed.empty() ? "" : ".") + sql::quote_ident(name.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return fmt::format("SET {} TO {}", printed, text);
}

std::string options_text(const catalog::Function& function, const RoutineExtras& extras) {
  std::string line;
  if (extras.window) line += " WINDOW";
  if (function.volatility == "immutable") line += " IMMUTABLE";
  if (function.volatility == "stable") line += " STABLE";
  if (function.parallel == "safe") line += " PARALLEL SAFE";
  if (function.parallel == "restricted") line += " PARALLEL RESTRICTED";
  if (function.strict) line += " STRICT";
  if (function.security_definer) line += " SECURITY DEFINER";
  if (function.leakproof) line += " LEAKPROOF";
  if (!extras.cost.empty()) line += " COST " + extras.cost;
  if (!extras.rows.empty()) line += " ROWS " + extras.rows;
  if (!extras.support.empty()) line += " SUPPORT " + extras.support;
  auto text = fmt::format("LANGUAGE {}\n", sql::quote_ident(function.language));
  if (!line.empty()) text += line + "\n";
  for (const auto& setting : function.settings) text += " " + proconfig_text(setting) + "\n";
  return text;
}

}  // namespace mig::operations
