-- down.sql of migration webhook_events: Remember which Stripe events were handled
-- from    migrations/20251029_webhook_events.mig, sha256 d14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c
-- plan    886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414, for PostgreSQL 15
--         7 steps, 7 statements, way back exact
--
-- expand/1     create table public."StripeWebhookEvent"                     no lock, instant                   exact
-- expand/2     add column public."QRCode".used boolean                      ACCESS EXCLUSIVE, instant          exact
-- expand/3     add column public."QRCode"."usedAt" timestamp with time zone ACCESS EXCLUSIVE, instant          exact
-- expand/4     add column public."QRCode"."usedByUserId" text               ACCESS EXCLUSIVE, instant          exact
-- expand/5     add foreign key "QRCode_usedByUserId_fkey" of public."QRCode" SHARE ROW EXCLUSIVE, instant       exact
-- expand/6     validate foreign key "QRCode_usedByUserId_fkey" of public."QRCode" SHARE UPDATE EXCLUSIVE, scan       exact
-- expand/7     add index "QRCode_usedByUserId_idx" on public."QRCode"       SHARE UPDATE EXCLUSIVE, build      exact
--
-- run     psql -X -v ON_ERROR_STOP=1 -f down.sql      (back to pending)

\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT on
\set SHOW_CONTEXT never
\set QUIET on
SELECT now() <> statement_timestamp() AS inside \gset mig_
\if :mig_inside
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'a transaction is open around this file', HINT = 'run it without -1 (--single-transaction) and outside BEGIN';
END
$mig$;
\endif
DO $mig$
BEGIN
  IF current_setting('server_version_num')::integer < 150000 THEN
    RAISE EXCEPTION USING MESSAGE = 'this plan was made for PostgreSQL 15, and the server is older', HINT = 'compile it for this server:  mig compile';
  END IF;
END
$mig$;
SET lock_timeout = 0;
SET statement_timeout = 0;
SET client_min_messages = warning;
SET standard_conforming_strings = on;
SET idle_in_transaction_session_timeout = '60s';
SET idle_session_timeout = 0;
SET search_path = public;
\if :{?to}
\else
\set to pending
\endif
SELECT :'to' = 'pending' AS known, true AS to_pending \gset mig_
\if :mig_known
\else
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'to names no state that this plan can go back to', HINT = 'to is pending';
END
$mig$;
\endif
SELECT pg_try_advisory_lock(7883945872386424833) AS locked \gset mig_
\if :mig_locked
\else
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'another mig works on this database', HINT = 'wait until it has ended, then run down.sql again';
END
$mig$;
\endif
SELECT to_regclass('mig.journal') IS NOT NULL AS present \gset mig_
\if :mig_present
DO $mig$
BEGIN
  IF (SELECT format FROM mig.journal) > 1 THEN
    RAISE EXCEPTION USING MESSAGE = 'the journal of this database was made by a newer mig', HINT = 'use that mig, or a newer one';
  END IF;
END
$mig$;
\else
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'there is no journal in this database: no migration ran here', HINT = 'is this the right database?';
END
$mig$;
\endif
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.migration m JOIN mig.plan p ON p.id = m.plan
    WHERE m.name = 'webhook_events' AND m.state <> 'pending' AND p.hash <> '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') THEN
    RAISE EXCEPTION USING MESSAGE = 'webhook_events is under way by another plan than this file''s', HINT = 'go on by the plan of the journal:  mig apply webhook_events';
  END IF;
END
$mig$;
DO $mig$
BEGIN
  IF NOT EXISTS (SELECT FROM mig.migration WHERE name = 'webhook_events' AND state <> 'pending') THEN
    RAISE EXCEPTION USING MESSAGE = 'webhook_events is pending: there is nothing to go back from', HINT = 'is this the right database?';
  END IF;
END
$mig$;
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.migration m JOIN mig.plan p ON p.id = m.plan
    JOIN mig.event e ON e.migration = m.name AND e.name = 'planned' AND e.facts ->> 'plan' = p.hash
    WHERE m.name <> 'webhook_events' AND m.state <> 'pending' AND (e.facts -> 'after' ? 'webhook_events'
      OR (e.facts -> 'relations' ?| ARRAY[NULL, 'public."QRCode"', 'public."QRCode_usedByUserId_idx"', 'public."StripeWebhookEvent"', 'public."User"']::text[] AND (SELECT min(id) FROM mig.run WHERE migration = m.name) > (SELECT min(id) FROM mig.run WHERE migration = 'webhook_events')))) THEN
    RAISE EXCEPTION USING MESSAGE = 'a later migration stands on webhook_events', HINT = 'take that one back first: mig status names them, the newest last; each has a down.sql of its own';
  END IF;
