// Storage parameters of a table.
#include "compiler/operations/table_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

enum class Takes { number, boolean, boolean_or_auto };

struct Parameter {
  const char* name;
  Takes takes;
  double min = 0, max = 0;
  bool toast = true;  // as toast.name too
  int since = 13;
};

// reloptions.c; which lock each takes stands in mode().
constexpr Parameter parameters[] = {
    {"fillfactor", Takes::number, 10, 100, false},
    {"toast_tuple_target", Takes::number, 128, 8160, false},
    {"parallel_workers", Takes::number, 0, 1024, false},
    {"user_catalog_table", Takes::boolean, 0, 0, false},
    {"autovacuum_enabled", Takes::boolean},
    {"vacuum_index_cleanup", Takes::boolean_or_auto},
    {"vacuum_truncate", Takes::boolean},
    {"autovacuum_vacuum_threshold", Takes::number, 0, 2147483647},
    {"autovacuum_vacuum_max_threshold", Takes::number, -1, 2147483647, true, 18},
    {"autovacuum_vacuum_scale_factor", Takes::number, 0, 100},
    {"autovacuum_vacuum_insert_threshold", Takes::number, -1, 2147483647},
    {"autovacuum_vacuum_insert_scale_factor", Takes::number, 0, 100},
    {"autovacuum_analyze_threshold", Takes::number, 0, 2147483647, false},
    {"autovacuum_analyze_scale_factor", Takes::number, 0, 100, false},
    {"autovacuum_vacuum_cost_delay", Takes::number, 0, 100},
    {"autovacuum_vacuum_cost_limit", Takes::number, 1, 10000},
    {"autovacuum_freeze_min_age", Takes::number, 0, 1000000000},
    {"autovacuum_freeze_max_age", Takes::number, 100000, 2000000000},
    {"autovacuum_freeze_table_age", Takes::number, 0, 2000000000},
    {"autovacuum_multixact_freeze_min_age", Takes::number, 0, 1000000000},
    {"autovacuum_multixact_freeze_max_age", Takes::number, 10000, 2000000000},
    {"autovacuum_multixact_freeze_table_age", Takes::number, 0, 2000000000},
    {"log_autovacuum_min_duration", Takes::number, -1, 2147483647},
    {"vacuum_max_eager_freeze_failure_rate", Takes::number, 0, 1, true, 18},
};

bool of_toast(const std::string& name) { return name.rfind("toast.", 0) == 0; }

const Parameter* find_parameter(const std::string& name) {
  const auto bare = of_toast(name) ? name.substr(6) : name;
  for (const auto& each : parameters)
    if (bare == each.name && (each.toast || !of_toast(name))) return &each;
  return nullptr;
}

// What stands among the options of foreign and typed tables is none.
std::string read(const catalog::Table& table) {
  Options options;
  for (const auto& each : table.options) {
    const auto name = each.substr(0, each.find('='));
    if (find_parameter(name)) options[name] = each.substr(name.size() + 1);
  }
  return value_of(options);
}

void write(catalog::Table& table, const std::string& value) {
  std::erase_if(table.options, [](const auto& each) { return find_parameter(each.substr(0, each.find('='))); });
  for (const auto& [name, text] : options_of(value)) table.options.push_back(name + "=" + text);
  std::sort(table.options.begin(), table.options.end());
}

sql::LockMode mode(const catalog::Table&, const std::string& from, const std::string& to) {
  const auto before = options_of(from), after = options_of(to);
  const auto at = [](const Options& options) {
    const auto found = options.find("user_catalog_table");
    return found == options.end() ? std::string{} : found->second;
  };
  return at(before) == at(after) ? sql::LockMode::share_update_exclusive : sql::LockMode::access_exclusive;
}

sql::Fragment name_sql(const std::string& name) {
  return of_toast(name) ? sql::sql("toast.{}", sql::Ident{name.substr(6)}) : sql::fragment(sql::Ident{name});
}

sql::Fragment clause(const catalog::Table&, const std::string& from, const std::string& to) {
  const auto before = options_of(from), after = options_of(to);
  std::vector<sql::Fragment> set, reset, both;
  for (const auto& [name, text] : after)
    if (const auto old = before.find(name); old == before.end() || old->second != text)
      set.push_back(sql::sql("{} = {}", name_sql(name), expression(text)));
  for (const auto& [name, text] : before)
    if (after.count(name) == 0) reset.push_back(name_sql(name));
  if (!set.empty()) both.push_back(sql::sql("SET ({})", sql::join(set, ", ")));
  if (!reset.empty()) both.push_back(sql::sql("RESET ({})", sql::join(reset, ", ")));
  return sql::join(both, ", ");
}

