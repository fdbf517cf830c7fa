// Ways back where partitions and keys are not as their parents are, and where a stranger has taken a name: every law,
// on worlds of their own.
#include <fmt/core.h>

#include <fstream>

#include "compiler/compile.hpp"
#include "compiler/plan/print.hpp"
#include "runtime/executor.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

struct Case {
  const char* name;
  const char* world;
  const char* example;
};

constexpr Case cases[] = {
    {"a foreign key whose partitions call it otherwise",
     "create table u (id int primary key);"
     "create table p (id int, u int) partition by range (id);"
     "create table p1 partition of p for values from (0) to (10);"
     "create table p2 partition of p for values from (10) to (20) partition by range (id);"
     "create table p2_all partition of p2 default;"
     "alter table p1 add constraint of_p1 foreign key (u) references u;"
     "alter table p2 add constraint of_p2 foreign key (u) references u;"
     "alter table p add constraint k foreign key (u) references u on delete cascade;"
     "alter table p add constraint k2 foreign key (u) references u;"
     "comment on constraint k2 on p is 'whose it is'; comment on constraint of_p1 on p1 is 'of p1';"
     "comment on constraint of_p2 on p2 is 'of p2'; comment on constraint of_p2 on p2_all is 'of all';"
     "insert into u select generate_series(1, 5); insert into p select i, 1 + i % 5 from generate_series(0, 19) i;",
     "drop foreign key k2 on p;"},
    {"a foreign key that is called the same everywhere",
     "create table u (id int primary key);"
     "create table p (id int, u int constraint k references u) partition by range (id);"
     "create table p1 partition of p for values from (0) to (10);"
     "create table p2 partition of p default partition by range (id);"
     "create table p2_all partition of p2 default;"
     "comment on constraint k on p1 is 'of p1'; comment on constraint k on p2_all is 'of all';",
     "drop foreign key k on p;"},
    {"keys with storage parameters",
     "create table p (id int, n int, constraint p_key primary key (id) with (fillfactor = 70),"
     " constraint p_n unique (n, id) with (fillfactor = 60, deduplicate_items = off)) partition by range (id);"
     "create table p1 partition of p for values from (0) to (10);"
     "create table p2 partition of p default partition by range (id);"
     "create table p2_all partition of p2 default;"
     "alter index p1_pkey set (fillfactor = 80); alter index p2_all_n_id_key reset (deduplicate_items);",
     "drop unique p_n on p;\ndrop primary key on p;"},
    {"triggers switched off in a sub-partition",
     "create function touch() returns trigger language plpgsql as $$begin return new; end$$;"
     "create table p (id int, n int) partition by range (id);"
     "create table p1 partition of p for values from (0) to (10) partition by range (n);"
     "create table p1_low partition of p1 for values from (0) to (10);"
     "create table p1_high partition of p1 for values from (10) to (20);"
     "create trigger a before update on p for each row execute function touch();"
     "create trigger b after insert on p for each row execute function touch();"
     "alter table only p1_low disable trigger a; alter table only p1_high enable always trigger b;"
     "alter table only p1 enable replica trigger b;",
     "detach partition p1 from p;"},
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

// ATTACH says at this level what it has not read.
std::string run_script(Server& server, const runtime::Target& target, const std::string& text) {
  const auto path = server.directory() + "/way_back.sql";
  std::ofstream(path) << replaced(text, "client_min_messages = warning", "client_min_messages = debug1");
  const auto ran = psql(target, {"-f", path});
  CAPTURE(ran.output);
  CHECK(ran.exit == 0);
  return ran.output;
}

std::string index_of(const runtime::Target& target) {
  return run(target, "select pg_get_indexdef('users_email'::regclass)").value();
}

}  // namespace

TEST_CASE("what partitions have apart from their parent comes back") {
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    for (const auto& each : cases) {
      CAPTURE(server.major(), each.name);
      const Shape shape{each.name, each.world, {}, "postgres"};
      for (const auto& [law, why] : run_cells(server, each.example, shape)) {
        CAPTURE(to_string(law));
        CHECK(why == "");
      }
    }
  }
}

TEST_CASE("ATTACH does not read the default partition: of keys of several columns, of expressions, partitioned again") {
  struct Bound {
    const char* key;
    const char* bound;
  };
  constexpr Bound bounds[] = {{"range (a, b)", "from (0, 0) to (1, 0)"},
                              {"range (a, b)", "from (1, 0) to (1, 9)"},
                              {"range (a, b)", "from (2, minvalue) to (3, maxvalue)"},
                              {"range (a, b)", "from (minvalue, minvalue) to (-5, -5)"},
                              {"range (a, b)", "from (7, 1) to (maxvalue, maxvalue)"},
                              {"range ((a + b))", "from (1) to (2)"},
                              {"list (a)", "in (3, null)"}};
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    for (const auto& each : bounds) {
      CAPTURE(server.major(), each.key, each.bound);
      const auto target =
          server.database(fmt::format("create table p (a bigint, b int) partition by {};"
                                      "create table pd partition of p default partition by hash (b);"
                                      "create table pd_0 partition of pd for values with (modulus 1, remainder 0);"
                                      "insert into p values (100, 100);",
                                      each.key));
      if (std::string_view(each.bound).find("maxvalue, maxvalue") != std::string_view::npos)
        run(target, "delete from p");
      const auto compiled = compile_example(fmt::format("create partition p1 of p for values {};", each.bound),
                                            runtime::introspect(target));
      REQUIRE(compiled.problem == "");
      const auto said = run_script(server, target, plan::up_sql(compiled.plan));
      CHECK(said.find("default partition \"pd\" is implied by existing constraints") != std::string::npos);
    }
  }
}

