// Composite types: attributes, what stands in the way, SQL.
#include "compiler/operations/composites.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/collations.hpp"
#include "compiler/operations/conversion.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/types.hpp"
#include "compiler/sql/function_text.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

constexpr const char* kind = "composite";

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("attribute"); }

const catalog::Column* attribute_of(const catalog::Type& type, const std::string& name) {
  const auto found =
      std::find_if(type.attributes.begin(), type.attributes.end(), [&](const auto& each) { return each.name == name; });
  return found == type.attributes.end() ? nullptr : &*found;
}

// The name of a type stands in a text of types.
bool names_type(const std::string& text, const catalog::Name& type) { return mentions(text, type); }

bool has_column_of(const Context& ctx, const std::string& key, const catalog::Name& type) {
  const auto parsed = catalog::parse_key(key);
  const auto* table = parsed ? ctx.before.table(parsed->name) : nullptr;
  return table && std::any_of(table->columns.begin(), table->columns.end(),
                              [&](const auto& column) { return names_type(column.type, type); });
}

// Types within types, down to the one that is looked for.
bool holds(const Context& ctx, const std::string& text, const catalog::Name& wanted, int depth = 0) {
  if (names_type(text, wanted)) return true;
  auto base = text;
  while (base.size() > 2 && base.substr(base.size() - 2) == "[]") base.resize(base.size() - 2);
  const auto parts = catalog::parse_name(base);
  if (!parts || parts->size() != 2 || depth > 32) return false;
  const catalog::Name name{parts->front(), parts->back()};
  std::vector<std::string> below;
  if (const auto* type = ctx.before.type(name)) {
    below.push_back(type->base);
    for (const auto& attribute : type->attributes) below.push_back(attribute.type);
  } else if (const auto* table = ctx.before.table(name)) {
    for (const auto& column : table->columns) below.push_back(column.type);
  }
  return std::any_of(below.begin(), below.end(),
                     [&](const auto& each) { return !each.empty() && holds(ctx, each, wanted, depth + 1); });
}

}  // namespace

// ---- attributes that are there ----

const catalog::Type* find_attribute_type(const Context& ctx) {
  return path(ctx).parts.size() < 2 ? nullptr : find_named_type(ctx, table_part(path(ctx)), kind);
}

const catalog::Type* require_attribute_type(const Context& ctx) {
  const auto& written = path(ctx);
  if (written.parts.size() == 2 || written.parts.size() == 3) return require_own_type(ctx, table_part(written), kind);
  ctx.sink.report(diagnostics::incomplete_name, written.span, "an attribute is written `type.attribute`");
  return nullptr;
}

const syntax::Name& attribute_name(const Context& ctx) { return path(ctx).parts.back(); }

AttributeAt find_attribute(const Context& ctx) {
  const auto* type = find_attribute_type(ctx);
  const auto* attribute = type ? attribute_of(*type, attribute_name(ctx).text) : nullptr;
  return attribute ? AttributeAt{type, attribute} : AttributeAt{};
}

AttributeAt require_attribute(const Context& ctx) {
  const auto* type = require_attribute_type(ctx);
  if (!type) return {};
  const auto& name = attribute_name(ctx);
  if (const auto* attribute = attribute_of(*type, name.text)) return {type, attribute};
  std::vector<std::string> candidates;
  for (const auto& each : type->attributes) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_column, name,
                 fmt::format("no attribute `{}` in `{}`", sql::quote_ident(name.text), type->name.text()), candidates);
  return {};
}

// ---- attributes as written ----

catalog::Column make_attribute(const Context& ctx, const syntax::Name& name, const syntax::Definition& definition) {
  auto column = make_column(ctx, {}, name, definition).column;
  column.made_by.clear();
  for (const auto& option : definition.options)
    if (option.collation) column.collation = find_collation(ctx, *option.collation).value_or("");
  return column;
}

