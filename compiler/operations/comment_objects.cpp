// Comments on views, sequences, types, functions and schemas.
#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;
using Found = FoundTarget;

// A view, materialized view or sequence: a relation with an owner and a comment.
template <class T>
CommentTarget relation_target(const T& object, const char* kind, const Fragment& word) {
  CommentTarget target;
  target.key = catalog::key(kind, object.name);
  target.object = sql::sql("{} {}", word, object.name.sql());
  target.current = comment_of(relation_oid(object.name), "pg_class");
  target.comment = object.comment;
  target.locks = {lock(object.name, LockMode::share_update_exclusive)};
  own(target, kind, object.name, object.owner);
  target.set = [object](catalog::Catalog& after, const std::string& text) {
    auto changed = object;
    changed.comment = text;
    after.put(changed);
  };
  return target;
}

Found view_target(const Context& ctx, const syntax::Path& path, bool materialized) {
  const auto* view = first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.view(name); });
  if (!view || view->materialized != materialized) return {};
  return relation_target(*view, "view", materialized ? sql::sql("MATERIALIZED VIEW") : sql::sql("VIEW"));
}

Found sequence_target(const Context& ctx, const syntax::Path& path) {
  const auto* sequence =
      first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.sequence(name); });
  if (!sequence) return {};
  return relation_target(*sequence, "sequence", sql::sql("SEQUENCE"));
}

Found type_target(const Context& ctx, const syntax::Path& path, bool domain) {
  const auto* type = first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.type(name); });
  if (!type || (domain && type->kind != "domain")) return {};
  auto target = relation_target(*type, "type", domain ? sql::sql("DOMAIN") : sql::sql("TYPE"));
  target.current = comment_of(type_oid(type->name), "pg_type");
  target.locks.clear();
  return target;
}

Found schema_target(const Context& ctx, const syntax::Name& written) {
  const auto* schema = ctx.before.object("schema", {"", written.text});
  if (!schema) return {};
  CommentTarget target;
  target.key = catalog::key("schema", schema->name);
  target.object = sql::sql("SCHEMA {}", Ident{written.text});
  target.current =
      comment_of(sql::sql("(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = {})", Literal{written.text}),
                 "pg_namespace");
  target.comment = schema->comment;
  own(target, "schema", {"", written.text}, schema->owner);
  target.set = [object = *schema](catalog::Catalog& after, const std::string& text) {
    auto changed = object;
    changed.comment = text;
    after.put(changed);
  };
  return target;
}

CommentTarget function_target(const catalog::Function& function) {
  const auto word = function.kind == "procedure"   ? sql::sql("PROCEDURE")
                    : function.kind == "aggregate" ? sql::sql("AGGREGATE")
                                                   : sql::sql("FUNCTION");
  auto target = relation_target(function, "function", word);
  target.key = catalog::key("function", function.name, function.arguments_key);
  target.object = sql::sql("{} {}({})", word, function.name.sql(), sql::verbatim(function.arguments_key));
  // Fully qualified, so that it does not depend on search_path.
  const auto oid = sql::sql("pg_catalog.to_regprocedure({})",
                            Literal{fmt::format("{}({})", function.name.text(), function.arguments_key)});
  target.current = comment_of(oid, "pg_proc");
  target.locks.clear();
  return target;
}

std::string argument_types(const Context& ctx, const std::vector<syntax::Type>& types) {
  std::string text;
  for (const auto& type : types) {
    const auto found = find_type(ctx, type);
    text += (text.empty() ? "" : ", ") + (found ? found->text : std::string{});
  }
  return text;
}

std::vector<const catalog::Function*> candidates(const Context& ctx, const syntax::Callable& callable) {
  const auto wanted = as_name(callable.path);
  std::vector<const catalog::Function*> found;
  for (const auto& schema : schemas_of(ctx, wanted)) {
    for (const auto* function : ctx.before.functions({schema, wanted.name}))
      if (!callable.types || function->arguments_key == argument_types(ctx, *callable.types)) found.push_back(function);
    if (!found.empty()) break;
  }
  return found;
}

// The word by which a call names it: a window function is a function.
std::string_view word_of(const catalog::Function& function) {
  return function.kind == "procedure" || function.kind == "aggregate" ? std::string_view(function.kind) : "function";
}

// The functions of the call's kind; more than one where argument types are missing.
std::vector<const catalog::Function*> functions_of_call(const Context& ctx) {
  for (const auto* kind : {"function", "procedure", "aggregate"})
    if (const auto* callables = ctx.call.get<std::vector<syntax::Callable>>(kind); callables && !callables->empty()) {
      auto found = candidates(ctx, callables->front());
      std::erase_if(found, [&](const auto* f) { return word_of(*f) != kind; });
      return found;
    }
  return {};
}

}  // namespace

Fragment type_oid(const catalog::Name& name) {
  return sql::sql(
      "(SELECT t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
      "WHERE n.nspname = {} AND t.typname = {})",
      Literal{name.schema}, Literal{name.name});
}

Found find_object_target(const Context& ctx) {
  const auto path = [&](const char* hole) { return ctx.call.get<syntax::Path>(hole); };
  if (const auto* view = path("view")) return view_target(ctx, *view, false);
  if (const auto* view = path("matview")) return view_target(ctx, *view, true);
  if (const auto* sequence = path("sequence")) return sequence_target(ctx, *sequence);
  if (const auto* type = path("type")) return type_target(ctx, *type, false);
  if (const auto* domain = path("domain")) return type_target(ctx, *domain, true);
  if (const auto* schema = ctx.call.get<syntax::Name>("schema")) return schema_target(ctx, *schema);
  const auto functions = functions_of_call(ctx);
  return functions.size() == 1 ? std::optional(function_target(*functions.front())) : std::nullopt;
}

std::optional<CommentTarget> find_comment_target(const Context& ctx) {
  for (const auto find : {find_table_target, find_view_part_target, find_plain_target, find_object_target})
    if (auto target = find(ctx)) return target;
  return std::nullopt;
}

}  // namespace mig::operations