END
$mig$;
\getenv mig_host HOSTNAME
\if :{?mig_host}
\else
\set mig_host ''
\endif
INSERT INTO mig.run (migration, plan, command, who, host, version, note)
SELECT name, plan, 'down.sql', :'USER', :'mig_host', 'psql ' || :'VERSION_NAME', '' FROM mig.migration WHERE name = 'webhook_events'
RETURNING id AS run \gset mig_
SELECT state IN ('contracting', 'contracted', 'done') AS from_contract FROM mig.migration WHERE name = 'webhook_events' \gset mig_
SELECT
  coalesce(bool_or(step = 'expand/1' AND state IN ('done')), false) AS done_expand_1,
  coalesce(bool_or(step = 'expand/1/back/1' AND state IN ('done')), false) AS done_expand_1_back_1,
  coalesce(bool_or(step = 'expand/2' AND state IN ('done')), false) AS done_expand_2,
  coalesce(bool_or(step = 'expand/2/back/1' AND state IN ('done')), false) AS done_expand_2_back_1,
  coalesce(bool_or(step = 'expand/3' AND state IN ('done')), false) AS done_expand_3,
  coalesce(bool_or(step = 'expand/3/back/1' AND state IN ('done')), false) AS done_expand_3_back_1,
  coalesce(bool_or(step = 'expand/4' AND state IN ('done')), false) AS done_expand_4,
  coalesce(bool_or(step = 'expand/4/back/1' AND state IN ('done')), false) AS done_expand_4_back_1,
  coalesce(bool_or(step = 'expand/5' AND state IN ('done')), false) AS done_expand_5,
  coalesce(bool_or(step = 'expand/5/back/1' AND state IN ('done')), false) AS done_expand_5_back_1,
  coalesce(bool_or(step = 'expand/6' AND state IN ('done')), false) AS done_expand_6,
  coalesce(bool_or(step = 'expand/7' AND state IN ('done')), false) AS done_expand_7,
  coalesce(bool_or(step = 'expand/7' AND state IN ('started', 'failed')), false) AS doubt_expand_7,
  coalesce(bool_or(step = 'expand/7/back/1' AND state IN ('done')), false) AS done_expand_7_back_1,
  coalesce(bool_or(step = 'expand/7/back/1' AND state IN ('started', 'failed')), false) AS doubt_expand_7_back_1
FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') \gset mig_

-- ---- from expanding or expanded: back to pending ----
\if :mig_to_pending
WITH row AS (
  UPDATE mig.migration SET state = 'expanding', since = now() WHERE name = 'webhook_events'
)
INSERT INTO mig.event (migration, name, facts) VALUES ('webhook_events', 'state', jsonb_build_object('state', 'expanding'));

-- back from expand/7  add index "QRCode_usedByUserId_idx" on public."QRCode"
\if :mig_doubt_expand_7
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'expand/7 was begun and its end is not known', HINT = 'let mig look and go back:  mig rollback webhook_events';
END
$mig$;
\endif
\if :mig_done_expand_7
\echo 'back from expand/7  add index "QRCode_usedByUserId_idx" on public."QRCode"'
-- expand/7/back/1  drop index public."QRCode_usedByUserId_idx"
\if :mig_done_expand_7_back_1
\else
\if :mig_doubt_expand_7_back_1
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'expand/7/back/1 was begun and its end is not known', HINT = 'let mig look and go on:  mig rollback webhook_events';
END
$mig$;
\endif
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run) VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/7/back/1', 'started', :mig_run)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'started', run = excluded.run, started = now(),
    ended = NULL, sqlstate = NULL, tries = 1
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/7/back/1', 'step_started');
SET lock_timeout = 0;
SET statement_timeout = 0;
-- expand; SHARE UPDATE EXCLUSIVE on public."QRCode", instant; in no transaction; way back exact
DROP INDEX CONCURRENTLY public."QRCode_usedByUserId_idx";
DO $mig$
BEGIN
  IF NOT coalesce((SELECT NOT (EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE n.nspname = 'public' AND c.relname = 'QRCode_usedByUserId_idx' AND t.relname = 'QRCode' AND m.amname = 'btree' AND i.indisunique = false AND i.indnkeyatts = 1 AND i.indnatts = 1 AND (i.indpred IS NOT NULL) = false AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = 'usedByUserId'))) AS done), false) THEN
    RAISE EXCEPTION USING MESSAGE = 'expand/7/back/1 ran and left nothing', HINT = 'let mig look and go on:  mig rollback webhook_events';
  END IF;
END
$mig$;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/7', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/7/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/7' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['index public."QRCode_usedByUserId_idx"', 'table public."QRCode"', 'table public."QRCode_usedByUserId_idx"'] WHERE fingerprints ?| ARRAY['index public."QRCode_usedByUserId_idx"', 'table public."QRCode"', 'table public."QRCode_usedByUserId_idx"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/7', 'step_undone');
\endif
\endif

-- back from expand/6  validate foreign key "QRCode_usedByUserId_fkey" of public."QRCode"
\if :mig_done_expand_6
\echo 'back from expand/6  validate foreign key "QRCode_usedByUserId_fkey" of public."QRCode"'
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/6', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/6/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/6' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"'] WHERE fingerprints ?| ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/6', 'step_undone');
\endif

