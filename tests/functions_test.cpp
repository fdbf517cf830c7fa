// Functions and value maps in real operations: by mig and by psql, there and back; the database knows nothing of them.
#include <fstream>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/ir/names.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/plan/print.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"

using namespace mig;

namespace {

const std::string world =
    "create type mood as enum ('SAD', 'OK');"
    "create table notes (id bigint primary key, text text, written text, amount text, kind text, old text);"
    "insert into notes values (1, '  a   b ', '17.01.2025 14:00', '1.234,50 EUR', 'ok', 'x'),"
    " (2, '   ', '31.02.2025', 'free', 'sad', 'y'), (3, null, null, null, null, null),"
    " (4, 'tidy', '2025-01-17T12:00:00Z', '7', 'ok', '');"
    "analyze notes;";

const std::string ours =
    "use std.text;\nuse std.time;\n"
    "values mood_of from text to mood { 'sad' <-> 'SAD'; 'ok' <-> 'OK'; else reject; }\n"
    "function tidy(value text, least integer default 1) returns text =\n"
    "  case when length(std.text.squash(value)) >= least then std.text.squash(value) end;\n"
    "function when_written(value text) returns timestamptz =\n"
    "  std.time.parse(value, 'ISO', 'DD.MM.YYYY HH24:MI', zone => 'Europe/Kyiv');\n";

const std::string everywhere =
    "use './ours.mig';\nuse std.text;\n"
    "migration m {\n"
    "  require { expect tidy('  x ') = 'x'; expect none in notes where tidy(text) = 'nobody'; }\n"
    "  expand {\n"
    "    set default notes.text to tidy('  new   note ');\n"
    "    add column notes.slug text generated always as (std.text.slug(text)) stored;\n"
    "    add column notes.mood mood default mood_of('ok');\n"
    "    add column notes.written_at timestamptz;\n"
    "    add index on notes (tidy(text, 2)) where mood_of.back(mood) = 'ok';\n"
    "    add index on notes (id, std.text.slug(written) desc);\n"
    "    update notes set mood = mood_of(kind), written_at = when_written(written) where tidy(text) is not null;\n"
    "    insert into notes (id, text, mood) values (9, tidy(' from  mig '), mood_of('sad'));\n"
    "    delete from notes where tidy(text) is null and id = 2;\n"
    "  }\n"
    "  verify {\n"
    "    expect none in (select id from notes n where when_written(n.written) is distinct from n.written_at);\n"
    "    expect (select count(*) from notes where mood_of.back(mood) = 'sad') = 1;\n"
    "  }\n"
    "  contract when (select count(*) from notes where std.text.empty_to_null(old) is null) > 0 {\n"
    "    add check notes_short on notes (text is null or length(tidy(text)) is distinct from 1);\n"
    "    drop column notes.old;\n"
    "  }\n"
    "}\n";

Output compiled(const runtime::Target& target, const std::string& text) {
  Input input;
  input.files = {{"m.mig", text}};
  input.catalog = runtime::introspect(target);
  input.read = [](const std::string& path) { return path == "ours.mig" ? std::optional(ours) : std::nullopt; };
  return compile(std::move(input));
}

plan::Plan plan_of(const runtime::Target& target, const std::string& text) {
  const auto out = compiled(target, text);
  INFO(diagnostics::render(out.diagnostics.list(), out.files, {}));
  REQUIRE(out.plans.size() == 1);
  return out.plans.front();
}

void by_psql(const runtime::Target& target, const std::string& script, const std::vector<std::string>& more = {}) {
  const auto path = tests::server().directory() + "/functions.sql";
  std::ofstream(path) << script;
  auto arguments = more;
  arguments.insert(arguments.end(), {"-f", path});
  const auto ran = tests::psql(target, arguments);
  INFO(ran.output);
  REQUIRE(ran.exit == 0);
}

void forward(const runtime::Target& target, const plan::Plan& plan) {
  runtime::ApplyOptions options;
  options.through = sql::Phase::contract;
  const auto outcome = tests::apply(target, plan, options);
  INFO(outcome.what << "\n" << outcome.where);
  REQUIRE(outcome.exit == 0);
}

}  // namespace

