-- A database in which types, functions, operators and casts of users stand beside PostgreSQL's own, in two schemas of
-- the path.
CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TYPE one.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE two.colour AS ENUM ('red', 'green');
CREATE DOMAIN one.positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN one.small_positive AS one.positive CHECK (VALUE < 100);
CREATE DOMAIN one.name20 AS varchar(20);
CREATE DOMAIN two.money2 AS numeric(12, 2);
CREATE DOMAIN two.numbers AS integer[];
CREATE DOMAIN two.feeling AS one.mood;
CREATE DOMAIN two.mail AS text COLLATE "C";
CREATE DOMAIN one.span AS int4range;
CREATE TYPE one.point3 AS (x float8, y float8, z float8);
CREATE TYPE two.label AS (id integer, name varchar(30), moods one.mood[]);
CREATE DOMAIN two.some_label AS two.label;
CREATE TYPE one.float_range AS RANGE (subtype = float8);
CREATE TYPE two.name_range AS RANGE (subtype = text, collation = "C");
CREATE TABLE one.parent (id bigint, name text, tags text[]);
CREATE TABLE one.keyed (a integer, b text COLLATE "C", c varchar(9) NOT NULL, PRIMARY KEY (a));
CREATE VIEW two.label_view AS SELECT (1, 'x', NULL)::two.label AS l, 'a'::varchar(5) AS v;
CREATE TABLE one.child (extra jsonb) INHERITS (one.parent);

CREATE FUNCTION one.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION one.twice(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION two.twice(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE FUNCTION two.twice(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $1';
CREATE FUNCTION one.defaults(a integer, b text DEFAULT 'x', c boolean DEFAULT true) RETURNS text LANGUAGE sql AS 'SELECT $2';
CREATE FUNCTION one.defaults(a text, b text DEFAULT 'x') RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one.clash(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one.clash(a integer, b integer DEFAULT 1) RETURNS text LANGUAGE sql AS 'SELECT ''1''';
CREATE FUNCTION one.several(VARIADIC integer[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one.several(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION two.anything(VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1[1]';
CREATE FUNCTION two.named(from_ date, to_ date DEFAULT '2020-01-01', step interval DEFAULT '1 day') RETURNS integer
  LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one.swap(a anyelement, b anyelement, OUT c anyelement, OUT d anyarray) LANGUAGE sql AS 'SELECT $2, ARRAY[$1]';
CREATE FUNCTION one.widest(anycompatible, anycompatible, anycompatiblearray) RETURNS anycompatible LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION one.in_range(anyelement, anyrange) RETURNS anyrange LANGUAGE sql AS 'SELECT $2';
CREATE FUNCTION one.of_enum(anyenum) RETURNS anyenum LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION one.not_array(anynonarray, anyelement) RETURNS anyarray LANGUAGE sql AS 'SELECT ARRAY[$1]';
CREATE FUNCTION two.area(one.point3) RETURNS float8 LANGUAGE sql AS 'SELECT ($1).x';
CREATE FUNCTION two.full_name(one.parent) RETURNS text LANGUAGE sql AS 'SELECT $1.name';
CREATE FUNCTION one.rows_of(integer) RETURNS SETOF one.parent LANGUAGE sql AS 'SELECT * FROM one.parent';
CREATE FUNCTION one.numbers_to(integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT generate_series(1, $1)';
CREATE FUNCTION one.two_columns(integer) RETURNS TABLE (n integer, word varchar) LANGUAGE sql AS 'SELECT 1, ''a''::varchar';
CREATE PROCEDURE one.act(integer) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE one.add_all(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

CREATE FUNCTION one.mood_less(one.mood, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR one.<~ (LEFTARG = one.mood, RIGHTARG = integer, FUNCTION = one.mood_less);
CREATE FUNCTION one.plus(one.point3, one.point3) RETURNS one.point3 LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR one.+ (LEFTARG = one.point3, RIGHTARG = one.point3, FUNCTION = one.plus);
CREATE FUNCTION two.text_plus(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE OPERATOR two.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = two.text_plus);
CREATE FUNCTION one.int_plus(integer, integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1.0';
CREATE OPERATOR one.+ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = one.int_plus);
CREATE FUNCTION one.bang(integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1.0';
CREATE OPERATOR one.!! (RIGHTARG = integer, FUNCTION = one.bang);
CREATE FUNCTION two.pair(anyelement, anyarray) RETURNS anyarray LANGUAGE sql IMMUTABLE AS 'SELECT $2';
CREATE OPERATOR two.<~+ (LEFTARG = anyelement, RIGHTARG = anyarray, FUNCTION = two.pair);

CREATE FUNCTION one.mood_number(one.mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (one.mood AS integer) WITH FUNCTION one.mood_number(one.mood) AS IMPLICIT;
CREATE FUNCTION two.colour_point(two.colour) RETURNS one.point3 LANGUAGE sql IMMUTABLE AS 'SELECT (1, 1, 1)::one.point3';
CREATE CAST (two.colour AS one.point3) WITH FUNCTION two.colour_point(two.colour) AS ASSIGNMENT;
CREATE CAST (two.label AS text) WITH INOUT AS ASSIGNMENT;
CREATE CAST (one.mood AS text) WITH INOUT AS IMPLICIT;
