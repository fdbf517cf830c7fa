// Plans as data: the JSON round trip, the hash, damage, the schema; bytes for the journal.
#include "compiler/plan/plan.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "compiler/plan/compress.hpp"
#include "compiler/plan/journal.hpp"
#include "compiler/plan/plan_check.hpp"
#include "compiler/plan/print.hpp"
#include "compiler/plan/script.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plans.hpp"
#include "tests/support/schema.hpp"

using namespace mig;
using nlohmann::json;

namespace {

struct Read {
  std::optional<plan::Plan> plan;
  std::string message;
  std::string code;
};

Read read(const std::string& text) {
  diagnostics::Sink sink;
  Read out;
  out.plan = plan::from_json(text, "plan.json", sink);
  if (!sink.list().empty()) {
    out.message = sink.list().front().message;
    out.code = sink.list().front().code->id;
  }
  CHECK(out.plan.has_value() == sink.list().empty());
  return out;
}

std::string changed(const std::string& pointer, const json& value) {
  auto content = json::parse(plan::to_json(tests::sample_plan(15)));
  content[json::json_pointer(pointer)] = value;
  return content.dump();
}

}  // namespace

TEST_CASE("a plan comes back from its JSON as it was") {
  const auto sample = tests::sample_plan(15);
  REQUIRE(plan::inconsistency(sample).empty());
  const auto text = plan::to_json(sample);
  const auto again = read(text);
  REQUIRE(again.plan);
  CHECK(plan::to_json(*again.plan) == text);
  CHECK(plan::hash(*again.plan) == plan::hash(sample));
  CHECK(text.find(plan::hash(sample)) != std::string::npos);
  CHECK(text.back() == '\n');
}

TEST_CASE("blanks and the order of keys are not content; everything else is") {
  const auto text = plan::to_json(tests::sample_expand(15));
  CHECK(read(json::parse(text).dump()).plan);  // keys sorted, no blanks
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = "x0 \""[i % 4];
    if (text[i] == c) continue;
    auto other = text;
    other[i] = c;
    diagnostics::Sink sink;
    const auto plan = plan::from_json(other, "plan.json", sink);
    if (!plan) continue;
    ++accepted;
    REQUIRE(plan::to_json(*plan) == text);  // only a blank for a blank or a line end
  }
  INFO(accepted);
  CHECK(accepted < text.size());
}

TEST_CASE("cutting a plan anywhere is noticed") {
  const auto text = plan::to_json(tests::sample_plan(15));
  for (std::size_t length = 0; length + 2 < text.size(); length += 97) {
    diagnostics::Sink sink;
    REQUIRE_FALSE(plan::from_json(text.substr(0, length), "plan.json", sink));
    REQUIRE(sink.has_errors());
  }
}

TEST_CASE("damage is said with its place") {
  CHECK(read("{}").message.find("/mig_plan") != std::string::npos);
  CHECK(read("[1]").code == "E0601");
  CHECK(read("\xff\xfe").code == "E0601");
  CHECK(read(changed("/steps/0/phase", 3)).message.find("`/steps/0/phase` is number") != std::string::npos);
  CHECK(read(changed("/steps/0/phase", "later")).message.find("/steps/0/phase") != std::string::npos);
  CHECK(read(changed("/steps/2/action/kind", "magic")).message.find("/steps/2/action/kind") != std::string::npos);
  CHECK(read(changed("/steps/1/after/0", "expand/9")).message.find("/steps/1/after/0") != std::string::npos);
  CHECK(read(changed("/steps/1/id", "expand/1")).message.find("/steps/1/id") != std::string::npos);
  CHECK(read(changed("/steps/0/extra", 1)).message.find("/steps/0/extra") != std::string::npos);
  CHECK(read(changed("/steps/0/back/0/back", json::array({json::object()}))).message.find("way back") !=
        std::string::npos);
  CHECK(read(changed("/steps/0/title", std::string("a\0b", 3))).message.find("NUL") != std::string::npos);
  CHECK(read(changed("/policy/lock_tries", 0)).message.find("/policy") != std::string::npos);
  CHECK(read(changed("/policy/lock_timeout_ms", 99999999999LL)).message.find("/policy/lock_timeout_ms") !=
        std::string::npos);
}

