-- up.sql of migration webhook_events: Remember which Stripe events were handled
-- from    migrations/20251029_webhook_events.mig, sha256 6422d630e86d5eba4fdcf6a68ccdf2156f18cd5923ac9bd761fc3757e85c31bb
-- plan    2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076, for PostgreSQL 15
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
-- run     psql -X -v ON_ERROR_STOP=1 -f up.sql        (again after an interruption: what is done is passed over)
-- back    down.sql
-- A lock that is not free within lock_timeout ends it with an error: run it again. mig apply retries by itself.

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
SELECT pg_try_advisory_lock(7883945872386424833) AS locked \gset mig_
\if :mig_locked
\else
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'another mig works on this database', HINT = 'wait until it has ended, then run up.sql again';
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
BEGIN;
CREATE SCHEMA IF NOT EXISTS mig;
COMMENT ON SCHEMA mig IS 'journal of mig: what ran here, what is kept aside';
GRANT USAGE ON SCHEMA mig TO PUBLIC;
CREATE TABLE IF NOT EXISTS mig.journal (
  one     boolean     PRIMARY KEY DEFAULT true CHECK (one),
  format  integer     NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mig.journal IS 'one row: the format of these tables';
CREATE TABLE IF NOT EXISTS mig.plan (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash        text        NOT NULL UNIQUE,
  format      integer     NOT NULL,
  migration   text        NOT NULL,
  source_hash text        NOT NULL,
  size        integer     NOT NULL,
  bytes       bytea       NOT NULL,
  stored      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mig.plan IS 'every plan that ran: bytes is plan.json with its source text, compressed by zlib';
CREATE TABLE IF NOT EXISTS mig.migration (
  name         text        PRIMARY KEY,
  title        text        NOT NULL DEFAULT '',
  state        text        NOT NULL CHECK (state IN ('pending', 'expanding', 'expanded', 'mapping', 'mapped',
                 'verifying', 'verified', 'contracting', 'contracted', 'purging', 'done')),
  since        timestamptz NOT NULL DEFAULT now(),
  source_hash  text        NOT NULL,
  plan         bigint      NOT NULL REFERENCES mig.plan,
  fingerprints jsonb       NOT NULL DEFAULT jsonb_build_object()
);
COMMENT ON TABLE mig.migration IS 'where each migration stands, and by which plan';
CREATE TABLE IF NOT EXISTS mig.run (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  migration text        NOT NULL REFERENCES mig.migration,
  plan      bigint      NOT NULL REFERENCES mig.plan,
  command   text        NOT NULL,
  who       text        NOT NULL,
  host      text        NOT NULL,
  version   text        NOT NULL,
  note      text        NOT NULL DEFAULT '',
  role      text        NOT NULL DEFAULT session_user,
  pid       integer     NOT NULL DEFAULT pg_backend_pid(),
  started   timestamptz NOT NULL DEFAULT now(),
  ended     timestamptz,
  exit      integer
);
COMMENT ON TABLE mig.run IS 'one call of mig or psql; ended is null while it runs or after a crash';
CREATE TABLE IF NOT EXISTS mig.step (
  plan         bigint      NOT NULL REFERENCES mig.plan,
  step         text        NOT NULL,
  state        text        NOT NULL CHECK (state IN ('started', 'done', 'undone', 'failed')),
  run          bigint      NOT NULL REFERENCES mig.run,
  started      timestamptz NOT NULL DEFAULT now(),
  ended        timestamptz,
  sqlstate     text,
  tries        integer     NOT NULL DEFAULT 1,
  fingerprints jsonb,
  PRIMARY KEY (plan, step)
);
COMMENT ON TABLE mig.step IS 'each step of a plan as it stands; started is an intent that only the step''s probe can decide';
CREATE TABLE IF NOT EXISTS mig.chunk (
  plan     bigint  NOT NULL REFERENCES mig.plan,
  step     text    NOT NULL,
  number   bigint  NOT NULL,
  state    text    NOT NULL CHECK (state IN ('started', 'done', 'undone', 'failed')),
  range    jsonb,
  cursor   jsonb,
  read     bigint  NOT NULL DEFAULT 0,
  written  bigint  NOT NULL DEFAULT 0,
  row_hash numeric NOT NULL DEFAULT 0,
  owner    text,
  token    bigint  NOT NULL DEFAULT 0,
  started  timestamptz NOT NULL DEFAULT now(),
  ended    timestamptz,
  PRIMARY KEY (plan, step, number)
);
COMMENT ON TABLE mig.chunk IS 'parts of steps that move rows: backfills, loads, archives';
CREATE TABLE IF NOT EXISTS mig.kept (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan          bigint      NOT NULL REFERENCES mig.plan,
  step          text        NOT NULL,
  kind          text        NOT NULL,
  schema        text        NOT NULL,
  relation      text        NOT NULL,
  part          text        NOT NULL DEFAULT '',
  kept_schema   text        NOT NULL,
  kept_relation text        NOT NULL,
  kept_part     text        NOT NULL DEFAULT '',
  state         text        NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'returned', 'purged')),
  since         timestamptz NOT NULL DEFAULT now(),
  until         timestamptz,
  ended         timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS kept_here ON mig.kept (kept_schema, kept_relation, kept_part) WHERE state = 'kept';
COMMENT ON TABLE mig.kept IS 'what was set aside instead of destroyed: where it is, until when';
CREATE TABLE IF NOT EXISTS mig.approval (
  plan bigint      NOT NULL REFERENCES mig.plan,
  name text        NOT NULL,
  who  text        NOT NULL,
  at   timestamptz NOT NULL DEFAULT now(),
  note text        NOT NULL DEFAULT '',
  PRIMARY KEY (plan, name)
);
COMMENT ON TABLE mig.approval IS 'checkpoints and gates that a person let pass';
CREATE TABLE IF NOT EXISTS mig.event (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  run       bigint      REFERENCES mig.run,
  migration text        NOT NULL,
  step      text,
  name      text        NOT NULL,
  facts     jsonb
);
COMMENT ON TABLE mig.event IS 'the story in order: every step done, undone, failed, every state';
CREATE TABLE IF NOT EXISTS mig.metric (
  id    bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan  bigint           NOT NULL REFERENCES mig.plan,
  run   bigint           REFERENCES mig.run,
  name  text             NOT NULL,
  at    timestamptz      NOT NULL DEFAULT now(),
  value double precision NOT NULL,
  facts jsonb
);
COMMENT ON TABLE mig.metric IS 'measurements: baselines, counts, rates';
INSERT INTO mig.journal (format) VALUES (1) ON CONFLICT (one) DO NOTHING;
COMMIT;
\endif
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.migration m JOIN mig.plan p ON p.id = m.plan
    WHERE m.name = 'webhook_events' AND m.state <> 'pending' AND p.hash <> '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076') THEN
    RAISE EXCEPTION USING MESSAGE = 'webhook_events is under way by another plan than this file''s', HINT = 'go on by the plan of the journal:  mig apply webhook_events';
  END IF;
