-- What PostgreSQL 15 adds.
create table app.nulls (a int, b int, unique nulls not distinct (a));
create table app.set_some (a int, b int, c bigint references app.users on delete set null (c));
create view app.invoker with (security_invoker) as select id from app.users;
create publication filtered for table app.users (id, name) where (id > 10);
create publication schemas for table app.orders where (id > 10), tables in schema "Odd Schema";
create unlogged sequence app.fast;
