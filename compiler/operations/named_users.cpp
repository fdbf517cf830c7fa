// Who names a type or a sequence.
#include "compiler/operations/named_users.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/texts.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/sql/function_text.hpp"

namespace mig::operations {

std::vector<Dependent> named_users(const Context& ctx, const std::function<bool(const std::string&)>& uses) {
  std::vector<Dependent> found;
  catalog::each_text(ctx.before, [&](const catalog::TextAt& at, const std::string& text) {
    if (!uses(text)) return;
    auto what = catalog::said(at) + " uses it";
    const bool known = std::any_of(found.begin(), found.end(), [&](const auto& each) { return each.what == what; });
    if (!known) found.push_back({std::move(what), "drop or change that before"});
  });
  return found;
}

void warn_of_bodies(const Context& ctx, const std::string& word, source::Span span) {
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system || function->kind == "aggregate") continue;
      const auto text = sql::function_text(function->definition);
      if (!text || !text->body || !mentions(*text->body, word)) continue;
      ctx.sink
          .report(diagnostics::text_not_followed, span,
                  fmt::format("the body of `{}` names `{}`, and bodies are text: it does not follow",
                              signature(*function), sql::quote_ident(word)))
          .note(fmt::format("write after it: replace {} {} …", function->kind, function->name.text()));
    }
}

}  // namespace mig::operations
