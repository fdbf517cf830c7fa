// Comments on tables and on what belongs to them: columns, indexes, constraints, triggers, policies.
#include "compiler/operations/comment_targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;
using Found = FoundTarget;

template <class T>
T* by_name(std::vector<T>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

template <class T>
const T* by_name(const std::vector<T>& list, const std::string& name) {
  return by_name(const_cast<std::vector<T>&>(list), name);
}

// ---- kinds ----

Found table_target(const Context& ctx) {
  const auto* table = find_table(ctx, *ctx.call.get<syntax::Path>("table"));
  if (!table) return {};
  CommentTarget target;
  const auto name = table->name;
  target.key = catalog::key("table", name);
  target.object =
      table->kind == "foreign table" ? sql::sql("FOREIGN TABLE {}", name.sql()) : sql::sql("TABLE {}", name.sql());
  target.current = comment_of(relation_oid(name), "pg_class");
  target.comment = table->comment;
  target.locks = {lock(name, LockMode::share_update_exclusive)};
  own(target, "table", name, table->owner);
  target.set = [name](catalog::Catalog& after, const std::string& text) { after.edit_table(name).comment = text; };
  return target;
}

Found column_target(const Context& ctx) {
  const auto found = find_column(ctx, *ctx.call.get<syntax::Path>("column"));
  if (!found.column) return {};
  CommentTarget target;
  const auto table = found.table->name;
  const auto column = found.column->name;
  target.key = catalog::key("column", table, column);
  target.object = sql::sql("COLUMN {}.{}", table.sql(), Ident{column});
  target.current = sql::sql(
      "(SELECT pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} "
      "AND "
      "a.attname = {})",
      relation_oid(table), Literal{column});
  target.comment = found.column->comment;
  target.locks = {lock(table, LockMode::share_update_exclusive)};
  own(target, "table", table, found.table->owner);
  target.set = [table, column](catalog::Catalog& after, const std::string& text) {
    by_name(after.edit_table(table).columns, column)->comment = text;
  };
  return target;
}

Found index_target(const Context& ctx) {
  catalog::Name name;
  const auto* table = first_of(ctx, as_name(*ctx.call.get<syntax::Path>("index")), [&](const catalog::Name& candidate) {
    name = candidate;
    return ctx.before.table_of_index(candidate);
  });
  if (!table) return {};
  CommentTarget target;
  target.key = catalog::key("index", name);
  target.object = sql::sql("INDEX {}", name.sql());
  target.current = comment_of(relation_oid(name), "pg_class");
  target.comment = table->index(name.name)->comment;
  own(target, "table", table->name, table->owner);
  target.set = [owner = table->name, name](catalog::Catalog& after, const std::string& text) {
    by_name(after.edit_table(owner).indexes, name.name)->comment = text;
  };
  return target;
}

// A constraint, trigger or policy of a table: `list` finds them in a table.
template <class List>
Found part_target(const char* kind, const Fragment& word, const Fragment& current, const catalog::Table& table,
                  const std::string& name, List list) {
  const auto* part = by_name(list(table), name);
  if (!part) return {};
  CommentTarget target;
  target.key = catalog::key(kind, table.name, name);
  target.object = sql::sql("{} {} ON {}", word, Ident{name}, table.name.sql());
  target.current = current;
  target.comment = part->comment;
  target.locks = {lock(table.name, LockMode::access_share)};
  own(target, "table", table.name, table.owner);
  target.set = [owner = table.name, name, list](catalog::Catalog& after, const std::string& text) {
    by_name(list(after.edit_table(owner)), name)->comment = text;
  };
  return target;
}

struct Constraints {
  auto& operator()(auto& table) const { return table.constraints; }
};
struct Triggers {
  auto& operator()(auto& table) const { return table.triggers; }
};
struct Policies {
  auto& operator()(auto& table) const { return table.policies; }
};
struct Rules {
  auto& operator()(auto& table) const { return table.rules; }
};

Found part_of_call(const Context& ctx) {
  const auto* table = find_table(ctx, *ctx.call.get<syntax::Path>("owner"));
  if (!table) return {};
  if (const auto* name = ctx.call.get<syntax::Name>("constraint"))
    return part_target(
        "constraint", sql::sql("CONSTRAINT"),
        part_comment("pg_constraint", sql::sql("conrelid"), sql::sql("conname"), table->name, name->text), *table,
        name->text, Constraints{});
  if (const auto* name = ctx.call.get<syntax::Name>("trigger"))
    return part_target("trigger", sql::sql("TRIGGER"),
                       part_comment("pg_trigger", sql::sql("tgrelid"), sql::sql("tgname"), table->name, name->text),
                       *table, name->text, Triggers{});
  if (const auto* name = ctx.call.get<syntax::Name>("rule"))
    return part_target("rule", sql::sql("RULE"),
                       part_comment("pg_rewrite", sql::sql("ev_class"), sql::sql("rulename"), table->name, name->text),
                       *table, name->text, Rules{});
  const auto* name = ctx.call.get<syntax::Name>("policy");
  if (!name) return {};
  return part_target("policy", sql::sql("POLICY"),
                     part_comment("pg_policy", sql::sql("polrelid"), sql::sql("polname"), table->name, name->text),
                     *table, name->text, Policies{});
}

}  // namespace

Fragment part_comment(const char* class_name, const Fragment& relation_column, const Fragment& name_column,
                      const catalog::Name& relation, const std::string& name) {
  const auto oid = sql::sql("(SELECT o.oid FROM pg_catalog.{} o WHERE o.{} = {} AND o.{} = {})", Ident{class_name},
                            relation_column, relation_oid(relation), name_column, Literal{name});
  return comment_of(oid, class_name);
}

Fragment comment_of(const Fragment& oid, const char* catalog_table) {
  return sql::sql("pg_catalog.obj_description({}, {})", oid, Literal{catalog_table});
}

Fragment relation_oid(const catalog::Name& name) {
  return sql::sql(
      "(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = {} AND c.relname = {})",
      Literal{name.schema}, Literal{name.name});
}

void own(CommentTarget& target, const char* kind, const catalog::Name& name, const std::string& owner) {
  target.owner_kind = kind;
  target.owned = name;
  target.owner = owner;
}

std::vector<std::string> schemas_of(const Context& ctx, const catalog::Name& name) {
  if (!name.schema.empty()) return {name.schema};
  auto path = ctx.before.server.search_path;
  path.insert(path.begin(), ctx.schema);
  return path;
}

Found find_table_target(const Context& ctx) {
  if (ctx.call.get<syntax::Path>("table")) return table_target(ctx);
  if (ctx.call.get<syntax::Path>("column")) return column_target(ctx);
  if (ctx.call.get<syntax::Path>("index")) return index_target(ctx);
  return ctx.call.get<syntax::Path>("owner") ? part_of_call(ctx) : std::nullopt;
}

}  // namespace mig::operations
