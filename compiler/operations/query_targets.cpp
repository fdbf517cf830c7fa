// What a query shows: names of outputs, stars as lists, and what GROUP BY and ORDER BY mean by a number or a name.
#include "compiler/operations/query_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/query_text.hpp"

namespace mig::operations::queries {

void Reader::target(const json& item, Scope& scope, const Naming& naming, Targets& targets) {
  const auto begin = place(item);
  const auto end = sql::item_end(text_, begin);
  const auto& value = item["val"];
  if (value.contains("ColumnRef") && value["ColumnRef"]["fields"].back().contains("A_Star"))
    return star(item, scope, naming, targets);
  visit(value, scope);
  Field field{item.contains("name") ? word(item, "name") : figured_name(value, catalog_.server.major()),
              type_of(value, scope),
              {},
              {}};
  if (field.type.type == untyped) field.type = {"text", {}};
  const auto own = field.name;
  field.name = naming.name(targets.fields.size(), own);
  targets.places.emplace_back(begin, name_output(item, begin, end, own, field.name, naming.visible));
  targets.fields.push_back(std::move(field));
}

std::size_t Reader::name_output(const json& item, std::size_t begin, std::size_t end, const std::string& own,
                                const std::string& name, bool visible) {
  if (item.contains("name")) {
    const auto at = sql::last_name(text_, begin, end);
    if (own != name) edits_.push_back({at, end, sql::quote_ident(name)});
    auto before = text_.find_last_not_of(" \t\n\r", at - 1) + 1;
    if (sql::last_name(text_, begin, before) + 2 == before && (text_[before - 1] | 0x20) == 's' &&
        (text_[before - 2] | 0x20) == 'a')
      before = text_.find_last_not_of(" \t\n\r", before - 3) + 1;
    return before;
  }
  const bool plain = item["val"].contains("ColumnRef") && own == name;
  if (!plain && (visible || name != "?column?")) edits_.push_back({end, end, " AS " + sql::quote_ident(name)});
  return end;
}

void Reader::star(const json& item, const Scope& scope, const Naming& naming, Targets& targets) {
  const auto qualifier = words_of(item["val"]["ColumnRef"], "fields");
  std::vector<Visible> shown;
  bool known = true;
  if (qualifier.empty()) {
    shown = scope.visible;
    known = scope.known;
  } else if (const auto* range = find_range(scope, qualifier.back())) {
    for (const auto& field : range->fields) shown.push_back({range->alias, field});
    known = range->known;
  } else {
    known = false;
  }
  if (!known) {
    shape_.whole = shape_.whole && !naming.names;
    return;
  }
  std::string list;
  for (auto& each : shown) {
    use(each.field);
    list += list.empty() ? "" : ", ";
    if (!each.alias.empty() && !scope.bare) list += sql::quote_ident(each.alias) + ".";
    list += sql::quote_ident(each.field.name);
    const auto own = each.field.name;
    each.field.name = naming.name(targets.fields.size(), own);
    if (own != each.field.name) list += " AS " + sql::quote_ident(each.field.name);
    targets.fields.push_back(each.field);
    targets.places.emplace_back(0, 0);
  }
  put_list(item, scope, list);
}

void Reader::put_list(const json& item, const Scope& scope, const std::string& list) {
  const auto begin = place(item);
  if (item.value("location", 0) >= 0) {
    edits_.push_back({begin, sql::item_end(text_, begin), list});
  } else if (!scope.ranges.empty() && scope.ranges.front().place != std::string::npos) {
    const auto at = text_.find_last_not_of(" \t\n\r", scope.ranges.front().place - 1) + 1;
    if (at >= 5) edits_.push_back({at - 5, at, "SELECT " + list + " FROM"});
  }
}

void Reader::by_target(const json& item, Scope& scope, const Targets& targets, bool outputs_first) {
  if (item.contains("GroupingSet")) {
    if (item["GroupingSet"].contains("content"))
      for (const auto& each : item["GroupingSet"]["content"]) by_target(each, scope, targets, outputs_first);
    return;
  }
  if (const auto number = number_of(item); number > 0 && number <= targets.fields.size())
    return put_target(place(item["A_Const"]), targets, number - 1);
  const auto name = bare_name(item);
  const bool a_column = !name.empty() && find_visible(scope.visible, name) != nullptr;
  if (!name.empty() && (outputs_first || !a_column))
    for (std::size_t i = 0; i < targets.fields.size(); ++i)
      if (targets.fields[i].name == name && !(targets.places[i].second == 0 && a_column))
        return put_target(place(item["ColumnRef"]), targets, i);
  visit(item, scope);
}

void Reader::put_target(std::size_t at, const Targets& targets, std::size_t number) {
  const auto [begin, end] = targets.places[number];
  if (end == 0) return;
  std::vector<Edit> inside;
  for (const auto& edit : edits_)
    if (edit.begin >= begin && edit.end <= end && edit.begin < end)
      inside.push_back({edit.begin - begin, edit.end - begin, edit.text});
  edits_.push_back({at, word_end(at), sql::tree::spliced(std::string_view(text_).substr(begin, end - begin), inside)});
}

void Reader::by_number(const json& item, const Fields& fields) {
  const auto name = bare_name(item);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (!name.empty() && fields[i].name == name) {
      const auto at = place(item["ColumnRef"]);
      edits_.push_back({at, word_end(at), std::to_string(i + 1)});
      return;
    }
}

std::size_t Reader::word_end(std::size_t at) const {
  if (at < text_.size() && text_[at] >= '0' && text_[at] <= '9')
    return std::min(text_.find_first_not_of("0123456789", at), text_.size());
  return sql::tree::ident_end(text_, at);
}

std::size_t Reader::number_of(const json& item) {
  if (!item.contains("A_Const") || !item["A_Const"].contains("ival")) return 0;
  return item["A_Const"]["ival"].value("ival", std::size_t{0});
}

std::string Reader::bare_name(const json& item) {
  if (!item.contains("ColumnRef") || item["ColumnRef"]["fields"].size() != 1) return {};
  const auto words = words_of(item["ColumnRef"], "fields");
  return words.empty() ? std::string{} : words.front();
}

}  // namespace mig::operations::queries
