// Maps: where rows come from, where they go, and what becomes of each column.
#include "compiler/syntax/build.hpp"

namespace mig::syntax {
namespace {

// `x = f(y) or reject` is a boolean expression in SQL; nobody means that.
bool ends_in_or_reject(const Expr& value) {
  const auto* binary = std::get_if<Binary>(&value.node);
  if (binary == nullptr || binary->op != "or") return false;
  const auto* name = std::get_if<ColumnRef>(&binary->right->node);
  return name != nullptr && name->path.parts.size() == 1 && name->path.parts[0].text == "reject" &&
         !name->path.parts[0].quoted;
}

}  // namespace

MapAssignment Builder::map_assignment(std::size_t node) {
  MapAssignment made;
  made.span = span(node);
  made.target = *optional_name(node);
  made.value = *optional_expression(node);
  if (ends_in_or_reject(made.value))
    problem(made.value.span, "`or reject` would be a boolean OR with a column named reject", "write: else reject");
  if (const auto otherwise = child(node, Kind::otherwise)) {
    made.else_reject = has_flag(*otherwise, "reject");
    made.otherwise = optional_expression(*otherwise);
  }
  made.normalise = has_flag(node, "normalise");
  made.loss = loss_in(node);
  return made;
}

std::vector<MapAssignment> Builder::assignments_in(std::size_t parent) {
  std::vector<MapAssignment> made;
  for (const auto one : all(parent, Kind::map_assignment)) made.push_back(map_assignment(one));
  return made;
}

MapItem::OnDuplicate Builder::on_duplicate(std::size_t node) {
  MapItem::OnDuplicate made;
  made.columns = names_in(node);
  if (const auto merge = child(node, Kind::merge)) {
    made.action = "merge";
    made.merge = assignments_in(*merge);
  } else if (const auto latest = child(node, Kind::keep_latest)) {
    made.action = "keep latest";
    made.by = sort_keys_in(*latest);
  } else {
    made.action = child(node, Kind::keep_first) ? "keep first" : "reject";
  }
  return made;
}

MapItem::Accept Builder::accept(std::size_t node) {
  const auto what = words(node);
  return {what.find("loss") == 7 ? "loss" : "break", *optional_string(node)};
}

MapItem::Back Builder::back(std::size_t node) {
  MapItem::Back made{assignments_in(node), {}};
  for (const auto one : all(node, Kind::accept)) {
    auto accepted = accept(one);
    if (accepted.what == "loss")
      made.loss = std::move(accepted.why);
    else
      problem(span(one), "`accept break` inside `back`", "write: accept loss '…' here, accept break '…' in the map");
  }
  return made;
}

MapItem Builder::map_item(std::size_t node) {
  const auto where = span(node);
  switch (kind(node)) {
    case Kind::map_assignment:
      return {map_assignment(node), where};
    case Kind::key:
      return {MapItem::Key{names_in(node)}, where};
    case Kind::map_check: {
      MapItem::Check made{*optional_expression(node), {}};
      if (const auto message = child(node, Kind::message)) made.message = optional_string(*message);
      return {std::move(made), where};
    }
    case Kind::on_duplicate:
      return {on_duplicate(node), where};
    case Kind::on_missing:
      return {MapItem::OnRow{"missing", words(*child(node, Kind::flag))}, where};
    case Kind::on_changed:
      return {MapItem::OnRow{"changed in target", words(*child(node, Kind::flag))}, where};
    case Kind::back:
      return {back(node), where};
    default:
      return {accept(node), where};
  }
}

Map Builder::map(std::size_t node) {
  Map made;
  made.span = span(node);
  const auto sides = all(node, Kind::path);
  made.from = path(sides[0]);
  made.to = path(sides[1]);
  made.body = text(node).back() != ';';
  for (const auto one : children(node)) {
    switch (kind(one)) {
      case Kind::path:
        break;
      case Kind::map_mode:
        if (!made.mode.empty()) problem(span(one), "a second mode of the map", "write: one of live, once, moving");
        made.mode = words(one);
        break;
      case Kind::where:
        if (made.where) problem(span(one), "a second `where`", "write: one of them, with `and`");
        made.where = optional_expression(one);
        break;
      case Kind::group:
        made.group = expressions_in(one);
        break;
      default:
        made.items.push_back(map_item(one));
    }
  }
  return made;
}

}  // namespace mig::syntax
