// Views and functions that are made again exactly as the catalog has them.
#include <algorithm>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/rights.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

void append(std::vector<sql::Statement>& out, std::vector<sql::Statement> more) {
  for (auto& each : more) out.push_back(std::move(each));
}

Fragment word(const catalog::View& view) {
  return view.materialized ? sql::sql("MATERIALIZED VIEW") : sql::sql("VIEW");
}

// pg_get_viewdef() ends with a semicolon.
Fragment query_of(const catalog::View& view) {
  auto text = view.definition;
  while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return expression(text);
}

Fragment access_method(const catalog::View& view) {
  constexpr std::string_view prefix = "access_method=";
  for (const auto& option : view.options)
    if (option.rfind(prefix, 0) == 0) return sql::sql(" USING {}", Ident{option.substr(prefix.size())});
  return {};
}

sql::Statement create(const Context& ctx, const catalog::View& view) {
  const auto head = sql::sql("CREATE {} {}", word(view), view.name.sql());
  std::vector<sql::Lock> locks;
  add_reads(ctx, view, view.materialized && view.populated, locks);
  if (!view.materialized)
    return statement(sql::sql("{}{} AS {}", head, with_options(view.options), query_of(view)), std::move(locks));
  auto text = sql::sql("{}{}{}", head, access_method(view), with_options(view.options));
  if (!view.tablespace.empty()) text = sql::sql("{} TABLESPACE {}", text, Ident{view.tablespace});
  text = sql::sql("{} AS {}", text, query_of(view));
  if (!view.populated) return statement(sql::sql("{} WITH NO DATA", text), std::move(locks));
  return statement(std::move(text), std::move(locks), sql::Work::scan, "its rows are computed again");
}

// What stands at single columns: defaults and comments; of a materialized view also what the planner and storage know.
void add_columns(const Context& ctx, const catalog::View& view, std::vector<sql::Statement>& out) {
  for (const auto& column : view.columns) {
    const auto alter = sql::sql("ALTER {} {} ALTER COLUMN {}", word(view), view.name.sql(), Ident{column.name});
    if (!column.default_.empty())
      out.push_back(statement(sql::sql("{} SET DEFAULT {}", alter, expression(column.default_))));
    if (column.statistics >= 0)
      out.push_back(statement(sql::sql("{} SET STATISTICS {}", alter, static_cast<long long>(column.statistics))));
    if (!column.storage.empty())
      out.push_back(statement(sql::sql("{} SET STORAGE {}", alter, storage_word(column.storage))));
    if (!column.compression.empty())
      out.push_back(statement(sql::sql("{} SET COMPRESSION {}", alter, Ident{column.compression})));
    for (const auto& option : column.options)
      out.push_back(statement(sql::sql("{} SET ({})", alter, expression(option))));
    if (!column.comment.empty()) out.push_back(statement(comment_on_column(view.name, column.name, column.comment)));
    append(out, restore_column_rights(ctx.before, view.name, column));
  }
}

void add_indexes(const catalog::View& view, std::vector<sql::Statement>& out) {
  for (const auto& index : view.indexes) {
    const catalog::Name name{view.name.schema, index.name};
    out.push_back(statement(create_index(view.name, index, Build::plain), {}, sql::Work::build));
    for (std::size_t i = 0; i < index.parts.size(); ++i)
      if (index.parts[i].statistics >= 0)
        out.push_back(
            statement(sql::sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", name.sql(),
                               static_cast<long long>(i + 1), static_cast<long long>(index.parts[i].statistics))));
    if (!index.comment.empty())
      out.push_back(statement(sql::sql("COMMENT ON INDEX {} IS {}", name.sql(), comment_text(index.comment))));
    if (index.clustered)
      out.push_back(
          statement(sql::sql("ALTER MATERIALIZED VIEW {} CLUSTER ON {}", view.name.sql(), Ident{index.name})));
  }
}

Fragment kind_of(const catalog::Function& function) {
  if (function.kind == "procedure") return sql::sql("PROCEDURE");
  return function.kind == "aggregate" ? sql::sql("AGGREGATE") : sql::sql("FUNCTION");
}

Fragment signature(const catalog::Function& function) {
  return sql::sql("{} {}({})", kind_of(function), function.name.sql(), expression(function.arguments_key));
}

}  // namespace

Fragment with_options(const std::vector<std::string>& options) {
  std::vector<Fragment> parts;
  for (const auto& option : options) {
    const auto equals = option.find('=');
    if (equals == std::string::npos || option.rfind("access_method=", 0) == 0) continue;
    parts.push_back(sql::sql("{} = {}", expression(option.substr(0, equals)), Literal{option.substr(equals + 1)}));
  }
  return parts.empty() ? Fragment{} : sql::sql(" WITH ({})", sql::join(parts, ", "));
}

void add_reads(const Context& ctx, const catalog::View& view, bool through, std::vector<sql::Lock>& locks) {
  for (const auto& use : view.uses) {
    const auto read = through ? ctx.before.tree(use.relation) : std::vector{use.relation};
    for (const auto& relation : read) locks.push_back(lock(relation, LockMode::access_share));
    const auto* below = ctx.before.view(use.relation);
    if (through && below && !below->materialized) add_reads(ctx, *below, through, locks);
  }
}

sql::Statement drop_view(const catalog::View& view) {
  std::vector<sql::Lock> locks{lock(view.name, LockMode::access_exclusive)};
  for (const auto& index : view.indexes)
    locks.push_back(lock({view.name.schema, index.name}, LockMode::access_exclusive));
  return statement(sql::sql("DROP {} {}", word(view), view.name.sql()), std::move(locks));
}

std::vector<sql::Statement> make_view(const Context& ctx, const catalog::View& view) {
  std::vector<sql::Statement> out{create(ctx, view)};
  append(out, dress_view(ctx, view));
  return out;
}

std::vector<sql::Statement> dress_view(const Context& ctx, const catalog::View& view) {
  std::vector<sql::Statement> out;
  append(out, restore_rights(ctx.before, {sql::sql("{} {}", word(view), view.name.sql()),
                                          sql::sql("TABLE {}", view.name.sql()), 'r', view.owner, view.grants}));
  if (!view.comment.empty())
    out.push_back(
        statement(sql::sql("COMMENT ON {} {} IS {}", word(view), view.name.sql(), comment_text(view.comment))));
  add_columns(ctx, view, out);
  add_indexes(view, out);
  return out;
}

std::vector<sql::Statement> make_view_parts(const Context& ctx, const catalog::View& view) {
  std::vector<sql::Statement> out;
  for (const auto& rule : view.rules) append(out, make_rule(ctx, view.name, rule));
  for (const auto& trigger : view.triggers) append(out, make_trigger(view.name, trigger));
  return out;
}

sql::Statement drop_function(const catalog::Function& function) {
  return statement(sql::sql("DROP {}", signature(function)));
}

std::vector<sql::Statement> make_function(const Context& ctx, const catalog::Function& function) {
  std::vector<sql::Statement> out{
      statement(expression(function.definition),
                function.uses.empty() ? std::vector<sql::Lock>{} : locks_of_text(ctx, function.definition))};
  append(out,
         restore_rights(ctx.before, {signature(function), signature(function), 'f', function.owner, function.grants}));
  if (!function.comment.empty())
    out.push_back(statement(sql::sql("COMMENT ON {} IS {}", signature(function), comment_text(function.comment))));
  return out;
}

}  // namespace mig::operations
