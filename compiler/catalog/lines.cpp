// Lines of objects and their parts.
#include "compiler/catalog/lines.hpp"

#include <algorithm>
#include <array>

namespace mig::catalog::lines {

namespace {

// Index by index the enumerators of Rank.
constexpr std::array<std::string_view, 11> ranked = {"table",  "view", "column",   "constraint", "index",   "trigger",
                                                     "policy", "rule", "sequence", "type",       "function"};

// `{"kind":"key"`: the line is open until finish().
void begin(std::string& out, std::string_view kind, std::string_view key) {
  out += '{';
  text::append_string(out, kind);
  out += ':';
  text::append_string(out, key);
}

void finish(std::string& out) { out += "}\n"; }

// The key without its kind.
std::string name_text(std::string_view kind, const Name& name, std::string_view part) {
  return key(kind, name, part).substr(kind.size() + 1);
}

template <class T>
void append_line(std::string& out, std::string_view kind, std::string_view key, const T& value, text::Roles roles) {
  begin(out, kind, key);
  text::append_members(out, value, roles, "name");
  finish(out);
}

void append_index(std::string& out, const Name& relation, const Index& index, text::Roles roles) {
  // An index has a name of its own in its schema; `on` says where its line belongs.
  begin(out, "index", Name{relation.schema, index.name}.text());
  out += ",\"on\":";
  text::append_string(out, relation.name);
  text::append_members(out, index, roles, "name");
  finish(out);
}

template <class T>
void append_parts(std::string& out, std::string_view kind, const Name& relation, const std::vector<T>& parts,
                  text::Roles roles) {
  std::vector<const T*> sorted;
  for (const auto& part : parts) sorted.push_back(&part);
  if constexpr (!std::same_as<T, Column>)
    std::sort(sorted.begin(), sorted.end(), [](const T* a, const T* b) { return a->name < b->name; });
  for (const auto* part : sorted) append_part(out, kind, relation, *part, roles);
}

}  // namespace

template <class T>
void append_part(std::string& out, std::string_view kind, const Name& relation, const T& part, text::Roles roles) {
  if constexpr (std::same_as<T, Index>)
    append_index(out, relation, part, roles);
  else
    append_line(out, kind, name_text(kind, relation, part.name), part, roles);
}
template void append_part(std::string&, std::string_view, const Name&, const Column&, text::Roles);
template void append_part(std::string&, std::string_view, const Name&, const Constraint&, text::Roles);
template void append_part(std::string&, std::string_view, const Name&, const Index&, text::Roles);
template void append_part(std::string&, std::string_view, const Name&, const Trigger&, text::Roles);
template void append_part(std::string&, std::string_view, const Name&, const Policy&, text::Roles);
template void append_part(std::string&, std::string_view, const Name&, const Rule&, text::Roles);

Rank rank(std::string_view kind) {
  const auto* found = std::find(ranked.begin(), ranked.end(), kind);
  return static_cast<Rank>(found - ranked.begin());
}

const std::vector<std::string>& object_kinds() {
  static const std::vector<std::string> kinds = {"access method",
                                                 "cast",
                                                 "collation",
                                                 "conversion",
                                                 "default privileges",
                                                 "event trigger",
                                                 "extension",
                                                 "foreign data wrapper",
                                                 "foreign server",
                                                 "language",
                                                 "operator",
                                                 "operator class",
                                                 "operator family",
                                                 "publication",
                                                 "role",
                                                 "schema",
                                                 "setting",
                                                 "statistics",
                                                 "subscription",
                                                 "tablespace",
                                                 "text search configuration",
                                                 "text search dictionary",
                                                 "text search parser",
                                                 "text search template",
                                                 "user mapping"};
  return kinds;
}

Order order(std::string_view kind, const Name& name, std::string_view part) {
  // The journal's rows stand first: where the migrations are is what a reader of a diff looks for.
  if (kind == "migration") return {{}, {}, Rank::object, name.name};
  if (name.schema.empty()) return {{}, std::string(kind), rank(kind), name.name};
  const auto place = rank(kind);
  return {name.schema, name.name, place, place == Rank::object ? std::string(kind) : std::string(part)};
}

void append(std::string& out, const Table& table, text::Roles roles) {
  append_line(out, "table", table.name.text(), table, roles);
  append_parts(out, "column", table.name, table.columns, roles);
  append_parts(out, "constraint", table.name, table.constraints, roles);
  append_parts(out, "index", table.name, table.indexes, roles);
  append_parts(out, "trigger", table.name, table.triggers, roles);
  append_parts(out, "policy", table.name, table.policies, roles);
  append_parts(out, "rule", table.name, table.rules, roles);
}

void append(std::string& out, const View& view, text::Roles roles) {
  append_line(out, "view", view.name.text(), view, roles);
  append_parts(out, "column", view.name, view.columns, roles);
  append_parts(out, "index", view.name, view.indexes, roles);
  append_parts(out, "trigger", view.name, view.triggers, roles);
  append_parts(out, "rule", view.name, view.rules, roles);
}

void append(std::string& out, const Sequence& sequence, text::Roles roles) {
  append_line(out, "sequence", sequence.name.text(), sequence, roles);
}

void append(std::string& out, const Type& type, text::Roles roles) {
  append_line(out, "type", type.name.text(), type, roles);
}

void append(std::string& out, const Function& function, text::Roles roles) {
  append_line(out, "function", name_text("function", function.name, function.arguments_key), function, roles);
}

void append(std::string& out, const Object& object, text::Roles roles) {
  append_line(out, object.kind, object.name.text(), object, roles);
}

void append(std::string& out, const Applied& migration, text::Roles roles) {
  append_line(out, "migration", Name{{}, migration.name}.text(), migration, roles);
}

}  // namespace mig::catalog::lines