END
$mig$;
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076')
    AND step LIKE '%/back/%' AND state <> 'undone') THEN
    RAISE EXCEPTION USING MESSAGE = 'a way back of webhook_events was begun and is not at its end', HINT = 'finish it by down.sql, or let mig turn round:  mig apply webhook_events';
  END IF;
END
$mig$;
\getenv mig_host HOSTNAME
\if :{?mig_host}
\else
\set mig_host ''
\endif
BEGIN;
INSERT INTO mig.plan (hash, format, migration, source_hash, size, bytes) VALUES (
  '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076', 1, 'webhook_events',
  '6422d630e86d5eba4fdcf6a68ccdf2156f18cd5923ac9bd761fc3757e85c31bb', 26162,
  decode('eNrtXW1T2zoW/t5fockXYIdSx3mnsx9ScG/ZpaGbhNvbWToZ2ZKJL47ttRUC7fDf90hyEr/FcSCB0CbDB9uSrCPpnOec89gWP98gVBpZ1wPPxk7pGJUP
+YUhDoZwUlL1OsFVpdGsVFvVRk0hlVbZaJiKomC1YeiY6rRhUNI0zVZTb5BaheikpTSrLVWpEqVRLx2Gt/cxs1x+/9KE6kPXvRnQW+qwQFZgFrMpL+zS
ER3p1EeToWUMUY/5lkeRrIom1KdoiB1iUyLbmZZsNusgeKcqaq2sqK1BvJ8jqCLbBO7YN+hgOsJ6VVVJvaLQZp3UqI6rJjHMOq43DYOYarlWN8tNg9Ra
agUbLZ006mXTqDRqDdqsGZWyroc3pf4t9Qcj/Lfr80mshVexbwwHHma8q//CJbjojXXbMkpw8l1U8lw4vYfyn7Lcdo2bAbNG1B2zwSiAgpqiHMqygGEG
M+SweIVpsWzqW5RfVBW4+DBdzYHhOszHBoMSE9sBFQU+ZdhyBgGFUsIbvZXLr1PT9elcJsO1xyMHSdGPrkr/6Z64hF6V4HAcUNJmVyU+l1gPQLbSYaFG
H+4vYdbOyEpNecOs6k4Ag7McltmbPBxEOx2YN/Q+q2fLIfQueZd4U4vcZbVkWLdpun9eUW+SilIn5ZqJW1WsqkaFqlVFb5Zb1RbRjbqi43JLN0i1aTZq
hqmQlqrXqGkoeo3UsNJc0IW0jq9SzzWu5gXk4oOQ1cyGWa0rSrVVJxUKvTSJqhMK1kOqZksBwXC53ABJm4RAUb1iUJOYpqo0a3W1otabpZl+BYx6wUzD
pc7wuRRLRe88MNl35VAervGgj3ReNC+YwYDhU1B0VGS8s8ag2xJhpv3DtRtYTn4/UA4nCCsczotn5jQXXv5+Ro65XPSO203ppKu1+xrqtz+ca/liof0r
ByGLIN4UdS76qHN5fn7IL7J7QLT05SswRoNat9KaELdvEG/koYnFhuIU/XAdik61j+3L8z5y3Mn+QfwWJxedXr/bPuv0UZZUA0/oPPrSPfvc7n5D/9a+
oX2LHFw5B5FJEQOeuP4NH7AFdoVBlSKlD7Pj7+HRw2wJfHpr3WI7vgaTIY2vClz735j6HPJKPe1cO+kj7a+zXr+H9sPTj92Lz8i7HhiYYdu9PuKHNg4C
ZKB/XZx1EkUOhqnysEGRgy46yDlyYd7/iYwjn9rzsq+ftK4GhU7g8YtQYU94PezfJFzFoKI2zapB1T3U7pzO78ObpGd17wC1e4jA0sxn6eEJOtY+72vd
UMWWCbhI+XpaH/VOPmmf26GWJteXO4qkPGmZwjW1ccqwIuWBMaQjHDrhXGkTQoTt+cwKTUgNpJSq/pC+Q2kEKCvm7eRE6/VAk07OL3tnf2rJ1g+x8+9L
FD5RDHAUhNGLsMYhRb47CeAAMxmWTHyLMeog5iKLodB/vlkg+oKlP71Aex+0P0DBT7sXX6YrePZxah7LJvg9H732pX8GVgDq3kGEehT8GZi+q/9NDaga
MMu2B/TOChjq8yocPKBd53TvcRgQ0XTQFJgm4Z9z9HwGyRzbk326vnVtOQkESSlapk6voEoJNSrdUI/l97iyaheXpSC0er6r0ziwbgeIysV4JFTOx6dj
4yamODF/EY8k3vHKkYAiN6iIBxY3lHpFwgqEA4vE1TMrwIhpNFeQpEIvRP8FaJuINOYQwB19QRjIwNk8Y84E1hzRog4qfw4jbugxMi9yUtnyFXFWxXDk
Ua5pgXtayUWl3VSGqyrgrhIui8Ob1OdjiBrZ0HKukRUgqECQ608912r+MoTMAhqdh/fLML/4ej05jFjgA54/xMlfhkURRYZ/yPQRHEb2X4GjyAiqkyOG
ZIP6gaVbtsXuJfBzeiOO++4Y1i4NIoUy6TdZ8z5dj+/RpCdPjkwZVul/3pO0lOJ813FV3iOct+y8XF0lL8eEoFxuBumuC1GgE0nLTUb9+OBnjEBqhM+Q
w2e6r+kYUPv0FNLo88vPHRQdzizrFtTZLOt+lrSqCOpJ+V8yYXp5hgAzMCJ9zCjCWbg1hTTALCPELHzE21AbTp4F6OQqyQLR97RgIPyKYBkHimo0jQqu
ympc00RVKyC+63mUbJBuSJtDV+u0P2tTi8gSE/UvhKXsTKEgdzARlAEOljMGa0iyJVZvJsvOmuhkZh32D7WzdGR53r0OGXgvg7kgWUpces4k/BXjFJ+0
wrj0qNxefWpunx+dvHBWvwrYCnkBXDP1dZuz5UUAvNUZMvWCBci86bw4E6I3kBiv4hdzYXuFdHndcq0I5S+XP/+qGL/ptDz/uf+aEvIh/oF9kkjIPyll
pYYM2xJvmsjnOgADFIWL/A9OlZ11elq3L57IumM29TViAeCibaMRpUw8HXLoJCxOJ7mZhEChkT+BCigrBbiAytq4gPl7IQufZBehCNTtpghWGeUuL9pR
BOuhCNpsUK4p9Vqruo0kwVUpW1SoCNFs5H2xnWHsCIMlhEGbbRtlEFHoHWlQPKBss83SBpWN0QYRF/+KyIOI1AJ0F0HyjkjYEQnPRyS02WugEhZA/I5M
WD/2vxidEAlDf0tSIT3+p1AL5QLUQnXN1ML86xHxLn0RMqHyGsiERePaZUk7+mA99MHsOyalruhqrUm2nURICRylEiJfke1MZUcoLCEUptqybbRCSsV3
5ELxAHM6eZulGKobphgijv/VEQ0R2ZN0QwZ470iHHenwfKTDAsjfSuoh1w3sCIhN+YcXpiEiIexvTEakZ+EplIRagJKorUpJ8PjYunbQDb1HebtKINfM
2AeiAENR3VqGIrKxQM64P150tbM/OnJngeSyHkDo8BFMugNOMrkdhdiHgGPBKegi/+5Rkx9YCGv9s31+dvqqs7vepzZAWffia06Cd/jcA+Ezv/5hrCdP
nS37scQoH9AHQ44KFoiwg8L2yHXs+/fzr/GxT+VXjZYTQtQdYFXESJ71W+v5njRuQa/pHkGjF/Kaou94QdrE1/QBd+0JqRT32WsC4kKJVTbGbjC/Els/
FATc3zuTOnzpEWYj6Mtmitvx+fAviX3P/E1yJl49abOzw9z+wo3BNvnV8zpELzBN+SN7SlpR5IPq+ippxS0GjedbnW08t6htYW4hQjy+z8nj/N1rTAIu
v4gBv+o8gGcAYjSPi/4DAzuLQ3+I3XE0aOcKb7EAuRPnWET1vDk/cNDQtUmAHBdxPZCMRsBcL5jmDLt4/6k+b151ClR5T1N2PmGRT2isSjXJbUhz9h+F
3PdxfqC+mh+A5THGvk9j2frcDSRfqkjsX3XWOdX+4uh+ctntap3++bfcMYGap51EmkiKx1PZTiD1KDcXNItA5hLwTwHmSsAfRc4Ybs5QUx9bdiIpnoNm
dIaPBQcSIFhsCYQBuna5ukyGFlgAf9LPbxW854eApY7LkD/mpEoceLPf+vDpyMHpdV8dL6WGWwWh0joS9Z8dLFNaOn+IsC9ksgKBjOJqeIFP/330gm3d
0oMlb9MYfJuZsbfIngQrkGFNBTYq/h2NJZUNP2zG6b9qJV5Nf9fC/DWeyvwV3p57JZIv08nlOrpNGOcS+i4z1F9KbBWltQrQdpmk1orpTZrWSpFa+ZTW
w6+4A94iM90Wyqmw1W2SPHqE6S8c3xrC/pBPeZj9Hwf5fyX4Ld6+Rd2xo0MLpCjVQwh52xDSh7v7IbG9H+r7AISWc30FDcL/cjHC94hQDrbiIZfoDLGJ
ZVD5jAt7HgxDyIZG44ChG8edHF05M4lRXE60V/i/aeyhn3wDeYm/8hih2Cb8edvc8x+YwPwndrcPf55vjbB/z4mtw2llsQV+VmUeizpj257VXLQrPvsx
qwtzZuKxzeSO+LLhwfsrRx5FPiVIbgY0/013+UvdUmz39z7vTpEv7cLhzEUs0DDxun9M7Cgl6EbbZj1b96kJ6+kYEO3HH6pDS1AqCgsZUDm6iFjSppbd
XDR4uHLgr/Tm4c3/AUiaIoo=', 'base64'))
ON CONFLICT (hash) DO NOTHING;
INSERT INTO mig.migration AS m (name, title, state, source_hash, plan) VALUES (
  'webhook_events', 'Remember which Stripe events were handled', 'pending', '6422d630e86d5eba4fdcf6a68ccdf2156f18cd5923ac9bd761fc3757e85c31bb',
  (SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'))
ON CONFLICT (name) DO UPDATE SET title = excluded.title, source_hash = excluded.source_hash,
  plan = excluded.plan, fingerprints = jsonb_build_object()
WHERE m.state = 'pending';
INSERT INTO mig.run (migration, plan, command, who, host, version, note)
SELECT name, plan, 'up.sql', :'USER', :'mig_host', 'psql ' || :'VERSION_NAME', '' FROM mig.migration WHERE name = 'webhook_events'
RETURNING id AS run \gset mig_
COMMIT;
SELECT state IN ('pending', 'expanding') AS do_expand, state NOT IN ('contracted', 'purging', 'done') AS do_contract,
  state <> 'done' AS do_purge FROM mig.migration WHERE name = 'webhook_events' \gset mig_
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
FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076') \gset mig_

-- ---- expand ----
\if :mig_do_expand
WITH row AS (
  UPDATE mig.migration SET state = 'expanding', since = now() WHERE name = 'webhook_events'
)
INSERT INTO mig.event (migration, name, facts) VALUES ('webhook_events', 'state', jsonb_build_object('state', 'expanding'));

-- expand/1  create table public."StripeWebhookEvent"
--   from      migrations/20251029_webhook_events.mig:4
\if :mig_done_expand_1
\else
\echo 'expand/1  create table public."StripeWebhookEvent"'
SELECT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'mig_park_webhook_events_328f4ce2' AND c.relname = 'StripeWebhookEvent') AS done), false) AS revive \gset mig_
\if :mig_revive
-- an earlier way back kept it aside: it comes back with all that was written
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- with the rows that were written to it before
-- expand; ACCESS EXCLUSIVE on mig_park_webhook_events_328f4ce2."StripeWebhookEvent", instant; in a transaction; way back exact
ALTER TABLE mig_park_webhook_events_328f4ce2."StripeWebhookEvent" SET SCHEMA public;
-- expand; no lock on what exists, instant; in a transaction; way back exact
DO 'BEGIN DROP SCHEMA IF EXISTS mig_park_webhook_events_328f4ce2; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
UPDATE mig.kept SET state = 'returned', ended = now()
WHERE state = 'kept' AND kept_schema = 'mig_park_webhook_events_328f4ce2' AND kept_relation = 'StripeWebhookEvent' AND kept_part = '';
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['table public."StripeWebhookEvent"'] WHERE fingerprints ?| ARRAY['table public."StripeWebhookEvent"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/1', 'step_done');
COMMIT;
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; no lock on what exists, instant; in a transaction; way back exact
CREATE TABLE public."StripeWebhookEvent" (
  id text NOT NULL,
  type text NOT NULL,
  "receivedAt" timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "StripeWebhookEvent_pkey" PRIMARY KEY (id)
);
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['table public."StripeWebhookEvent"'] WHERE fingerprints ?| ARRAY['table public."StripeWebhookEvent"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/1', 'step_done');
COMMIT;
\endif
\endif

-- expand/2  add column public."QRCode".used boolean
--   from      migrations/20251029_webhook_events.mig:10
--   hazard    H0105 clients that write SELECT * or INSERT without column names will meet the new column
\if :mig_done_expand_2
\else
\echo 'expand/2  add column public."QRCode".used boolean'
SELECT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'QRCode' AND a.attname = '_mig_p_used_02c8c3a4' AND NOT a.attisdropped) AS done), false) AS revive \gset mig_
\if :mig_revive
-- an earlier way back kept it aside: it comes back with all that was written
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- with what was written to it before
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN _mig_p_used_02c8c3a4 TO used;
UPDATE mig.kept SET state = 'returned', ended = now()
WHERE state = 'kept' AND kept_schema = 'public' AND kept_relation = 'QRCode' AND kept_part = '_mig_p_used_02c8c3a4';
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode".used', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode".used', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/2', 'step_done');
COMMIT;
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" ADD COLUMN used boolean DEFAULT false NOT NULL;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode".used', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode".used', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/2', 'step_done');
COMMIT;
\endif
\endif

