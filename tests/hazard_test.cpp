// The registry of hazards and its manual.
#include "compiler/hazards/hazard.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace mig;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("each hazard has a code and a name of its own, and a file of that name") {
  std::set<std::string> codes, names;
  for (const auto* hazard : hazards::all()) {
    CAPTURE(hazard->code.name);
    CHECK(codes.insert(hazard->code.id).second);
    CHECK(names.insert(hazard->code.name).second);
    CHECK(hazard->code.id[0] == 'H');
    CHECK(hazard->code.severity != diagnostics::Severity::error);
    std::string file(hazard->code.name);
    for (auto& c : file)
      if (c == '-') c = '_';
    CHECK_FALSE(read(std::string(MIG_SOURCE_DIR) + "/compiler/hazards/" + file + ".cpp").empty());
  }
}

TEST_CASE("docs/hazards.md is what the registry says") {
  const auto path = std::string(MIG_SOURCE_DIR) + "/docs/hazards.md";
  if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(path) << hazards::documentation();
  CHECK(read(path) == hazards::documentation());
}

TEST_CASE("a lock that stops writers while rows are read is a long lock, a weak or an instant one is not") {
  const auto found = [](sql::LockMode mode, sql::Work work) {
    sql::Statement statement;
    statement.text = sql::sql("SELECT 1");
    statement.locks = {{{"public", "orders"}, mode}};
    statement.work = work;
    plan::Draft draft;
    draft.plan.steps.emplace_back();
    draft.plan.steps.back().action = sql::Transaction{{statement}};
    ir::Migration migration;
    migration.before = std::make_shared<const catalog::Catalog>();
    for (const auto* hazard : hazards::all())
      if (std::string_view(hazard->code.id) == "H0102") {
        const auto findings = hazard->find({migration, draft});
        return findings.empty() ? std::string() : findings.front().what;
      }
    return std::string("there is no H0102");
  };
  CHECK(found(sql::LockMode::access_exclusive, sql::Work::rewrite) ==
        "readers and writers wait while public.orders is rewritten");
  CHECK(found(sql::LockMode::share, sql::Work::build) == "writers wait while public.orders is read into an index");
  CHECK(found(sql::LockMode::share_row_exclusive, sql::Work::scan) == "writers wait while public.orders is read");
  CHECK(found(sql::LockMode::share_update_exclusive, sql::Work::scan).empty());
  CHECK(found(sql::LockMode::access_exclusive, sql::Work::instant).empty());
}

TEST_CASE("settings are read as SHOW prints them") {
  catalog::Server server;
  const auto ms = [&](const char* text) {
    server.settings["t"] = text;
    return hazards::setting_ms(server, "t", -1);
  };
  CHECK(ms("1s") == 1000);
  CHECK(ms("200ms") == 200);
  CHECK(ms("2min") == 120000);
  CHECK(ms("0") == 0);
  CHECK(ms("1d") == 86400000);
  CHECK(ms("many") == -1);
  CHECK(hazards::setting_ms(server, "none", 7) == 7);
}
