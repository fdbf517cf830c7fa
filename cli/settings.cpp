// Settings with their origins.
#include "cli/settings.hpp"

#include "cli/options.hpp"
#include "cli/text.hpp"

namespace mig::cli {

namespace {

std::string milliseconds(int value) {
  return value % 1000 == 0 ? std::to_string(value / 1000) + "s" : std::to_string(value) + "ms";
}

class Lister {
 public:
  explicit Lister(const Config& config) : config_(config) {}
  void add(const std::string& name, const std::string& value) {
    const auto place = config_.places.find(name);
    list_.push_back({name, value, place == config_.places.end() ? "default" : place->second});
  }
  void add(const std::string& name, const std::string& value, const std::string& origin) {
    list_.push_back({name, value, origin});
  }
  std::vector<Said> take() && { return std::move(list_); }

 private:
  const Config& config_;
  std::vector<Said> list_;
};

void add_config(const Config& config, Lister& list) {
  list.add("migrations", config.migrations);
  list.add("catalog", config.catalog.value_or("none"));
  if (!config.sandbox_bin.empty()) list.add("sandbox_bin", config.sandbox_bin);
  if (config.pg != 0) list.add("pg", std::to_string(config.pg));
  const auto& policy = config.policy;
  list.add("policy.lock_timeout", milliseconds(policy.lock_timeout_ms));
  list.add("policy.statement_timeout",
           policy.statement_timeout_ms == 0 ? "none" : milliseconds(policy.statement_timeout_ms));
  list.add("policy.expect_timeout", milliseconds(policy.expect_timeout_ms));
  list.add("policy.lock_tries", std::to_string(policy.lock_tries));
  list.add("policy.batch", std::to_string(policy.batch));
  list.add("policy.pause", milliseconds(policy.pause_ms));
  for (const auto& target : config.targets) {
    const auto name = "target." + target.name;
    if (target.url_env.empty())
      list.add(name + ".url", "(given)");
    else
      list.add(name + ".url_env", target.url_env);
    if (target.protected_) list.add(name + ".protected", "true");
    if (target.default_) list.add(name + ".default", "true");
  }
}

void add_flags(const Invocation& call, Lister& list) {
  for (const auto& flag : global_flags()) {
    const std::string name = flag.name;
    if (name == "help" || name == "version" || !call.has(name)) continue;
    const auto value = name == "url" ? std::string("(given)") : call.value(name).value_or("on");
    list.add(name, value, call.flags.count(name) != 0 ? "--" + name : variable_of(name));
  }
}

}  // namespace

std::vector<Said> own_settings(const Invocation& call, const Project& project, const Connection& connection) {
  Lister list(project.config);
  const auto& target = connection.target();
  list.add("target", connection.name(), target.origin);
  list.add("protected", target.protected_ ? "true: wants --yes=" + connection.name() : "false", target.origin);
  list.add("mig.toml", project.config.file.empty() ? "none" : project.config.file,
           call.has("config") ? "--config" : "found from here upwards");
  add_config(project.config, list);
  add_flags(call, list);
  return std::move(list).take();
}

}  // namespace mig::cli