TEST_CASE("functions and value maps do their work in every place of an expression, and go back") {
  const auto target = tests::server().database(world);
  const auto before = tests::picture(target);
  const auto plan = plan_of(target, everywhere);
  forward(target, plan);
  const auto ask = [&](const std::string& query) { return tests::run(target, query).value(); };
  CHECK(ask("SELECT string_agg(id || ':' || coalesce(mood::text, '-') || ':' || coalesce(slug, '-'), ' ' ORDER BY id) "
            "FROM notes") == "1:OK:a-b 3:OK:- 4:OK:tidy 9:SAD:from-mig");
  CHECK(ask("SELECT string_agg((written_at AT TIME ZONE 'UTC')::text, ' ' ORDER BY id) FROM notes") ==
        "2025-01-17 12:00:00 2025-01-17 12:00:00");
  CHECK(ask("INSERT INTO notes (id) VALUES (20) RETURNING text || '|' || mood || '|' || slug") ==
        "new note|OK|new-note");
  CHECK_THROWS(tests::run(target, "INSERT INTO notes (id, text) VALUES (21, ' x ')"));
  CHECK(ask("SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname NOT IN "
            "('pg_catalog', 'information_schema', 'mig')") == "0");
  tests::run(target, "DELETE FROM notes WHERE id = 20");
  REQUIRE(tests::rollback(target, "m").exit == 0);
  CHECK(tests::picture(target) == before);
}

// Batches of rows are for mig alone: up.sql says so where it meets one.
TEST_CASE("psql does the same with the printed plan") {
  auto text = everywhere;
  for (const std::string word : {"    update notes", "    delete from notes", "    expect none in (select id"})
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
      text.erase(at, text.find('\n', at) + 1 - at);
  const auto one = tests::server().database(world), two = tests::server().copy(tests::server().database(world));
  const auto before = tests::picture(two);
  forward(one, plan_of(one, text));
  const auto plan = plan_of(two, text);
  by_psql(two, plan::up_sql(plan), {"-v", "through=contract"});
  CHECK(tests::picture(one) == tests::picture(two));
  by_psql(two, plan::down_sql(plan));
  CHECK(tests::picture(two) == before);
}

TEST_CASE("the schema that is computed is the one that the server has") {
  const auto target = tests::server().database(world);
  const auto out =
      compiled(target,
               "use './ours.mig';\nmigration m { expand { add column notes.mood mood default mood_of('ok'); "
               "add index notes_tidy on notes (tidy(text, 2)); "
               "set default notes.text to tidy('  new   note '); } }\n");
  REQUIRE(out.plans.size() == 1);
  forward(target, out.plans.front());
  const auto& item = out.program.migrations.front().items.back();
  diagnostics::Sink sink;
  auto after = *item.before;
  item.operation->effect(
      {*item.before, *item.call, out.files, sink, item.schema, "m", ir::park_schema("m"), item.phase}, after);
  std::string differences;
  for (const auto& one : catalog::diff(after, runtime::introspect(target), catalog::Compare::model))
    differences += one.key + " " + one.field + ": " + one.left + " / " + one.right + "\n";
  CHECK(differences == "");
}

TEST_CASE("a column takes another type through a function") {
  const auto target = tests::server().database(world);
  forward(target, plan_of(target,
                          "use std.text;\nmigration m { contract { set type notes.amount to numeric(20, 2) using "
                          "std.text.money(amount, ',') accept loss 'what is no amount'; } }\n"));
  const auto amounts = "SELECT string_agg(coalesce(amount::text, '-'), ' ' ORDER BY id) FROM notes";
  CHECK(tests::run(target, amounts).value() == "1234.50 - - 7.00");
  REQUIRE(tests::rollback(target, "m").exit == 0);
  CHECK(tests::run(target, "SELECT pg_typeof(amount)::text FROM notes LIMIT 1").value() == "text");
}

TEST_CASE("a value that a map rejects stops the statement, with the value in the message") {
  const auto target = tests::server().database(world);
  tests::run(target, "UPDATE notes SET kind = 'furious' WHERE id = 4");
  const auto plan = plan_of(target,
                            "use './ours.mig';\nmigration m { expand { add column notes.mood mood; update notes set "
                            "mood = mood_of(kind) where true; } }\n");
  const auto outcome = tests::apply(target, plan, {});
  CHECK(outcome.exit == 5);
  CHECK(outcome.what.find("mood_of has no pair for furious") != std::string::npos);
  REQUIRE(tests::rollback(target, "m").exit == 0);
}
