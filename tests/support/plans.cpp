// The steps of the sample plan, one function each.
#include "tests/support/plans.hpp"

#include "compiler/source/hash.hpp"

namespace mig::tests {

namespace {

using sql::Phase;
using sql::Reversibility;
using sql::sql;
using sql::Step;

::mig::sql::Statement statement(::mig::sql::Fragment text, const char* relation = nullptr,
                                ::mig::sql::LockMode mode = ::mig::sql::LockMode::access_exclusive,
                                ::mig::sql::Work work = ::mig::sql::Work::instant) {
  ::mig::sql::Statement out;
  out.text = std::move(text);
  out.work = work;
  if (relation != nullptr) out.locks.push_back({{"public", relation}, mode});
  return out;
}

::mig::sql::Fragment exists(const char* relation) {
  return sql(
      "EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND "
      "c.relname = {})",
      ::mig::sql::Literal{relation});
}

::mig::sql::Fragment column(const char* name) {
  return sql(
      "EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.orders'::regclass AND attname = {} AND NOT "
      "attisdropped)",
      ::mig::sql::Literal{name});
}

::mig::sql::Probe probe(const ::mig::sql::Fragment& condition) { return {sql("SELECT {} AS done", condition)}; }

Step step(const char* title, ::mig::sql::Action action, ::mig::sql::Probe done, std::vector<std::string> touches) {
  Step out;
  out.title = title;
  out.action = std::move(action);
  out.probe = std::move(done);
  out.touches = std::move(touches);
  out.origin = "migrations/sample.mig:3";
  return out;
}

Step create_table() {
  const ::mig::sql::Kept kept{"table", {"public", "tickets"}, "", {"mig_park_sample", "tickets"}, ""};
  auto out = step("create table tickets",
                  ::mig::sql::Transaction{
                      {statement(sql("CREATE TABLE public.tickets (\n  id bigint PRIMARY KEY,\n  \"it's\" text\n)")),
                       statement(sql("COMMENT ON TABLE public.tickets IS 'a:b :c \\d'"))}},
                  probe(exists("tickets")), {"table public.tickets"});
  ::mig::sql::Revival revival;
  revival.when = probe(sql("to_regclass('mig_park_sample.tickets') IS NOT NULL"));
  revival.statements = {statement(sql("ALTER TABLE mig_park_sample.tickets SET SCHEMA public")),
                        statement(sql("DROP SCHEMA mig_park_sample"))};
  revival.released = {kept};
  out.revival = std::move(revival);
  out.back.push_back(
      step("keep table tickets aside",
           ::mig::sql::Park{{statement(sql("CREATE SCHEMA IF NOT EXISTS mig_park_sample")),
                             statement(sql("ALTER TABLE public.tickets SET SCHEMA mig_park_sample"), "tickets")},
                            {kept}},
           probe(sql("NOT {}", exists("tickets"))), {"table public.tickets"}));
  return out;
}

Step add_column() {
  auto out = step("add column orders.used boolean not null default false",
                  ::mig::sql::Transaction{{statement(
                      sql("ALTER TABLE public.orders ADD COLUMN used boolean NOT NULL DEFAULT false"), "orders")}},
                  probe(column("used")), {"table public.orders", "column public.orders.used"});
  // Two steps back, so that a way back can be interrupted between them.
  out.back.push_back(
      step("drop the not null of orders.used",
           ::mig::sql::Transaction{{statement(sql("ALTER TABLE public.orders ALTER used DROP NOT NULL"), "orders")}},
           probe(sql("NOT {}", column("used"))), {}));
  out.back.front().condition =
      ::mig::sql::Condition{"no order is used", sql("SELECT id FROM public.orders WHERE used")};
  out.back.push_back(
      step("drop column orders.used",
           ::mig::sql::Transaction{{statement(sql("ALTER TABLE public.orders DROP COLUMN used"), "orders")}},
           probe(sql("NOT {}", column("used"))), {}));
  return out;
}

Step build_index() {
  ::mig::sql::Concurrent build;
  build.statement =
      statement(sql("CREATE INDEX CONCURRENTLY orders_user_id_idx ON public.orders USING btree (user_id)"), "orders",
                ::mig::sql::LockMode::share_update_exclusive, ::mig::sql::Work::build);
  build.statement.reason = "CONCURRENTLY: reads and writes go on while it is built";
  auto out = step("add index on orders (user_id)", build, probe(exists("orders_user_id_idx")), {"table public.orders"});
  out.back.push_back(step("drop index orders_user_id_idx",
                          ::mig::sql::Concurrent{statement(sql("DROP INDEX CONCURRENTLY public.orders_user_id_idx"),
                                                           "orders", ::mig::sql::LockMode::share_update_exclusive),
                                                 {},
                                                 {}},
                          probe(sql("NOT {}", exists("orders_user_id_idx"))), {"table public.orders"}));
  return out;
}

Step park_column() {
  auto out =
      step("keep column orders.note aside",
           ::mig::sql::Park{{statement(sql("ALTER TABLE public.orders RENAME COLUMN note TO _mig_p_note"), "orders")},
                            {{"column", {"public", "orders"}, "note", {"public", "orders"}, "_mig_p_note"}}},
           probe(sql("NOT {}", column("note"))), {"table public.orders", "column public.orders.note"});
  out.phase = Phase::contract;
  out.reversibility = Reversibility::exact_until_purged;
  out.back.push_back(step("bring column orders.note back",
                          ::mig::sql::Transaction{{statement(
                              sql("ALTER TABLE public.orders RENAME COLUMN _mig_p_note TO note"), "orders")}},
                          probe(column("note")), {"table public.orders"}));
  return out;
}

Step park_table() {
  const ::mig::sql::Kept kept{"table", {"public", "users"}, "", {"mig_park_sample", "users"}, ""};
  auto out = step("keep table users aside",
                  ::mig::sql::Park{{statement(sql("CREATE SCHEMA IF NOT EXISTS mig_park_sample")),
                                    statement(sql("ALTER TABLE public.users SET SCHEMA mig_park_sample"), "users")},
                                   {kept}},
                  probe(sql("NOT {}", exists("users"))), {"table public.users"});
  out.phase = Phase::contract;
  out.reversibility = Reversibility::exact_until_purged;
  out.back.push_back(
      step("bring table users back",
           ::mig::sql::Transaction{{statement(sql("ALTER TABLE mig_park_sample.users SET SCHEMA public")),
                                    statement(sql("DROP SCHEMA mig_park_sample"))}},
           probe(exists("users")), {"table public.users"}));
  return out;
}

Step purge(const char* title, const ::mig::sql::Kept& kept, std::vector<::mig::sql::Statement> statements,
           const ::mig::sql::Fragment& gone) {
  auto out = step(title, ::mig::sql::Purge{std::move(statements), {kept}}, probe(gone), {});
  out.phase = Phase::purge;
  out.reversibility = Reversibility::irreversible;
  return out;
}

void number(plan::Plan& plan) {
  std::map<Phase, int> count;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    auto& step = plan.steps[i];
    step.id = std::string(::mig::sql::to_string(step.phase)) + "/" + std::to_string(++count[step.phase]);
    if (i > 0) step.after = {plan.steps[i - 1].id};
    for (std::size_t k = 0; k < step.back.size(); ++k) {
      step.back[k].id = step.id + "/back/" + std::to_string(k + 1);
      step.back[k].phase = step.phase;
    }
  }
}

plan::Plan head(int server_major) {
  plan::Plan plan;
  plan.migration = "sample";
  plan.title = "what 'psql' must\nnot misread: `x` \\q";
  plan.file = "migrations/sample.mig";
  plan.source = "migration sample {\n  -- ünïcode\n}\n";
  plan.source_hash = source::sha256_hex(plan.source);
  plan.tags = {"shop"};
  plan.server_major = server_major;
  plan.search_path = {"public"};
  plan.before = {{"table public.orders", std::string(64, 'a')}};
  return plan;
}

}  // namespace

