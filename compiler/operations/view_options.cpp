// Options of views (security_barrier …) and of materialized views (fillfactor, autovacuum_* …).
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/setting_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;
using sql::LockMode;

namespace {

enum class Takes { boolean, number, check, automatic };

struct Option {
  const char* name;
  Takes takes;
  int since = 0;  // server major
  bool toast = false;
};

constexpr Option of_views[] = {
    {"check_option", Takes::check}, {"security_barrier", Takes::boolean}, {"security_invoker", Takes::boolean, 15}};

// As StdRdOptions of a table (reloptions.c); a materialized view's TOAST table takes those that say so.
constexpr Option of_materialized[] = {{"autovacuum_analyze_scale_factor", Takes::number},
                                      {"autovacuum_analyze_threshold", Takes::number},
                                      {"autovacuum_enabled", Takes::boolean, 0, true},
                                      {"autovacuum_freeze_max_age", Takes::number, 0, true},
                                      {"autovacuum_freeze_min_age", Takes::number, 0, true},
                                      {"autovacuum_freeze_table_age", Takes::number, 0, true},
                                      {"autovacuum_multixact_freeze_max_age", Takes::number, 0, true},
                                      {"autovacuum_multixact_freeze_min_age", Takes::number, 0, true},
                                      {"autovacuum_multixact_freeze_table_age", Takes::number, 0, true},
                                      {"autovacuum_vacuum_cost_delay", Takes::number, 0, true},
                                      {"autovacuum_vacuum_cost_limit", Takes::number, 0, true},
                                      {"autovacuum_vacuum_insert_scale_factor", Takes::number, 0, true},
                                      {"autovacuum_vacuum_insert_threshold", Takes::number, 0, true},
                                      {"autovacuum_vacuum_max_threshold", Takes::number, 18, true},
                                      {"autovacuum_vacuum_scale_factor", Takes::number, 0, true},
                                      {"autovacuum_vacuum_threshold", Takes::number, 0, true},
                                      {"fillfactor", Takes::number},
                                      {"log_autovacuum_min_duration", Takes::number, 0, true},
                                      {"parallel_workers", Takes::number},
                                      {"toast_tuple_target", Takes::number},
                                      {"user_catalog_table", Takes::boolean},
                                      {"vacuum_index_cleanup", Takes::automatic, 0, true},
                                      {"vacuum_max_eager_freeze_failure_rate", Takes::number, 18, true},
                                      {"vacuum_truncate", Takes::boolean, 0, true}};

template <class List>
const Option* find_option(const List& list, const std::string& written) {
  const bool toast = written.rfind("toast.", 0) == 0;
  const auto name = toast ? written.substr(6) : written;
  const auto found = std::find_if(std::begin(list), std::end(list), [&](const Option& option) {
    return name == option.name && (!toast || option.toast);
  });
  return found == std::end(list) ? nullptr : &*found;
}

const Option* find_option(ViewKind kind, const std::string& name) {
  return kind == ViewKind::view ? find_option(of_views, name) : find_option(of_materialized, name);
}

bool require_option(const Context& ctx, ViewKind kind, const syntax::Name& name, const std::string& written) {
  if (const auto* option = find_option(kind, written))
    return option->since == 0 || require_server(ctx, option->since, name.span, fmt::format("option {}", written));
  std::vector<std::string> known;
  if (kind == ViewKind::view)
    for (const auto& option : of_views) known.emplace_back(option.name);
  else
    for (const auto& option : of_materialized) known.emplace_back(option.name);
  report_unknown(ctx, diagnostics::wrong_value, name, fmt::format("a {} has no option `{}`", word(kind), written),
                 known);
  return false;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos;
}

const char* problem_of(const Option& option, const syntax::Setting& setting) {
  const auto text = setting_text(setting);
  if (option.takes == Takes::boolean && !setting_boolean(setting)) return "true or false";
  if (option.takes == Takes::number && !is_number(text)) return "a number";
  if (option.takes == Takes::check && text != "local" && text != "cascaded") return "local or cascaded";
  if (option.takes == Takes::automatic && text != "auto" && !setting_boolean(setting)) return "auto, true or false";
  return nullptr;
}

std::string name_of(const std::string& option) { return option.substr(0, option.find('=')); }
std::string value_of(const std::string& option) { return option.substr(option.find('=') + 1); }

// Which access method it has stands among the options of the model, and is none.
bool real(const std::string& option) { return option.rfind("access_method=", 0) != 0; }

const std::string* find_in(const std::vector<std::string>& options, const std::string& name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const std::string& option) { return name_of(option) == name; });
  return found == options.end() ? nullptr : &*found;
}

// toast.autovacuum_enabled: both words are plain.
Fragment option_name(const std::string& name) {
  if (name.rfind("toast.", 0) == 0) return sql::sql("toast.{}", sql::Ident{name.substr(6)});
  return sql::fragment(sql::Ident{name});
}

std::vector<std::string> changed(const Context& ctx) {
  auto options = view_of(ctx).options;
  if (const auto* set = ctx.call.get<std::vector<syntax::Setting>>("options")) return with_settings(options, *set);
  for (const auto& name : *ctx.call.get<std::vector<syntax::Name>>("options"))
    std::erase_if(options, [&](const std::string& option) { return name_of(option) == name.text; });
  return options;
}

