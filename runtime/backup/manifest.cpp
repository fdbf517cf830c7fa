// manifest.json, written and read by nlohmann's library.
#include "runtime/backup/manifest.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "compiler/plan/plan_fields.hpp"

namespace mig::runtime::backup {

namespace fs = std::filesystem;

namespace {

nlohmann::json entry_json(const Entry& entry) {
  nlohmann::json json{
      {"path", entry.path}, {"kind", entry.kind}, {"bytes", entry.sum.bytes}, {"sha256", entry.sum.sha256}};
  if (!entry.source.empty()) json["source"] = entry.source;
  if (entry.rows >= 0) json["rows"] = entry.rows;
  if (entry.mode != 0) json["mode"] = entry.mode;
  return json;
}

Entry entry_of(const nlohmann::json& json) {
  Entry entry;
  entry.path = json.at("path").get<std::string>();
  entry.kind = json.at("kind").get<std::string>();
  entry.sum = {json.at("bytes").get<long long>(), json.at("sha256").get<std::string>()};
  entry.source = json.value("source", "");
  entry.rows = json.value("rows", -1LL);
  entry.mode = json.value("mode", 0);
  return entry;
}

nlohmann::json content(const Manifest& manifest) {
  nlohmann::json json{
      {"mig_backup", manifest_format}, {"migration", manifest.migration}, {"database", manifest.database},
      {"server", manifest.server},     {"made", manifest.made},           {"run", manifest.run},
      {"way", manifest.way},           {"read_back", manifest.read_back}, {"entries", nlohmann::json::array()}};
  for (const auto& entry : manifest.entries) json["entries"].push_back(entry_json(entry));
  if (!manifest.rows.empty()) json["rows"] = manifest.rows;
  return json;
}

Manifest manifest_of(const nlohmann::json& json) {
  Manifest manifest;
  manifest.migration = json.at("migration").get<std::string>();
  manifest.database = json.at("database").get<std::string>();
  manifest.server = json.at("server").get<std::string>();
  manifest.made = json.at("made").get<std::string>();
  manifest.run = json.at("run").get<long long>();
  manifest.way = json.at("way").get<std::string>();
  manifest.read_back = json.at("read_back").get<std::string>();
  for (const auto& entry : json.at("entries")) manifest.entries.push_back(entry_of(entry));
  if (json.contains("rows")) manifest.rows = json["rows"].get<std::map<std::string, long long>>();
  return manifest;
}

// Of a file in the folder, against what the manifest says of it.
std::string problem_of(const fs::path& folder, const Entry& entry) {
  std::error_code error;
  if (!fs::exists(folder / entry.path, error)) return (folder / entry.path).string() + " is gone";
  try {
    if (sum_of(folder / entry.path).sha256 == entry.sum.sha256) return {};
  } catch (const Failed& failed) {
    return failed.what();
  }
  return (folder / entry.path).string() + " is not what was written";
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  auto json = content(manifest);
  const auto hash = plan::content_hash(json);
  json["sha256"] = hash;
  return json.dump(2) + "\n";
}

std::optional<Manifest> from_json(const std::string& text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("mig_backup", 0) != manifest_format) return std::nullopt;
  try {
    const auto hash = json.at("sha256").get<std::string>();
    json.erase("sha256");
    if (plan::content_hash(json) != hash) return std::nullopt;
    return manifest_of(json);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::optional<Manifest> read_manifest(const fs::path& folder) {
  std::ifstream in(folder / manifest_name, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return from_json(text.str());
}

long long bytes_of(const Manifest& manifest) {
  long long bytes = 0;
  for (const auto& entry : manifest.entries) bytes += entry.sum.bytes;
  return bytes;
}

std::vector<std::string> damage(const fs::path& folder, const std::string& hash) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {folder.string() + " is gone"};
  const auto file = folder / manifest_name;
  if (!fs::exists(file, error)) return {file.string() + " is gone"};
  const auto manifest = read_manifest(folder);
  if (!manifest) return {file.string() + " is not what was written"};
  std::vector<std::string> problems;
  if (!hash.empty() && sum_of(file).sha256 != hash)
    problems.push_back(file.string() + " is not the one of the journal");
  for (const auto& entry : manifest->entries)
    if (auto problem = problem_of(folder, entry); !problem.empty()) problems.push_back(std::move(problem));
  return problems;
}

}  // namespace mig::runtime::backup
