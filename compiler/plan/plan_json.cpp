// Plan to plan.json, and the hash that is a plan's identity.
#include <cassert>
#include <nlohmann/json.hpp>

#include "compiler/plan/plan_fields.hpp"
#include "compiler/source/hash.hpp"

namespace mig::plan {

namespace {

using Json = nlohmann::ordered_json;

class Writer {
 public:
  template <class T>
  void must(const char* name, const T& value) {
    out[name] = json(value);
  }
  template <class T>
  void may(const char* name, const T& value) {
    if (!(is_default(value))) must(name, value);
  }
  template <class T>
  void may(const char* name, const T& value, const T& usual) {
    if (value != usual) must(name, value);
  }
  Json out = Json::object();

 private:
  static bool is_default(const std::string& value) { return value.empty(); }
  static bool is_default(const std::map<std::string, std::string>& value) { return value.empty(); }
  template <class T>
  static bool is_default(const std::vector<T>& value) {
    return value.empty();
  }
  template <class T>
  static bool is_default(const std::optional<T>& value) {
    return !value;
  }

  static Json json(const std::string& value) { return value; }
  static Json json(bool value) { return value; }
  static Json json(int value) { return value; }
  static Json json(long long value) { return value; }
  static Json json(const sql::Fragment& value) { return value.text(); }
  static Json json(sql::LockMode value) { return sql::to_string(value); }
  static Json json(sql::Work value) { return sql::to_string(value); }
  static Json json(sql::Phase value) { return sql::to_string(value); }
  static Json json(sql::Reversibility value) { return sql::to_string(value); }
  static Json json(const std::map<std::string, std::string>& value) { return value; }
  static Json json(const sql::Action& value) {
    Json made = std::visit([](const auto& action) { return json(action); }, value);
    Json out = {{"kind", action_kinds[value.index()]}};
    out.update(made);
    return out;
  }
  template <class T>
  static Json json(const std::vector<T>& values) {
    Json out = Json::array();
    for (const auto& value : values) out.push_back(json(value));
    return out;
  }
  template <class T>
  static Json json(const std::optional<T>& value) {
    return json(*value);
  }
  template <class T>
  static Json json(const T& value) {
    Writer writer;
    fields(writer, T{}, value);
    return writer.out;
  }
};

Json body(const Plan& plan) {
  Writer writer;
  fields(writer, Plan{}, plan);
  return std::move(writer.out);
}

}  // namespace

std::string content_hash(const nlohmann::json& content) { return source::sha256_hex(content.dump()); }

void seal(Plan& plan) {
  plan.sealed.clear();
  plan.sealed = hash(plan);
}

std::string hash(const Plan& plan) {
  if (!plan.sealed.empty()) return plan.sealed;
  nlohmann::json content = body(plan);
  content["mig_plan"] = plan.format;
  return content_hash(content);
}

std::string to_json(const Plan& plan) {
  Json out = {{"mig_plan", plan.format}, {"hash", hash(plan)}};
  out.update(body(plan));
  return out.dump(2) + "\n";
}

}  // namespace mig::plan