TEST_CASE("an edited plan is refused by its hash, a newer format by its number") {
  CHECK(read(changed("/steps/0/title", "other")).code == "E0602");
  CHECK(read(changed("/hash", std::string(64, '0'))).code == "E0602");
  const auto newer = read(changed("/mig_plan", 2));
  CHECK(newer.code == "E0603");
  CHECK(newer.message.find("format 2") != std::string::npos);
}

TEST_CASE("plan.json keeps its published schema") {
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/docs/plan.schema.json");
  const auto schema = json::parse(file);
  for (const auto& plan : {tests::sample_plan(15), tests::sample_expand(18)})
    CHECK(tests::schema_breach(schema, json::parse(plan::to_json(plan))) == "");
  auto wrong = json::parse(plan::to_json(tests::sample_plan(15)));
  wrong["steps"][0]["action"]["kind"] = "magic";
  CHECK(tests::schema_breach(schema, wrong) != "");
  wrong = json::parse(plan::to_json(tests::sample_plan(15)));
  wrong["more"] = 1;
  CHECK(tests::schema_breach(schema, wrong) != "");
}

TEST_CASE("batches are plan.json too, and a plan from before them reads with their usual size") {
  auto plan = tests::sample_expand(15);
  plan.sealed.clear();
  plan.policy.batch = 7;
  auto& step = plan.steps.front();
  step.action = sql::Batches{{{sql::sql("UPDATE t SET a = 1"), {}, sql::Work::instant, ""}},
                             {sql::sql("SELECT false AS more")},
                             sql::sql("SELECT 1, 'null', 2, 3")};
  step.back.front().left = sql::sql("SELECT 't', 1, '1', 'k'");
  const auto text = plan::to_json(plan);
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/docs/plan.schema.json");
  CHECK(tests::schema_breach(json::parse(file), json::parse(text)) == "");
  const auto again = read(text);
  REQUIRE(again.plan);
  CHECK(plan::to_json(*again.plan) == text);
  CHECK(again.plan->policy.batch == 7);
  CHECK(again.plan->policy.pause_ms == 0);
  CHECK(std::get<sql::Batches>(again.plan->steps.front().action).statements.size() == 1);
  const auto older = plan::to_json(tests::sample_plan(15));
  CHECK(older.find("\"batch\"") == std::string::npos);
  CHECK(read(older).plan->policy.batch == 5000);
}

TEST_CASE("what only looks is plan.json too: assertions, measurements, gates, backups, a window") {
  const auto plan = tests::waiting_plan();
  REQUIRE(plan::inconsistency(plan) == "");
  const auto text = plan::to_json(plan);
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/docs/plan.schema.json");
  CHECK(tests::schema_breach(json::parse(file), json::parse(text)) == "");
  const auto again = read(text);
  REQUIRE(again.plan);
  CHECK(plan::to_json(*again.plan) == text);
  CHECK(again.plan->policy.window->zone == "Africa/Lagos");
  const auto& backup = std::get<sql::Backup>(again.plan->steps.at(1).action);
  CHECK(backup.tables.size() == 1);
  CHECK(backup.keep_seconds == 2592000);
  CHECK(std::get<sql::Gate>(again.plan->steps.at(4).action).approval == "looked");
}

