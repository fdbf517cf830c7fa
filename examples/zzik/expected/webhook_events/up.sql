-- up.sql of migration webhook_events: Remember which Stripe events were handled
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
    WHERE m.name = 'webhook_events' AND m.state <> 'pending' AND p.hash <> '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') THEN
    RAISE EXCEPTION USING MESSAGE = 'webhook_events is under way by another plan than this file''s', HINT = 'go on by the plan of the journal:  mig apply webhook_events';
  END IF;
END
$mig$;
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414')
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
WITH stored AS (
INSERT INTO mig.plan (hash, format, migration, source_hash, size, bytes) VALUES (
  '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414', 1, 'webhook_events',
  'd14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c', 27358,
  decode('eNrtXVtz2roWfu+v0PCS5EyaGmNu6ewHmri7nJOSHiC7u7PTYWRbBO8Y28cWIWkn//0sSQZ8xwRIyC6ZPBhdrCVprW9pfbbkn28QKo3Nm4FrYbt0isrH
LGGE/RH8KDUaNalWqTQbDaUiN2RSVgxZq8sVpVwtK1hXmnWpjo1mY1gvK8OaUtFrdUWXm0RpVrCmlJXScXB7D1PTYfcvTYk2cpzbAbkjNvVFAWpSi7DM
LhmTsUY8NB2Z+gj1qGe6BImiaEo8gkbYNixiiHpDU1SbN+C/kyW5Wpbk5iDazgkUEXV8Z+LpZDDroQH9KNdIs1Y1qsN6rVaXapLWKGOlYsClUieNuqJV
y8NqTZY1uaYYkoSNmtYsG8OK0SzrwU2Jd0e8wRj/7XhsEKtBKvb00cDFlDX1FyRBojvRLFMvwY/vvJDrwM8HyP8p8i1Hvx1Qc0ycCR2MfcioStKxyPMp
pjBCNo0WmGWLqp5JWKIsQeLjbDYHumNTD+sUcobY8gnP8AjFpj3wCeQarNJbMf0aGToeWcikO9ZkbCMh+sl16b/dM8cg1yW4nPjEaNHrEhtLrPkgW+m4
UKUPD1cwam1jpaqsYlpx24fOmTZNbU1cDsKNDoa35CGtZdM2yH38LtGqpnGfVpNizSLJ9llBrWFUpJpRrg5xU8GyrFeIrDAtaypNQ9NB4XC5qemGAnZU
1YeS0ZS1KhnqkgZKiaVGRhPCOr4KPVeZmheQi3VCFBvWh0pNkpRmzagQaKUBpm0QsB5DGTYlEAyXy3WQtGEYkFWr6GRoDIey1ABTqMi1RmmuXz4lrj/X
cKEzbCz5VJF7F0z2XTmQh2k86CNZZC0y5jCgewQUHRXp77wy6LZAmFn7kHYL08nuB8ph+0GB40X23JwWwou/n6FrJhe5Z3ZTOuuqrb6K+q0PF2q+WOjw
2kbINBCrijqXfdS5urg4Zon0ARAtmXwNxqgT805YE2L2DeKNXTQ16Yj/RD8cm6Bz9WPr6qKPbGd6eBS9xdllp9fvttqdPkqTauBynUdfuu3Pre439B/1
Gzo0jaNr+yg0KLzDU8e7ZR02wa4wqFIo93F+/T24epxPgUfuzDtsRedgOiLRWYG0/02IxyCv1FMv1LM+Uv9s9/o9dBj8/Ni9/Izcm4GOKbacmxN2aWHf
Rzr692W7E8uyMQyVi3WCbHTZQfaJA+P+G9JPPGIt8r5+UrsqZNq+yxKhwAH3eti7jbmKgdSsaVK53jxArc754j6sSnJUD45Qq4cMmJrFKD2uoWOti77a
DVRsmYBZytdT+6h39kn93Aq0ND6/zFHE5UnKFMyphROGFcr39REZ48AJ50obEyKoz0aWa0KiI6VE8cfkHUpjQFk+bmdnaq8HmnR2cdVr/6HGaz9Gfn9f
ovCxbIAjP1i9cGscEeQ5Ux8uMBXLkqlnUkpsRB1kUhT4zzcZomdM/fklOvig/g4Kft69/DKbwfbHmXksG+D3rPfql34brADUvYMM4hLwZ2D6jvY30aGo
T03LGpB706eoz4ow8IB6nfODp2FASNNBU2CYuH/O0fM5JDNsj7fpeOaNaccQJKFoqTq9girF1Kh0S1ya3+LKql1cloLQ6nqORqLAuhsgKibjiVC56J+G
9duI4kT8RXQl8Y4VDi0ochcV0YXFLSFukWUFwr5pRNUzbYER0WimIHGFzkT/DLSNrTQWEMAcfUEYSMHZPGNOBdYc0cIOKn8MQ27oKTJnOal0+Yo4q2I4
8iTXlOGeVnJRSTeV4qoKuKuYy2LwJvT5FFaNdGTaN8j0ERQwkOPNPNdq/jKAzAIanYf3yzC/+HytvYzI8AHPv8TJn4asFUWKf0j1EQxGDl+Bo0hZVMd7
DMEG8XxTMy2TPgjgZ/RGFPedCcxdEkQKRdJv0sZ9Nh/fw0FPnhypMqzS/qIlYSnF+a5TRdwjGLf0uFxeJS7HhoFyuRmkOQ6sAu1QWD6kxIt2fs4IJHr4
DDF8qvua9QG1zs8hjL64+txB4e7Mo25Onc2j7mcJq4qgnpD/JQOml2cIMAUj0iaUIJyGWzNIA8zSA8zCJ6wOseDHswCdmCWRwdueZQy4X+Es40CS9YZe
wYooxjSNFzV9w3NclxhbpBuS5tBVO63P6swi0sRE/UtuKXtTKMgdTDllgP3ljMEGgmyB1duJstMGOh5ZB+1D6TQdWR53b0IG1spgIUiaEpeeMwh/xTjF
Bq0wLj0ptpfXje3zVycvHNWvArZcXgDXVH3d5Wg5C4B3OkImrp+BzNuOi1MheguB8Sp+MRe2VwiXNy3XilD+cvHzPxXjtx2W5z/331BAPsI/sGfEAvJP
UlmqIt0y+Zsm4rkOwABBwST/i1Fl7U5P7fb5E1lnQme+hk8AJFoWGhNC+dMhm0yD7GSQm0oIFOr5GlRAWSrABVQ2xgUs3gvJfJJdhCKQd5siWKWX+7ho
TxFshiJo0UG5KtWqTWUXSYLrUrqoUBBWs6H3xfaGsScMlhAGLbprlEFIofekQfEFZYtulzaobI02CLn4V0QehKTmoJsFyXsiYU8kPB+R0KKvgUrIgPg9
mbB57H8xOiG0DP0lSYVk/9ehFsoFqAVlw9TCYvcIf5e+CJlQeQ1kQla/9lHSnj7YDH0w38fENrrJ1Yax6yRCQuAwlRDaRbY3lT2hsIRQmGnLrtEKCRXf
kwvFF5izwdsuxaBsmWIIOf5XRzSEZI/TDSngvScd9qTD85EOGZC/k9RDrhvYExDb8g8vTEOElrC/MBmRHIV1KAm5ACVRXZWSYOtj88ZGt+QB5Z0qgZxh
yjkQBRgKZWcZitDBAjn9/njZVdu/d8TJAvFpPYKlw0cw6Q44yfhxFPwcAoYF56CLbN+jKjZYcGv9o3XRPn/V0V3vUwugrHv5NSfAO37ujrCR33w3NhOn
zqf9VGCUB+iDIUYFC0TYRkF95NjWw/vFbnzsEbGr0bQDiLoHrAoZybPutV6cSeMU9JrOCVR6Ia/J245mJE18Qxu4q2uEUsxnbwiICwVW6Ri7xfiKH/1Q
EHB/7Ujq+KV7mI6gLxsp7sb24X8k9j3znuRUvFrrsLPj3PaCg8G2uet5E6IXGKb8nq0TVhTZUF1bJay4w6Dx7KizrccW1R2MLfgSj51z8jR/9xqDgKsv
vMOvOg5gEQDvzdNW/76O7eylP6zdcXjRzhTepD5ypvYpX9Wz6uzCRiPHMnxkO4jpgWA0fOq4/ixm2K/31/V5i6IzoMp7mrL3CVk+ob4q1SSOIc05fxRi
36f5gdpqfgCmR594HolE6ws3EH+pInZ+Vbtzrv7J0P3sqttVO/2Lb7l9AjVPOokkkRRdT6U7gcSj3FzQLAKZS8A/AZgrAX8YOSO4OUdNbWJasaB4AZrh
ET7lHIiPYLIFEProxmHqMh2ZYAHsST+7lf+eXQKW2g5F3oSRKlHgTX/rwyNjGyfnfXW8FBpuFoRK84SXXxMsM9uirBINt5XZEh6jMSs9DjcBiasDccIC
REmaBdnjEzyepWvUI0EyF9f0J7YJkwB54oiaeY4NYIkpONDfUDmUGkk65GmuRwzU7s1PtzmK3OwwaIc7gnDDTNsewgmWeUeidVd7xCRGMvQIKTIli0c8
k/EsB7r4l/R9ydOfoyXvM+nsoJ+Jm4VonJdJwbMCR0X/inCV4CMet7Ps2sPIPx1GqDfZaRR5EgVeX5cCL3xO/Upsd+pqL3fFtw2MXMJjp8a8Sxneovxu
Af46ld1dMc5P8rsJdjef2318Ji53D7CvC2B3BCV3hCwvDJPbpL2fgNWZ/dsAYREwwY/zL9CIL+KwW7x9i7oTW4MaSJKUYwjWW4aBgnNJET+YFPU98Fym
fXMNFYLv84zxAzIIc9j88TxvDNGpqRPxdB67LnSDy4bGE5+iW9uZnlzbc4lRVE50UPg7QAfoJ/v0hXCY4hqhyOdD8j7Qwf5Azxd//LscrmeOsffAuPjj
WSn+1Y5IKRY32xPLmhfJ+oIH/TEvC6M0xBOLiq93iIpH769tcRXa9hQ/uGzxNzuRNHFLDgHv8+4U2hUc9GMhYoGKsa1JEbHDjy+ccN2094A8MoQZtHXi
o+gLQFAT1IjA1PlE9C4klrCiZTfnFR6vbfgvvXl8839EiJ/C', 'base64'))
ON CONFLICT (hash) DO NOTHING)
INSERT INTO mig.event (migration, name, facts) SELECT 'webhook_events', 'planned', E'{"after":[],"plan":"886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414","relations":["public.\\"QRCode\\"","public.\\"QRCode_usedByUserId_idx\\"","public.\\"StripeWebhookEvent\\"","public.\\"User\\""]}'::jsonb
WHERE NOT EXISTS (SELECT FROM mig.event WHERE migration = 'webhook_events' AND name = 'planned' AND facts ->> 'plan' = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414');
INSERT INTO mig.migration AS m (name, title, state, source_hash, plan) VALUES (
  'webhook_events', 'Remember which Stripe events were handled', 'pending', 'd14a16e965d5f7667060b81a43d70647e874b51f5622b264d00ad6b91df3d91c',
  (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'))
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
FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414') \gset mig_

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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/1', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/2', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/3', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/4', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/5', 'done', :mig_run, clock_timestamp(), 1)
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
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/6', 'done', :mig_run, clock_timestamp(), 1)
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
DO $mig$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'QRCode_usedByUserId_idx') THEN
    RAISE EXCEPTION USING MESSAGE = 'there is a relation public."QRCode_usedByUserId_idx" already', HINT = 'rename or drop that one, then run this again';
  END IF;
END
$mig$;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run) VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/7', 'started', :mig_run)
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
  IF NOT coalesce((SELECT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE n.nspname = 'public' AND c.relname = 'QRCode_usedByUserId_idx' AND t.relname = 'QRCode' AND m.amname = 'btree' AND i.indisunique = false AND i.indnkeyatts = 1 AND i.indnatts = 1 AND (i.indpred IS NOT NULL) = false AND (i.indisvalid AND i.indisready AND i.indislive) = true AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = 'usedByUserId')) AS done), false) THEN
    RAISE EXCEPTION USING MESSAGE = 'expand/7 ran and left nothing', HINT = 'let mig look and go on:  mig apply webhook_events';
  END IF;
END
$mig$;
WITH row AS (
  INSERT INTO mig.step AS s (plan, step, state, run, ended, tries)
  VALUES ((SELECT id FROM mig.plan WHERE hash = '886063398843282e14d2b72341514ac49707ad98f714f643c674c29e493ab414'), 'expand/7', 'done', :mig_run, clock_timestamp(), 1)
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
