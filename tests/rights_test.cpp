// Rights that somebody else than the owner gave, and rights that a new owner had before: there and back, as they were.
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests {

namespace {

// Two roles of which one grants on what it was granted.
constexpr const char* roles = R"(
do $$begin create role rights_keeper; exception when duplicate_object then null; end$$;
do $$begin create role rights_reader; exception when duplicate_object then null; end$$;
)";

// Forward: what the effect says. Back: what was there.
void there_and_back(const std::string& setup, const std::string& text) {
  const auto target = server().database(laws::read_source("tests/support/world.sql") + roles + setup);
  const auto before = runtime::introspect(target);
  const auto compiled = laws::compile_example(text, before);
  CAPTURE(compiled.problem);
  REQUIRE(compiled.problem.empty());
  laws::Findings findings;
  laws::Runner runner(target, findings);
  for (const auto& step : compiled.plan.steps) runner.run(step);
  for (const auto& d : catalog::diff(runtime::introspect(target), compiled.after, catalog::Compare::model))
    FAIL_CHECK("forward: " << d.key << " " << d.field << ": " << d.left << ", expected " << d.right);
  for (auto step = compiled.plan.steps.rbegin(); step != compiled.plan.steps.rend(); ++step) runner.back(*step, false);
  for (const auto& d : catalog::diff(runtime::introspect(target), before))
    FAIL_CHECK("back: " << d.key << " " << d.field << ": " << d.left << " was " << d.right);
  for (const auto& line : findings.lock) FAIL_CHECK(line);
  for (const auto& line : findings.probe) FAIL_CHECK(line);
}

}  // namespace

TEST_CASE("what another role granted comes back in its name") {
  there_and_back(R"(
create schema archive;
grant usage on schema archive to rights_keeper with grant option;
set local role rights_keeper;
grant usage on schema archive to rights_reader, public;
reset role;
)",
                 "drop schema archive;");
}

TEST_CASE("rights that became one with the new owner's part again") {
  there_and_back(R"(
grant select on orders to rights_keeper with grant option;
grant insert (id, note), update (note) on orders to rights_keeper with grant option;
grant delete on orders to rights_keeper, rights_reader;
set local role rights_keeper;
grant select on orders to rights_reader;
grant update (note) on orders to rights_reader;
reset role;
)",
                 "set owner of table orders to rights_keeper;");
}

TEST_CASE("an owner whose rights were taken away gets them back as few as they were") {
  there_and_back("revoke all on products from postgres; revoke all on function product_label(bigint) from public;",
                 "set owner of table products to rights_keeper;"
                 "set owner of function product_label(bigint) to rights_keeper;"
                 "grant all on table products to rights_reader;");
}

TEST_CASE("a revoke from a table takes the same from its columns, and the way back gives both again") {
  there_and_back(R"(
grant select, update on orders to rights_reader;
grant select (id, total), update (note) on orders to rights_reader with grant option;
)",
                 "revoke select, update on table orders from rights_reader;");
}

TEST_CASE("what is granted by default is what a new schema has") {
  there_and_back("alter default privileges grant usage on schemas to rights_reader;",
                 "create schema archive; drop schema archive; create schema attic;");
}

}  // namespace mig::tests
