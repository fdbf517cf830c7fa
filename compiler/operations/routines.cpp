// Functions and procedures that are there: found by name and argument types.
#include "compiler/operations/routines.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routine_types.hpp"

namespace mig::operations {

namespace {

using Functions = std::vector<const catalog::Function*>;

const syntax::Callable* callable(const Context& ctx) {
  const auto* list = ctx.call.get<std::vector<syntax::Callable>>("routine");
  return list && !list->empty() ? &list->front() : nullptr;
}

// All of the name in the first schema that has any.
Functions of_name(const Context& ctx, const catalog::Name& wanted) {
  for (const auto& schema : schemas_of(ctx, wanted))
    if (auto found = ctx.before.functions({schema, wanted.name}); !found.empty()) return found;
  return {};
}

std::optional<std::string> written_types(const Context& ctx, const syntax::Callable& callable) {
  if (!callable.types) return std::nullopt;
  std::string text;
  for (const auto& type : *callable.types) text += (text.empty() ? "" : ", ") + routine_type(ctx, type).value_or("?");
  return text;
}

bool of_kind(const catalog::Function& function, Routine kind) {
  return kind == Routine::procedure ? function.kind == "procedure"
                                    : function.kind == "function" || function.kind == "window";
}

Functions matching(const Context& ctx, const syntax::Callable& written) {
  auto found = of_name(ctx, as_name(written.path));
  if (const auto types = written_types(ctx, written))
    std::erase_if(found, [&](const auto* each) { return each->arguments_key != *types; });
  return found;
}

void report_missing(const Context& ctx, Routine kind, const syntax::Callable& written) {
  const auto others = of_name(ctx, as_name(written.path));
  const auto text = ctx.files.text(written.span);
  if (!others.empty()) {
    auto& diagnostic = ctx.sink.report(diagnostics::unknown_object, written.span,
                                       fmt::format("no {} `{}` takes these arguments", word(kind), text));
    for (const auto* other : others) diagnostic.note("found: " + signature(*other));
    return;
  }
  std::vector<std::string> names;
  for (const auto& name : ctx.before.names("function"))
    if (name.schema != "pg_catalog") names.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_object, written.path.parts.back(),
                 fmt::format("no {} `{}`", word(kind), text), names);
}

void report_kind(const Context& ctx, const syntax::Callable& written, const catalog::Function& found, Routine kind) {
  auto& diagnostic = ctx.sink.report(diagnostics::wrong_kind, written.span,
                                     fmt::format("`{}` is {} {}, not a {}", signature(found),
                                                 found.kind == "aggregate" ? "an" : "a", found.kind, word(kind)));
  if (found.kind == "aggregate")
    diagnostic.note("write: sql $$…$$ back $$…$$; aggregates have no operations of their own");
  else
    diagnostic.note(fmt::format("write the line for a {}", found.kind));
}

}  // namespace

const char* word(Routine kind) { return kind == Routine::function ? "function" : "procedure"; }

std::string signature(const catalog::Function& function) {
  return fmt::format("{}({})", function.name.text(), function.arguments_key);
}

std::string routine_key(const catalog::Function& function) {
  return catalog::key("function", function.name, function.arguments_key);
}

const catalog::Function* find_routine(const Context& ctx, Routine kind) {
  const auto* written = callable(ctx);
  if (!written) return nullptr;
  const auto found = matching(ctx, *written);
  return found.size() == 1 && of_kind(*found.front(), kind) ? found.front() : nullptr;
}

const catalog::Function* require_routine(const Context& ctx, Routine kind) {
  const auto* written = callable(ctx);
  if (!written) return nullptr;
  const auto found = matching(ctx, *written);
  if (found.empty()) return report_missing(ctx, kind, *written), nullptr;
  if (found.size() > 1) {
    auto& diagnostic =
        ctx.sink.report(diagnostics::incomplete_name, written->span,
                        fmt::format("`{}` is the name of {} functions", ctx.files.text(written->span), found.size()));
    for (const auto* each : found) diagnostic.note("write one of: " + signature(*each));
    return nullptr;
  }
  if (!of_kind(*found.front(), kind)) return report_kind(ctx, *written, *found.front(), kind), nullptr;
  if (!require_owner(ctx, word(kind), found.front()->name, found.front()->owner, written->span)) return nullptr;
  return found.front();
}

void erase_function(catalog::Catalog& after, const catalog::Function& function) {
  const auto name = function.name;
  const auto key = function.arguments_key;
  std::vector<catalog::Function> kept;
  for (const auto* each : after.functions(name))
    if (each->arguments_key != key) kept.push_back(*each);
  after.drop("function", name);
  for (auto& each : kept) after.put(std::move(each));
}

std::optional<Break> calls_break(const Context&, Routine kind, const catalog::Function& function) {
  if (function.returns == "trigger" || function.returns == "event_trigger") return std::nullopt;
  return Break{fmt::format("clients of the old schema may call {}", signature(function)),
               fmt::format("write it in contract {{ … }}, once nobody calls the {}", word(kind))};
}

}  // namespace mig::operations