-- expand/3  add column public."QRCode"."usedAt" timestamp with time zone
--   from      migrations/20251029_webhook_events.mig:11
--   hazard    H0105 clients that write SELECT * or INSERT without column names will meet the new column
\if :mig_done_expand_3
\else
\echo 'expand/3  add column public."QRCode"."usedAt" timestamp with time zone'
SELECT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'QRCode' AND a.attname = '_mig_p_usedAt_15065944' AND NOT a.attisdropped) AS done), false) AS revive \gset mig_
\if :mig_revive
-- an earlier way back kept it aside: it comes back with all that was written
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- with what was written to it before
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN "_mig_p_usedAt_15065944" TO "usedAt";
UPDATE mig.kept SET state = 'returned', ended = now()
WHERE state = 'kept' AND kept_schema = 'public' AND kept_relation = 'QRCode' AND kept_part = '_mig_p_usedAt_15065944';
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/3', 'step_done');
COMMIT;
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" ADD COLUMN "usedAt" timestamp with time zone;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedAt"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/3', 'step_done');
COMMIT;
\endif
\endif

-- expand/4  add column public."QRCode"."usedByUserId" text
--   from      migrations/20251029_webhook_events.mig:12
--   hazard    H0105 clients that write SELECT * or INSERT without column names will meet the new column
\if :mig_done_expand_4
\else
\echo 'expand/4  add column public."QRCode"."usedByUserId" text'
SELECT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'QRCode' AND a.attname = '_mig_p_usedByUserId_060b258d' AND NOT a.attisdropped) AS done), false) AS revive \gset mig_
\if :mig_revive
-- an earlier way back kept it aside: it comes back with all that was written
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- with what was written to it before
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" RENAME COLUMN "_mig_p_usedByUserId_060b258d" TO "usedByUserId";
UPDATE mig.kept SET state = 'returned', ended = now()
WHERE state = 'kept' AND kept_schema = 'public' AND kept_relation = 'QRCode' AND kept_part = '_mig_p_usedByUserId_060b258d';
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/4', 'step_done');
COMMIT;
\else
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- expand; ACCESS EXCLUSIVE on public."QRCode", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" ADD COLUMN "usedByUserId" text;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"'] WHERE fingerprints ?| ARRAY['column public."QRCode"."usedByUserId"', 'table public."QRCode"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/4', 'step_done');
COMMIT;
\endif
\endif

