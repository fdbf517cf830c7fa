-- One column of every kind that the server's casts treat in its own way.
create type mood as enum ('sad', 'ok', 'happy');
create domain price as numeric(12,2);
create domain label as varchar(30);
create schema other;
create type other.size as enum ('S', 'M');
create function other.twice(integer) returns integer language sql immutable as 'select $1 * 2';
create function half(numeric) returns numeric language sql immutable as 'select $1 / 2';
create sequence "Numbers";
create sequence other.counter;
create table t (
  id int primary key, small smallint, big bigint, num numeric(10,2), flt double precision, rl real,
  txt text, vc varchar(20), ch char(3), nm name, flag boolean,
  d date, ts timestamp, tz timestamptz, tm time, iv interval,
  j json, jb jsonb, arr text[], iarr int[], vcarr varchar(10)[],
  u uuid, by bytea, ip inet, mo mood, pr price, la label, sz other.size,
  "Mixed Case" text, "order" int, bits bit(3), rng int4range
);
create table other_t (id int, t_id int);
