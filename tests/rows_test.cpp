// Rows in batches: nothing twice, nothing lost, and a way back that undoes what nobody touched since.
#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "compiler/plan/print.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/sample_plan.hpp"

namespace mig::tests {

namespace {

// A world, and a migration of rows on it.
struct Case {
  runtime::Target target;
  laws::Compiled compiled;
  Story told;

  Case(const std::string& world, const std::string& text, int batch = 10) : target(server().database(world)) {
    plan(text, batch);
  }
  void plan(const std::string& text, int batch) {
    compiled = laws::compile_example(text, runtime::introspect(target));
    CAPTURE(compiled.problem);
    REQUIRE(compiled.problem.empty());
    compiled.plan.policy.batch = batch;
    plan::seal(compiled.plan);
  }
  void forward() {
    const auto outcome = apply(target, compiled.plan, {}, &told);
    CAPTURE(outcome.what);
    REQUIRE(outcome.exit == 0);
  }
  runtime::Outcome back() {
    auto outcome = rollback(target, "law", plan::journal::State::pending, &told);
    CAPTURE(outcome.what);
    REQUIRE(outcome.exit == 0);
    return outcome;
  }
  void sql(const std::string& text) const { (void)run(target, text); }
  [[nodiscard]] std::string ask(const std::string& query) const { return run(target, query).value(); }
  [[nodiscard]] std::string rows() const {
    runtime::Session session(target);
    return laws::rows_hash(session, runtime::introspect(target));
  }
  [[nodiscard]] std::string kept_left() const {
    const auto* event = told.first("rows_left");
    return event == nullptr ? "" : event->fields.at("kept");
  }
};

const std::string orders =
    "create table orders (id bigint primary key, total numeric(10,2), note text);"
    "insert into orders select i, i, 'note ' || i from generate_series(1, 100) i;";

runtime::Interrupt after(int asked) {
  auto count = std::make_shared<int>(0);
  return [=] { return ++*count > asked ? 1 : 0; };
}

}  // namespace

TEST_CASE("rows: an update goes in batches and is journalled batch by batch") {
  Case c(orders, "update orders set total = total * 2 where id <> 50;");
  const auto before = c.rows();
  c.forward();
  CHECK(c.ask("select sum(total) from orders") == "10050.00");  // 2 * 5050 - 50
  CHECK(c.told.count("batch_done") == 10);
  CHECK(c.ask("select string_agg(number || ' ' || cursor || ' ' || written, ',' order by number) from mig.chunk "
              "where number in (1, 5, 10)") == "1 [10] 10,5 [50] 9,10 [100] 10");
  c.back();
  CHECK(c.rows() == before);
  CHECK(c.ask("select count(*) from mig.chunk") == "0");
  CHECK(c.ask("select count(*) from pg_namespace where nspname like 'mig\\_park%'") == "0");
}

TEST_CASE("rows: what others changed since is reported and left as it is") {
  Case c(orders, "update orders set total = total * 2 where true;");
  c.forward();
  c.sql("update orders set note = 'mine' where id in (3, 77)");
  c.sql("delete from orders where id = 5");
  c.sql("update orders set total = 11, note = 'theirs' where id = 11");  // even where it has the old value again
  c.sql("insert into orders values (1000, 1, 'new')");
  const auto outcome = c.back();
  CHECK_THAT(outcome.what, Catch::Contains("4 rows of public.orders"));
  CHECK(c.ask("select string_agg(id || ':' || total || ':' || note, ' ' order by id) from orders where id in (3, 4, "
              "11, 77, 1000)") == "3:6.00:mine 4:4.00:note 4 11:11.00:theirs 77:154.00:mine 1000:1.00:new");
  CHECK(c.ask("select sum(total) - 1 - 6 - 11 - 154 from orders") == "4954.00");  // 5050 - 3 - 5 - 11 - 77
  REQUIRE_FALSE(c.kept_left().empty());
  CHECK(c.ask("select string_agg(id || ' ' || total || ' ' || _mig_why, ',' order by id) from " + c.kept_left()) ==
        "3 3.00 changed since,5 5.00 deleted since,11 11.00 changed since,77 77.00 changed since");
  // It goes forward again, and the earlier rows stay to be looked at.
  c.forward();
  CHECK(c.ask("select count(*) from " + c.kept_left()) == "4");
}

TEST_CASE("rows: stopped between two batches, then on") {
  Case c(orders, "update orders set total = total + 1 where true;");
  const auto before = c.rows();
  const auto stopped = apply(c.target, c.compiled.plan, {}, &c.told, after(8));
  CHECK(stopped.exit == 130);
  const auto some = std::stoi(c.ask("select count(*) from orders where total = id + 1"));
  CHECK(some > 0);
  CHECK(some < 100);
  CHECK(some % 10 == 0);
  CHECK_THAT(stopped.now, Catch::Contains("in part"));
  SECTION("forward") {
    c.forward();
    CHECK(c.ask("select count(*) from orders where total = id + 1") == "100");
    c.back();
  }
  SECTION("back") { c.back(); }
  CHECK(c.rows() == before);
}

TEST_CASE("rows: a session that is killed in a batch loses that batch and nothing else") {
  Case c(orders, "update orders set total = total + 1 where true;");
  const auto before = c.rows();
  std::atomic<bool> killed{false};
  runtime::Outcome ended;
  {
    runtime::Executor executor(
        c.target,
        [&](const runtime::Event& event) {
          if (event.name != "batch_done" || event.fields.at("number") != "4" || killed.exchange(true)) return;
          // The batch's statements are done and it has not committed.
          c.sql(
              "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mig' and pid <> "
              "pg_backend_pid() and datname = current_database() and state = 'idle in transaction'");
        },
        [] { return 0; });
    REQUIRE_FALSE(executor.lock(10'000));
    ended = executor.apply(c.compiled.plan);
  }
  CHECK(killed);
  CHECK(ended.exit == 5);
  CHECK(c.ask("select count(*) from orders where total = id + 1") == "30");
  c.forward();
  CHECK(c.ask("select count(*) from orders where total = id + 1") == "100");
  c.back();
  CHECK(c.rows() == before);
}

TEST_CASE("rows: writers go on during the batches, and no earlier value is false") {
  Case c(
      "create table accounts (id bigint primary key, balance bigint not null, changed int not null default 0);"
      "insert into accounts select i, 0 from generate_series(1, 400) i;",
      "update accounts set balance = balance + 1000000 where true;", 20);
  std::atomic<bool> stop{false};
  std::atomic<long> done{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 2; ++w)
    writers.emplace_back([&, w] {
      runtime::Session session(c.target);
      for (long i = w; !stop; i += 7) {
        try {
          (void)session.run(sql::sql("UPDATE accounts SET balance = balance + 1, changed = changed + 1 WHERE id = {}",
                                     1 + i * 37 % 300));
          ++done;
        } catch (const runtime::DatabaseError&) {  // a deadlock or the like would show in the sums
          break;
        }
      }
    });
  c.forward();
  const auto busy = done.load();
  stop = true;
  for (auto& writer : writers) writer.join();
  CHECK(busy > 0);
  // Every row once, and every write of the others is in.
  CHECK(c.ask("select count(*) from accounts where balance <> 1000000 + changed") == "0");
  // What was kept is what the update really began from.
  const auto kept = c.ask("select kept_schema || '.' || quote_ident(kept_relation) from mig.kept order by id limit 1");
  const auto left =
      c.ask("select kept_schema || '.' || quote_ident(kept_relation) from mig.kept order by id desc limit 1");
  CHECK(c.ask(fmt::format("select count(*) from {} o join {} n using (_mig_b, _mig_n) where n.balance <> o.balance + "
                          "1000000 or n.changed <> o.changed or o.balance <> o.changed",
                          kept, left)) == "0");
  c.back();
  CHECK(c.ask("select count(*) from accounts where balance not in (changed, 1000000 + changed)") == "0");
  CHECK(c.ask("select count(*) from accounts where balance = changed") != "0");
}

TEST_CASE("rows: a delete takes along what foreign keys say, and all of it comes back") {
  Case c(
      "create table users (id bigint primary key, name text);"
      "create table folders (id int primary key, parent int references folders on delete cascade,"
      "  owner bigint references users on delete cascade);"
      "create table files (id int primary key, folder int not null references folders on delete cascade,"
      "  editor bigint references users on delete set null);"
      "create table logins (at timestamptz, user_id bigint references users on delete cascade);"
      "create table people (id int generated always as identity primary key, boss int references people on delete set "
      "null, user_id bigint references users on delete cascade, twice int generated always as (user_id * 2) stored);"
      "insert into users select i, 'u' || i from generate_series(1, 30) i;"
      "insert into folders select i, nullif(i / 3, 0), 1 + i % 30 from generate_series(1, 90) i;"
      "insert into files select i, 1 + i % 90, 1 + i % 30 from generate_series(1, 120) i;"
      "insert into logins select now(), 1 + i % 30 from generate_series(1, 60) i;"
      "insert into people (boss, user_id) select nullif(i / 2, 0), 1 + i % 30 from generate_series(1, 40) i;",
      "delete from users where id in (4, 5, 29);", 10);
  const auto before = c.rows();
  c.forward();
  CHECK(c.ask("select count(*) from users") == "27");
  CHECK(c.rows() != before);
  c.back();
  CHECK(c.rows() == before);
}

TEST_CASE("rows: deleted rows whose place is taken are reported") {
  Case c(orders +
             "create unique index orders_note on orders (note); create table items (id int primary key, order_id "
             "bigint not null references orders on delete cascade); insert into items select i, i from "
             "generate_series(1, 100) i;",
         "delete from orders where id between 11 and 20;");
  c.forward();
  c.sql("insert into orders values (12, 1, 'other'), (500, 1, 'note 14')");
  const auto outcome = c.back();
  CHECK_THAT(outcome.what, Catch::Contains("2 rows of public.orders"));
  CHECK_THAT(outcome.what, Catch::Contains("1 row of public.items"));
  CHECK(c.ask("select count(*) from orders") == "100");
  CHECK(c.ask("select total from orders where id = 12") == "1.00");
  // The item of 12 comes back to the order that has its key now; the one of 14 has none.
  CHECK(c.ask("select string_agg(x::text, ',') from generate_series(1, 100) x where not exists (select from items "
              "where id = x)") == "14");
}

TEST_CASE("rows: inserted rows that somebody uses stay") {
  Case c(orders + "create table items (id int primary key, order_id bigint references orders on delete cascade);",
         "insert into orders (id, total) values (201, 1), (202, 2), (203, 3), (204, 4);");
  c.forward();
  c.sql(
      "update orders set total = 9 where id = 202; insert into items values (1, 203); delete from orders where id = "
      "204");
  const auto outcome = c.back();
  CHECK_THAT(outcome.what, Catch::Contains("2 rows of public.orders"));
  CHECK(c.ask("select string_agg(id::text, ',' order by id) from orders where id > 100") == "202,203");
  CHECK(c.ask("select count(*) from items") == "1");
  CHECK(c.ask("select string_agg(id || ' ' || _mig_why, ',' order by id) from " + c.kept_left()) ==
        "202 changed since,203 other rows refer to it");
}

TEST_CASE("rows: an upsert gives the earlier values back and takes the new rows away") {
  Case c(orders,
         "upsert into orders (id, total, note) values (1, 1, 'note 1'), (2, 200, 'two'), (300, 3, null), (301, "
         "3, null) key (id);");
  c.forward();
  CHECK(c.ask("select string_agg(id || ':' || total, ' ' order by id) from orders where id in (1, 2, 300)") ==
        "1:1.00 2:200.00 300:3.00");
  c.sql("update orders set note = 'x' where id in (1, 301)");
  const auto outcome = c.back();
  CHECK_THAT(outcome.what, Catch::Contains("1 row of public.orders"));  // 301; nothing was done to 1
  CHECK(c.ask("select string_agg(id || ':' || total || ':' || note, ' ' order by id) from orders where id in (1, 2, "
              "300, 301)") == "1:1.00:x 2:2.00:note 2 301:3.00:x");
}

TEST_CASE("rows: a trigger that changes what comes back is named before, and its rows are written down") {
  const std::string world =
      orders +
      "create function stamp() returns trigger language plpgsql as $$begin new.note := 'stamped'; "
      "return new; end$$;"
      "create trigger stamp before update on orders for each row execute function stamp();";
  const auto refused =
      laws::compile_example("update orders set total = 0 where id < 3;", runtime::introspect(server().database(world)));
  CHECK_THAT(refused.problem, Catch::Contains("trigger stamp of public.orders"));
  Case c(world, "update orders set total = 0 where id < 3 accept loss 'notes are stamped';");
  c.forward();
  const auto outcome = c.back();
  CHECK_THAT(outcome.what, Catch::Contains("2 rows of public.orders"));
  CHECK(c.ask("select string_agg(total || ' ' || note, ',' order by id) from orders where id < 3") ==
        "1.00 stamped,2.00 stamped");
  CHECK(c.ask("select string_agg(note || ' ' || _mig_why, ',' order by id) from " + c.kept_left()) ==
        "note 1 a trigger gives it other values,note 2 a trigger gives it other values");
}

TEST_CASE("rows: keys move between partitions and back") {
  Case c(
      "create table events (id bigint, kind text, n int, primary key (id, kind)) partition by list (kind);"
      "create table events_a partition of events for values in ('a');"
      "create table events_b partition of events for values in ('b', 'c');"
      "insert into events select i, chr(96 + 1 + i % 3), i from generate_series(1, 60) i;",
      "update events set kind = 'b' where kind = 'a' and id > 5; update events set n = n + 1 where true;");
  const auto before = c.rows();
  c.forward();
  CHECK(c.ask("select count(*) from events_a") == "1");
  CHECK(c.ask("select count(*) from events where n = id + 1") == "60");
  c.back();
  CHECK(c.rows() == before);
}

TEST_CASE("rows: equal rows without a key come back one for one") {
  Case c(
      "create table visits (page text, n int); insert into visits select 'p' || i % 3, i % 2 from "
      "generate_series(1, 30) i;",
      "update visits set page = 'all' where n = 1; delete from visits where page = 'p2'; insert into visits (page, "
      "n) values ('all', 1), ('new', 2);");
  const auto before = c.rows();
  c.forward();
  CHECK(c.ask("select count(*) from visits where page = 'all'") == "16");
  c.back();
  CHECK(c.rows() == before);
}

TEST_CASE("rows: types without equality, names in quotes, keys of several columns, nulls") {
  Case c(
      R"(create table "Odd ""t" ("Key" text collate "C", at timestamptz, doc json, spot point, f float8, "S p" text,
           primary key ("Key", at));
         insert into "Odd ""t" select 'k' || i, '2026-01-01Z'::timestamptz + i * interval '1 second',
           ('{"a":  ' || i || '}')::json, point(i, -i), '-0'::float8, nullif('v' || i, 'v7')
           from generate_series(1, 57) i;)",
      R"(update "Odd ""t" set doc = '{"b":1}', spot = point(0, 0), "S p" = null, f = 0 where "Key" > 'k2';
         delete from "Odd ""t" where "Key" like '%5';)",
      7);
  const auto before = c.rows();
  c.forward();
  CHECK(c.rows() != before);
  c.back();
  CHECK(c.rows() == before);
}

