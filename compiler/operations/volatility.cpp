// Volatile functions of an expression.
#include "compiler/operations/volatility.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

// The volatile ones of pg_catalog that may stand in a default; a snapshot may come without its system part.
constexpr std::string_view known_volatile[] = {
    "clock_timestamp", "currval",   "gen_random_uuid", "lastval",       "lo_create", "nextval",
    "pg_notify",       "pg_sleep",  "random",          "random_normal", "setval",    "set_config",
    "setseed",         "timeofday", "txid_current",    "uuidv4",        "uuidv7"};

// A volatile SQL function that inlines to a constant would not rewrite, but who changes its body is not asked.
bool any_volatile(const std::vector<const catalog::Function*>& functions) {
  return std::any_of(functions.begin(), functions.end(),
                     [](const auto* function) { return function->volatility == "volatile"; });
}

bool is_volatile(const Context& ctx, const catalog::Name& name) {
  const auto listed = [&] {
    return std::find(std::begin(known_volatile), std::end(known_volatile), name.name) != std::end(known_volatile);
  };
  if (name.schema == "pg_catalog") return listed();
  if (!name.schema.empty()) {
    const auto found = ctx.before.functions(name);
    return found.empty() || any_volatile(found);
  }
  if (listed()) return true;
  auto schemas = ctx.before.server.search_path;
  schemas.push_back(ctx.schema);
  // pg_catalog is searched first: its own function of this name is the stable or immutable one that is not listed.
  if (!ctx.before.functions({"pg_catalog", name.name}).empty())
    return any_volatile(ctx.before.functions({"pg_catalog", name.name}));
  return std::any_of(schemas.begin(), schemas.end(), [&](const auto& schema) {
    return any_volatile(ctx.before.functions({schema, name.name}));
  });
}

}  // namespace

std::string volatile_function(const Context& ctx, const syntax::Expr& expression) {
  for (const auto* call : mentions(expression).calls)
    if (is_volatile(ctx, as_name(call->function))) return std::string(ctx.files.text(call->function.span));
  return {};
}

std::string volatile_call(const Context& ctx, const std::string& text) {
  const auto of_name = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; };
  for (auto open = text.find('('); open != std::string::npos; open = text.find('(', open + 1)) {
    auto begin = open;
    while (begin > 0 && of_name(text[begin - 1])) --begin;
    const auto word = text.substr(begin, open - begin);
    const bool type = begin >= 2 && text.compare(begin - 2, 2, "::") == 0;
    if (word.empty() || type) continue;
    const auto dot = word.rfind('.');
    const bool qualified = dot != std::string::npos;
    if (is_volatile(ctx,
                    qualified ? catalog::Name{word.substr(0, dot), word.substr(dot + 1)} : catalog::Name{"", word}))
      return word;
  }
  return {};
}

}  // namespace mig::operations
