// The steps stand here as operations make them; ids, titles and probes in full.
#include "tests/support/sample_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/support/server.hpp"

namespace mig::tests {

using sql::LockMode;
using sql::Phase;
using sql::Qualified;
using sql::Statement;
using sql::Step;
using sql::Work;

namespace {

const Qualified orders{"public", "orders"};

Statement statement(const std::string& text, std::vector<sql::Lock> locks = {}, Work work = Work::instant) {
  return {sql::verbatim(text), std::move(locks), work, ""};
}

Statement on_orders(const std::string& text, LockMode mode, Work work = Work::instant) {
  return statement(text, {{orders, mode}}, work);
}

std::optional<sql::Probe> probe(const std::string& condition) {
  return sql::Probe{sql::verbatim("SELECT " + condition + " AS done")};
}

std::string column_is_there(const std::string& column) {
  return "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.orders'::regclass AND attname = '" + column +
         "' AND NOT attisdropped)";
}

std::string index_is(const std::string& index, bool valid) {
  return "EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public." + index + "') AND " +
         (valid ? "" : "NOT ") + "(indisvalid AND indisready AND indislive))";
}

Step step(const std::string& id, const std::string& title, sql::Action action, std::optional<sql::Probe> asked) {
  Step made;
  made.id = id;
  made.phase = *sql::phase(id.substr(0, id.find('/')));
  made.title = title;
  made.action = std::move(action);
  made.probe = std::move(asked);
  made.touches = {"table public.orders"};
  made.origin = "sample.mig:1";
  return made;
}

Step way_back(const std::string& id, sql::Action action, std::optional<sql::Probe> asked) {
  return step(id, "undo", std::move(action), std::move(asked));
}

Step create_index(const std::string& id, const std::string& index, const std::string& columns) {
  sql::Concurrent create;
  create.statement = on_orders("CREATE INDEX CONCURRENTLY " + index + " ON public.orders (" + columns + ")",
                               LockMode::share_update_exclusive, Work::build);
  create.remnant = probe(index_is(index, false));
  create.cleanup = on_orders("DROP INDEX CONCURRENTLY public." + index, LockMode::share_update_exclusive);
  return step(id, "add index " + index, create, probe(index_is(index, true)));
}

Step drop_index(const std::string& id, const std::string& index) {
  sql::Concurrent drop;
  drop.statement = on_orders("DROP INDEX CONCURRENTLY public." + index, LockMode::share_update_exclusive);
  return step(id, "drop index " + index, drop, probe("to_regclass('public." + index + "') IS NULL"));
}

Step add_column() {
  const sql::Kept kept{"column", orders, "paid", orders, "_mig_p_paid"};
  auto made = step(
      "expand/1", "add column orders.paid boolean",
      sql::Transaction{{on_orders("ALTER TABLE public.orders ADD COLUMN paid boolean", LockMode::access_exclusive)}},
      probe(column_is_there("paid")));
  made.revival = sql::Revival{
      *probe(column_is_there("_mig_p_paid")),
      {on_orders("ALTER TABLE public.orders RENAME COLUMN _mig_p_paid TO paid", LockMode::access_exclusive)},
      {kept}};
  made.back = {way_back(
      "expand/1/back/1",
      sql::Park{{on_orders("ALTER TABLE public.orders RENAME COLUMN paid TO _mig_p_paid", LockMode::access_exclusive)},
                {kept}},
      probe("NOT " + column_is_there("paid")))};
  return made;
}

Step add_index() {
  auto made = create_index("expand/2", "orders_placed_idx", "placed_at");
  made.back = {drop_index("expand/2/back/1", "orders_placed_idx")};
  return made;
}

// Its way back is a statement that is no transaction, then one that is.
Step create_audit() {
  auto made = step("expand/3", "create table audit",
                   sql::Transaction{{statement("CREATE TABLE public.audit (id bigint PRIMARY KEY, what text)"),
                                     statement("CREATE INDEX audit_what_idx ON public.audit (what)"),
                                     statement("INSERT INTO public.audit VALUES (1, 'made')")}},
                   probe("to_regclass('public.audit') IS NOT NULL"));
  made.touches = {"table public.audit"};
  sql::Concurrent drop;
  drop.statement = statement("DROP INDEX CONCURRENTLY public.audit_what_idx");
  made.back = {
      way_back("expand/3/back/1", drop, probe("to_regclass('public.audit_what_idx') IS NULL")),
      way_back("expand/3/back/2", sql::Transaction{{statement("DROP TABLE public.audit")}},
               probe("to_regclass('public.audit') IS NULL")),
  };
  return made;
}

Step add_check() {
  const std::string there =
      "EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.orders'::regclass AND conname = 'orders_total_check'";
  auto made = step("expand/4", "add check orders_total_check",
                   sql::Transaction{{on_orders("ALTER TABLE public.orders ADD CONSTRAINT orders_total_check CHECK "
                                               "(total >= 0) NOT VALID",
                                               LockMode::access_exclusive)}},
                   probe(there + ")"));
  made.back = {way_back("expand/4/back/1",
                        sql::Transaction{{on_orders("ALTER TABLE public.orders DROP CONSTRAINT orders_total_check",
                                                    LockMode::access_exclusive)}},
                        probe("NOT " + there + ")"))};
  return made;
}

// Undone by dropping the check: nothing of its own to undo.
Step validate_check() {
  auto made = step("expand/5", "validate check orders_total_check",
                   sql::Transaction{{on_orders("ALTER TABLE public.orders VALIDATE CONSTRAINT orders_total_check",
                                               LockMode::share_update_exclusive, Work::scan)}},
                   probe("EXISTS (SELECT FROM pg_constraint WHERE conname = 'orders_total_check' AND convalidated)"));
  made.after = {"expand/4"};
  return made;
}

Step park_column() {
  const sql::Kept kept{"column", orders, "note", orders, "_mig_p_note"};
  auto made = step(
      "contract/1", "drop column orders.note",
      sql::Park{{on_orders("ALTER TABLE public.orders RENAME COLUMN note TO _mig_p_note", LockMode::access_exclusive)},
                {kept}},
      probe("NOT " + column_is_there("note")));
  made.reversibility = sql::Reversibility::exact_until_purged;
  made.back = {way_back("contract/1/back/1",
                        sql::Transaction{{on_orders("ALTER TABLE public.orders RENAME COLUMN _mig_p_note TO note",
                                                    LockMode::access_exclusive)}},
                        probe(column_is_there("note")))};
  return made;
}

Step drop_old_index() {
  auto made = drop_index("contract/2", "orders_status_idx");
  made.back = {create_index("contract/2/back/1", "orders_status_idx", "status")};
  return made;
}

Step park_table() {
  const sql::Kept kept{"table", {"public", "old_orders"}, "", {"mig_park_sample", "old_orders"}, ""};
  auto made = step("contract/3", "drop table old_orders",
                   sql::Park{{statement("CREATE SCHEMA mig_park_sample"),
                              statement("ALTER TABLE public.old_orders SET SCHEMA mig_park_sample",
                                        {{{"public", "old_orders"}, LockMode::access_exclusive}})},
                             {kept}},
                   probe("to_regclass('public.old_orders') IS NULL"));
  made.touches = {"table public.old_orders"};
  made.reversibility = sql::Reversibility::exact_until_purged;
  made.back = {way_back("contract/3/back/1",
                        sql::Transaction{{statement("ALTER TABLE mig_park_sample.old_orders SET SCHEMA public"),
                                          statement("DROP SCHEMA mig_park_sample")}},
                        probe("to_regclass('public.old_orders') IS NOT NULL"))};
  return made;
}

Step purge(const std::string& id, const std::vector<std::string>& texts, const sql::Kept& kept,
           const std::string& gone) {
  sql::Purge action;
  for (const auto& text : texts) action.statements.push_back(statement(text));
  action.released = {kept};
  auto made = step(id, "destroy what was dropped", action, probe(gone));
  made.reversibility = sql::Reversibility::irreversible;
  made.loss = {"what was kept is gone"};
  return made;
}

std::string rows_as_text(const runtime::Rows& rows) {
  std::string text;
  for (const auto& row : rows.rows) {
    for (const auto& value : row) text += (value ? *value : "-") + " | ";
    text += "\n";
  }
  return text;
}

runtime::Interrupt never() {
  return [] { return 0; };
}

}  // namespace

std::string sample_world() {
  return "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);"
         "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, status text NOT NULL DEFAULT 'new',"
         "  total numeric(10,2), placed_at timestamptz, note text);"
         "CREATE INDEX orders_status_idx ON orders (status);"
         "CREATE TABLE old_orders (id bigint PRIMARY KEY, what text);"
         "INSERT INTO orders SELECT i, i, 'new', i, '2026-01-01Z'::timestamptz + i * interval '1 hour', 'note ' || i "
         "FROM generate_series(1, 200) i;"
         "INSERT INTO old_orders VALUES (1, 'old')";
}

plan::Plan sample_plan() {
  plan::Plan plan;
  plan.migration = "sample";
  plan.title = "every kind of action";
  plan.file = "sample.mig";
  plan.source = "migration sample { }\n";
  plan.source_hash = std::string(64, 'a');
  plan.server_major = 13;
  plan.search_path = {"public"};
  plan.has_contract = true;
  plan.steps = {add_column(),     add_index(),   create_audit(),   add_check(),
                validate_check(), park_column(), drop_old_index(), park_table()};
  plan.steps.push_back(purge("purge/1", {"ALTER TABLE public.orders DROP COLUMN _mig_p_note"},
                             std::get<sql::Park>(plan.steps[5].action).kept[0],
                             "NOT " + column_is_there("_mig_p_note")));
  plan.steps.push_back(purge("purge/2", {"DROP TABLE mig_park_sample.old_orders", "DROP SCHEMA mig_park_sample"},
                             std::get<sql::Park>(plan.steps[7].action).kept[0],
                             "to_regnamespace('mig_park_sample') IS NULL"));
  return plan;
}

plan::Plan first_steps(plan::Plan plan, std::size_t count) {
  plan.steps.resize(count);
  plan.has_contract =
      std::any_of(plan.steps.begin(), plan.steps.end(), [](const auto& made) { return made.phase == Phase::contract; });
  return plan;
}

Step simple_step(const std::string& id, const std::string& up, const std::string& down, const std::string& condition) {
  auto made = step(id, up, sql::Transaction{{on_orders(up, LockMode::access_exclusive)}}, probe(condition));
  made.back = {way_back(id + "/back/1", sql::Transaction{{on_orders(down, LockMode::access_exclusive)}}, std::nullopt)};
  return made;
}

std::string picture(const runtime::Target& target) {
  const auto ask = [&](const std::string& query) { return rows_as_text(run(target, query)); };
  const std::string visible =
      "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'mig') AND n.nspname NOT LIKE "
      "'mig\\_park\\_%'";
  auto text =
      ask("SELECT n.nspname, c.relname, c.relkind, i.indisvalid, pg_get_indexdef(c.oid) FROM pg_class c JOIN "
          "pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE " +
          visible + " ORDER BY 1, 2");
  text +=
      ask("SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM "
          "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
          "WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT LIKE '\\_mig\\_%' AND c.relkind = 'r' AND " +
          visible + " ORDER BY 1, 2, 3");
  text +=
      ask("SELECT c.conname, pg_get_constraintdef(c.oid), c.convalidated FROM pg_constraint c JOIN pg_namespace n "
          "ON n.oid = c.connamespace WHERE " +
          visible + " ORDER BY 1");
  // A table's rows: how many, and a sum of their hashes, which no order changes.
  for (const auto& row :
       run(target,
           "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), (SELECT "
           "coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname), '') FROM pg_attribute a "
           "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT LIKE "
           "'\\_mig\\_%') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' "
           "AND " +
               visible + " ORDER BY 1")
           .rows)
    text +=
        fmt::format("{} ({}) ", *row[0], *row[1]) +
        ask(fmt::format("SELECT count(*), sum(hashtextextended(ROW({})::text, 0)::numeric) FROM {}", *row[1], *row[0]));
  return text;
}

std::string journal_picture(const runtime::Target& target) {
  if (run(target, "SELECT to_regclass('mig.journal') IS NULL").truth()) return "no journal\n";
  return rows_as_text(run(target, "SELECT name, state FROM mig.migration ORDER BY 1")) +
         rows_as_text(run(target, "SELECT step, state FROM mig.step ORDER BY 1")) +
         rows_as_text(run(target,
                          "SELECT step, kind, relation, part, kept_relation, kept_part, state FROM mig.kept "
                          "WHERE state = 'kept' ORDER BY 1, 2"));
}

runtime::Observer Story::observer() {
  return [this](const runtime::Event& event) { events.push_back(event); };
}

std::size_t Story::count(const std::string& name) const {
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [&](const auto& event) { return event.name == name; }));
}

const runtime::Event* Story::first(const std::string& name) const {
  const auto found = std::find_if(events.begin(), events.end(), [&](const auto& event) { return event.name == name; });
  return found == events.end() ? nullptr : &*found;
}

runtime::Outcome apply(const runtime::Target& target, const plan::Plan& plan, const runtime::ApplyOptions& options,
                       Story* story, const runtime::Interrupt& interrupt) {
  runtime::Executor executor(target, story != nullptr ? story->observer() : runtime::Observer(),
                             interrupt ? interrupt : never());
  if (!options.dry_run)
    if (auto stop = executor.lock(10'000)) return *stop;
  return executor.apply(plan, options);
}

runtime::Outcome rollback(const runtime::Target& target, const std::string& migration, plan::journal::State to,
                          Story* story) {
  runtime::Executor executor(target, story != nullptr ? story->observer() : runtime::Observer(), never());
  if (auto stop = executor.lock(10'000)) return *stop;
  return executor.rollback(migration, to);
}

}  // namespace mig::tests