TEST_CASE("rows: twelve thousand rows, as many batches as it takes, and purge") {
  Case c(
      "create table big (id bigint primary key, note text); insert into big select i, 'n' || i from "
      "generate_series(1, 12000) i;",
      "update big set note = note || '!' where id % 3 <> 0; delete from big where id % 5 = 0;", 1000);
  const auto before = c.rows();
  c.forward();
  CHECK(c.told.count("batch_done") == 24);
  CHECK(c.ask("select count(*) || ' ' || sum(length(note)) from big") ==
        c.ask("select count(*) || ' ' || sum(length('n' || i) + (i % 3 <> 0)::int) from generate_series(1, 12000) i "
              "where i % 5 <> 0"));
  c.back();
  CHECK(c.rows() == before);
  c.forward();
  runtime::ApplyOptions options;
  options.through = sql::Phase::purge;
  CHECK(apply(c.target, c.compiled.plan, options).state == "done");
  CHECK(c.ask("select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname like "
              "'mig\\_park%'") == "0");
  CHECK(c.ask("select count(*) from mig.kept where state = 'kept'") == "0");
}

TEST_CASE("rows: rows of the file run under psql, there and back; batches stop it and say what runs them") {
  Case c(
      orders,
      "insert into orders (id, note) values (201, 'a:b \\d'), (202, null); upsert into orders (id, total) values (1, "
      "9), (203, 9) key (id);");
  const auto before = c.rows();
  const auto path = server().directory() + "/rows.sql";
  const auto script = [&](const std::string& text) {
    std::ofstream(path) << text;
    return psql(c.target, {"-f", path});
  };
  auto ran = script(plan::up_sql(c.compiled.plan));
  CAPTURE(ran.output);
  REQUIRE(ran.exit == 0);
  CHECK(c.ask("select string_agg(id || ':' || coalesce(total, 0), ' ' order by id) from orders where id in (1, 201, "
              "202, 203)") == "1:9.00 201:0 202:0 203:9.00");
  SECTION("back") {
    ran = script(plan::down_sql(c.compiled.plan));
    CHECK(ran.exit == 0);
    CHECK(ran.output.find("did not go back") == std::string::npos);
    CHECK(c.rows() == before);
  }
  SECTION("back after somebody changed a row") {
    c.sql("update orders set total = 5 where id in (1, 202)");
    ran = script(plan::down_sql(c.compiled.plan));
    CHECK(ran.exit == 0);
    CHECK(ran.output.find("1 rows of public.orders did not go back") != std::string::npos);
    CHECK(c.ask("select string_agg(id::text, ' ' order by id) from orders where total = 5") == "1 5 202");
  }
  SECTION("batches") {
    (void)rollback(c.target, "law");
    c.plan("update orders set total = 0 where true;", 10);
    ran = script(plan::up_sql(c.compiled.plan));
    CHECK(ran.exit == 3);
    CHECK(ran.output.find("mig apply law") != std::string::npos);
    c.forward();
    ran = script(plan::down_sql(c.compiled.plan));
    CHECK(ran.exit == 3);
    CHECK(ran.output.find("mig rollback law") != std::string::npos);
    c.back();
    CHECK(c.rows() == before);
  }
}

