// mig.toml by toml++.
#include "cli/config.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>

#include "cli/failure.hpp"
#include "cli/options.hpp"
#include "cli/quantity.hpp"

namespace mig::cli {

namespace {

class Reader {
 public:
  Reader(std::string file, std::filesystem::path root) : file_(std::move(file)) {
    config_.file = file_;
    config_.root = std::move(root);
  }

  Config read(const toml::table& document) {
    expect(document, "mig.toml", {"migrations", "catalog", "sandbox_bin", "pg", "policy", "target"});
    note_places(document, "");
    if (const auto* node = document.get("migrations")) config_.migrations = text(*node, "migrations");
    if (const auto* node = document.get("catalog")) config_.catalog = text(*node, "catalog");
    if (const auto* node = document.get("sandbox_bin")) config_.sandbox_bin = text(*node, "sandbox_bin");
    if (const auto* node = document.get("pg")) config_.pg = whole(*node, "pg", 13, 18);
    if (const auto* node = document.get("policy")) policy(table(*node, "policy"));
    if (const auto* node = document.get("target")) targets(table(*node, "target"));
    return std::move(config_);
  }

 private:
  [[nodiscard]] Failure mistake(const toml::node& node, const std::string& what) const {
    const auto place = node.source().begin;
    return Failure(usage, what).at(fmt::format("{}:{}:{}", file_, place.line, place.column)).then("mig help config");
  }

  void expect(const toml::table& table, const std::string& what, const std::vector<std::string>& known) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const auto place = key.source().begin;
      throw Failure(usage, "no key `" + name + "` in " + what + did_you_mean(name, known))
          .at(fmt::format("{}:{}:{}", file_, place.line, place.column))
          .then("one of: " + fmt::format("{}", fmt::join(known, ", ")));
    }
  }

  void note_places(const toml::table& table, const std::string& before) {
    for (const auto& [key, node] : table) {
      const auto name = before + std::string(key.str());
      if (const auto* inner = node.as_table())
        note_places(*inner, name + ".");
      else
        config_.places[name] = fmt::format("{}:{}", file_, key.source().begin.line);
    }
  }

  std::string text(const toml::node& node, const std::string& key) const {
    if (const auto* value = node.as_string()) return value->get();
    throw mistake(node, "`" + key + "` must be a string in quotes");
  }

  bool truth(const toml::node& node, const std::string& key) const {
    if (const auto* value = node.as_boolean()) return value->get();
    throw mistake(node, "`" + key + "` must be true or false");
  }

  int whole(const toml::node& node, const std::string& key, int least, int most) const {
    const auto* value = node.as_integer();
    if (value != nullptr && value->get() >= least && value->get() <= most) return static_cast<int>(value->get());
    throw mistake(node, fmt::format("`{}` must be a whole number from {} to {}", key, least, most));
  }

  const toml::table& table(const toml::node& node, const std::string& key) const {
    if (const auto* value = node.as_table()) return *value;
    throw mistake(node, "`" + key + "` must be a table: [" + key + "]");
  }

  int milliseconds(const toml::node& node, const std::string& key) const {
    const auto value = read_milliseconds(text(node, key));
    if (!value) throw mistake(node, "`" + key + "` must be a duration like \"500ms\", \"2s\" or \"5min\"");
    return *value;
  }

  void policy(const toml::table& table) {
    expect(table, "[policy]", {"lock_timeout", "statement_timeout", "lock_tries", "batch", "pause", "expect_timeout"});
    if (const auto* node = table.get("lock_timeout"))
      config_.policy.lock_timeout_ms = milliseconds(*node, "lock_timeout");
    if (const auto* node = table.get("statement_timeout"))
      config_.policy.statement_timeout_ms = milliseconds(*node, "statement_timeout");
    if (const auto* node = table.get("lock_tries")) config_.policy.lock_tries = whole(*node, "lock_tries", 1, 10000);
    if (const auto* node = table.get("batch")) config_.policy.batch = whole(*node, "batch", 1, 100000);
    if (const auto* node = table.get("pause")) config_.policy.pause_ms = milliseconds(*node, "pause");
    if (const auto* node = table.get("expect_timeout")) {
      config_.policy.expect_timeout_ms = milliseconds(*node, "expect_timeout");
      if (config_.policy.expect_timeout_ms == 0) throw mistake(*node, "`expect_timeout` must be longer than 0");
    }
    // 0 would mean: wait for ever in the lock queue, with every client waiting behind.
    if (config_.policy.lock_timeout_ms == 0)
      throw mistake(*table.get("lock_timeout"),
                    "`lock_timeout` must be longer than 0: without it clients queue behind mig");
  }

  void targets(const toml::table& all) {
    const TargetConfig* default_target = nullptr;
    config_.targets.reserve(all.size());
    for (const auto& [key, node] : all) {
      const std::string name(key.str());
      auto made = target(name, table(node, "target." + name));
      made.line = static_cast<int>(node.source().begin.line);
      if (made.default_ && default_target != nullptr)
        throw mistake(node, "two targets with `default = true`: " + default_target->name + " and " + name);
      config_.targets.push_back(std::move(made));
      if (config_.targets.back().default_) default_target = &config_.targets.back();
    }
  }

  TargetConfig target(const std::string& name, const toml::table& table) const {
    expect(table, "[target." + name + "]", {"url", "url_env", "protected", "default"});
    TargetConfig made;
    made.name = name;
    if (const auto* node = table.get("url")) made.url = text(*node, "url");
    if (const auto* node = table.get("url_env")) made.url_env = text(*node, "url_env");
    if (const auto* node = table.get("protected")) made.protected_ = truth(*node, "protected");
    if (const auto* node = table.get("default")) made.default_ = truth(*node, "default");
    if (made.url.empty() == made.url_env.empty())
      throw mistake(table, "[target." + name + "] needs either `url` or `url_env`");
    return made;
  }

  std::string file_;
  Config config_;
};

}  // namespace

const TargetConfig* Config::target(const std::string& name) const {
  for (const auto& target : targets)
    if (target.name == name) return &target;
  return nullptr;
}

Config read_config(const std::string& text, const std::string& file, const std::filesystem::path& root) {
  try {
    const auto document = toml::parse(text, file);
    return Reader(file, root).read(document);
  } catch (const toml::parse_error& error) {
    const auto place = error.source().begin;
    throw Failure(usage, std::string("mig.toml does not read: ") + std::string(error.description()))
        .at(fmt::format("{}:{}:{}", file, place.line, place.column))
        .then("mend that line; mig help config shows the keys");
  }
}

std::optional<std::filesystem::path> find_config(const std::filesystem::path& start) {
  std::error_code ignored;
  for (auto folder = start;; folder = folder.parent_path()) {
    if (std::filesystem::is_regular_file(folder / "mig.toml", ignored)) return folder / "mig.toml";
    const bool top = std::filesystem::exists(folder / ".git", ignored);
    if (top || folder == folder.parent_path()) return std::nullopt;
  }
}

}  // namespace mig::cli
