// Overloads and common types by PostgreSQL's rules (parse_func.c, parse_oper.c, parse_coerce.c).
#include "compiler/operations/query_types.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "compiler/catalog/builtin_types.hpp"
#include "compiler/operations/builtin_functions.hpp"
#include "compiler/operations/type_text.hpp"

namespace mig::operations {

namespace {

using Words = std::initializer_list<std::string_view>;
bool among(std::string_view word, Words words) { return std::find(words.begin(), words.end(), word) != words.end(); }

// Numbers in the order in which they become one another by themselves.
constexpr std::array<std::string_view, 6> numbers{"smallint", "integer", "bigint",
                                                  "numeric",  "real",    "double precision"};
int rank(std::string_view type) {
  const auto found = std::find(numbers.begin(), numbers.end(), type);
  return found == numbers.end() ? -1 : static_cast<int>(found - numbers.begin());
}

bool textual(std::string_view type) {
  return among(type, {"text", "character varying", "character", "bpchar", "name", "\"char\""});
}
bool collates(std::string_view type) {
  if (type.size() > 2 && type.substr(type.size() - 2) == "[]") type.remove_suffix(2);
  return among(type, {"text", "character varying", "character", "bpchar"});
}

// pg_cast's implicit casts among types of one kind.
bool implicit(std::string_view from, std::string_view to) {
  if (rank(from) >= 0 && rank(to) >= 0) return rank(from) < rank(to);
  if (textual(from)) return to == "text" || (from != "\"char\"" && textual(to) && to != "\"char\"");
  if (from == "date") return among(to, {"timestamp without time zone", "timestamp with time zone"});
  if (from == "timestamp without time zone") return to == "timestamp with time zone";
  if (from == "time without time zone") return among(to, {"time with time zone", "interval"});
  if (from == "cidr") return to == "inet";
  if (among(from, {"bit", "bit varying"})) return among(to, {"bit", "bit varying"});
  return false;
}

bool preferred(std::string_view type) {
  return among(type, {"text", "double precision", "boolean", "timestamp with time zone", "interval", "inet", "oid",
                      "bit varying"});
}

bool any_type(std::string_view type) { return type == "\"any\"" || type.rfind("any", 0) == 0; }

// The server's own name of a type to the one that format_type prints.
std::string printed(std::string_view internal) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"int2", "smallint"},
      {"int4", "integer"},
      {"int8", "bigint"},
      {"float4", "real"},
      {"float8", "double precision"},
      {"bool", "boolean"},
      {"varchar", "character varying"},
      {"bpchar", "character"},
      {"varbit", "bit varying"},
      {"char", "\"char\""},
      {"timestamptz", "timestamp with time zone"},
      {"timestamp", "timestamp without time zone"},
      {"timetz", "time with time zone"},
      {"time", "time without time zone"}};
  for (const auto& [name, text] : names)
    if (name == internal) return std::string(text);
  return std::string(internal);
}

}  // namespace

std::string without_modifiers(std::string type) {
  if (!type.empty() && type.front() == '"') return type;  // a quoted name has no modifiers of PostgreSQL's own
  const auto open = type.find('(');
  const auto close = type.find(')', open == std::string::npos ? 0 : open);
  if (open != std::string::npos && close != std::string::npos && type.find('"') == std::string::npos)
    type.erase(open, close + 1 - open);
  return type;
}

std::string QueryTypes::element(const std::string& type) {
  if (type.size() > 2 && type.substr(type.size() - 2) == "[]") return type.substr(0, type.size() - 2);
  return {};
}

std::vector<std::string> QueryTypes::path() const {
  std::vector<std::string> schemas{"pg_catalog"};
  if (!schema_.empty()) schemas.push_back(schema_);
  for (const auto& schema : catalog_.server.search_path) schemas.push_back(schema);
  return schemas;
}

std::optional<catalog::Name> QueryTypes::relation(const catalog::Name& written) const {
  if (written.schema.empty() && !schema_.empty() && !catalog_.relation_kind({schema_, written.name}).empty())
    return catalog::Name{schema_, written.name};
  const auto found = catalog_.find_table(written.schema, written.name);
  return found && (catalog_.table(*found) || catalog_.view(*found)) ? found : std::nullopt;
}