sql::Fragment same(const sql::Fragment& list, const std::vector<sql::Fragment>& wanted) {
  return sql::sql("ARRAY(SELECT o FROM unnest({}) o ORDER BY o COLLATE \"C\") = ARRAY[{}]::text[]", list,
                  sql::join(wanted, ", "));
}

sql::Fragment is(const catalog::Table&, const std::string& value) {
  std::vector<sql::Fragment> own, toast;
  for (const auto& [name, text] : options_of(value))
    if (of_toast(name))
      toast.push_back(sql::fragment(sql::Literal{name.substr(6) + "=" + text}));
    else
      own.push_back(sql::fragment(sql::Literal{name + "=" + text}));
  return sql::sql(
      "{} AND {}", same(sql::sql("c.reloptions"), own),
      same(sql::sql("(SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid)"), toast));
}

}  // namespace

const TableSetting table_options = {
    .what = "storage parameters",
    .read = read,
    .write = write,
    .mode = mode,
    .clause = clause,
    .is = is,
};

Options options_of(const std::string& value) {
  Options options;
  for (std::size_t at = 0; at < value.size();) {
    const auto end = std::min(value.find('\n', at), value.size());
    const auto equals = value.find('=', at);
    options[value.substr(at, equals - at)] = value.substr(equals + 1, end - equals - 1);
    at = end + 1;
  }
  return options;
}

std::string value_of(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options) text.append(text.empty() ? "" : "\n").append(name + "=" + value);
  return text;
}

const catalog::Table* require_table_with_options(const Context& ctx) {
  const auto& path = table_path_of(ctx);
  const auto* table = require_table_alone(ctx, path);
  if (!table || table->kind == "table") return table;
  auto& diagnostic =
      ctx.sink.report(diagnostics::wrong_kind, path.span,
                      fmt::format("`{}` is a {}: it has no storage parameters", table->name.text(), table->kind));
  if (table->partitioned())
    for (const auto& child : table->children)
      diagnostic.note(fmt::format("its rows are in its partitions; write: set table options {} (…)", child.text()));
  return nullptr;
}

bool require_table_option(const Context& ctx, const catalog::Table& table, const std::string& name, source::Span span) {
  const auto* parameter = find_parameter(name);
  if (!parameter) {
    std::vector<std::string> names;
    for (const auto& each : parameters) names.emplace_back(each.name);
    auto& diagnostic =
        ctx.sink.report(diagnostics::wrong_value, span, fmt::format("a table has no storage parameter `{}`", name));
    const auto near = diagnostics::nearest(of_toast(name) ? name.substr(6) : name, names, 1);
    if (!near.empty() && !of_toast(name)) diagnostic.note("write: " + near.front());
    return false;
  }
  if (ctx.before.server.major() != 0 && ctx.before.server.major() < parameter->since) {
    ctx.sink
        .report(diagnostics::server_too_old, span,
                fmt::format("`{}` came with PostgreSQL {}, and the server is {}", parameter->name, parameter->since,
                            ctx.before.server.major()))
        .note("take it out");
    return false;
  }
  const bool toasted = std::any_of(table.columns.begin(), table.columns.end(),
                                   [&](const auto& column) { return toastable(ctx, column.type); });
  if (!of_toast(name) || toasted) return true;
  ctx.sink
      .report(diagnostics::wrong_value, span,
              fmt::format("`{}` has no column whose values could stand outside of its rows: it has no TOAST table",
                          table.name.text()))
      .note("take it out");
  return false;
}

bool require_option_value(const Context& ctx, const std::string& name, const std::string& text, source::Span span) {
  const auto& parameter = *find_parameter(name);
  const auto refuse = [&](const std::string& wanted) {
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("`{}` does not take `{}`", name, text))
        .note("write: " + wanted);
    return false;
  };
  if (parameter.takes != Takes::number) {
    static const std::vector<std::string> words{"true", "false", "on", "off", "yes", "no", "1", "0"};
    if (std::find(words.begin(), words.end(), text) != words.end()) return true;
    if (parameter.takes == Takes::boolean) return refuse("true or false");
    return text == "auto" && ctx.before.server.major() >= 14 ? true : refuse("true, false or, from 14 on, auto");
  }
  const auto limits = fmt::format("a number from {} to {}", parameter.min, parameter.max);
  if (text.empty() || text.find_first_not_of("-0123456789.") != std::string::npos) return refuse(limits);
  const auto number = std::strtod(text.c_str(), nullptr);
  return number < parameter.min || number > parameter.max ? refuse(limits) : true;
}

}  // namespace mig::operations
