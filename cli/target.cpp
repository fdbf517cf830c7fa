// The target chain.
#include "cli/target.hpp"

#include <fmt/format.h>

#include "cli/failure.hpp"
#include "cli/options.hpp"
#include "cli/url.hpp"

namespace mig::cli {

namespace {

Choice sandbox(const std::string& name, const std::string& origin) {
  Choice choice;
  choice.target.name = name;
  choice.target.origin = origin;
  choice.sandbox = choice.playground = true;
  return choice;
}

Choice at_url(const std::string& url, const std::string& name, const std::string& origin, bool guarded) {
  if (url == "sandbox:") return sandbox(name.empty() ? "sandbox" : name, origin);
  const auto clean = clean_url(url);
  Choice choice;
  choice.target = {name, clean.conninfo, origin, guarded};
  choice.playground = name == "dev" && !guarded;
  if (!clean.search_path.empty())
    choice.warnings.push_back(fmt::format("{}: schema={} is taken as search_path", origin, clean.search_path));
  if (!clean.ignored.empty())
    choice.warnings.push_back(fmt::format("{}: ignored, not PostgreSQL's: {}", origin, fmt::join(clean.ignored, ", ")));
  if (clean.pooler)
    choice.warnings.push_back(origin + ": pgbouncer=true names a pooler; mig needs the address of the server itself");
  return choice;
}

Choice configured(const TargetConfig& target, const Config& config, const Environment& environment) {
  const auto place = fmt::format("{} [target.{}]", config.file, target.name);
  if (!target.url.empty()) {
    auto choice = at_url(target.url, target.name, place, target.protected_);
    if (has_password(target.url))
      choice.warnings.push_back(fmt::format("{}:{}: a password stands in the file; name a variable: url_env = \"…\"",
                                            config.file, target.line));
    return choice;
  }
  const auto variable = environment.get(target.url_env);
  if (!variable)
    throw Failure(usage,
                  fmt::format("the target `{}` is at the URL in {}, which is not set", target.name, target.url_env))
        .at(fmt::format("{}:{}", config.file, target.line))
        .state("nothing was done")
        .then("export " + target.url_env + "=postgresql://USER@HOST:5432/DATABASE");
  return at_url(variable->value, target.name, variable->origin, target.protected_);
}

Choice by_name(const std::string& name, const std::string& origin, const Config& config,
               const Environment& environment) {
  if (const auto* target = config.target(name)) return configured(*target, config, environment);
  if (name == "sandbox") return sandbox(name, origin);
  std::vector<std::string> names{"sandbox"};
  for (const auto& target : config.targets) names.push_back(target.name);
  throw Failure(usage, fmt::format("no target `{}`{}", name, did_you_mean(name, names)))
      .at(config.file.empty() ? origin + " (there is no mig.toml)" : config.file)
      .then(fmt::format("one of: {}", fmt::join(names, ", ")));
}

const TargetConfig* default_target(const Config& config) {
  for (const auto& target : config.targets)
    if (target.default_) return &target;
  return nullptr;
}

// DATABASE_URL counts as protected, since it is set where the application runs, unless mig.toml names it.
Choice database_url(const Variable& variable, const Config& config, const Environment& environment) {
  for (const auto& target : config.targets)
    if (target.url_env == "DATABASE_URL") return configured(target, config, environment);
  return at_url(variable.value, "", variable.origin, true);
}

std::optional<Choice> by_libpq(const Environment& environment) {
  for (const auto* name : {"PGHOST", "PGSERVICE", "PGDATABASE", "PGSERVICEFILE"})
    if (const auto variable = environment.get(name)) return at_url("", "", variable->origin, variable->from_file);
  return std::nullopt;
}

std::string first_of(const Environment& environment, std::initializer_list<const char*> names,
                     const std::string& otherwise) {
  for (const auto* name : names)
    if (const auto variable = environment.get(name)) return variable->value;
  return otherwise;
}

// A sandbox is not what somebody means whose environment names a server in the words of another framework.
void refuse_db_host(const Environment& environment) {
  const auto host = environment.get("DB_HOST"), name = environment.get("DB_NAME"),
             database = environment.get("DB_DATABASE");
  if (!host && !name && !database) return;
  const bool password = environment.get("DB_PASSWORD").has_value();
  throw Failure(usage, "no target is named; DB_HOST and its like are set, but mig reads DATABASE_URL")
      .at((host   ? host
           : name ? name
                  : database)
              ->origin)
      .state("nothing was done; --sandbox would start a throwaway server instead")
      .then(fmt::format("DATABASE_URL={}postgresql://{}{}@{}:{}/{}{}", password ? "\"" : "",
                        first_of(environment, {"DB_USER", "DB_USERNAME"}, "postgres"), password ? ":$DB_PASSWORD" : "",
                        first_of(environment, {"DB_HOST"}, "localhost"), first_of(environment, {"DB_PORT"}, "5432"),
                        first_of(environment, {"DB_NAME", "DB_DATABASE"}, "postgres"), password ? "\"" : ""));
}

Choice on_command_line(const Invocation& call, const Config& config, const Environment& environment) {
  const auto flag = [&](const char* name) { return call.flags.find(name); };
  if (flag("url") != call.flags.end()) {
    const auto& url = *flag("url")->second;
    auto choice = at_url(url, "", "--url", false);
    if (has_password(url))
      choice.warnings.emplace_back(
          "the password in --url is visible to everyone who can run ps: use ~/.pgpass or url_env");
    return choice;
  }
  if (flag("target") != call.flags.end()) return by_name(*flag("target")->second, "--target", config, environment);
  return by_name("sandbox", "--sandbox", config, environment);
}

Choice chain(const Invocation& call, const Config& config, const Environment& environment) {
  if (const auto url = environment.get("MIG_URL")) return at_url(url->value, "", url->origin, url->from_file);
  if (const auto name = environment.get("MIG_TARGET")) return by_name(name->value, name->origin, config, environment);
  if (call.has("sandbox")) return by_name("sandbox", "MIG_SANDBOX", config, environment);
  if (const auto* target = default_target(config)) return configured(*target, config, environment);
  if (const auto url = environment.get("DATABASE_URL")) return database_url(*url, config, environment);
  if (auto choice = by_libpq(environment)) return std::move(*choice);
  refuse_db_host(environment);
  return sandbox("sandbox", "no target is named");
}

}  // namespace

Choice choose_target(const Invocation& call, const Config& config, const Environment& environment) {
  for (const auto* name : {"url", "target", "sandbox"})
    if (call.flags.count(name) != 0) {
      auto choice = on_command_line(call, config, environment);
      choice.named = true;
      return choice;
    }
  return chain(call, config, environment);
}

std::string target_flag(const Choice& choice) {
  if (!choice.named) return "";
  if (choice.target.origin == "--url") return " --url …";
  return choice.sandbox && choice.target.name == "sandbox" ? " --sandbox" : " --target " + choice.target.name;
}

}  // namespace mig::cli
