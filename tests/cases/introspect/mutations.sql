--- Single changes of the rich schema, one after the other: above each the key and the field that must tell of it.
-- schema app: comment
comment on schema app is 'other';
-- schema app: grants
grant create on schema app to rich_reader;
-- schema app: owner
alter schema app owner to rich_owner;
-- schema fresh:
create schema fresh;
-- type app.mood: labels
alter type app.mood add value 'bored' after 'sad';
-- type app.mood: labels
alter type app.mood rename value 'ok' to 'fine';
-- type app.positive: checks
alter domain app.positive add constraint small check (value < 1000) not valid;
-- type app.positive: default
alter domain app.positive set default 2;
-- type app.positive: not_null
alter domain app.positive drop not null;
-- type app.point3: attributes
alter type app.point3 add attribute z integer cascade;
-- type app.span: owner
alter type app.span owner to rich_owner;
-- type app.email: comment
comment on domain app.email is 'mail';
-- sequence app.ticket: options
alter sequence app.ticket increment 7;
-- sequence app.ticket: options
alter sequence app.ticket no cycle;
-- sequence app.ticket: owned_by
alter sequence app.ticket owned by app.scratch.a;
-- sequence app.ticket: grants
revoke usage on sequence app.ticket from rich_reader;
-- column app.users.id: sequence
alter table app.users alter column id set increment by 3;
-- column app.users.id: identity
alter table app.users alter column id set generated always;
-- table app.users: comment
comment on table app.users is null;
-- table app.users: options
alter table app.users set (fillfactor = 70);
-- table app.users: options
alter table app.users reset (toast.autovacuum_enabled);
-- table app.users: owner
alter table app.users owner to rich_owner;
-- table app.users: grants
revoke insert on app.users from "Rich Writer";
-- table app.users: replica_identity
alter table app.users replica identity nothing;
-- table app.users: row_security
alter table app.users disable row level security;
-- table app.users: force_row_security
alter table app.users force row level security;
-- table app.scratch: persistence
alter table app.scratch set logged;
-- column app.users.name: comment
comment on column app.users.name is 'another';
-- column app.users.name: not_null
alter table app.users alter column name drop not null;
-- column app.users."Display Name": default
alter table app.users alter column "Display Name" set default 'you';
-- column app.users."Display Name": default
alter table app.users alter column "Display Name" drop default;
-- column app.users."Display Name": type
alter table app.users alter column "Display Name" type varchar(50);
-- column app.users.name: statistics
alter table app.users alter column name set statistics 100;
-- column app.users.secret: storage
alter table app.users alter column secret set storage main;
-- column app.users.born: options
alter table app.users alter column born reset (n_distinct);
-- column app.users.name: grants
revoke update (name) on app.users from rich_reader;
-- column app.users.twice: generated
alter table app.users alter column twice drop expression;
-- column app.users.extra:
alter table app.users add column extra integer;
-- column app.users.extra:
alter table app.users drop column extra;
-- column app.orders.note: collation
alter table app.orders alter column note type text collate "C";
-- constraint app.orders.orders_total_check: validated
alter table app.orders validate constraint orders_total_check;
-- constraint app.orders.orders_user_fkey: deferred
alter table app.orders alter constraint orders_user_fkey deferrable initially immediate;
-- constraint app.orders.orders_user_fkey:
alter table app.orders rename constraint orders_user_fkey to orders_people_fkey;
-- constraint app.orders.orders_people_fkey: on_delete
alter table app.orders drop constraint orders_people_fkey, add constraint orders_people_fkey foreign key (user_id) references app.users (id) match full on update restrict deferrable;
-- constraint app.users.name_not_blank: comment
comment on constraint name_not_blank on app.users is null;
-- constraint app.users.name_not_blank: expression
alter table app.users drop constraint name_not_blank, add constraint name_not_blank check (btrim(name) <> 'x');
-- constraint app.users.born_early: no_inherit
alter table app.users drop constraint born_early, add constraint born_early check (born < date '2100-01-01');
-- index app.orders_user_idx: comment
comment on index app.orders_user_idx is null;
-- index app.orders_user_idx: clustered
alter table app.orders set without cluster;
-- index app.orders_user_idx: options
alter index app.orders_user_idx set (fillfactor = 50);
-- index app.orders_lower_idx: parts
alter index app.orders_lower_idx alter column 1 set statistics 10;
-- index app.orders_lower_idx:
drop index app.orders_lower_idx;
-- index app.orders_note_c_idx: predicate
drop index app.orders_note_c_idx; create index orders_note_c_idx on app.orders (note collate "POSIX") where note <> '';
-- index app.orders_replica: replica_identity
alter table app.orders replica identity default;
-- trigger app.users.users_touch: enabled
alter table app.users enable always trigger users_touch;
-- trigger app.users.users_touch: comment
comment on trigger users_touch on app.users is null;
-- trigger app.users.users_touch: columns
drop trigger users_touch on app.users; create trigger users_touch before insert or update of name on app.users for each row when (new.name <> '') execute function app.touch();
-- trigger app.events_2023.events_touch:
alter table app.events_2023 enable trigger events_touch;
-- policy app.users.own_rows: using
alter policy own_rows on app.users using (name = 'me');
-- policy app.users.own_rows: roles
alter policy own_rows on app.users to public;
-- rule app.scratch.scratch_no_delete: enabled
alter table app.scratch disable rule scratch_no_delete;
-- rule app.scratch.scratch_no_delete: definition
create or replace rule scratch_no_delete as on delete to app.scratch do also nothing;
-- table app.events_rest: partition_of
alter table app.events detach partition app.events_rest;
-- table app.pet: inherits
alter table app.pet no inherit app.animal;
-- column app.robot_dog.legs: inherited
alter table app.robot_dog no inherit app.animal;
-- view app.early: definition
create or replace view app.early as select id, name from app.users where born < '1960-01-01' with local check option;
-- view app.early: options
alter view app.early set (check_option = cascaded);
-- column app.early.name: default
alter view app.early alter column name drop default;
-- view app.user_orders: grants
revoke select on app.user_orders from rich_reader;
-- view app.totals: populated
refresh materialized view app.totals;
-- index app.totals_user_idx:
drop index app.totals_user_idx;
-- function app.add(integer, integer): definition
create or replace function app.add(a integer, b integer default 1) returns integer language sql immutable strict parallel safe as 'select b + a';
-- function app.add(integer, integer): arguments
create or replace function app.add(a integer, b integer default 2) returns integer language sql immutable strict parallel safe as 'select b + a';
-- function app.add(integer, integer): volatility
alter function app.add(integer, integer) volatile;
-- function app.secure(): grants
grant execute on function app.secure() to public;
-- function app.secure(): settings
alter function app.secure() reset all;
-- function app.product(numeric): comment
comment on aggregate app.product(numeric) is 'multiplies';
-- statistics app.orders_stats: facts
alter statistics app.orders_stats set statistics 50;
-- operator app."===(integer, integer)": facts
alter operator app.=== (integer, integer) set (restrict = none);
-- operator family app."odd_ops using btree": facts
alter operator family app.odd_ops using btree add function 1 (integer, bigint) btint48cmp(integer, bigint);
-- cast "app.mood as integer": facts
drop cast (app.mood as integer); create cast (app.mood as integer) with function app.mood_to_int(app.mood) as implicit;
-- collation app.german:
drop collation app.german;
-- conversion app.latin: owner
alter conversion app.latin owner to rich_owner;
-- text search configuration app.plain_config: facts
alter text search configuration app.plain_config drop mapping for word;
-- text search dictionary app.plain_dict: facts
alter text search dictionary app.plain_dict (stopwords);
-- foreign server remote: facts
alter server remote options (set host 'near');
-- user mapping "public on remote":
drop user mapping for public server remote;
-- table app.far_users: options
alter foreign table app.far_users options (set table_name 'people');
-- column app.far_users.id: options
alter foreign table app.far_users alter column id options (set column_name 'id');
-- event trigger rich_ddl: facts
alter event trigger rich_ddl enable replica;
-- publication two_tables: uses
alter publication two_tables drop table app.orders;
-- publication two_tables: facts
alter publication two_tables set (publish = 'delete');
-- subscription incoming: facts
alter subscription incoming set (synchronous_commit = on);
-- default privileges "postgres in app on tables": grants
alter default privileges in schema app grant insert on tables to rich_reader;
-- extension citext:
drop extension citext cascade;
-- access method heap2:
drop access method heap2;
-- setting "role rich_reader":
alter role rich_reader set work_mem = '8MB';
-- role rich_reader: facts
alter role rich_reader login;
