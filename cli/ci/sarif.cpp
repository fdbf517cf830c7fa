// SARIF 2.1.0 (OASIS): one run, its rules, its results. tests/schemas holds the schema that it is held against.
#include <map>
#include <nlohmann/json.hpp>

#include "cli/ci/report.hpp"
#include "cli/explanations.hpp"
#include "cli/options.hpp"
#include "compiler/source/hash.hpp"

namespace mig::cli::ci {

namespace {

using Json = nlohmann::ordered_json;

// A URI reference: everything but what RFC 3986 leaves as it is goes as %XX.
std::string uri_of(const std::string& path) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr const char* digits = "0123456789ABCDEF";
  std::string uri;
  for (const unsigned char c : path)
    if (c != 0 && std::string_view(plain).find(static_cast<char>(c)) != std::string_view::npos)
      uri += static_cast<char>(c);
    else
      uri += {'%', digits[c >> 4U], digits[c & 15U]};
  return uri;
}

Json region_of(const Region& region) {
  Json json{{"startLine", region.line}};
  if (region.column != 0) json["startColumn"] = region.column;
  if (region.end_line != 0) json["endLine"] = region.end_line;
  if (region.end_column != 0) json["endColumn"] = region.end_column;
  return json;
}

Json rule_of(const std::string& code) {
  Json rule{{"id", code}, {"shortDescription", {{"text", title_of(code)}}}};
  if (const auto more = explanation(code); !more.empty()) rule["fullDescription"] = {{"text", more}};
  if (title_of(code) != code) rule["help"] = {{"text", "mig explain " + code}};
  return rule;
}

Json fix_of(const std::pair<Region, std::string>& fix, const std::string& uri) {
  Json replacement{{"deletedRegion", region_of(fix.first)}, {"insertedContent", {{"text", fix.second}}}};
  return {{"description", {{"text", "write: " + fix.second}}},
          {"artifactChanges", {{{"artifactLocation", {{"uri", uri}}}, {"replacements", Json::array({replacement})}}}}};
}

Json result_of(const Finding& finding, const Report& report, std::size_t rule, int again) {
  Json result{{"ruleId", finding.code},
              {"ruleIndex", rule},
              {"level", to_string(finding.level)},
              {"message", {{"text", words_of(finding)}}}};
  const auto path = path_of(finding, report);
  if (!path.empty()) {
    Json place{{"artifactLocation", {{"uri", uri_of(path)}}}};
    if (finding.region.line != 0) place["region"] = region_of(finding.region);
    result["locations"] = Json::array({{{"physicalLocation", place}}});
  }
  // What code scanning recognises a finding by when lines move: its words, not its line.
  const auto identity = finding.code + '\n' + path + '\n' + finding.message;
  result["partialFingerprints"] = {
      {"primaryLocationLineHash", source::sha256_hex(identity).substr(0, 16) + ":" + std::to_string(again)}};
  if (finding.fix) result["fixes"] = Json::array({fix_of(*finding.fix, uri_of(path))});
  return result;
}

}  // namespace

std::string sarif(const Report& report) {
  std::map<std::string, std::size_t> rules;
  std::map<std::string, int> seen;
  Json rule_list = Json::array(), results = Json::array();
  for (const auto& finding : report.findings) {
    const auto [rule, added] = rules.emplace(finding.code, rules.size());
    if (added) rule_list.push_back(rule_of(finding.code));
    const auto again = ++seen[finding.code + '\n' + path_of(finding, report) + '\n' + finding.message];
    results.push_back(result_of(finding, report, rule->second, again));
  }
  Json driver{{"name", "mig"}, {"version", version()}, {"rules", rule_list}};
  Json invocation{{"executionSuccessful", report.exit <= 2}, {"exitCode", report.exit}};
  Json run{{"tool", {{"driver", driver}}},
           {"invocations", Json::array({invocation})},
           {"automationDetails", {{"id", "mig/" + report.command + "/"}}},
           {"columnKind", "unicodeCodePoints"},
           {"results", results}};
  Json log{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mig::cli::ci
