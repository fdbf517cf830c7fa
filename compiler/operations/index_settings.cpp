// Options of indexes.
#include "compiler/operations/index_settings.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "compiler/operations/rebuild_index.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

// What PostgreSQL itself has (reloptions.c). `strong`: changing it takes ACCESS EXCLUSIVE on the index, measured on all
// versions; the others take SHARE UPDATE EXCLUSIVE.
struct Option {
  const char *method, *name;
  enum class Takes { number, boolean, buffering } takes;
  long least, most;
  bool strong;
};
constexpr Option known[] = {
    {"btree", "fillfactor", Option::Takes::number, 10, 100, false},
    {"btree", "deduplicate_items", Option::Takes::boolean, 0, 0, false},
    {"hash", "fillfactor", Option::Takes::number, 10, 100, false},
    {"gist", "fillfactor", Option::Takes::number, 10, 100, false},
    {"gist", "buffering", Option::Takes::buffering, 0, 0, true},
    {"spgist", "fillfactor", Option::Takes::number, 10, 100, false},
    {"gin", "fastupdate", Option::Takes::boolean, 0, 0, true},
    {"gin", "gin_pending_list_limit", Option::Takes::number, 64, 2147483647, true},
    {"brin", "pages_per_range", Option::Takes::number, 1, 131072, true},
    {"brin", "autosummarize", Option::Takes::boolean, 0, 0, true},
};

bool of_postgres(const std::string& method) {
  return std::any_of(std::begin(known), std::end(known), [&](const Option& o) { return method == o.method; });
}

const Option* find(const std::string& method, const std::string& name) {
  for (const auto& option : known)
    if (method == option.method && name == option.name) return &option;
  return nullptr;
}

std::string name_of(const std::string& option) { return option.substr(0, option.find('=')); }
std::string value_of(const std::string& option) { return option.substr(option.find('=') + 1); }

bool holds(const IndexOptions& options, const std::string& option) {
  return std::find(options.begin(), options.end(), option) != options.end();
}

const std::string* of_name(const IndexOptions& options, const std::string& name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const std::string& each) { return name_of(each) == name; });
  return found == options.end() ? nullptr : &*found;
}

// An option of an extension's method may take any lock.
bool strong(const std::string& method, const std::string& name) {
  const auto* option = find(method, name);
  return !option || option->strong;
}

sql::Statement change(const IndexAt& at, const IndexOptions& from, const IndexOptions& to) {
  std::vector<sql::Fragment> set, reset;
  std::vector<std::string> names;
  for (const auto& option : to)
    if (!holds(from, option)) {
      names.push_back(name_of(option));
      set.push_back(sql::sql("{} = {}", sql::Ident{names.back()}, sql::Literal{value_of(option)}));
    }
  for (const auto& option : from)
    if (!of_name(to, name_of(option))) {
      names.push_back(name_of(option));
      reset.push_back(sql::fragment(sql::Ident{names.back()}));
    }
  std::vector<sql::Fragment> parts;
  if (!set.empty()) parts.push_back(sql::sql("SET ({})", sql::join(set, ", ")));
  if (!reset.empty()) parts.push_back(sql::sql("RESET ({})", sql::join(reset, ", ")));
  auto made = statement(sql::sql("ALTER INDEX {} {}", at.name().sql(), sql::join(parts, ", ")));
  if (std::any_of(names.begin(), names.end(), [&](const auto& name) { return strong(at.index->method, name); })) {
    made.locks.push_back(lock(at.name(), sql::LockMode::access_exclusive));
    made.reason = "PostgreSQL changes this option only under ACCESS EXCLUSIVE on the index";
  }
  return made;
}

sql::Fragment has_options(const IndexAt& at, const IndexOptions& options) {
  std::vector<sql::Fragment> each;
  for (const auto& option : options) each.push_back(sql::fragment(sql::Literal{option}));
  return index_is(at.name(), sql::sql("ARRAY(SELECT o FROM unnest(c.reloptions) o ORDER BY o COLLATE \"C\") "
                                      "= ARRAY[{}]::text[]",
                                      sql::join(each, ", ")));
}

}  // namespace

bool require_index_option(const Context& ctx, const catalog::Index& index, const std::string& name, source::Span span) {
  if (!of_postgres(index.method) || find(index.method, name)) return true;
  std::string names;
  for (const auto& option : known)
    if (index.method == option.method) names += (names.empty() ? "" : ", ") + std::string(option.name);
  ctx.sink.report(diagnostics::wrong_value, span, fmt::format("a {} index has no option `{}`", index.method, name))
      .note("found: " + names);
  return false;
}

bool require_index_value(const Context& ctx, const std::string& name, const std::string& value, source::Span span) {
  const auto option =
      std::find_if(std::begin(known), std::end(known), [&](const Option& each) { return name == each.name; });
  if (option == std::end(known)) return true;
  const auto refuse = [&](const std::string& what) {
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("`{}` of an index is {}", name, what));
    return false;
  };
  static const std::vector<std::string> words{"true", "false", "on", "off", "yes", "no", "1", "0"};
  if (option->takes == Option::Takes::boolean)
    return std::find(words.begin(), words.end(), value) != words.end() || refuse("true or false");
  if (option->takes == Option::Takes::buffering)
    return value == "auto" || value == "on" || value == "off" || refuse("on, off or auto");
  const bool digits =
      !value.empty() && value.size() <= 10 && value.find_first_not_of("0123456789") == std::string::npos;
  const auto number = digits ? std::strtol(value.c_str(), nullptr, 10) : -1;
  return (number >= option->least && number <= option->most) ||
         refuse(fmt::format("a number from {} to {}", option->least, option->most));
}

IndexOptions with_index_option(IndexOptions options, const std::string& name, const std::string* value) {
  std::erase_if(options, [&](const std::string& option) { return name_of(option) == name; });
  if (value) options.push_back(name + "=" + *value);
  std::sort(options.begin(), options.end());
  return options;
}

std::vector<IndexAt> indexes_to_set(const Context& ctx) {
  const auto at = find_index(ctx);
  return at.index ? leaves(ctx, at) : std::vector<IndexAt>{};
}

void check_index_options(const Context& ctx, ChangeOptions changed) {
  const auto all = indexes_to_set(ctx);
  if (std::any_of(all.begin(), all.end(), [&](const auto& at) { return changed(ctx, *at.index) != at.index->options; }))
    return;
  ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, "nothing would change in the options of the index")
      .note("take the line out");
}

void put_index_options(const Context& ctx, catalog::Catalog& after, ChangeOptions changed) {
  for (const auto& at : indexes_to_set(ctx))
    edit_index(after, at, [&](catalog::Index& index) { index.options = changed(ctx, index); });
}

std::vector<sql::Step> index_option_steps(const Context& ctx, ChangeOptions changed) {
  std::vector<sql::Statement> there, back;
  std::vector<std::string> touched;
  sql::Fragment done, undone;
  for (const auto& at : indexes_to_set(ctx)) {
    const auto now = changed(ctx, *at.index);
    if (now == at.index->options) continue;
    there.push_back(change(at, at.index->options, now));
    back.push_back(change(at, now, at.index->options));
    done = has_options(at, now);
    undone = has_options(at, at.index->options);
    for (auto& key : index_touches(at)) touched.push_back(std::move(key));
  }
  const auto name = find_index(ctx).name().text();
  auto step = transaction(ctx, "set options of index " + name, std::move(there), done);
  step.back = {transaction(ctx, "bring back the options of index " + name, std::move(back), undone)};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, touched);
  return steps;
}

}  // namespace mig::operations