std::string QueryTypes::type_named(const catalog::Name& written) const {
  const bool builtin = written.schema.empty() || written.schema == "pg_catalog";
  if (builtin && catalog::builtin_type(written.name, catalog_.server.major())) return printed(written.name);
  if (builtin && catalog_.type({"pg_catalog", written.name})) return printed(written.name);
  const auto schemas = written.schema.empty() ? path() : std::vector{written.schema};
  for (const auto& schema : schemas) {
    const catalog::Name name{schema, written.name};
    if (catalog_.type(name) || catalog_.table(name) || catalog_.view(name)) return name.text();
  }
  return {};
}

std::string QueryTypes::plain(const std::string& type) const {
  auto text = without_modifiers(type);
  if (const auto* found = type_of(catalog_, text); found && found->kind == "domain") return plain(found->base);
  return text;
}

// 3: the type itself, 2: a polymorphic one that takes it, 1: by an implicit cast, 0: not at all.
int QueryTypes::fit(const std::string& argument, const std::string& parameter) const {
  if (argument == untyped) return 1;
  const auto from = plain(argument);
  if (from == parameter || without_modifiers(argument) == parameter) return 3;
  if (from == "character" && parameter == "bpchar") return 3;
  if (any_type(parameter)) {
    const bool array = !element(from).empty();
    const auto* type = type_of(catalog_, from);
    if (among(parameter, {"anyarray", "anycompatiblearray"})) return array ? 2 : 0;
    if (among(parameter, {"anynonarray", "anycompatiblenonarray"})) return array ? 0 : 2;
    if (parameter == "anyenum") return type && type->kind == "enum" ? 2 : 0;
    if (parameter.find("multirange") != std::string::npos) return from.find("multirange") != std::string::npos ? 2 : 0;
    if (parameter.find("range") != std::string::npos)
      return (type && type->kind == "range") || (from.find("range") != std::string::npos && !type) ? 2 : 0;
    return 2;
  }
  if (const auto inner = element(from); !inner.empty() && !element(parameter).empty())
    return implicit(inner, element(parameter)) ? 1 : 0;
  return implicit(from, parameter) ? 1 : 0;
}

std::vector<const catalog::Function*> QueryTypes::functions(const catalog::Name& written) const {
  std::vector<const catalog::Function*> found;
  const auto schemas = written.schema.empty() ? path() : std::vector{written.schema};
  for (const auto& schema : schemas)
    for (const auto* function : catalog_.functions({schema, written.name}))
      if (std::find(found.begin(), found.end(), function) == found.end()) found.push_back(function);
  return found;
}

// VARIADIC stands for as many elements as there are arguments.
void QueryTypes::spread(Candidate& candidate, std::size_t count) {
  auto last = candidate.parameters.back();
  candidate.parameters.pop_back();
  if (last == "anyarray" || last == "anycompatiblearray")
    last = "anyelement";
  else if (!element(last).empty())
    last = element(last);
  while (candidate.parameters.size() < count) candidate.parameters.push_back(last);
}

std::vector<QueryTypes::Candidate> QueryTypes::candidates(const catalog::Name& function, std::size_t count) const {
  std::vector<Candidate> found;
  const auto add = [&](Candidate candidate, std::size_t needed, bool variadic) {
    if (variadic) spread(candidate, count);
    if (count < needed || count > candidate.parameters.size()) return;
    candidate.parameters.resize(count);
    found.push_back(std::move(candidate));
  };
  for (const auto* each : functions(function)) {
    Candidate candidate{{}, each->returns, each};
    std::size_t needed = 0;
    bool variadic = false;
    for (const auto& argument : each->arguments) {
      if (among(argument.mode, {"out", "table"})) continue;
      candidate.parameters.push_back(argument.type);
      variadic = variadic || argument.mode == "variadic";
      if (argument.default_.empty() && argument.mode != "variadic") ++needed;
    }
    add(std::move(candidate), needed, variadic);
  }
  if (!function.schema.empty() && function.schema != "pg_catalog") return found;
  if (!catalog_.functions({"pg_catalog", function.name}).empty()) return found;
  for (auto& each : builtin_overloads(function.name)) {
    const auto needed = each.parameters.size() - (each.variadic ? 1 : 0);
    add({std::move(each.parameters), std::move(each.result), nullptr}, needed, each.variadic);
  }
  return found;
}