-- expand/5  add foreign key "QRCode_usedByUserId_fkey" of public."QRCode"
--   from      migrations/20251029_webhook_events.mig:14
\if :mig_done_expand_5
\else
\echo 'expand/5  add foreign key "QRCode_usedByUserId_fkey" of public."QRCode"'
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- NOT VALID: writers wait for an instant only; the rows are read in the next transaction
-- expand; SHARE ROW EXCLUSIVE on public."QRCode", SHARE ROW EXCLUSIVE on public."User", instant; in a transaction; way back exact
ALTER TABLE public."QRCode" ADD CONSTRAINT "QRCode_usedByUserId_fkey" FOREIGN KEY ("usedByUserId") REFERENCES public."User" (id) ON DELETE SET NULL NOT VALID;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/5', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"'] WHERE fingerprints ?| ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/5', 'step_done');
COMMIT;
\endif

-- expand/6  validate foreign key "QRCode_usedByUserId_fkey" of public."QRCode"
--   from      migrations/20251029_webhook_events.mig:14
\if :mig_done_expand_6
\else
\echo 'expand/6  validate foreign key "QRCode_usedByUserId_fkey" of public."QRCode"'
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- in a transaction of its own: the scan then holds no lock that stops writers
-- expand; SHARE UPDATE EXCLUSIVE on public."QRCode", ROW SHARE on public."User", scan; in a transaction; way back exact
ALTER TABLE public."QRCode" VALIDATE CONSTRAINT "QRCode_usedByUserId_fkey";
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/6', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"'] WHERE fingerprints ?| ARRAY['constraint public."QRCode"."QRCode_usedByUserId_fkey"', 'table public."QRCode"', 'table public."User"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/6', 'step_done');
COMMIT;
\endif

