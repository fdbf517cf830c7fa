// The journal's tables, all from the first day: later work fills columns and changes no key.
#include "compiler/plan/journal.hpp"

namespace mig::plan::journal {

namespace {

using sql::Fragment;
using sql::sql;

void head(std::vector<Fragment>& out) {
  out.push_back(sql("CREATE SCHEMA IF NOT EXISTS mig"));
  out.push_back(sql("COMMENT ON SCHEMA mig IS 'journal of mig: what ran here, what is kept aside'"));
  out.push_back(sql("GRANT USAGE ON SCHEMA mig TO PUBLIC"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.journal (\n"
          "  one     boolean     PRIMARY KEY DEFAULT true CHECK (one),\n"
          "  format  integer     NOT NULL,\n"
          "  created timestamptz NOT NULL DEFAULT now()\n"
          ")"));
  out.push_back(sql("COMMENT ON TABLE mig.journal IS 'one row: the format of these tables'"));
}

void plans(std::vector<Fragment>& out) {
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.plan (\n"
          "  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
          "  hash        text        NOT NULL UNIQUE,\n"
          "  format      integer     NOT NULL,\n"
          "  migration   text        NOT NULL,\n"
          "  source_hash text        NOT NULL,\n"
          "  size        integer     NOT NULL,\n"
          "  bytes       bytea       NOT NULL,\n"
          "  stored      timestamptz NOT NULL DEFAULT now()\n"
          ")"));
  out.push_back(
      sql("COMMENT ON TABLE mig.plan IS "
          "'every plan that ran: bytes is plan.json with its source text, compressed by zlib'"));
  out.push_back(sql(
      "CREATE TABLE IF NOT EXISTS mig.migration (\n"
      "  name         text        PRIMARY KEY,\n"
      "  title        text        NOT NULL DEFAULT '',\n"
      "  state        text        NOT NULL CHECK (state IN ('pending', 'expanding', 'expanded', 'mapping', 'mapped',\n"
      "                 'verifying', 'verified', 'contracting', 'contracted', 'purging', 'done')),\n"
      "  since        timestamptz NOT NULL DEFAULT now(),\n"
      "  source_hash  text        NOT NULL,\n"
      "  plan         bigint      NOT NULL REFERENCES mig.plan,\n"
      "  fingerprints jsonb       NOT NULL DEFAULT jsonb_build_object()\n"
      ")"));
  out.push_back(sql("COMMENT ON TABLE mig.migration IS 'where each migration stands, and by which plan'"));
}

void runs(std::vector<Fragment>& out) {
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.run (\n"
          "  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
          "  migration text        NOT NULL REFERENCES mig.migration,\n"
          "  plan      bigint      NOT NULL REFERENCES mig.plan,\n"
          "  command   text        NOT NULL,\n"
          "  who       text        NOT NULL,\n"
          "  host      text        NOT NULL,\n"
          "  version   text        NOT NULL,\n"
          "  note      text        NOT NULL DEFAULT '',\n"
          "  role      text        NOT NULL DEFAULT session_user,\n"
          "  pid       integer     NOT NULL DEFAULT pg_backend_pid(),\n"
          "  started   timestamptz NOT NULL DEFAULT now(),\n"
          "  ended     timestamptz,\n"
          "  exit      integer\n"
          ")"));
  out.push_back(
      sql("COMMENT ON TABLE mig.run IS 'one call of mig or psql; ended is null while it runs or after a crash'"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.step (\n"
          "  plan         bigint      NOT NULL REFERENCES mig.plan,\n"
          "  step         text        NOT NULL,\n"
          "  state        text        NOT NULL CHECK (state IN ('started', 'done', 'undone', 'failed')),\n"
          "  run          bigint      NOT NULL REFERENCES mig.run,\n"
          "  started      timestamptz NOT NULL DEFAULT now(),\n"
          "  ended        timestamptz,\n"
          "  sqlstate     text,\n"
          "  tries        integer     NOT NULL DEFAULT 1,\n"
          "  fingerprints jsonb,\n"
          "  PRIMARY KEY (plan, step)\n"
          ")"));
  out.push_back(
      sql("COMMENT ON TABLE mig.step IS "
          "'each step of a plan as it stands; started is an intent that only the step''s probe can decide'"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.chunk (\n"
          "  plan     bigint  NOT NULL REFERENCES mig.plan,\n"
          "  step     text    NOT NULL,\n"
          "  number   bigint  NOT NULL,\n"
          "  state    text    NOT NULL CHECK (state IN ('started', 'done', 'undone', 'failed')),\n"
          "  range    jsonb,\n"
          "  cursor   jsonb,\n"
          "  read     bigint  NOT NULL DEFAULT 0,\n"
          "  written  bigint  NOT NULL DEFAULT 0,\n"
          "  row_hash numeric NOT NULL DEFAULT 0,\n"
          "  owner    text,\n"
          "  token    bigint  NOT NULL DEFAULT 0,\n"
          "  started  timestamptz NOT NULL DEFAULT now(),\n"
          "  ended    timestamptz,\n"
          "  PRIMARY KEY (plan, step, number)\n"
          ")"));
  out.push_back(sql("COMMENT ON TABLE mig.chunk IS 'parts of steps that move rows: backfills, loads, archives'"));
}

void story(std::vector<Fragment>& out) {
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.kept (\n"
          "  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
          "  plan          bigint      NOT NULL REFERENCES mig.plan,\n"
          "  step          text        NOT NULL,\n"
          "  kind          text        NOT NULL,\n"
          "  schema        text        NOT NULL,\n"
          "  relation      text        NOT NULL,\n"
          "  part          text        NOT NULL DEFAULT '',\n"
          "  kept_schema   text        NOT NULL,\n"
          "  kept_relation text        NOT NULL,\n"
          "  kept_part     text        NOT NULL DEFAULT '',\n"
          "  state         text        NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'returned', 'purged')),\n"
          "  since         timestamptz NOT NULL DEFAULT now(),\n"
          "  until         timestamptz,\n"
          "  ended         timestamptz\n"
          ")"));
  out.push_back(
      sql("CREATE UNIQUE INDEX IF NOT EXISTS kept_here ON mig.kept (kept_schema, kept_relation, kept_part) "
          "WHERE state = 'kept'"));
  out.push_back(sql("COMMENT ON TABLE mig.kept IS 'what was set aside instead of destroyed: where it is, until when'"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.approval (\n"
          "  plan bigint      NOT NULL REFERENCES mig.plan,\n"
          "  name text        NOT NULL,\n"
          "  who  text        NOT NULL,\n"
          "  at   timestamptz NOT NULL DEFAULT now(),\n"
          "  note text        NOT NULL DEFAULT '',\n"
          "  PRIMARY KEY (plan, name)\n"
          ")"));
  out.push_back(sql("COMMENT ON TABLE mig.approval IS 'checkpoints and gates that a person let pass'"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.event (\n"
          "  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
          "  at        timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
          "  run       bigint      REFERENCES mig.run,\n"
          "  migration text        NOT NULL,\n"
          "  step      text,\n"
          "  name      text        NOT NULL,\n"
          "  facts     jsonb\n"
          ")"));
  out.push_back(
      sql("COMMENT ON TABLE mig.event IS 'the story in order: every step done, undone, failed, every state'"));
  out.push_back(
      sql("CREATE TABLE IF NOT EXISTS mig.metric (\n"
          "  id    bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
          "  plan  bigint           NOT NULL REFERENCES mig.plan,\n"
          "  run   bigint           REFERENCES mig.run,\n"
          "  name  text             NOT NULL,\n"
          "  at    timestamptz      NOT NULL DEFAULT now(),\n"
          "  value double precision NOT NULL,\n"
          "  facts jsonb\n"
          ")"));
  out.push_back(sql("COMMENT ON TABLE mig.metric IS 'measurements: baselines, counts, rates'"));
}

}  // namespace

std::vector<Fragment> create() {
  std::vector<Fragment> out;
  head(out);
  plans(out);
  runs(out);
  story(out);
  // Last: a journal without its row is not there yet.
  out.push_back(
      sql("INSERT INTO mig.journal (format) VALUES ({}) ON CONFLICT (one) DO NOTHING", static_cast<long long>(format)));
  return out;
}

}  // namespace mig::plan::journal