// Those of the catalog, `+(integer, integer)` with its result among the facts, and PostgreSQL's own.
const std::vector<QueryTypes::Candidate>& QueryTypes::operators(const std::string& op) const {
  const auto known = operators_.find(op);
  if (known != operators_.end()) return known->second;
  auto& list = operators_[op];
  for (const auto& name : catalog_.names("operator")) {
    if (name.name.compare(0, op.size() + 1, op + "(") != 0 || name.schema == "pg_catalog") continue;
    const auto* object = catalog_.object("operator", name);
    const auto result = object->facts.find("result");
    const auto comma = name.name.rfind(", ");
    if (result == object->facts.end() || comma == std::string::npos) continue;
    const auto left = name.name.substr(op.size() + 1, comma - op.size() - 1);
    Candidate candidate{{}, result->second, nullptr};
    if (left != "NONE") candidate.parameters.push_back(left);
    candidate.parameters.push_back(name.name.substr(comma + 2, name.name.size() - comma - 3));
    list.push_back(std::move(candidate));
  }
  for (auto& each : builtin_operators(op))
    list.push_back({std::move(each.parameters), std::move(each.result), nullptr});
  return list;
}

// The candidates with the highest score; `score` below 0: it does not fit.
template <class List, class Score>
void keep_best(List& list, const Score& score) {
  int best = -1;
  for (const auto* each : list) best = std::max(best, score(*each));
  std::erase_if(list, [&](const auto* each) { return score(*each) != best; });
}

const QueryTypes::Candidate* QueryTypes::choose(const std::vector<Candidate>& all,
                                                const std::vector<std::string>& arguments) const {
  std::vector<const Candidate*> left;
  for (const auto& each : all) {
    bool fits = each.parameters.size() == arguments.size();
    for (std::size_t i = 0; fits && i < arguments.size(); ++i) fits = fit(arguments[i], each.parameters[i]) > 0;
    if (fits) left.push_back(&each);
  }
  const auto count = [&](const Candidate& each, auto counts) {
    int n = 0;
    for (std::size_t i = 0; i < arguments.size(); ++i) n += counts(arguments[i], each.parameters[i]) ? 1 : 0;
    return n;
  };
  if (left.size() > 1)
    keep_best(left, [&](const Candidate& each) {
      return count(each, [&](const auto& a, const auto& p) { return a != untyped && fit(a, p) == 3; });
    });
  if (left.size() > 1)
    keep_best(left, [&](const Candidate& each) {
      return count(each, [&](const auto& a, const auto& p) {
        return a != untyped && (fit(a, p) == 3 || (preferred(p) && !any_type(p)));
      });
    });
  // An untyped literal is a text where one may stand, else of the type that the others have.
  if (left.size() > 1)
    keep_best(left, [&](const Candidate& each) {
      return count(each, [](const auto& a, const auto& p) { return a == untyped && p == "text"; });
    });
  if (left.size() > 1) {
    const auto known = std::find_if(arguments.begin(), arguments.end(), [](const auto& a) { return a != untyped; });
    if (known != arguments.end())
      keep_best(left, [&](const Candidate& each) {
        return count(each, [&](const auto&, const auto& p) { return fit(*known, p) == 3; });
      });
  }
  if (left.empty()) return nullptr;
  const bool one_result =
      std::all_of(left.begin(), left.end(), [&](const auto* each) { return each->result == left.front()->result; });
  return one_result ? left.front() : nullptr;
}

// What anyelement stands for here, by the arguments that are polymorphic.
std::string QueryTypes::polymorphic(const Candidate& candidate, const std::vector<ValueType>& arguments) const {
  std::vector<ValueType> found;
  for (std::size_t i = 0; i < arguments.size() && i < candidate.parameters.size(); ++i) {
    const auto& parameter = candidate.parameters[i];
    if (!any_type(parameter) || parameter == "\"any\"" || arguments[i].type == untyped) continue;
    const auto type = without_modifiers(arguments[i].type);
    if (parameter.find("range") != std::string::npos) {
      const auto* range = type_of(catalog_, type);
      found.push_back({range ? range->base : std::string{}, {}});
    } else {
      found.push_back({parameter.find("array") == std::string::npos || parameter.find("nonarray") != std::string::npos
                           ? type
                           : element(plain(type)),
                       {}});
    }
  }
  return found.empty() ? std::string{} : without_modifiers(common(found).type);
}

