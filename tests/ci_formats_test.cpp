// The documents for CI: valid, escaped, and the same bytes for the same report.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "cli/ci/report.hpp"
#include "compiler/hazards/hazard.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

using namespace mig::cli;
using nlohmann::json;

namespace {

Finding finding(Finding::Level level, const std::string& code, const std::string& message) {
  Finding made;
  made.level = level;
  made.code = code;
  made.message = message;
  return made;
}

// Everything that a name, a message of a server or a path may hold.
const std::string nasty =
    "50% of <a href=\"x\">&amp; 'b': c, d\r\n::error::x\t\x01\x1b[31m | ` \xff\xc3\x28 \xed\xa0\x80 ]]> é 漢 😀";

ci::Report nasty_report() {
  ci::Report report;
  report.command = "check";
  report.exit = 1;
  report.summary = nasty;
  report.prefix = "a b,c:100%/";
  report.fallback = "mig.toml";
  auto one = finding(Finding::Level::warning, "W0515", nasty);
  one.details = {nasty, ""};
  one.file = "migrations/ü <&>\".mig";
  one.region = {3, 5, 4, 2};
  one.fix = {{3, 5, 3, 7}, nasty};
  report.findings = {one, one, finding(Finding::Level::error, "drift", "no place"),
                     finding(Finding::Level::note, "pending", "")};
  ci::sort(report.findings);
  report.cases = {{nasty, report.findings, nasty, false}, {"skipped", {}, nasty, true}, {"good", {}, "", false}};
  report.body = "text\n";
  return report;
}

ci::Report every_code() {
  ci::Report report;
  report.command = "plan";
  for (const auto* code : mig::diagnostics::all_codes())
    report.findings.push_back(finding(Finding::Level::error, code->id, code->title));
  for (const auto* hazard : mig::hazards::all())
    report.findings.push_back(finding(Finding::Level::warning, hazard->code.id, hazard->code.title));
  return report;
}

json schema_of_sarif() {
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/tests/schemas/sarif-2.1.0-rtm.5.json");
  return json::parse(file);
}

// What the schema finds wrong; empty: nothing.
std::string breaches(const json& document) {
  static const auto text = schema_of_sarif();
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft4);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  std::string said;
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return said;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const auto& part : error.context) said += part;
    said += ": " + error.description + "\n";
  }
  return said;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// libxml2 reads it: 0, or what xmllint says.
int xmllint(const std::string& text) {
  const mig::tests::Scratch scratch;
  const auto report = scratch.path() / "report.xml";
  std::ofstream(report, std::ios::binary) << text;
  return std::system(("xmllint --noout " + report.string()).c_str());
}

}  // namespace

TEST_CASE("SARIF keeps the schema of 2.1.0") {
  CHECK(breaches(json::parse(ci::sarif(nasty_report()))) == "");
  CHECK(breaches(json::parse(ci::sarif(every_code()))) == "");
  CHECK(breaches(json::parse(ci::sarif(ci::report_of(Failure(usage, nasty), "apply")))) == "");
  auto wrong = json::parse(ci::sarif(nasty_report()));
  wrong["runs"][0]["results"][0].erase("message");
  CHECK(breaches(wrong) != "");
  wrong = json::parse(ci::sarif(nasty_report()));
  wrong["runs"][0]["results"][0]["level"] = "fatal";
  CHECK(breaches(wrong) != "");
}

TEST_CASE("SARIF results name their rule, and a path that a URI can hold") {
  const auto log = json::parse(ci::sarif(every_code()));
  const auto& run = log["runs"][0];
  std::set<std::string> ids;
  for (const auto& rule : run["tool"]["driver"]["rules"]) CHECK(ids.insert(rule["id"].get<std::string>()).second);
  for (const auto& result : run["results"])
    CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
  const auto nasty_log = json::parse(ci::sarif(nasty_report()));
  std::set<std::string> prints;
  for (const auto& result : nasty_log["runs"][0]["results"]) {
    const auto uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].get<std::string>();
    CHECK(uri.find_first_of(" \"<>,:") == std::string::npos);
    CHECK(prints.insert(result["partialFingerprints"]["primaryLocationLineHash"].get<std::string>()).second);
  }
}

TEST_CASE("a workflow command is one line, and no part of it ends another early") {
  const auto report = nasty_report();
  const auto lines = lines_of(ci::github(report));
  REQUIRE(lines.size() == report.findings.size());
  for (const auto& line : lines) {
    INFO(line);
    CHECK(line.rfind("::", 0) == 0);
    CHECK(line.find('\r') == std::string::npos);
    const auto properties = line.substr(2, line.find("::", 2) - 2);
    const auto list = properties.substr(properties.find(' ') + 1);
    CHECK(list.find(':') == std::string::npos);
    std::istringstream parts(list);
    for (std::string part; std::getline(parts, part, ',');) CHECK(part.find('=') != std::string::npos);
  }
  CHECK(lines[0].rfind("::error ", 0) == 0);  // errors first
  CHECK(lines[1].find("file=a b%2Cc%3A100%25/migrations/ü <&>\".mig,line=3,endLine=4,title=W0515::50%25 of") !=
        std::string::npos);
  CHECK(lines[1].find("%0D%0A::error::x") != std::string::npos);
}

TEST_CASE("GitLab's issues have what GitLab wants, and fingerprints of their own") {
  const auto issues = json::parse(ci::gitlab(nasty_report()));
  REQUIRE(issues.size() == 4);
  std::set<std::string> prints;
  for (const auto& issue : issues) {
    CHECK(prints.insert(issue["fingerprint"].get<std::string>()).second);
    CHECK(std::set<std::string>{"info", "minor", "major", "critical", "blocker"}.count(issue["severity"]) == 1);
    CHECK_FALSE(issue["location"]["path"].get<std::string>().empty());
    CHECK(issue["location"]["lines"]["begin"].get<int>() >= 1);
    CHECK(issue.contains("description"));
    CHECK(issue.contains("check_name"));
  }
}

TEST_CASE("JUnit's XML is well formed whatever stands in it") {
  CHECK(xmllint(ci::junit(nasty_report())) == 0);
  CHECK(xmllint(ci::junit(ci::report_of(Failure(usage, nasty), "apply"))) == 0);
  CHECK(xmllint("<a>" + nasty + "</a>") != 0);
  const auto text = ci::junit(nasty_report());
  CHECK(text.find("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"") != std::string::npos);
  CHECK(text.find("漢 😀") != std::string::npos);
}

TEST_CASE("Markdown keeps its table, its rows and its hidden first line") {
  const auto lines = lines_of(ci::markdown(nasty_report()));
  CHECK(lines[0] == "<!-- mig check a b,c:100%/ -->");
  CHECK(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.rfind("| ", 0) == 0; }) == 5);
  for (const auto& line : lines) {
    CHECK(line.find("<a ") == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("the same report is the same bytes") {
  for (const auto format : {ci::github, ci::sarif, ci::gitlab, ci::junit, ci::markdown}) {
    CHECK(format(nasty_report()) == format(nasty_report()));
    CHECK(format(every_code()) == format(every_code()));
  }
}

TEST_CASE("an issue stays the same one when lines are added above it") {
  auto report = nasty_report();
  const auto before = json::parse(ci::gitlab(report))[1]["fingerprint"];
  report.findings[1].region.line += 10;
  CHECK(json::parse(ci::gitlab(report))[1]["fingerprint"] == before);
}
