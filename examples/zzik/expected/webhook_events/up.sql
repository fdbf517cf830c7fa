-- up.sql of migration webhook_events: Remember which Stripe events were handled
-- from    migrations/20251029_webhook_events.mig, sha256 d14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c
-- plan    c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b, for PostgreSQL 15
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
    WHERE m.name = 'webhook_events' AND m.state <> 'pending' AND p.hash <> 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b') THEN
    RAISE EXCEPTION USING MESSAGE = 'webhook_events is under way by another plan than this file''s', HINT = 'go on by the plan of the journal:  mig apply webhook_events';
  END IF;
END
$mig$;
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b')
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
  'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b', 1, 'webhook_events',
  'd14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c', 26148,
  decode('eNrtXd9z2joWfu9foeElyU6aGrAJpLMPNHFv2U1JF8jt7Ww6jGzLwTfG9toiJO3kf98jyeCfGJNAQlqYPBhLso6kc75zzmek/HyDUGVsXQ89GzuVE1Q9
ZDdGOBjBl4oumTpRFKIR+djQWqap4HrVqLZ0uVXHstE0qpg0zKYkKVpd0aut6nFdqWk1Q2rJSr1V1yqH4eN9TC2XPb8yJdrIdW+G5JY4NBAVqEVtwgp7
ZEzGGvHRdGTpI9SnvuURJKqiKfEJGmHHsIkh2pmWaDbvIHhXk2pKVaq1hsl+jqCKaBO4E18nw9kIjaqMqw3SaiiGYh43GsdSQ9KaVSzXDbiUj0nzWNaU
qqk0ajCwhmxIEjYaWqtqmHWjVdXDhxL/lvjDMf7b9dkkKuFd7OujoYcp6+q/cAtuehPNtvQKfPnOK3kufL2H8p+i3Hb1myG1xsSd0OE4gAJFkg5FWUAx
hRlyaLLCrFg09S3CbtYkuPkwW82h7jrUxzqFEhPbAeEFPqHYcoYBgVKDNXorll8jpuuTSCbdtSdjBwnRj64q/+mduga5qsDlJCBGm15V2FxiLQDZKoel
Gn24v4RZ6xgrNWUN86o7AQzOcmhub+JyGO90aN6Q+7yeLccgd+mnJJtaxl1eS4o1m2T7ZxW1plGXGkZVMXFLxrWaXic1mWlZS24Zmg4Kh6stTTfkpnms
6KZktGqaQkxd0kApsdRc0IWwjq9Cz1Wm5iXkYoMQ1cxjU25IktxqGHUCvTSNmmYQsB5DNlsSCIarYM6k1jTAzmuNuk5MwzRrUhNMoV5rNCtz/Qoo8YK5
hgudYXPJl4rceWCy76qhPEzjQR9JVBQVzGFA9wkoOioz3nlj0G2BMLP+4d4NLCd7HiiHE4QVDqPiuTlFwovPz9g1k4vcMbupnPbU9kBFg/aHc7VYLLR/
5SBkGYg1Rd2LAepenp8fspv0HhAte/sKjFEn1q2wJsTsG8Qbe2hq0RH/in64DkFn6sf25fkAOe50/yD5iNOLbn/Qa3e6A5Qn1dDjOo++9Dqf271v6N/q
N7RvGQdXzkFsUviAp65/wwZsgV1hUKVY6cP8+nt49TBfAp/cWrfYTq7BdESSqwL3/jchPoO8Sl89V08HSP2r0x/00X749WPv4jPyroc6pth2r4/YpY2D
AOnoXxedbqrIwTBVHtYJctBFFzlHLsz7P5F+5BM7Kvv6Se2pUOgEHrsJFfa418P+TcpVDKVWQ5Oqx6091O6eRc9hTbKzuneA2n1kwNJEs/TwBB1rnw/U
XqhiywRcpHx9dYD6p5/Uz+1QS9PryxxFWp6sTOGa2jhjWLHyQB+RMQ6dcKG0KSHC9mxmuSZkBlLJVH/IPqEyBpTl83Z6qvb7oEmn55f9zp9quvVD4vv3
JQqfKgY4CsLohVvjiCDfnQZwgakIS6a+RSlxEHWRRVHoP98sEH3B0p9doL0P6h+g4Ge9iy+zFex8nJnHsgl+z0avfhl0wApA3bvIIB4Bfwam72p/Ex2q
BtSy7SG5swKKBqwKAw9o1z3bexwGxDQdNAWmifvnAj2fQzLD9nSfrm9dW04KQTKKlqvTK6hSSo0qN8SjxT2urNrlZSkJrZ7vaiQJrNsBomIxHgmV0fg0
rN8kFCfhL5KRxDtWORZQFAYVycDihhCvTFiBcGAZSfXMCzASGs0UJK3QC9F/AdqmIo0IApijLwkDOThbZMy5wFogWtxBFc9hzA09RuZFTipfvjLOqhyO
PMo1LXBPK7morJvKcVUl3FXKZTF4E/p8AlEjHVnONbICBBUM5Pozz7Wavwwhs4RGF+H9Mswvv15PDiMW+IDnD3GKl2FRRJHjH3J9BIOR/VfgKHKC6vSI
IdkgfmBplm3RewH8jN5I4r47gbXLgkipTPpN3rzP1uN7POkpkiNXhlX6j3oSllKe7zqRxTPCecvPy2ur5OXYMFAhN4M014Uo0Iml5SYlfnLwc0YgM8Jn
yOFz3ddsDKh9dgZp9Pnl5y6KD2eedXPqbJ51P0taVQb1hPwvmTC9PEOAKRiRNqEE4TzcmkEaYJYeYhY+Ym2IDV+eBejEKokC3vesYMj9CmcZh1JNb+p1
LItqTNN4VSswfNfziLFBuiFrDj212/6sziwiT0w0uOCWsjOFktzBlFMGOFjOGKwhyRZYvZksO2+i05l12D/UztOR5Xn3OmRgvQwjQfKUuPKcSfgrxik2
aaVx6VG5fe2puX1xdPLCWf0qYMvlBXDN1ddtzpYXAfBWZ8jECxYg86bz4lyI3kBivIpfLITtFdLldcu1IpS/XP78q2L8ptPy4vf+a0rIR/gH9o1UQv5J
qkoK0m2L/9JEvNcBGCAoXOR/MKqs0+2rvQF/I+tO6MzX8AWAm7aNxoRQ/nbIIdOwOJvk5hICpUb+BCqgKpXgAupr4wKi34UsfJNdhiKobTdFsMood3nR
jiJYD0XQpsOqIjWUlryNJMFVJV9UqAjRbOz3YjvD2BEGSwiDNt02yiCm0DvSoHxA2aabpQ3qG6MNYi7+FZEHMak56C6C5B2RsCMSno9IaNPXQCUsgPgd
mbB+7H8xOiEWhv6WpEJ2/E+hFqolqAV5zdRCtHuE/5a+DJlQfw1kwqJx7bKkHX2wHvpgvo+JbXSrKU1j20mEjMBxKiG2i2xnKjtCYQmhMNOWbaMVMiq+
IxfKB5izydssxSBvmGKIOf5XRzTEZE/TDTngvSMddqTD85EOCyB/K6mHQjewIyA25R9emIaIhbC/MRmRnYWnUBK1EpSEsiolweJj69pBN+QeFZ0qgVwz
5xyIEgyFvLUMRexggYJxf7zoqZ0/uuJkgfSyHkDo8BFMugtOMn0cBT+HgGHBGegi2/eoig0W3Fr/bJ93zl51dtf/1AYo6118LUjwDp97IGzm1z+M9eSp
82U/ERjlA/pgyFHBAhF2UNgeuY59/z7ajY99InY1Wk4IUXeAVTEjeda91tGZNG5Jr+keQaMX8pq872RB1sTXtIFbeUIqxXz2moC4VGKVj7EbzK/40Q8l
Aff3zqQOX3qE+Qj6spnidmwf/iWx75n3JOfi1ZMOOzss7C88GGyTu57XIXqJaSoe2VPSijIbqhurpBW3GDSeHXW28dxC2cLcgod47JyTx/m715gEXH7h
A37VeQDLAPhoHhf9Bzp2Fof+ELvjeNDOFN6iAXKnzgmP6llzduGgkWsbAXJcxPRAMBoBdb1gljPs4v2n+ryo6gyoit6m7HzCIp9wvCrVJI4hLTh/FHLf
x/mBxmp+AJZHn/g+SWTrkRtI/6gidX5Vp3um/sXQ/fSy11O7g/NvhWMCNc86iSyRlIyn8p1A5lVuIWiWgcwl4J8BzJWAP46cCdyco6Y2sexUUhyBZnyG
TzgHEiBYbAGEAbp2mbpMRxZYAHvTzx4VvGeXgKWOS5E/YaRKEnjzf/Xhk7GDs+u+Ol4KDbdKQqV1xOs/O1hmtDR6ibDPZbICjoz8bniDTf99/IZt3ZKD
Jb+m0dkxMxNvkT1xViDHmkocVPw7GksmG37YjNN/1Uq8mv6uhfk7firzV/p47pVIvlwnV+joNmGcS+i73FB/KbFVltYqQdvlklorpjdZWitDahVTWg+/
4gl4i8x0Wyin0la3SfLoEaa/cHxrCPtDPuVh/n8cxP+VYI94+xb1Jo4GLZAkyYcQ8rYhpA9P90P8eD808AEILef6ChqE/+VijO+RQRjY8pdcvDNEp5ZO
xDsu7HkwDC4bGk8Cim4cd3p05cwlRkk50V7p/6axh36yA+QF/oprhBKH8Bcdc88+YALRh59u7/nWGPv3jNE6nNXiZ98narHo05nY9rzKonPw6Y95XZgl
E09sKs7AFw0P3l854iq2eSB9/E/0mZ3rl3kkP+DvfdGTYnvrwnFEIpZomPqBf0LsOAnoxtvmvU33iQkr6OgQ3ydfo0NLUCMCSxcQMbqYWMKKlj2cN3i4
cuCv8ubhzf8Bi4gcbQ==', 'base64'))
ON CONFLICT (hash) DO NOTHING;
INSERT INTO mig.migration AS m (name, title, state, source_hash, plan) VALUES (
  'webhook_events', 'Remember which Stripe events were handled', 'pending', 'd14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c',
  (SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'))
ON CONFLICT (name) DO UPDATE SET title = excluded.title, source_hash = excluded.source_hash,
  plan = excluded.plan, fingerprints = jsonb_build_object()
WHERE m.state = 'pending';
INSERT INTO mig.run (migration, plan, command, who, host, version, note)
SELECT name, plan, 'up.sql', :'USER', :'mig_host', 'psql ' || :'VERSION_NAME', '' FROM mig.migration WHERE name = 'webhook_events'
RETURNING id AS run \gset mig_
COMMIT;
SELECT state IN ('pending', 'expanding') AS do_expand FROM mig.migration WHERE name = 'webhook_events' \gset mig_
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
FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b') \gset mig_

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
SELECT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'mig_park_webhook_events_096b0179' AND c.relname = 'StripeWebhookEvent') AS done), false) AS revive \gset mig_
\if :mig_revive
-- an earlier way back kept it aside: it comes back with all that was written
BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '0ms';
-- with the rows that were written to it before
-- expand; ACCESS EXCLUSIVE on mig_park_webhook_events_096b0179."StripeWebhookEvent", instant; in a transaction; way back exact
ALTER TABLE mig_park_webhook_events_096b0179."StripeWebhookEvent" SET SCHEMA public;
-- expand; no lock on what exists, instant; in a transaction; way back exact
DO 'BEGIN DROP SCHEMA IF EXISTS mig_park_webhook_events_096b0179; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
UPDATE mig.kept SET state = 'returned', ended = now()
WHERE state = 'kept' AND kept_schema = 'mig_park_webhook_events_096b0179' AND kept_relation = 'StripeWebhookEvent' AND kept_part = '';
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/5', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/6', 'done', :mig_run, clock_timestamp(), 1)
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
  INSERT INTO mig.step AS s (plan, step, state, run) VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/7', 'started', :mig_run)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = 'c0fce55ebe47db9ff5a31d19c493a4d8d1ae6f8005b35c1917352b2d0945393b'), 'expand/7', 'done', :mig_run, clock_timestamp(), 1)
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
