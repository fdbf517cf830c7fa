-- What PostgreSQL 18 adds.
create table app.pk18 (id int primary key);
create table app.eighteen (
  a int constraint a_given not null,
  v int generated always as (a * 2) virtual,
  u int references app.pk18 (id) not enforced
);
alter table app.eighteen add column late int, add constraint late_given not null late not valid;
create extension btree_gist;
create table app.temporal (id int, valid tstzrange, primary key (id, valid without overlaps));
