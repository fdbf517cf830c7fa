// Columns, constraints, indexes.
#include "compiler/syntax/build.hpp"

namespace mig::syntax {
namespace {

void add_timing(Timing& timing, const std::string& words) {
  if (words == "deferrable") timing.deferrable = true;
  if (words == "not deferrable") timing.deferrable = false;
  if (words == "initially deferred") timing.deferred = true;
  if (words == "initially immediate") timing.deferred = false;
}

std::string distinct(const std::string& words) { return words.substr(6); }  // behind `nulls `

}  // namespace

std::vector<SeqOption> Builder::seq_options_in(std::size_t parent) {
  std::vector<SeqOption> made;
  for (const auto node : children(parent)) {
    SeqOption option;
    option.span = span(node);
    switch (kind(node)) {
      case Kind::seq_no:
        option.word = "no " + name(*child(node, Kind::name)).text;
        break;
      case Kind::seq_owned:
        option.word = "owned";
        option.path = path(*child(node, Kind::path));
        break;
      case Kind::seq_as:
        option.word = "as";
        option.type = type(*child(node, Kind::type));
        break;
      case Kind::seq_number:
        option.word = name(*child(node, Kind::name)).text;
        option.number = number(*child(node, Kind::number));
        break;
      case Kind::seq_word:
        option.word = words(node);
        break;
      default:
        continue;
    }
    made.push_back(std::move(option));
  }
  return made;
}

Reference Builder::reference(std::size_t node) {
  Reference made;
  made.span = span(node);
  made.table = path(*child(node, Kind::path));
  made.columns = names_in(node);
  for (const auto one : children(node)) {
    if (kind(one) == Kind::ref_match) made.match = words(one).substr(6);
    if (kind(one) == Kind::timing) add_timing(made.timing, words(one));
    if (kind(one) == Kind::ref_action)
      made.actions.push_back({words(*child(one, Kind::ref_event)), words(*child(one, Kind::ref_do)), names_in(one)});
  }
  return made;
}

Generated Builder::generated(std::size_t node) {
  Generated made;
  if (const auto identity = child(node, Kind::identity)) {
    made.is = has_flag(node, "default") ? Generated::Is::identity_by_default : Generated::Is::identity_always;
    made.options = seq_options_in(*identity);
    return made;
  }
  made.is = has_flag(node, "stored") ? Generated::Is::stored : Generated::Is::virtual_;
  made.expression = optional_expression(node);
  return made;
}

// Timing belongs to the option before it, as in SQL.
void Builder::column_option(std::size_t node, Definition& definition) {
  using Is = ColumnOption::Is;
  ColumnOption made;
  made.span = span(node);
  for (const auto one : children(node)) {
    switch (kind(one)) {
      case Kind::constraint_name:
        made.constraint = optional_name(one);
        break;
      case Kind::not_null:
        made.is = Is::not_null;
        break;
      case Kind::null_word:
        made.is = Is::null;
        break;
      case Kind::default_value: {
        made.is = Is::default_;
        std::optional<Path> collation;
        made.expression = default_expression(*child(one, Kind::expression), collation);
        if (collation) {
          ColumnOption collate;
          collate.is = Is::collate;
          collate.span = collation->span;
          collate.collation = std::move(collation);
          definition.options.push_back(std::move(made));
          definition.options.push_back(std::move(collate));
          return;
        }
        break;
      }
      case Kind::unique:
        made.is = Is::unique;
        if (const auto nulls = child(one, Kind::nulls_distinct)) made.word = distinct(words(*nulls));
        break;
      case Kind::primary_key:
        made.is = Is::primary_key;
        break;
      case Kind::reference:
        made.is = Is::references;
        made.reference = reference(one);
        break;
      case Kind::check_:
        made.is = Is::check;
        made.expression = optional_expression(one);
        made.no_inherit = child(one, Kind::no_inherit).has_value();
        break;
      case Kind::generated:
        made.is = Is::generated;
        made.generated = generated(one);
        break;
      case Kind::collate:
        made.is = Is::collate;
        made.collation = path(*child(one, Kind::path));
        break;
      case Kind::storage:
      case Kind::compression:
        made.is = kind(one) == Kind::storage ? Is::storage : Is::compression;
        made.word = name(*child(one, Kind::name)).text;
        break;
      case Kind::comment:
        made.is = Is::comment;
        made.text = optional_string(one);
        break;
      case Kind::timing:
        if (made.constraint || definition.options.empty()) {
          problem(span(one), "`" + words(one) + "` has no constraint before it", "write: unique deferrable");
          return;
        }
        add_timing(definition.options.back().timing, words(one));
        definition.options.back().span = source::join(definition.options.back().span, made.span);
        return;
      default:
        break;
    }
  }
  definition.options.push_back(std::move(made));
}

Definition Builder::definition(std::size_t node) {
  Definition made;
  made.span = span(node);
  for (const auto one : children(node)) {
    if (kind(one) == Kind::type) made.type = type(one);
    if (kind(one) == Kind::column_option) column_option(one, made);
  }
  return made;
}

Column Builder::column(std::size_t node) {
  return {*optional_name(node), definition(*child(node, Kind::definition)), span(node)};
}

IndexElement Builder::index_element(std::size_t node) {
  IndexElement made;
  made.span = span(node);
  for (const auto one : children(node)) {
    switch (kind(one)) {
      case Kind::grouped:
        made.value = *optional_expression(one);
        made.parenthesised = true;
        break;
      case Kind::named:
        made.value = named(one);
        break;
      case Kind::collate:
        made.collation = path(*child(one, Kind::path));
        break;
      case Kind::opclass:
        made.opclass = path(*child(one, Kind::path));
        for (auto& setting : settings_in(one))
          made.opclass_options.emplace_back(
              setting.name.parts.back().text,
              setting.value ? std::move(*setting.value) : Expr{setting.span, Keyword{setting.word}});
        break;
      case Kind::nulls_order:
        made.nulls = words(one).substr(6);
        break;
      default:
        break;
    }
  }
  if (has_flag(node, "asc")) made.direction = "asc";
  if (has_flag(node, "desc")) made.direction = "desc";
  return made;
}

std::vector<IndexElement> Builder::index_elements_in(std::size_t parent) {
  std::vector<IndexElement> made;
  for (const auto node : children(parent)) {
    if (kind(node) == Kind::index_element) made.push_back(index_element(node));
    if (kind(node) != Kind::exclude_element) continue;
    made.push_back(index_element(*child(node, Kind::index_element)));
    made.back().exclude_operator = words(*child(node, Kind::any_operator));
    made.back().span = span(node);
  }
  return made;
}

void Builder::constraint_tail(std::size_t parent, TableConstraint& made) {
  for (const auto one : children(parent)) {
    if (kind(one) == Kind::include_names) made.include = names_in(one);
    if (kind(one) == Kind::timing) add_timing(made.timing, words(one));
    if (kind(one) == Kind::no_inherit) made.no_inherit = true;
    if (kind(one) == Kind::not_valid) made.not_valid = true;
  }
}

TableConstraint Builder::table_constraint(std::size_t node) {
  using Is = TableConstraint::Is;
  TableConstraint made;
  made.span = span(node);
  for (const auto one : children(node)) {
    switch (kind(one)) {
      case Kind::constraint_name:
        made.name = optional_name(one);
        break;
      case Kind::con_primary:
        made.is = Is::primary_key;
        made.columns = names_in(one);
        break;
      case Kind::con_unique:
        made.is = Is::unique;
        made.columns = names_in(one);
        if (const auto nulls = child(*child(one, Kind::unique), Kind::nulls_distinct))
          made.nulls = distinct(words(*nulls));
        break;
      case Kind::con_check:
        made.is = Is::check;
        made.expression = optional_expression(one);
        break;
      case Kind::con_foreign:
        made.is = Is::foreign_key;
        made.columns = names_in(one);
        made.reference = reference(*child(one, Kind::reference));
        break;
      case Kind::con_exclude:
        made.is = Is::exclude;
        made.method = optional_name(one);
        made.elements = index_elements_in(one);
        if (const auto where = child(one, Kind::exclude_where)) made.expression = optional_expression(*where);
        break;
      default:
        break;
    }
  }
  constraint_tail(node, made);
  return made;
}

Element Builder::element(std::size_t node) {
  if (kind(node) == Kind::table_constraint) return table_constraint(node);
  if (kind(node) == Kind::column) return column(node);
  LikeTable made{path(*child(node, Kind::path)), {}, span(node)};
  for (const auto option : all(node, Kind::like_option))
    made.options.emplace_back(has_flag(option, "including"), name(*child(option, Kind::name)).text);
  return made;
}

}  // namespace mig::syntax
