// Who is left behind by a new name.
#include "compiler/operations/function_bodies.hpp"

#include <fmt/format.h>

#include "compiler/operations/routines.hpp"
#include "compiler/sql/function_text.hpp"

namespace mig::operations {

namespace {

std::string body_of(const catalog::Function& function) {
  const auto text = sql::function_text(function.definition);
  return text && text->body ? *text->body : std::string{};
}

}  // namespace

void warn_of_bodies(const Context& ctx, source::Span span, const std::string& what,
                    const std::function<bool(const std::string& body)>& names) {
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system || function->kind == "aggregate" || !names(body_of(*function))) continue;
      ctx.sink
          .report(diagnostics::text_not_followed, span,
                  fmt::format("the body of `{}` names `{}`, and bodies are text: it does not follow",
                              signature(*function), what))
          .note(fmt::format("write after it: replace {} {} …", function->kind, name.text()));
    }
}

}  // namespace mig::operations