TEST_CASE("down.sql does not go back underneath what came later") {
  struct Later {
    const char* head;
    const char* body;
    bool stands;
  };
  constexpr Later laters[] = {{"b", "add column users.b integer;", true},
                              {"b after a", "add column orders.b integer;", true},
                              {"b", "add column orders.b integer;", false}};
  Server& server = tests::server();
  for (const auto& each : laters) {
    CAPTURE(each.head, each.body);
    const auto target = server.database(read_source("tests/support/world.sql"));
    Input input;
    input.files = {{"a.mig", "migration a { expand { add column users.a integer; } }\n"},
                   {"b.mig", fmt::format("migration {} {{ expand {{ {} }} }}\n", each.head, each.body)}};
    input.catalog = runtime::introspect(target);
    const auto compiled = compile(std::move(input));
    REQUIRE(compiled.plans.size() == 2);
    const auto run_file = [&](const std::string& text) {
      const auto path = server.directory() + "/later.sql";
      std::ofstream(path) << text;
      return psql(target, {"-f", path});
    };
    for (const auto& plan : compiled.plans) CHECK(run_file(plan::up_sql(plan)).exit == 0);
    const auto refused = run_file(plan::down_sql(compiled.plans[0]));
    CAPTURE(refused.output);
    CHECK(refused.exit == (each.stands ? 3 : 0));
    CHECK((refused.output.find("a later migration stands on a") != std::string::npos) == each.stands);
    CHECK(run_file(plan::down_sql(compiled.plans[1])).exit == 0);
    if (each.stands) CHECK(run_file(plan::down_sql(compiled.plans[0])).exit == 0);
    CHECK(run(target, "select count(*) from mig.migration where state = 'pending'").value() == "2");
  }
}

TEST_CASE("up.sql does not begin an index whose name is taken") {
  Server& server = tests::server();
  const auto target = server.database(read_source("tests/support/world.sql"));
  const auto compiled = compile_example("add index users_email on users (email);", runtime::introspect(target));
  REQUIRE(compiled.problem == "");
  run(target, "create index users_email on users (id)");
  const auto path = server.directory() + "/taken.sql";
  std::ofstream(path) << plan::up_sql(compiled.plan);
  const auto ran = psql(target, {"-f", path});
  CAPTURE(ran.output);
  CHECK(ran.exit == 3);
  CHECK(ran.output.find("there is a relation public.users_email already") != std::string::npos);
  CHECK(run(target, "select count(*) from mig.step").value() == "0");
}

TEST_CASE("an index of a stranger that takes the name is neither found done, nor cleaned away, nor dropped") {
  constexpr const char* strangers[] = {
      "CREATE INDEX users_email ON users (id);", "CREATE UNIQUE INDEX users_email ON users (email);",
      "CREATE INDEX users_email ON users (email) WHERE phone IS NULL;", "CREATE INDEX users_email ON orders (note);",
      "CREATE INDEX users_email ON users (name); UPDATE pg_index SET indisvalid = false WHERE indexrelid = "
      "'users_email'::regclass;"};
  Server& server = tests::server();
  for (const auto* each : strangers) {
    CAPTURE(each);
    const auto target = server.database(read_source("tests/support/world.sql"));
    const auto compiled = compile_example("add index users_email on users (email);", runtime::introspect(target));
    REQUIRE(compiled.problem == "");
    // It comes between the question whether the name is free and the build.
    const auto path = server.directory() + "/stranger.sql";
    std::ofstream(path) << replaced(plan::up_sql(compiled.plan), "CREATE INDEX CONCURRENTLY users_email",
                                    std::string(each) + "\nCREATE INDEX CONCURRENTLY users_email");
    CHECK(psql(target, {"-f", path}).exit == 3);
    const auto stranger = index_of(target);
    CHECK(run(target, "select state from mig.step").value() == "started");

    runtime::Executor executor(
        target, [](const runtime::Event&) {}, [] { return 0; });
    const auto applied = executor.resume("law", {});
    CAPTURE(applied.what);
    CHECK(applied.exit != 0);
    CHECK(index_of(target) == stranger);
    const auto undone = executor.rollback("law", plan::journal::State::pending);
    CAPTURE(undone.what);
    CHECK(undone.exit == 0);
    CHECK(index_of(target) == stranger);
  }
}

}  // namespace mig::tests::laws