-- expand/7  add index "QRCode_usedByUserId_idx" on public."QRCode"
--   from      migrations/20251029_webhook_events.mig:15
\if :mig_done_expand_7
\else
\echo 'expand/7  add index "QRCode_usedByUserId_idx" on public."QRCode"'
\if :mig_doubt_expand_7
DO $mig$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'expand/7 was begun and its end is not known', HINT = 'let mig look and go on:  mig apply webhook_events';
END
$mig$;
\endif
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run) VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/7', 'started', :mig_run)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'started', run = excluded.run, started = now(),
    ended = NULL, sqlstate = NULL, tries = 1
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/7', 'step_started');
SET lock_timeout = 0;
SET statement_timeout = 0;
-- CONCURRENTLY: reads and writes go on while it builds; it cannot run in a transaction
-- expand; SHARE UPDATE EXCLUSIVE on public."QRCode", build; in no transaction; way back exact
CREATE INDEX CONCURRENTLY "QRCode_usedByUserId_idx" ON public."QRCode" ("usedByUserId");
DO $mig$
BEGIN
  IF NOT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'QRCode_usedByUserId_idx' AND i.indisvalid AND i.indisready AND i.indislive) AS done), false) THEN
    RAISE EXCEPTION USING MESSAGE = 'expand/7 ran and left nothing', HINT = 'let mig look and go on:  mig apply webhook_events';
  END IF;
