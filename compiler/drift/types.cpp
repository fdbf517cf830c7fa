// Types: enums, domains and composite types; ranges and base types are named and left to a person.
#include <algorithm>

#include "compiler/drift/change.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/render.hpp"

namespace mig::drift {

using catalog::Name;
using catalog::Type;
using operations::expression;
using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::sql;

namespace {

Fragment labels(const Type& type) {
  std::vector<Fragment> parts;
  for (const auto& label : type.labels) parts.push_back(::mig::sql::fragment(Literal{label}));
  return ::mig::sql::join(parts, ", ");
}

Fragment attributes(const Type& type) {
  std::vector<Fragment> parts;
  for (const auto& column : type.attributes)
    parts.push_back(sql("{} {}{}", Ident{column.name}, expression(column.type),
                        column.collation.empty() ? Fragment() : sql(" COLLATE {}", expression(column.collation))));
  return ::mig::sql::join(parts, ", ");
}

Fragment domain_text(const Type& type) {
  auto text = sql("CREATE DOMAIN {} AS {}", type.name.sql(), expression(type.base));
  if (!type.collation.empty()) text = sql("{} COLLATE {}", text, expression(type.collation));
  if (!type.default_.empty()) text = sql("{} DEFAULT {}", text, expression(type.default_));
  if (type.not_null) text = sql("{} NOT NULL", text);
  for (const auto& check : type.checks)
    text = sql("{} CONSTRAINT {} CHECK ({})", text, Ident{check.name}, expression(check.expression));
  return text;
}

Fragment check_comment(const Type& type, const catalog::DomainCheck& check) {
  return sql("COMMENT ON CONSTRAINT {} ON DOMAIN {} IS {}", Ident{check.name}, type.name.sql(),
             operations::comment_text(check.comment));
}

void create(Made& made, const Type& type) {
  if (type.kind == "enum")
    made.add(sql("CREATE TYPE {} AS ENUM ({})", type.name.sql(), labels(type)));
  else if (type.kind == "domain")
    made.add(domain_text(type));
  else if (type.kind == "composite")
    made.add(sql("CREATE TYPE {} AS ({})", type.name.sql(), attributes(type)));
  else
    made.note = "mig knows no statement that makes this " + type.kind + " type";
  if (!type.comment.empty() && !made.sql.empty())
    made.add(sql("COMMENT ON {} {} IS {}", type.kind == "domain" ? sql("DOMAIN") : sql("TYPE"), type.name.sql(),
                 operations::comment_text(type.comment)));
  for (const auto& check : type.checks)
    if (!check.comment.empty()) made.add(check_comment(type, check));
}

// New labels go where they stand; one that is gone, or an order that differs, wants a new type.
void change_labels(Made& made, const Type& from, const Type& to) {
  std::vector<std::string> kept;
  for (const auto& label : to.labels)
    if (std::find(from.labels.begin(), from.labels.end(), label) != from.labels.end()) kept.push_back(label);
  if (kept != from.labels) {
    made.note = "PostgreSQL takes no label out of an enum: make a new type and move its columns";
    return;
  }
  for (std::size_t i = 0; i < to.labels.size(); ++i) {
    if (std::find(from.labels.begin(), from.labels.end(), to.labels[i]) != from.labels.end()) continue;
    const auto place = i == 0 ? sql(" BEFORE {}", Literal{from.labels.empty() ? "" : from.labels.front()})
                              : sql(" AFTER {}", Literal{to.labels[i - 1]});
    made.add(sql("ALTER TYPE {} ADD VALUE {}{}", to.name.sql(), Literal{to.labels[i]},
                 from.labels.empty() ? Fragment() : place));
  }
}

void change_domain(Made& made, const Type& from, const Type& to) {
  const auto name = to.name.sql();
  if (from.default_ != to.default_)
    made.add(to.default_.empty() ? sql("ALTER DOMAIN {} DROP DEFAULT", name)
                                 : sql("ALTER DOMAIN {} SET DEFAULT {}", name, expression(to.default_)));
  if (from.not_null != to.not_null)
    made.add(sql("ALTER DOMAIN {} {} NOT NULL", name, to.not_null ? sql("SET") : sql("DROP")));
  const auto same = [](const catalog::DomainCheck* a, const catalog::DomainCheck& b) {
    return a != nullptr && a->expression == b.expression;
  };
  for (const auto& check : from.checks)
    if (!same(part(&to.checks, check.name), check))
      made.add(sql("ALTER DOMAIN {} DROP CONSTRAINT {}", name, Ident{check.name}));
  for (const auto& check : to.checks) {
    const auto* old = part(&from.checks, check.name);
    if (!same(old, check))
      made.add(sql("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK ({}){}", name, Ident{check.name},
                   expression(check.expression), check.validated ? Fragment() : sql(" NOT VALID")));
    else if (!old->validated && check.validated)
      made.add(sql("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", name, Ident{check.name}));
    if (same(old, check) ? old->comment != check.comment : !check.comment.empty()) made.add(check_comment(to, check));
  }
}

void change_attributes(Made& made, const Type& from, const Type& to) {
  for (const auto& column : from.attributes)
    if (part(&to.attributes, column.name) == nullptr)
      made.add(sql("ALTER TYPE {} DROP ATTRIBUTE {}", to.name.sql(), Ident{column.name}));
  for (const auto& column : to.attributes) {
    const auto* old = part(&from.attributes, column.name);
    if (old == nullptr)
      made.add(sql("ALTER TYPE {} ADD ATTRIBUTE {} {}", to.name.sql(), Ident{column.name}, expression(column.type)));
    else if (old->type != column.type)
      made.add(
          sql("ALTER TYPE {} ALTER ATTRIBUTE {} TYPE {}", to.name.sql(), Ident{column.name}, expression(column.type)));
  }
}

void change_fields(Made& made, const Both& both, const Type& from, const Type& to) {
  if (from.kind != to.kind) {
    made.note = "a " + from.kind + " type does not become a " + to.kind + " type";
    return;
  }
  const auto word = to.kind == "domain" ? sql("DOMAIN") : sql("TYPE");
  if (from.labels != to.labels) change_labels(made, from, to);
  if (to.kind == "domain") change_domain(made, from, to);
  if (to.kind == "composite") change_attributes(made, from, to);
  if (from.owner != to.owner) made.add(sql("ALTER {} {} OWNER TO {}", word, to.name.sql(), Ident{to.owner}));
  if (from.comment != to.comment)
    made.add(sql("COMMENT ON {} {} IS {}", word, to.name.sql(), operations::comment_text(to.comment)));
  if (from.grants != to.grants) add_rights(made, both, from, to);
}

}  // namespace

Made change_type(const Both& both, const Name& name) {
  Made made;
  const auto *from = both.from.type(name), *to = both.to.type(name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  if (!some->extension.empty())
    made.note = "comes with extension " + some->extension;
  else if (to == nullptr)
    made.add(sql("DROP {} {}", from->kind == "domain" ? sql("DOMAIN") : sql("TYPE"), name.sql()));
  else if (from == nullptr)
    create(made, *to);
  else
    change_fields(made, both, *from, *to);
  return made;
}

}  // namespace mig::drift