TEST_CASE("rows: row security never hides rows in silence") {
  auto base = server().database(orders +
                                "alter table orders enable row level security; alter table orders force row level "
                                "security; create policy few on orders using (id < 50);");
  (void)run(base, "create role rows_owner login");
  (void)run(base, "alter table orders owner to rows_owner; grant create on database " +
                      run(base, "select quote_ident(current_database())").value() + " to rows_owner");
  auto owner = server().target(run(base, "select current_database()").value(), "rows_owner");
  const auto compile = [&] {
    auto made = laws::compile_example("update orders set total = 0 where true;", runtime::introspect(owner));
    CAPTURE(made.problem);
    REQUIRE(made.problem.empty());
    return made.plan;
  };
  const auto outcome = apply(owner, compile());
  CHECK(outcome.exit == 7);
  CHECK_THAT(outcome.what, Catch::Contains("row-level security"));
  CHECK(rollback(owner, "law").exit == 0);
  (void)run(base, "alter table orders no force row level security");
  CHECK(apply(owner, compile()).exit == 0);
  CHECK(run(base, "select count(*) from orders where total = 0").value() == "100");
  CHECK(rollback(owner, "law").exit == 0);
  CHECK(run(base, "select sum(total) from orders").value() == "5050.00");
  (void)run(base, "drop owned by rows_owner cascade");
}

}  // namespace mig::tests