TEST_CASE("what only looks stands in its own phase, and gates stand first") {
  const auto breach = [](const auto& change) {
    auto plan = tests::waiting_plan();
    change(plan);
    return plan::inconsistency(plan);
  };
  using Plan = plan::Plan;
  CHECK(breach([](Plan& p) { std::swap(p.steps[1].action, p.steps[2].action); }) ==
        "`/steps/1` is an assertion outside require and verify");
  CHECK(breach([](Plan& p) { p.steps[0].action = p.steps[3].action; }) ==
        "`/steps/0` changes something in a phase that only looks");
  CHECK(breach([](Plan& p) { std::swap(p.steps[4].action, p.steps[5].action); }) ==
        "`/steps/5` is a gate behind steps of its phase");
  CHECK(breach([](Plan& p) { std::get<sql::Assert>(p.steps[2].action).timeout_ms = 0; }) != "");
  CHECK(breach([](Plan& p) { std::get<sql::Gate>(p.steps[6].action).after_seconds = -1; }) != "");
  CHECK(breach([](Plan& p) { std::get<sql::Backup>(p.steps[1].action).tables.clear(); }) != "");
  CHECK(breach([](Plan& p) { p.policy.window->to = p.policy.window->from; }) == "`/policy/window` is no time of day");
}

TEST_CASE("states follow the phases that a plan has") {
  using plan::journal::State;
  using sql::Phase;
  const auto plan = tests::waiting_plan();
  CHECK(plan::journal::after_phase(plan, Phase::require) == State::pending);
  CHECK(plan::journal::after_phase(plan, Phase::expand) == State::expanded);
  CHECK(plan::journal::before_phase(plan, Phase::verify) == State::expanded);
  CHECK(plan::journal::after_phase(plan, Phase::verify) == State::verified);
  CHECK(plan::journal::complete(plan) == State::verified);
  CHECK(plan::journal::before_phase(plan, Phase::contract) == State::verified);
  const auto old = tests::sample_plan(15);
  CHECK(plan::journal::complete(old) == State::expanded);
  CHECK(plan::journal::complete(tests::sample_expand(15)) == State::expanded);
}

TEST_CASE("bytes of the journal come back, and damage does not") {
  std::string bytes;
  for (int i = 0; i < 200000; ++i) bytes += static_cast<char>(i * i % 251);
  const auto small = plan::compress(bytes);
  CHECK(small.size() < bytes.size());
  CHECK(plan::decompress(small) == bytes);
  CHECK(plan::decompress(plan::compress("")) == "");
  CHECK_FALSE(plan::decompress(small.substr(0, small.size() - 1)));
  CHECK_FALSE(plan::decompress(small + "x"));
  CHECK_FALSE(plan::decompress("not zlib"));
  CHECK_FALSE(plan::decompress(small, 1000));
  CHECK(plan::base64("") == "");
  CHECK(plan::base64("f") == "Zg==");
  CHECK(plan::base64("fo") == "Zm8=");
  CHECK(plan::base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("colons that psql would read as variables are escaped, and only those") {
  const auto text = [](const char* sql) { return plan::psql_text(sql::verbatim(sql)); };
  CHECK(text("a::text") == "a::text");
  CHECK(text("f(a := 1)") == "f(a := 1)");
  CHECK(text("a[lo:hi]") == "a[lo\\:hi]");
  CHECK(text("a[1 : 2]") == "a[1 : 2]");
  CHECK(text("':x' \":x\" $$:x$$ $t$:x$t$ -- :x\n/* :x /* :x */ :x */") ==
        "':x' \":x\" $$:x$$ $t$:x$t$ -- :x\n/* :x /* :x */ :x */");
  CHECK(text("E'it\\':x'") == "E'it\\':x'");
  CHECK(text("'it\\':x") == "'it\\'\\:x");
  CHECK(text("a$1:x") == "a$1\\:x");
  CHECK(text("$1:x") == "$1\\:x");
}

TEST_CASE("the same plan prints the same scripts") {
  const auto sample = tests::sample_plan(15);
  CHECK(plan::up_sql(sample) == plan::up_sql(tests::sample_plan(15)));
  CHECK(plan::down_sql(sample) == plan::down_sql(tests::sample_plan(15)));
}