ValueType QueryTypes::result_of(const Candidate& candidate, const std::vector<ValueType>& arguments) const {
  auto type = candidate.result;
  if (any_type(type)) {
    const auto stands_for = polymorphic(candidate, arguments);
    if (stands_for.empty() || type.find("range") != std::string::npos) return {};
    type = type.find("array") == std::string::npos || type.find("nonarray") != std::string::npos ? stands_for
                                                                                                 : stands_for + "[]";
  }
  ValueType result{type, {}};
  if (collates(plain(type)))
    for (const auto& argument : arguments)
      if (result.collation.empty()) result.collation = argument.collation;
  return result;
}

const catalog::Function* QueryTypes::chosen(const catalog::Name& function,
                                            const std::vector<ValueType>& arguments) const {
  std::vector<std::string> types;
  for (const auto& argument : arguments) types.push_back(argument.type);
  const auto all = candidates(function, arguments.size());
  const auto* candidate = choose(all, types);
  return candidate ? candidate->function : nullptr;
}

ValueType QueryTypes::call(const catalog::Name& function, const std::vector<ValueType>& arguments) const {
  if (functions(function).empty() && (function.schema.empty() || function.schema == "pg_catalog"))
    if (auto result = builtin_result(function.name); !result.empty())
      return result_of({{}, std::move(result), nullptr}, arguments);
  const auto all = candidates(function, arguments.size());
  const bool one_result =
      !all.empty() && !any_type(all.front().result) &&
      std::all_of(all.begin(), all.end(), [&](const Candidate& each) { return each.result == all.front().result; });
  if (one_result) return result_of(all.front(), arguments);
  std::vector<std::string> types;
  for (const auto& argument : arguments) {
    if (argument.type.empty()) return {};
    types.push_back(argument.type);
  }
  const auto* candidate = choose(all, types);
  return candidate ? result_of(*candidate, arguments) : ValueType{};
}

ValueType QueryTypes::apply(const std::string& op, const std::vector<ValueType>& arguments) const {
  if (builtin_question(op)) return {"boolean", {}};
  std::vector<std::string> types;
  for (const auto& argument : arguments) {
    if (argument.type.empty()) return {};
    types.push_back(argument.type);
  }
  // An untyped literal beside a value is first taken as one of its type.
  if (types.size() == 2 && (types.front() == untyped) != (types.back() == untyped)) {
    const auto& known = types.front() == untyped ? types.back() : types.front();
    const auto both = plain(known);
    for (const auto& each : operators(op))
      if (each.parameters.size() == 2 && each.parameters.front() == both && each.parameters.back() == both)
        return result_of(each, arguments);
  }
  const auto* candidate = choose(operators(op), types);
  return candidate ? result_of(*candidate, arguments) : ValueType{};
}

ValueType QueryTypes::common(const std::vector<ValueType>& types) const {
  std::vector<ValueType> known;
  for (const auto& each : types) {
    if (each.type.empty()) return {};
    if (each.type != untyped) known.push_back(each);
  }
  if (known.empty()) return {untyped, {}};
  auto result = known.front();
  for (const auto& each : known)
    if (result.collation.empty()) result.collation = each.collation;
  const auto all = [&](auto same) { return std::all_of(known.begin(), known.end(), same); };
  if (all([&](const ValueType& each) { return each.type == result.type; })) {
    // A modifier stays where every branch has it; an untyped literal has none.
    if (known.size() != types.size()) result.type = without_modifiers(result.type);
    return result;
  }
  result.type = without_modifiers(result.type);
  if (all([&](const ValueType& each) { return without_modifiers(each.type) == result.type; })) return result;
  result.type = plain(result.type);
  for (const auto& each : known) {
    const auto type = plain(each.type);
    if (type == result.type) continue;
    if (!preferred(result.type) && implicit(result.type, type) && !implicit(type, result.type)) result.type = type;
  }
  const auto reaches = [&](const ValueType& each) {
    return plain(each.type) == result.type || implicit(plain(each.type), result.type);
  };
  return all(reaches) ? result : ValueType{};
}

}  // namespace mig::operations
