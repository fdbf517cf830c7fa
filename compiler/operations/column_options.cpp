// Options of a column for the planner.
#include "compiler/operations/column_options.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"

namespace mig::operations {

namespace {

using Options = std::map<std::string, std::string>;

Options parsed(const std::string& value) {
  Options options;
  for (std::size_t at = 0; at < value.size();) {
    const auto end = std::min(value.find(", ", at), value.size());
    const auto equals = value.find('=', at);
    options[value.substr(at, equals - at)] = value.substr(equals + 1, end - equals - 1);
    at = end + 2;
  }
  return options;
}

std::string joined(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options)
    text.append(text.empty() ? "" : ", ").append(name).append("=").append(value);
  return text;
}

// Foreign tables have options of their own kind among them.
std::string read(const catalog::Column& column) {
  Options options;
  for (const auto& each : column.options)
    if (each.rfind("foreign.", 0) != 0) options[each.substr(0, each.find('='))] = each.substr(each.find('=') + 1);
  return joined(options);
}

void write(catalog::Column& column, const std::string& value) {
  std::erase_if(column.options, [](const std::string& option) { return option.rfind("foreign.", 0) != 0; });
  for (const auto& [name, text] : parsed(value)) column.options.push_back(name + "=" + text);
  std::sort(column.options.begin(), column.options.end());
}

// One subcommand sets or resets; what is left of the two follows as another of the same statement.
sql::Fragment clause(const Context&, const catalog::Column& column, const std::string& from, const std::string& to) {
  const auto before = parsed(from), after = parsed(to);
  std::vector<sql::Fragment> set, reset;
  for (const auto& [name, text] : after)
    if (const auto old = before.find(name); old == before.end() || old->second != text)
      set.push_back(sql::sql("{} = {}", sql::Ident{name}, expression(text)));
  for (const auto& [name, text] : before)
    if (after.count(name) == 0) reset.push_back(sql::fragment(sql::Ident{name}));
  if (set.empty()) return sql::sql("RESET ({})", sql::join(reset, ", "));
  const auto first = sql::sql("SET ({})", sql::join(set, ", "));
  if (reset.empty()) return first;
  return sql::sql("{}, ALTER COLUMN {} RESET ({})", first, sql::Ident{column.name}, sql::join(reset, ", "));
}

// Some servers count versions among the options.
sql::Fragment is(const Context&, const catalog::Column&, const std::string& value) {
  std::vector<sql::Fragment> each;
  for (const auto& [name, text] : parsed(value)) each.push_back(sql::fragment(sql::Literal{name + "=" + text}));
  return sql::sql(
      "ARRAY(SELECT o FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg_attver=%' ORDER BY o COLLATE \"C\") "
      "= ARRAY[{}]::text[]",
      sql::join(each, ", "));
}

}  // namespace

const ColumnSetting column_options = {
    .what = "planner's options",
    .mode = sql::LockMode::share_update_exclusive,
    .recurses = false,
    .read = read,
    .write = write,
    .clause = clause,
    .is = is,
};

bool require_known_option(const Context& ctx, source::Span span, const std::string& name) {
  if (name == "n_distinct" || name == "n_distinct_inherited") return true;
  ctx.sink.report(diagnostics::wrong_value, span, fmt::format("a column has no option `{}`", name))
      .note("write: n_distinct or n_distinct_inherited");
  return false;
}

std::string with_option(const std::string& value, const std::string& name, const std::optional<std::string>& text) {
  auto options = parsed(value);
  options.erase(name);
  if (text) options[name] = *text;
  return joined(options);
}

}  // namespace mig::operations