END
$mig$;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '2b6da40783494750d391c7f000a27cbaebe7ced8ff98b7d53dbd90849204d076'), 'expand/7', 'done', :mig_run, clock_timestamp(), 1)
  ON CONFLICT (plan, step) DO UPDATE SET state = 'done', run = excluded.run,
    started = CASE WHEN s.state = 'started' THEN s.started ELSE now() END,
    ended = excluded.ended, sqlstate = NULL, tries = excluded.tries, fingerprints = NULL
), known AS (
  UPDATE mig.migration SET fingerprints = fingerprints - ARRAY['index public."QRCode_usedByUserId_idx"', 'table public."QRCode"', 'table public."QRCode_usedByUserId_idx"'] WHERE fingerprints ?| ARRAY['index public."QRCode_usedByUserId_idx"', 'table public."QRCode"', 'table public."QRCode_usedByUserId_idx"']
)
INSERT INTO mig.event (run, migration, step, name) VALUES (:mig_run, 'webhook_events', 'expand/7', 'step_done');
\endif

WITH row AS (
  UPDATE mig.migration SET state = 'done', since = now() WHERE name = 'webhook_events'
)
INSERT INTO mig.event (migration, name, facts) VALUES ('webhook_events', 'state', jsonb_build_object('state', 'done'));
\endif

UPDATE mig.run SET ended = clock_timestamp(), exit = 0 WHERE id = :mig_run;
SELECT pg_advisory_unlock(7883945872386424833) AS unlocked \gset mig_
\echo 'up.sql of webhook_events has ended.'