plan::Plan sample_expand(int server_major) {
  auto plan = head(server_major);
  plan.steps = {create_table(), add_column(), build_index()};
  number(plan);
  return plan;
}

plan::Plan sample_plan(int server_major) {
  auto plan = head(server_major);
  plan.has_contract = true;
  plan.retain_seconds = 7 * 86400;
  plan.steps = {create_table(), add_column(), build_index(), park_column(), park_table()};
  plan.steps.push_back(purge("destroy column orders.note",
                             {"column", {"public", "orders"}, "note", {"public", "orders"}, "_mig_p_note"},
                             {statement(sql("ALTER TABLE public.orders DROP COLUMN _mig_p_note"), "orders")},
                             sql("NOT {}", column("_mig_p_note"))));
  plan.steps.push_back(
      purge("destroy table users", {"table", {"public", "users"}, "", {"mig_park_sample", "users"}, ""},
            {statement(sql("DROP TABLE mig_park_sample.users")), statement(sql("DROP SCHEMA mig_park_sample"))},
            sql("to_regclass('mig_park_sample.users') IS NULL")));
  number(plan);
  return plan;
}

plan::Plan waiting_plan() {
  const auto looks = [](Phase phase, const char* title, ::mig::sql::Action action) {
    Step out;
    out.phase = phase;
    out.title = title;
    out.action = std::move(action);
    return out;
  };
  const auto question = statement(sql("SELECT NOT EXISTS (SELECT FROM public.orders WHERE total < 0) AS holds"));
  ::mig::sql::Backup backup;
  backup.tables = {{"public", "orders"}};
  backup.to = "backups/{timestamp}";
  backup.keep_seconds = 2592000;
  auto plan = head(15);
  plan.has_contract = true;
  plan.policy.window = ir::Window{60, 240, "Africa/Lagos"};
  plan.steps = {
      looks(Phase::measure, "measure list",
            ::mig::sql::Measure{"list", {statement(sql("SELECT 1.5::float8 AS value"))}, 1000}),
      looks(Phase::backup, "back up orders", backup),
      looks(Phase::require, "no negative totals",
            ::mig::sql::Assert{{question}, sql("SELECT id FROM public.orders WHERE total < 0 LIMIT 11"), 1000}),
      add_column(),
      looks(Phase::verify, "checkpoint looked", ::mig::sql::Gate{0, "looked", "look at it", {}, ""}),
      looks(Phase::verify, "no negative totals", ::mig::sql::Assert{{question}, {}, 1000}),
      looks(Phase::contract, "contract opens",
            ::mig::sql::Gate{3600, "contract", "", ::mig::sql::Probe{sql("SELECT true AS holds")}, "true"}),
      park_column()};
  number(plan);
  return plan;
}

}  // namespace mig::tests
