// Comments on columns of views and composite types, and on indexes, triggers and rules of views.
#include <algorithm>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;
using Found = FoundTarget;

template <class List>
auto by_name(List& list, const std::string& name) -> decltype(&*list.begin()) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

const char* word(const catalog::View& view) { return view.materialized ? "materialized view" : "view"; }

Fragment column_comment(const catalog::Name& relation, const std::string& column) {
  return sql::sql(
      "(SELECT pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} "
      "AND a.attname = {})",
      relation_oid(relation), Literal{column});
}

// A part of a view: `list` finds those of its kind in a view.
template <class List>
Found view_part(const catalog::View& view, const std::string& name, Fragment object, Fragment current, std::string key,
                List list) {
  const auto* part = by_name(list(view), name);
  if (!part) return {};
  CommentTarget target;
  target.key = std::move(key);
  target.object = std::move(object);
  target.current = std::move(current);
  target.comment = part->comment;
  own(target, word(view), view.name, view.owner);
  target.set = [view, name, list](catalog::Catalog& after, const std::string& text) {
    auto changed = view;
    by_name(list(changed), name)->comment = text;
    after.put(std::move(changed));
  };
  return target;
}

Found view_column(const catalog::View& view, const std::string& column) {
  auto target = view_part(
      view, column, sql::sql("COLUMN {}.{}", view.name.sql(), Ident{column}), column_comment(view.name, column),
      catalog::key("column", view.name, column), [](auto& of) -> auto& { return of.columns; });
  if (target) target->locks = {lock(view.name, LockMode::share_update_exclusive)};
  return target;
}

Found type_column(const Context& ctx, const syntax::Path& path, const std::string& column) {
  const auto* type = first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.type(name); });
  if (!type || type->kind != "composite" || !by_name(type->attributes, column)) return {};
  CommentTarget target;
  target.key = catalog::key("type", type->name);
  target.object = sql::sql("COLUMN {}.{}", type->name.sql(), Ident{column});
  target.current = column_comment(type->name, column);
  target.comment = by_name(type->attributes, column)->comment;
  target.locks = {lock(type->name, LockMode::share_update_exclusive)};
  own(target, "type", type->name, type->owner);
  target.set = [type = *type, column](catalog::Catalog& after, const std::string& text) {
    auto changed = type;
    by_name(changed.attributes, column)->comment = text;
    after.put(std::move(changed));
  };
  return target;
}

Found index_of_view(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  for (const auto& schema : schemas_of(ctx, wanted))
    for (const auto& name : ctx.before.names("view")) {
      const auto* view = name.schema == schema ? ctx.before.view(name) : nullptr;
      if (!view || !by_name(view->indexes, wanted.name)) continue;
      const catalog::Name index{schema, wanted.name};
      return view_part(
          *view, wanted.name, sql::sql("INDEX {}", index.sql()), comment_of(relation_oid(index), "pg_class"),
          catalog::key("index", index), [](auto& of) -> auto& { return of.indexes; });
    }
  return {};
}

Found trigger_of_view(const catalog::View& view, const std::string& name) {
  auto target = view_part(
      view, name, sql::sql("TRIGGER {} ON {}", Ident{name}, view.name.sql()),
      part_comment("pg_trigger", sql::sql("tgrelid"), sql::sql("tgname"), view.name, name),
      catalog::key("trigger", view.name, name), [](auto& of) -> auto& { return of.triggers; });
  if (target) target->locks = {lock(view.name, LockMode::access_share)};
  return target;
}

Found rule_of_view(const catalog::View& view, const std::string& name) {
  auto target = view_part(
      view, name, sql::sql("RULE {} ON {}", Ident{name}, view.name.sql()),
      part_comment("pg_rewrite", sql::sql("ev_class"), sql::sql("rulename"), view.name, name),
      catalog::key("rule", view.name, name), [](auto& of) -> auto& { return of.rules; });
  if (target) target->locks = {lock(view.name, LockMode::access_share)};
  return target;
}

}  // namespace

const catalog::View* find_view(const Context& ctx, const syntax::Path& path) {
  if (path.parts.empty()) return nullptr;
  return first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.view(name); });
}

Found find_view_part_target(const Context& ctx) {
  if (const auto* path = ctx.call.get<syntax::Path>("column")) {
    if (path->parts.size() < 2) return {};
    const auto relation = table_part(*path);
    const auto& column = path->parts.back().text;
    if (const auto* view = find_view(ctx, relation)) return view_column(*view, column);
    return type_column(ctx, relation, column);
  }
  if (const auto* path = ctx.call.get<syntax::Path>("index")) return index_of_view(ctx, *path);
  const auto* owner = ctx.call.get<syntax::Path>("owner");
  const auto* view = owner ? find_view(ctx, *owner) : nullptr;
  if (!view) return {};
  if (const auto* name = ctx.call.get<syntax::Name>("trigger")) return trigger_of_view(*view, name->text);
  if (const auto* name = ctx.call.get<syntax::Name>("rule")) return rule_of_view(*view, name->text);
  return {};
}

}  // namespace mig::operations