-- back from expand/5  add foreign key "QRCode_usedByUserId_fkey" of public."QRCode"
\if :mig_done_expand_5
\echo 'back from expand/5  add foreign key "QRCode_usedByUserId_fkey" of public."QRCode"'
-- expand/5/back/1  drop foreign key "QRCode_usedByUserId_fkey" of public."QRCode"
\if :mig_done_expand_5_back_1
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; ACCESS EXCLUSIVE on public."QRCode", ACCESS EXCLUSIVE on public."User", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" DROP CONSTRAINT "QRCode_usedByUserId_fkey";
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/5', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/5/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/5' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"'] WHERE fingerprints ?| ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/5', 'step_undone');
COMMIT;
\endif
\endif

-- back from expand/4  add column public."QRCode"."usedByUserId" text
\if :mig_done_expand_4
\echo 'back from expand/4  add column public."QRCode"."usedByUserId" text'
-- expand/4/back/1  keep column public."QRCode"."usedByUserId" aside
\if :mig_done_expand_4_back_1
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- keeps what was written to it
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN "usedByUserId" TO "_mig_p_usedByUserId_060b258d";
INSERT INTO mig.kept (plan, step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, until)
VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/4/back/1', 'column', 'public', 'QRCode', 'usedByUserId', 'public', 'QRCode', '_mig_p_usedByUserId_060b258d', NULL);
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/4', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/4/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/4' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/4', 'step_undone');
COMMIT;
\endif
\endif

-- back from expand/3  add column public."QRCode"."usedAt" timestamp with time zone
\if :mig_done_expand_3
\echo 'back from expand/3  add column public."QRCode"."usedAt" timestamp with time zone'
-- expand/3/back/1  keep column public."QRCode"."usedAt" aside
\if :mig_done_expand_3_back_1
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- keeps what was written to it
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN "usedAt" TO "_mig_p_usedAt_15065944";
INSERT INTO mig.kept (plan, step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, until)
VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/3/back/1', 'column', 'public', 'QRCode', 'usedAt', 'public', 'QRCode', '_mig_p_usedAt_15065944', NULL);
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/3', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/3/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/3' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/3', 'step_undone');
COMMIT;
\endif
\endif

-- back from expand/2  add column public."QRCode".used boolean
\if :mig_done_expand_2
\echo 'back from expand/2  add column public."QRCode".used boolean'
-- expand/2/back/1  keep column public."QRCode".used aside
\if :mig_done_expand_2_back_1
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- keeps what was written to it
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN used TO _mig_p_used_02c8c3a4;
INSERT INTO mig.kept (plan, step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, until)
VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/2/back/1', 'column', 'public', 'QRCode', 'used', 'public', 'QRCode', '_mig_p_used_02c8c3a4', NULL);
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/2', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/2/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/2' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode".used', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode".used', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/2', 'step_undone');
COMMIT;
\endif
\endif

-- back from expand/1  create table public."StripeWebhookEvent"
\if :mig_done_expand_1
\echo 'back from expand/1  create table public."StripeWebhookEvent"'
-- expand/1/back/1  keep table public."StripeWebhookEvent" aside
\if :mig_done_expand_1_back_1
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; no lock on what exists, instant; in a transaction; way back exact
CREATE SCHEMA IF NOT EXISTS mig_park_webhook_events_096b0179;
-- kept aside: nothing is read or written
-- expand; ACCESS EXCLUSIVE on public."StripeWebhookEvent", instant; in a transaction; way back exact
ALTER TABLE public."StripeWebhookEvent" SET SCHEMA mig_park_webhook_events_096b0179;
INSERT INTO mig.kept (plan, step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, until)
VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/1/back/1', 'table', 'public', 'StripeWebhookEvent', '', 'mig_park_webhook_events_096b0179', 'StripeWebhookEvent', '', NULL);
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/1', 'undone', :mig_run, clock_timestamp())
  ON CONFLICT (plan, step) DO UPDATE SET state = 'undone', run = excluded.run,
    ended = excluded.ended, sqlstate = NULL, tries = 1, fingerprints = NULL
), ways AS (
  DELETE FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND starts_with(step, 'expand/1/back/')
), returned AS (
  UPDATE mig.kept SET state = 'returned', ended = now() WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') AND step = 'expand/1' AND state = 'kept'
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['table public."StripeWebhookEvent"'] WHERE fingerprints ?| ARRAY['table public."StripeWebhookEvent"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/1', 'step_undone');
COMMIT;
\endif
\endif

WITH row AS (
  UPDATE mig.migration SET state = 'pending', since = now() WHERE name = 'webhook_events'
)
INSERT INTO mig.event (migration, name, facts) VALUES ('webhook_events', 'state', jsonb_build_object('state', 'pending'));
\endif

UPDATE mig.run SET ended = clock_timestamp(), exit = 0 WHERE id = :mig_run;
SELECT pg_advisory_unlock(7883945872386424833) AS unlocked \gset mig_
\echo 'down.sql of webhook_events has ended.'