std::vector<sql::Statement> statements(const catalog::View& view, const std::vector<std::string>& from,
                                       const std::vector<std::string>& to) {
  std::vector<Fragment> set, reset;
  bool heavy = !view.materialized;
  const auto note = [&](const std::string& option) { heavy = heavy || name_of(option) == "user_catalog_table"; };
  for (const auto& option : to)
    if (std::find(from.begin(), from.end(), option) == from.end()) {
      set.push_back(sql::sql("{} = {}", option_name(name_of(option)), Literal{value_of(option)}));
      note(option);
    }
  for (const auto& option : from)
    if (!find_in(to, name_of(option))) {
      reset.push_back(option_name(name_of(option)));
      note(option);
    }
  const auto mode = heavy ? LockMode::access_exclusive : LockMode::share_update_exclusive;
  const auto alter = sql::sql("ALTER {} {}", word_of(view), view.name.sql());
  std::vector<sql::Statement> out;
  if (!reset.empty())
    out.push_back(statement(sql::sql("{} RESET ({})", alter, sql::join(reset, ", ")), {lock(view.name, mode)}));
  if (!set.empty())
    out.push_back(statement(sql::sql("{} SET ({})", alter, sql::join(set, ", ")), {lock(view.name, mode)}));
  return out;
}

// Those of the TOAST table stand there without their prefix.
Fragment options_are(const catalog::View& view, const std::vector<std::string>& options) {
  std::vector<Fragment> each;
  for (const auto& option : options)
    if (real(option)) each.push_back(sql::fragment(Literal{option}));
  return sql::sql(
      "ARRAY(SELECT o FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid, "
      "LATERAL (SELECT o FROM unnest(c.reloptions) o UNION ALL SELECT 'toast.' || o FROM unnest(t.reloptions) o) l(o) "
      "WHERE c.oid = {} ORDER BY o COLLATE \"C\") = ARRAY[{}]::text[]",
      relation_oid(view.name), sql::join(each, ", "));
}

sql::Step change(const Context& ctx, const catalog::View& view, const std::vector<std::string>& from,
                 const std::vector<std::string>& to) {
  return transaction(ctx, fmt::format("options of {} {}", word(kind_of(view)), view.name.text()),
                     statements(view, from, to), options_are(view, to));
}

bool has_invoker(const std::vector<std::string>& options) {
  const auto* option = find_in(options, "security_invoker");
  return option && (value_of(*option) == "true" || value_of(*option) == "on");
}

}  // namespace

bool check_view_options(const Context& ctx, ViewKind kind, const std::vector<syntax::Setting>& options) {
  bool good = true;
  for (const auto& setting : options) {
    const auto name = setting_name(setting);
    if (!require_option(ctx, kind, setting.name.parts.back(), name)) {
      good = false;
      continue;
    }
    const auto* problem = problem_of(*find_option(kind, name), setting);
    if (!problem) continue;
    ctx.sink
        .report(diagnostics::wrong_value, setting.span,
                fmt::format("`{}` of option `{}` is no value of it", setting_text(setting), name))
        .note(fmt::format("write: {} = {}", name, problem));
    good = false;
  }
  return good;
}

std::vector<std::string> with_settings(std::vector<std::string> before, const std::vector<syntax::Setting>& options) {
  for (const auto& setting : options) {
    const auto name = setting_name(setting);
    std::erase_if(before, [&](const std::string& option) { return name_of(option) == name; });
    before.push_back(name + "=" + setting_text(setting));
  }
  std::sort(before.begin(), before.end());
  return before;
}

void check_set_view_options(const Context& ctx, ViewKind kind) {
  const auto* view = require_own_view(ctx, view_path(ctx), kind);
  bool good = view != nullptr;
  if (const auto* set = ctx.call.get<std::vector<syntax::Setting>>("options"))
    good = check_view_options(ctx, kind, *set) && good;
  else
    for (const auto& name : *ctx.call.get<std::vector<syntax::Name>>("options"))
      good = require_option(ctx, kind, name, name.text) && good;
  if (!good || changed(ctx) != view->options) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span,
              fmt::format("`{}` has these options already", view->name.text()))
      .note("take the line out");
}

// As whom the view reads, and which rows it takes: clients notice both.
std::optional<Break> set_view_options_breaks(const Context& ctx) {
  const auto& view = view_of(ctx);
  if (made_here(ctx, view) || view.materialized) return std::nullopt;
  const auto now = changed(ctx);
  if (has_invoker(view.options) != has_invoker(now))
    return Break{fmt::format("{} reads its tables as another role from then on", view.name.text()),
                 "write it in contract { … }, once all clients have the rights that it takes"};
  const auto* before = find_in(view.options, "check_option");
  const auto* after = find_in(now, "check_option");
  if (after && (!before || (*after == "check_option=cascaded" && *before != *after)))
    return Break{fmt::format("clients of the old schema may write rows that {} refuses", view.name.text()),
                 "write it in contract { … }"};
  return std::nullopt;
}

void set_view_options_effect(const Context& ctx, catalog::Catalog& after) {
  auto view = view_of(ctx);
  view.options = changed(ctx);
  after.put(std::move(view));
}

std::vector<sql::Step> set_view_options_steps(const Context& ctx) {
  const auto& view = view_of(ctx);
  const auto now = changed(ctx);
  auto step = change(ctx, view, view.options, now);
  step.back = {change(ctx, view, now, view.options)};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("view", view.name)});
  return steps;
}

}  // namespace mig::operations
