// Types taken apart down to the one that is looked for.
#include "compiler/operations/type_uses.hpp"

#include "compiler/operations/render.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

bool is_array(const std::string& type) { return type.size() > 2 && type.substr(type.size() - 2) == "[]"; }
std::string element(const std::string& type) { return type.substr(0, type.size() - 2); }

catalog::Name name_of(const std::string& type) {
  const auto parts = catalog::parse_name(type);
  return parts && parts->size() == 2 ? catalog::Name{(*parts)[0], (*parts)[1]} : catalog::Name{};
}

// What a type is made of: nothing for one that holds no other.
struct Parts {
  const catalog::Type* type = nullptr;
  const std::vector<catalog::Column>* fields = nullptr;  // of a composite type or of a table's rows
};
Parts parts_of(const Context& ctx, const std::string& type) {
  const auto name = name_of(type);
  if (name.name.empty()) return {};
  Parts parts;
  parts.type = ctx.before.type(name);
  if (parts.type && parts.type->kind == "composite") parts.fields = &parts.type->attributes;
  if (const auto* table = parts.type ? nullptr : ctx.before.table(name)) parts.fields = &table->columns;
  return parts;
}

std::string subtype(const Parts& parts, const char* kind) {
  return parts.type && parts.type->kind == kind ? parts.type->base : std::string{};
}

enum class Held { no, directly, within };

// A row type cannot hold itself, nor a domain, so that this ends.
Held held(const Context& ctx, const std::string& type, const catalog::Name& wanted) {
  if (type == wanted.text()) return Held::directly;
  if (is_array(type)) return held(ctx, element(type), wanted) == Held::no ? Held::no : Held::within;
  const auto parts = parts_of(ctx, type);
  if (const auto base = subtype(parts, "domain"); !base.empty()) return held(ctx, base, wanted);
  if (const auto base = subtype(parts, "range"); !base.empty())
    return held(ctx, base, wanted) == Held::no ? Held::no : Held::within;
  if (parts.fields)
    for (const auto& field : *parts.fields)
      if (held(ctx, field.type, wanted) != Held::no) return Held::within;
  return Held::no;
}

void add_columns(const Context& ctx, const catalog::Name& relation, const std::vector<catalog::Column>& columns,
                 bool view, const catalog::Name& type, std::vector<TypeUse>& uses) {
  for (const auto& column : columns) {
    const auto how = held(ctx, column.type, type);
    if (how == Held::no || column.generated == "virtual") continue;
    TypeUse use;
    use.relation = relation;
    use.column = column.name;
    use.type = column.type;
    use.view = view;
    use.generated = !column.generated.empty();
    use.directly = how == Held::directly;
    uses.push_back(std::move(use));
  }
}

Fragment any(const std::vector<Fragment>& conditions) {
  return conditions.empty() ? sql::sql("false") : sql::sql("({})", sql::join(conditions, " OR "));
}

Fragment in_fields(const Context& ctx, const Fragment& value, const std::vector<catalog::Column>& fields,
                   const catalog::Name& enumeration, const std::string& label) {
  std::vector<Fragment> conditions;
  for (const auto& field : fields)
    if (held(ctx, field.type, enumeration) != Held::no)
      conditions.push_back(
          holds_label(ctx, sql::sql("({}).{}", value, Ident{field.name}), field.type, enumeration, label));
  return any(conditions);
}

}  // namespace

std::vector<TypeUse> uses_of(const Context& ctx, const catalog::Name& type) {
  std::vector<TypeUse> uses;
  for (const auto& name : ctx.before.names("table")) {
    const auto* table = ctx.before.table(name);
    if (table->kind == "table") add_columns(ctx, name, table->columns, false, type, uses);
  }
  for (const auto& name : ctx.before.names("view")) {
    const auto* view = ctx.before.view(name);
    if (view->materialized) add_columns(ctx, name, view->columns, true, type, uses);
  }
  return uses;
}

Fragment holds_label(const Context& ctx, const Fragment& value, const std::string& type,
                     const catalog::Name& enumeration, const std::string& label) {
  if (type == enumeration.text()) return sql::sql("{} = {}", value, Literal{label});
  if (is_array(type)) {
    if (element(type) == enumeration.text()) return sql::sql("{} = ANY ({})", Literal{label}, value);
    const auto inner = holds_label(ctx, sql::sql("_mig_e"), element(type), enumeration, label);
    return sql::sql("EXISTS (SELECT FROM unnest({}) _mig_e WHERE {})", value, inner);
  }
  const auto parts = parts_of(ctx, type);
  if (parts.fields) return in_fields(ctx, value, *parts.fields, enumeration, label);
  if (const auto base = subtype(parts, "domain"); !base.empty())
    return holds_label(ctx, sql::sql("({})::{}", value, expression(base)), base, enumeration, label);
  const auto base = subtype(parts, "range");
  return any({holds_label(ctx, sql::sql("lower({})", value), base, enumeration, label),
              holds_label(ctx, sql::sql("upper({})", value), base, enumeration, label)});
}

Fragment with_label(const Context& ctx, const Fragment& value, const std::string& type,
                    const catalog::Name& enumeration, const std::string& from, const std::string& to) {
  if (type == enumeration.text())
    return sql::sql("CASE WHEN {} = {} THEN {} ELSE {} END", value, Literal{from}, Literal{to}, value);
  if (is_array(type))
    return element(type) == enumeration.text()
               ? sql::sql("array_replace({}, {}, {})", value, Literal{from}, Literal{to})
               : Fragment{};
  const auto parts = parts_of(ctx, type);
  if (const auto base = subtype(parts, "domain"); !base.empty()) {
    const auto inner = with_label(ctx, sql::sql("({})::{}", value, expression(base)), base, enumeration, from, to);
    return inner.text().empty() ? inner : sql::sql("({})::{}", inner, expression(type));
  }
  if (!parts.fields) return {};
  std::vector<Fragment> fields;
  for (const auto& field : *parts.fields) {
    auto made = sql::sql("({}).{}", value, Ident{field.name});
    if (held(ctx, field.type, enumeration) != Held::no) made = with_label(ctx, made, field.type, enumeration, from, to);
    if (made.text().empty()) return {};
    fields.push_back(std::move(made));
  }
  return sql::sql("CASE WHEN {} THEN ROW({})::{} ELSE {} END", holds_label(ctx, value, type, enumeration, from),
                  sql::join(fields, ", "), expression(type), value);
}

Fragment rows_with_label(const Context& ctx, const catalog::Name& enumeration, const std::string& label) {
  std::vector<Fragment> parts;
  for (const auto& use : uses_of(ctx, enumeration)) {
    const auto value = sql::fragment(Ident{use.column});
    parts.push_back(sql::sql("SELECT {} AS relation, {} AS \"column\", ctid FROM {}{} WHERE {}",
                             Literal{use.relation.text()}, Literal{use.column},
                             use.view ? Fragment{} : sql::sql("ONLY "), use.relation.sql(),
                             holds_label(ctx, value, use.type, enumeration, label)));
  }
  return sql::join(parts, " UNION ALL ");
}

}  // namespace mig::operations