bool check_attribute(const Context& ctx, const catalog::Name& owner, const syntax::Definition& definition) {
  for (const auto& option : definition.options)
    if (option.is != syntax::ColumnOption::Is::collate) {
      ctx.sink
          .report(diagnostics::contradiction, option.span, "an attribute has a type and, where it is text, a collation")
          .note("defaults, not null and checks stand at columns; or make a domain with a check, and use that");
      return false;
    }
  if (!check_column(ctx, {}, syntax::Name{}, definition)) return false;
  const auto type = find_type(ctx, definition.type);
  if (type && type->serial) {
    ctx.sink.report(diagnostics::wrong_value, definition.type.span, "an attribute cannot be of a serial type")
        .note(fmt::format("write: {}", type->text));
    return false;
  }
  for (const auto& option : definition.options) {
    if (type && !collatable(ctx, type->text)) {
      ctx.sink
          .report(diagnostics::wrong_kind, option.span, fmt::format("only texts have a collation, not {}", type->text))
          .note("take it out");
      return false;
    }
    if (option.collation && !find_collation(ctx, *option.collation))
      return report_no_collation(ctx, *option.collation), false;
  }
  if (!type || !holds(ctx, type->text, owner)) return true;
  ctx.sink.report(diagnostics::contradiction, definition.type.span,
                  fmt::format("`{}` would hold itself (42P16)", owner.text()));
  return false;
}

bool require_new_attribute(const Context& ctx, const catalog::Type& type, const syntax::Name& name) {
  if (!require_name(ctx, name)) return false;
  if (!attribute_of(type, name.text)) return true;
  ctx.sink.report(diagnostics::duplicate_name, name.span,
                  fmt::format("`{}` has an attribute `{}` already", type.name.text(), sql::quote_ident(name.text)));
  return false;
}

// ---- what stands in the way ----

bool require_no_typed_tables(const Context& ctx, const catalog::Type& type, source::Span span) {
  std::vector<Dependent> found;
  for (const auto& name : ctx.before.names("table"))
    for (const auto& option : ctx.before.table(name)->options)
      if (option.rfind("of=", 0) == 0 && names_type(option, type.name))
        found.push_back({fmt::format("table {} is of this type", name.text()),
                         "its columns are the attributes: write sql $$ALTER TYPE … CASCADE$$ back $$…$$"});
  return require_no_dependents(ctx, span, fmt::format("the shape of composite `{}`", type.name.text()), found);
}

bool require_no_rows_of(const Context& ctx, const catalog::Type& type, source::Span span) {
  std::vector<Dependent> found;
  auto copy = ctx.before;
  catalog::each_text(copy, [&](const std::string& key, std::string& text) {
    if (text.find("ROW(") != std::string::npos && (names_type(text, type.name) || has_column_of(ctx, key, type.name)))
      found.push_back({key + " may build it with ROW(…)",
                       "drop it before and make it again after: PostgreSQL prints it with other fields then"});
    return false;
  });
  return require_no_dependents(ctx, span, fmt::format("the shape of composite `{}`", type.name.text()), found);
}

void warn_of_row_functions(const Context& ctx, const catalog::Type& type, source::Span span) {
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system || function->kind == "aggregate") continue;
      const auto text = sql::function_text(function->definition);
      if (!text || !text->body) continue;
      if (!names_type(function->returns + " " + function->arguments_key, type.name) &&
          !mentions(*text->body, type.name.name))
        continue;
      ctx.sink
          .report(
              diagnostics::text_not_followed, span,
              fmt::format("the body of `{}` was written for the attributes of `{}` as they are, and bodies are text",
                          signature(*function), type.name.text()))
          .note(fmt::format("write after it, where it has to follow: replace {} {} …", function->kind, name.text()));
    }
}

std::optional<Break> attribute_breaks(const Context& ctx, const catalog::Type& type, std::string why) {
  if (catalog::users_of_type(ctx.before, type.name).empty()) return std::nullopt;
  return Break{std::move(why), fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

// ---- SQL ----

std::vector<sql::Statement> create_composite_statements(const catalog::Type& type) {
  std::vector<Fragment> attributes;
  for (const auto& attribute : type.attributes) attributes.push_back(column_definition(attribute));
  return {statement(sql::sql("CREATE TYPE {} AS ({})", type.name.sql(), sql::join(attributes, ", ")))};
}

sql::Statement alter_composite(const catalog::Name& type, Fragment action) {
  return statement(sql::sql("ALTER TYPE {} {}", type.sql(), action), {lock(type, LockMode::access_exclusive)});
}

std::vector<sql::Statement> add_attribute_statements(const catalog::Name& type, const catalog::Column& attribute) {
  std::vector<sql::Statement> list{alter_composite(type, sql::sql("ADD ATTRIBUTE {}", column_definition(attribute)))};
  if (!attribute.comment.empty()) list.push_back(statement(comment_on_column(type, attribute.name, attribute.comment)));
  return list;
}

void finish_attribute(const Context& ctx, std::vector<sql::Step>& steps, const catalog::Name& type) {
  auto touches = catalog::users_of_type(ctx.before, type);
  touches.push_back(catalog::key("type", type));
  finish(steps, touches);
}

}  // namespace mig::operations
