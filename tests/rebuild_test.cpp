// What hangs on a column comes back exactly: a world in which everything that PostgreSQL knows hangs on one.
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

constexpr const char* common = R"(
do $$begin create role rebuild_owner; exception when duplicate_object then null; end$$;
do $$begin create role rebuild_reader; exception when duplicate_object then null; end$$;
grant create, usage on schema public to rebuild_owner;
create table audit (order_id bigint, total numeric);
alter table orders add column gross numeric generated always as (total * 2) stored;
comment on column orders.gross is 'twice';
alter table orders alter column total set statistics 50;
create index orders_total_expr_idx on orders ((total + 1)) where total > 0;
alter index orders_total_expr_idx alter column 1 set statistics 77;
comment on index orders_total_expr_idx is 'one more';
create view paid as select id, user_id, total, total * 2 as twice, gross from orders where status = 'paid';
alter view paid set (security_barrier = true);
alter view paid alter column total set default 7;
comment on view paid is 'what was paid';
comment on column paid.total is 'in euro';
grant select on paid to rebuild_reader with grant option;
grant update (total) on paid to rebuild_reader;
create function touch_paid() returns trigger language plpgsql as $$begin return new; end$$;
create trigger paid_touch instead of update on paid for each row execute function touch_paid();
comment on trigger paid_touch on paid is 'nothing';
create rule paid_delete as on delete to paid do instead delete from orders where id = old.id;
create view paid_big as select p.id, p.total from paid p where p.total > 100;
alter view paid_big owner to rebuild_owner;
grant select on orders, paid to rebuild_owner;
create materialized view paid_sums with (fillfactor = 70) as select user_id, sum(total) as total from paid group by user_id;
create unique index paid_sums_key on paid_sums (user_id) with (fillfactor = 80);
create index paid_sums_expr on paid_sums ((total + 1));
alter index paid_sums_expr alter column 1 set statistics 33;
comment on index paid_sums_key is 'one each';
alter materialized view paid_sums cluster on paid_sums_key;
alter materialized view paid_sums alter column total set statistics 44;
comment on materialized view paid_sums is 'sums';
grant select on paid_sums to public;
create materialized view paid_later as select total from paid with no data;
create function paid_label(paid) returns text language sql stable as $$select 'x'::text$$;
comment on function paid_label(paid) is 'label';
revoke execute on function paid_label(paid) from public;
grant execute on function paid_label(paid) to rebuild_reader;
create view labels as select paid_label(p) as label from paid p;
create rule orders_audit as on update to orders where old.total <> new.total do also
  insert into audit (order_id, total) values (new.id, new.total);
alter table orders disable rule orders_audit;
comment on rule orders_audit on orders is 'who paid what';
create policy users_orders on users as restrictive for select to rebuild_reader
  using (exists (select from orders o where o.user_id = users.id and o.total > 0));
comment on policy users_orders on users is 'own orders';
create policy orders_big on orders using (total > 1) with check (total > 2);
create function touch_order() returns trigger language plpgsql as $$begin return new; end$$;
create trigger orders_total after update of total, status on orders for each row
  when (old.total is distinct from new.total) execute function touch_order();
alter table orders enable always trigger orders_total;
comment on trigger orders_total on orders is 'watches';
create statistics orders_stats on total, status from orders;
alter statistics orders_stats set statistics 99;
comment on statistics orders_stats is 'together';
)";

std::string world_of(int major) {
  std::string text = read_source("tests/support/world.sql");
  text +=
      "insert into users (name) select 'user ' || i from generate_series(1, 5) i;"
      "insert into orders select i, 1 + i % 5, case when i % 2 = 0 then 'paid' else 'new' end, i * 10, null, 'note' "
      "from generate_series(1, 40) i;";
  text += common;
  if (major >= 14)
    text +=
        "create function paid_total(bigint) returns numeric language sql stable begin atomic select total from paid "
        "where id = $1; end; grant execute on function paid_total(bigint) to rebuild_reader;"
        "create function order_total(which bigint default 1) returns numeric language sql stable "
        "return (select total from orders where id = which);";
  if (major >= 15)
    text +=
        "create publication orders_pub for table orders (id, total) where (total > 0), users;"
        "comment on publication orders_pub is 'out';";
  return text;
}

void check_all(Server& server, const std::string& example) {
  CAPTURE(server.major(), example);
  const Shape shape{"hung on a column", world_of(server.major()), {}, "postgres"};
  for (const auto& [law, why] : run_cells(server, example, shape)) {
    // libpg_query does not know SET EXPRESSION, which came with 17.
    if (law == Law::text && server.major() >= 17) continue;
    CAPTURE(to_string(law));
    CHECK(why == "");
  }
}

}  // namespace

TEST_CASE("everything that hangs on a column comes back when its type changes, there and back") {
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    check_all(server, "set type orders.total to numeric(12,2);");
    check_all(server, "set type orders.total to numeric(12,4);\n");
    check_all(server, "set type orders.status to varchar(40);");
    check_all(server, "rename column orders.total to amount;");
    check_all(server, "set collation orders.status to \"C\";");
  }
}

}  // namespace mig::tests::laws
