// Definitions of indexes and constraints as ruleutils.c prints them with an empty search path (a test compares them).
#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

std::string idents(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + sql::quote_ident(name);
  return list;
}

// name=value of an option: the value bare where it reads as an identifier, else a constant (get_reloptions).
std::string option(std::string_view text) {
  const auto name = text.substr(0, text.find('='));
  const std::string value(text.substr(std::min(name.size() + 1, text.size())));
  const bool plain = sql::quote_ident(value) == value;
  return sql::quote_ident(name) + "=" + (plain ? value : sql::quote_literal(value));
}

// "a=1, b=2" as in opclass_options.
std::string options_of(std::string_view list) {
  std::string text;
  while (!list.empty()) {
    const auto end = list.find(", ");
    text += (text.empty() ? "" : ", ") + option(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 2);
  }
  return text;
}

std::string key(const catalog::IndexPart& part) {
  auto text = part.column.empty() ? part.expression : sql::quote_ident(part.column);
  if (!part.collation.empty()) text += " COLLATE " + part.collation;
  if (!part.opclass.empty()) text += " " + part.opclass;
  if (!part.opclass_options.empty()) text += " (" + options_of(part.opclass_options) + ")";
  if (part.descending) return text += part.nulls_first ? " DESC" : " DESC NULLS LAST";
  return text += part.nulls_first ? " NULLS FIRST" : "";
}

std::string in_capitals(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

// The columns of a key; of a temporal one the last is a period, said before it or, of its own key, behind it.
std::string period_columns(const catalog::Constraint& constraint, const std::vector<std::string>& columns) {
  if (!constraint.period || columns.empty()) return idents(columns);
  const auto last = sql::quote_ident(columns.back());
  auto text = idents({columns.begin(), columns.end() - 1});
  if (!text.empty()) text += ", ";
  return text += constraint.kind == "foreign key" ? "PERIOD " + last : last + " WITHOUT OVERLAPS";
}

std::string foreign_key(const catalog::Constraint& constraint) {
  auto text = "FOREIGN KEY (" + period_columns(constraint, constraint.columns) + ") REFERENCES " +
              constraint.references.text() + "(" + period_columns(constraint, constraint.reference_columns) + ")";
  if (constraint.match != "simple") text += " MATCH " + in_capitals(constraint.match);
  if (constraint.on_update != "no action") text += " ON UPDATE " + in_capitals(constraint.on_update);
  if (constraint.on_delete != "no action") text += " ON DELETE " + in_capitals(constraint.on_delete);
  if (!constraint.on_delete_columns.empty()) text += " (" + idents(constraint.on_delete_columns) + ")";
  return text;
}

std::string unique(const catalog::Constraint& constraint) {
  std::string text = constraint.kind == "primary key" ? "PRIMARY KEY" : "UNIQUE";
  if (constraint.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  text += " (" + period_columns(constraint, constraint.columns) + ")";
  if (!constraint.include.empty()) text += " INCLUDE (" + idents(constraint.include) + ")";
  return text;
}

}  // namespace

std::string definition(const catalog::Index& index, const Relation& owner) {
  std::string keys;
  for (const auto& part : index.parts) keys += (keys.empty() ? "" : ", ") + key(part);
  auto text = std::string(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") + sql::quote_ident(index.name) +
              " ON " + (owner.kind == 'p' ? "ONLY " : "") + owner.name.text() + " USING " + index.method + " (" + keys +
              ")";
  if (!index.include.empty()) text += " INCLUDE (" + idents(index.include) + ")";
  if (index.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  std::string options;
  for (const auto& each : index.options) options += (options.empty() ? "" : ", ") + option(each);
  if (!options.empty()) text += " WITH (" + options + ")";
  if (!index.predicate.empty()) text += " WHERE " + index.predicate;
  return text;
}

std::string definition(const catalog::Constraint& constraint) {
  std::string text;
  if (constraint.kind == "foreign key")
    text = foreign_key(constraint);
  else if (constraint.kind == "check")
    text = "CHECK (" + constraint.expression + ")" + (constraint.no_inherit ? " NO INHERIT" : "");
  else
    text = unique(constraint);
  if (constraint.deferrable) text += " DEFERRABLE";
  if (constraint.deferred) text += " INITIALLY DEFERRED";
  if (!constraint.enforced) return text += " NOT ENFORCED";
  return text += constraint.validated ? "" : " NOT VALID";
}

}  // namespace mig::runtime::introspection
