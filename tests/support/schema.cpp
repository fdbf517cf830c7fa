// A small validator: enough to hold docs/plan.schema.json and what mig writes together.
#include "tests/support/schema.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace mig::tests {

namespace {

using nlohmann::json;

class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}

  std::string check(const json& schema, const json& value, const std::string& at) const {
    if (schema.contains("$ref")) {
      const auto target = schema["$ref"].get<std::string>().substr(1);
      if (auto breach = check(root_.at(json::json_pointer(target)), value, at); !breach.empty()) return breach;
    }
    for (const auto& [keyword, rule] : schema.items())
      if (auto breach = one(keyword, rule, schema, value, at); !breach.empty()) return breach;
    return {};
  }

 private:
  static bool of_type(const std::string& type, const json& value) {
    if (type == "integer") return value.is_number_integer();
    return type == value.type_name();
  }

  std::string one(const std::string& keyword, const json& rule, const json& schema, const json& value,
                  const std::string& at) const {
    static const std::set<std::string> words{"$ref", "$schema", "$defs", "title", "description"};
    if (words.count(keyword) != 0) return {};
    if (keyword == "type") return of_type(rule, value) ? "" : at + ": not of type " + rule.dump();
    if (keyword == "const") return value == rule ? "" : at + ": not " + rule.dump();
    if (keyword == "enum")
      return std::find(rule.begin(), rule.end(), value) != rule.end() ? "" : at + ": not one of " + rule.dump();
    if (keyword == "minLength")
      return value.get<std::string>().size() >= rule.get<std::size_t>() ? "" : at + ": too short";
    if (keyword == "minimum") return value.get<long long>() >= rule.get<long long>() ? "" : at + ": too small";
    if (keyword == "required") return required(rule, value, at);
    if (keyword == "properties") return properties(rule, value, at);
    if (keyword == "additionalProperties") return additional(rule, schema, value, at);
    if (keyword == "items") return items(rule, value, at);
    if (keyword == "oneOf") return one_of(rule, value, at);
    return at + ": the validator does not know " + keyword;
  }

  static std::string required(const json& names, const json& value, const std::string& at) {
    for (const auto& name : names)
      if (!value.contains(name.get<std::string>())) return at + ": lacks " + name.dump();
    return {};
  }
  std::string properties(const json& rules, const json& value, const std::string& at) const {
    for (const auto& [name, rule] : rules.items())
      if (value.contains(name))
        if (auto breach = check(rule, value[name], at + "/" + name); !breach.empty()) return breach;
    return {};
  }
  std::string additional(const json& rule, const json& schema, const json& value, const std::string& at) const {
    for (const auto& [name, item] : value.items()) {
      if (schema.contains("properties") && schema["properties"].contains(name)) continue;
      if (rule == false) return at + "/" + name + ": not in the schema";
      if (auto breach = check(rule, item, at + "/" + name); !breach.empty()) return breach;
    }
    return {};
  }
  std::string items(const json& rule, const json& value, const std::string& at) const {
    for (std::size_t i = 0; i < value.size(); ++i)
      if (auto breach = check(rule, value[i], at + "/" + std::to_string(i)); !breach.empty()) return breach;
    return {};
  }
  std::string one_of(const json& rules, const json& value, const std::string& at) const {
    std::string breaches;
    int valid = 0;
    for (const auto& rule : rules) {
      const auto breach = check(rule, value, at);
      if (breach.empty()) ++valid;
      breaches += " | " + breach;
    }
    return valid == 1 ? "" : at + ": " + std::to_string(valid) + " alternatives fit:" + breaches;
  }

  const json& root_;
};

}  // namespace

std::string schema_breach(const json& schema, const json& value) { return Validator(schema).check(schema, value, ""); }

}  // namespace mig::tests
