// What new clients wrote is not lost on the way back, and comes again with the next way forward; rows that a way back
// would have to refuse are found by the plan's own query.
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests {

namespace {

// A world with one order and one user, a migration on it, and its steps.
struct Story {
  runtime::Target target = server().database(laws::read_source("tests/support/world.sql") +
                                             "insert into users (name) values ('ann'); insert into orders (id, "
                                             "user_id, total, note) values (1, 1, 10, 'first');");
  laws::Compiled compiled;
  laws::Findings findings;
  laws::Runner runner{target, findings};

  explicit Story(const std::string& text) : compiled(laws::compile_example(text, runtime::introspect(target))) {
    CAPTURE(compiled.problem);
    REQUIRE(compiled.problem.empty());
  }
  void forward() {
    for (const auto& step : compiled.plan.steps)
      if (step.phase != sql::Phase::purge) runner.run(step);
  }
  void back() {
    for (auto step = compiled.plan.steps.rbegin(); step != compiled.plan.steps.rend(); ++step)
      if (step->phase != sql::Phase::purge) runner.back(*step, false);
  }
  std::string ask(const std::string& query) const { return run(target, query).value(); }
  // The rows in the way of the way back, over all its conditions.
  int in_the_way() const {
    int count = 0;
    for (const auto& step : compiled.plan.steps)
      for (const auto& part : step.back)
        if (part.condition) count += std::stoi(ask("select count(*) from (" + part.condition->query.text() + ") q"));
    return count;
  }
};

}  // namespace

TEST_CASE("a column that goes again keeps its values and brings them back") {
  Story story("add column orders.paid boolean not null default false;");
  story.forward();
  (void)run(story.target, "update orders set paid = true where id = 1");
  story.back();
  CHECK(runtime::introspect(story.target).table({"public", "orders"})->column("paid") == nullptr);
  (void)run(story.target, "insert into orders (id) values (2)");  // an old client, meanwhile
  story.forward();
  CHECK(story.ask("select string_agg(id || ':' || paid, ',' order by id) from orders") == "1:true,2:false");
}

TEST_CASE("a column of another definition is made anew, and both are kept") {
  Story story("add column orders.level integer;");
  story.forward();
  (void)run(story.target, "update orders set level = 7");
  story.back();
  const auto other = laws::compile_example("add column orders.level text;", runtime::introspect(story.target));
  REQUIRE(other.problem.empty());
  for (const auto& step : other.plan.steps) story.runner.run(step);
  CHECK(story.ask("select count(*) from orders where level is not null") == "0");
  for (const auto& step : other.plan.steps) story.runner.back(step, false);
  story.forward();
  CHECK(story.ask("select level from orders") == "7");
}

TEST_CASE("a table that goes again keeps its rows and brings them back") {
  Story story("create table invoices (id serial primary key, order_id bigint references orders, number text);");
  story.forward();
  (void)run(story.target, "insert into invoices (order_id, number) values (1, 'A1')");
  story.back();
  CHECK(runtime::introspect(story.target).table({"public", "invoices"}) == nullptr);
  // Nothing of it guards the table that it referred to.
  (void)run(story.target, "insert into orders (id) values (3); delete from orders where id = 3");
  story.forward();
  (void)run(story.target, "insert into invoices (order_id, number) values (1, 'A2')");
  CHECK(story.ask("select string_agg(id || number, ',' order by id) from invoices") == "1A1,2A2");
}

TEST_CASE("a table that inherits is not dropped while it holds rows") {
  Story story("create table urgent (deadline date) inherits (orders);");
  story.forward();
  CHECK(story.in_the_way() == 0);
  (void)run(story.target, "insert into urgent (id, deadline) values (9, '2024-01-01')");
  CHECK(story.in_the_way() == 1);
  CHECK_THROWS_AS(story.back(), runtime::DatabaseError);
}

TEST_CASE("the rows of a dropped column come back, and what new rows break is found before") {
  Story story("drop column orders.total;");
  story.forward();
  (void)run(story.target, "insert into orders (id, note) values (2, 'without')");
  CHECK(story.in_the_way() == 0);
  story.back();
  CHECK(story.ask("select string_agg(id || ':' || coalesce(total::text, '-'), ',' order by id) from orders") ==
        "1:10.00,2:-");
}

TEST_CASE("a null written since stands in the way of not null") {
  Story story("drop not null orders.status;");
  story.forward();
  CHECK(story.in_the_way() == 0);
  (void)run(story.target, "insert into orders (id, status) values (2, null)");
  CHECK(story.in_the_way() == 1);
}

TEST_CASE("a key column without a default stands in the way when rows were written without it") {
  Story story("drop column orders.id;");
  story.forward();
  CHECK(story.in_the_way() == 0);
  (void)run(story.target, "insert into orders (note) values ('no id')");
  CHECK(story.in_the_way() == 1);
}

TEST_CASE("an identity goes on filling the column while it is kept") {
  Story story("drop column users.id;");
  story.forward();
  (void)run(story.target, "insert into users (name) values ('bob')");
  CHECK(story.in_the_way() == 0);
  story.back();
  CHECK(story.ask("select string_agg(id || name, ',' order by id) from users") == "1ann,2bob");
}

}  // namespace mig::tests
