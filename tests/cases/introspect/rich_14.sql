-- What PostgreSQL 14 adds.
create table app.packed (a text compression pglz, b text);
create function app.atomic(x integer) returns bigint language sql stable begin atomic;
  select x + count(*) from app.users where users.id = x; end;
create statistics app.users_expr on lower(name), born from app.users;
