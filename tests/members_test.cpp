// The laws of operations on what the shapes of law_test do not show: members of a tree that differ from its root, rules
// that the rows of today break, and what hangs on a column but belongs to somebody else.
#include <fmt/core.h>

#include "runtime/executor.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

// By the executor, which asks the conditions of the way back first.
void goes_back(Server& server, const std::string& world, const std::string& example) {
  const auto target = server.database(world);
  const auto before = runtime::introspect(target);
  const auto compiled = compile_example(example, before);
  REQUIRE(compiled.problem.empty());
  runtime::Executor executor(
      target, [](const runtime::Event&) {}, [] { return 0; });
  runtime::ApplyOptions options;
  options.through = sql::Phase::contract;
  const auto applied = executor.apply(compiled.plan, options);
  CAPTURE(example, applied.what);
  CHECK(applied.exit == 0);
  const auto undone = executor.rollback("law", plan::journal::State::pending);
  CAPTURE(undone.what, undone.now);
  CHECK(undone.exit == 0);
  for (const auto& d : catalog::diff(runtime::introspect(target), before))
    FAIL_CHECK(d.key << " " << d.field << ": " << d.left << " was " << d.right);
}

// On servers before `below`.
void keeps_the_laws(const std::string& world, const std::string& example, int below = 99) {
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    if (server.major() >= below) continue;
    const auto verdicts = run_cells(server, example, {"members", world, {}});
    CHECK(verdicts.size() > 4);
    for (const auto& [law, why] : verdicts)
      // ADD CONSTRAINT … NOT NULL … NOT VALID came with 18, and libpg_query parses 15.
      if (!why.empty() && (law != Law::text || server.major() < 18))
        FAIL_CHECK(bin << ": " << example << " breaks " << to_string(law) << ": " << why);
    goes_back(server, world, example);
  }
}

const std::string inheritors = R"(
create table pa (id int, c text);
create table was_set () inherits (pa);
create table below () inherits (was_set);
create table was_free () inherits (pa);
alter table was_set alter c set not null;
insert into pa values (1, 'a'); insert into was_set values (2, 'b'); insert into was_free values (3, 'c');
)";

const std::string partitions = R"(
create table pa (id int, c text) partition by range (id);
create table was_set partition of pa for values from (0) to (10) partition by range (id);
create table below partition of was_set for values from (0) to (5);
create table was_free partition of pa for values from (10) to (20);
alter table was_set alter c set not null;
insert into pa values (1, 'a'), (12, 'c');
)";

}  // namespace

TEST_CASE("set not null leaves the members that were not null before so on the way back") {
  keeps_the_laws(inheritors, "set not null pa.c;");
  keeps_the_laws(partitions, "set not null pa.c;");
}

// From 18 on an inheritor has the NOT NULL of its parent.
TEST_CASE("drop not null brings it back where it was, and leaves nulls elsewhere alone") {
  const std::string nulls =
      "alter table below alter c drop not null;"
      "insert into was_free values (4, null); insert into below values (5, null);";
  keeps_the_laws(inheritors + nulls + "alter table only pa alter c set not null;", "drop not null pa.c;", 18);
  keeps_the_laws(inheritors + nulls + "alter table only pa alter c set not null;", "drop column pa.c;", 18);
  keeps_the_laws(inheritors + nulls, "drop column pa.c;", 18);
  keeps_the_laws(inheritors + "alter table below alter c drop not null;", "set not null pa.c;", 18);
}

TEST_CASE("drop column lets new rows in where only a member is not null") {
  keeps_the_laws(inheritors, "drop column pa.c;");
  keeps_the_laws(partitions, "drop column pa.c;");
}

TEST_CASE("a composite column is not null where it holds a row of nulls") {
  const std::string world =
      "create type pair as (a int, b int); create domain known_pair as pair;"
      "create table pa (id int, c pair, d known_pair);"
      "insert into pa values (1, row(1, null), row(null, null));";
  keeps_the_laws(world, "set not null pa.c;");
  keeps_the_laws(world + "alter table pa alter d set not null;", "drop not null pa.d;");
}

TEST_CASE("rules that were not valid stand in nobody's way back") {
  const std::string world = R"(
create table other (id int primary key);
create table pa (id int primary key, c int);
insert into pa values (1, -1);
alter table pa add constraint positive check (c > 0) not valid;
alter table pa add constraint known foreign key (c) references other not valid;
)";
  keeps_the_laws(world, "drop column pa.c;");
  keeps_the_laws(world, "drop table pa;");
}

TEST_CASE("a key with match full is asked as PostgreSQL asks it") {
  const std::string world = R"(
create table other (a int, b int, primary key (a, b));
create table pa (id int primary key, a int, b int);
insert into other values (1, 1); insert into pa values (1, 1, 1), (2, null, null);
alter table pa add constraint known foreign key (a, b) references other match full;
)";
  keeps_the_laws(world, "drop column pa.b;");
  keeps_the_laws(world, "drop table pa;");
}

TEST_CASE("members keep that their copy of a rule was validated") {
  const std::string world = R"(
create table pa (id int, c int);
create table child () inherits (pa);
create table free () inherits (pa);
insert into pa values (1, -1); insert into child values (2, 2); insert into free values (3, 3);
alter table pa add constraint positive check (c > 0) not valid;
alter table child validate constraint positive;
)";
  keeps_the_laws(world, "drop check positive on pa;");
  keeps_the_laws(world, "drop column pa.c;");
  keeps_the_laws(world + "delete from only pa;", "validate constraint positive on pa;");
}

TEST_CASE("drop identity comes back where a value lies beyond its sequence") {
  keeps_the_laws(
      "create table pa (id int generated by default as identity (maxvalue 100), c int);"
      "insert into pa (c) values (1); insert into pa values (5000, 2), (-3, 3);",
      "drop identity pa.id;");
  keeps_the_laws("create table pa (id int not null, c int); insert into pa values (1, 1), (5000, 2);",
                 "add identity pa.id by default maxvalue 100;");
}

TEST_CASE("statistics objects keep their owner when a column changes its type") {
  keeps_the_laws(
      "do $$begin create role law_keeper; exception when duplicate_object then null; end$$;"
      "grant create, usage on schema public to law_keeper;"
      "create table pa (id int, a int, b varchar(20) collate \"C\");"
      "create statistics pa_stats on a, b from pa; create statistics own_stats on id, b from pa;"
      "alter statistics pa_stats owner to law_keeper; comment on statistics pa_stats is 'kept';",
      "set type pa.a to bigint;"
      "set collation pa.b to \"POSIX\";");
}

}  // namespace mig::tests::laws
