// What a name stands for, in the words of messages.
#include "compiler/operations/kind_words.hpp"

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

std::string with_article(const std::string& kind) {
  const bool vowel = !kind.empty() && std::string("aeiou").find(kind.front()) != std::string::npos;
  return (vowel ? "an " : "a ") + kind;
}

std::string what_is(const catalog::Catalog& catalog, const catalog::Name& name) {
  if (const auto* view = catalog.view(name)) return view->materialized ? "a materialized view" : "a view";
  if (const auto* table = catalog.table(name)) return with_article(table->kind);
  if (const auto kind = catalog.relation_kind(name); !kind.empty()) return with_article(kind);
  if (const auto* type = catalog.type(name)) return type->kind == "domain" ? "a domain" : "a type";
  if (const auto functions = catalog.functions(name); !functions.empty()) return with_article(functions.front()->kind);
  return {};
}

}  // namespace

std::string what_is(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  for (const auto& schema : schemas_of(ctx, wanted))
    if (auto text = what_is(ctx.before, {schema, wanted.name}); !text.empty()) return text;
  return {};
}

bool report_other_kind(const Context& ctx, const syntax::Path& path, const std::string& wanted) {
  const auto found = what_is(ctx, path);
  if (found.empty()) return false;
  ctx.sink.report(diagnostics::wrong_kind, path.span,
                  fmt::format("`{}` is {}, not {}", ctx.files.text(path.span), found, wanted));
  return true;
}

}  // namespace mig::operations
