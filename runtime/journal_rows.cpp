// Times are given in UTC, ISO 8601; plans are decompressed here.
#include "runtime/journal_rows.hpp"

#include <cstdlib>
#include <map>

#include "compiler/plan/compress.hpp"

namespace mig::runtime {

using sql::Literal;
using sql::sql;

namespace {

const std::string& text(const std::optional<std::string>& value) {
  static const std::string none;
  return value ? *value : none;
}

sql::Fragment utc(const sql::Fragment& column) {
  return sql("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", column);
}

sql::Fragment only(const std::optional<std::string>& name) {
  return name ? sql(" WHERE m.name = {}", Literal{*name}) : sql::Fragment();
}

void add_steps(const Ask& ask, const std::optional<std::string>& name, std::map<std::string, MigrationRow*>& by_name) {
  const auto rows =
      ask(sql("SELECT m.name, s.step, s.state, {}, {}, s.sqlstate, s.run, s.tries FROM mig.step s "
              "JOIN mig.migration m ON m.plan = s.plan{} ORDER BY s.started, s.step",
              utc(sql("s.started")), utc(sql("s.ended")), only(name)));
  for (const auto& row : rows.rows) {
    StepRow step;
    step.step = text(row[1]);
    step.state = text(row[2]);
    step.started = text(row[3]);
    step.ended = text(row[4]);
    step.sqlstate = text(row[5]);
    step.run = std::atoll(text(row[6]).c_str());
    step.tries = std::atoi(text(row[7]).c_str());
    by_name[text(row[0])]->steps.push_back(std::move(step));
  }
}

void add_approvals(const Ask& ask, const std::optional<std::string>& name,
                   std::map<std::string, MigrationRow*>& by_name) {
  const auto rows =
      ask(sql("SELECT m.name, a.name, a.who, {}, a.note FROM mig.approval a JOIN mig.migration m ON m.plan = a.plan{} "
              "ORDER BY a.at, a.name",
              utc(sql("a.at")), only(name)));
  for (const auto& row : rows.rows)
    by_name[text(row[0])]->approvals.push_back({text(row[1]), text(row[2]), text(row[3]), text(row[4])});
}

void add_fingerprints(const Ask& ask, const std::optional<std::string>& name,
                      std::map<std::string, MigrationRow*>& by_name) {
  const auto rows =
      ask(sql("SELECT m.name, f.key, f.value FROM mig.migration m, jsonb_each_text(m.fingerprints) f{}", only(name)));
  for (const auto& row : rows.rows) by_name[text(row[0])]->fingerprints[text(row[1])] = text(row[2]);
}

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string from_hex(const std::string& hex) {
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  return bytes;
}

}  // namespace

int read_format(const Ask& ask) {
  if (!ask(plan::journal::present()).truth()) return 0;
  const auto rows = ask(plan::journal::stored_format()).rows;
  return rows.empty() ? 0 : std::atoi(text(rows[0][0]).c_str());
}

std::vector<MigrationRow> read_migrations(const Ask& ask, const std::optional<std::string>& name) {
  const auto rows =
      ask(sql("SELECT m.name, m.title, m.state, {}, m.source_hash, p.hash FROM mig.migration m "
              "JOIN mig.plan p ON p.id = m.plan{} ORDER BY m.name COLLATE \"C\"",
              utc(sql("m.since")), only(name)));
  std::vector<MigrationRow> migrations;
  for (const auto& row : rows.rows) {
    auto& migration = migrations.emplace_back();
    migration.name = text(row[0]);
    migration.title = text(row[1]);
    migration.state = text(row[2]);
    migration.since = text(row[3]);
    migration.source_hash = text(row[4]);
    migration.plan_hash = text(row[5]);
  }
  if (migrations.empty()) return migrations;
  std::map<std::string, MigrationRow*> by_name;
  for (auto& migration : migrations) by_name[migration.name] = &migration;
  add_steps(ask, name, by_name);
  add_approvals(ask, name, by_name);
  add_fingerprints(ask, name, by_name);
  return migrations;
}

std::optional<std::string> read_plan_text(const Ask& ask, const std::string& hash) {
  const auto rows = ask(sql("SELECT encode(bytes, 'hex') FROM mig.plan WHERE hash = {}", Literal{hash})).rows;
  if (rows.empty()) return std::nullopt;
  return plan::decompress(from_hex(text(rows[0][0])));
}

std::vector<KeptRow> read_kept(const Ask& ask) {
  const auto rows =
      ask(sql("SELECT p.migration, k.step, k.kind, k.schema, k.relation, k.part, k.kept_schema, "
              "k.kept_relation, k.kept_part, {}, {} FROM mig.kept k JOIN mig.plan p ON p.id = k.plan "
              "WHERE k.state = 'kept' ORDER BY k.id",
              utc(sql("k.since")), utc(sql("k.until"))));
  std::vector<KeptRow> kept;
  for (const auto& row : rows.rows) {
    auto& one = kept.emplace_back();
    one.migration = text(row[0]);
    one.step = text(row[1]);
    one.kept.kind = text(row[2]);
    one.kept.original = {text(row[3]), text(row[4])};
    one.kept.column = text(row[5]);
    one.kept.kept = {text(row[6]), text(row[7])};
    one.kept.kept_column = text(row[8]);
    one.since = text(row[9]);
    one.until = text(row[10]);
  }
  return kept;
}

std::vector<BackupRow> read_backups(const Ask& ask) {
  const auto until = sql("(e.at + make_interval(secs => (e.facts->>'keep_seconds')::double precision))");
  const auto kept = sql("(e.facts->>'keep_seconds')::bigint >= 0");
  const auto rows =
      ask(sql("SELECT e.migration, {}, coalesce(r.host, ''), e.facts->>'directory', e.facts->>'manifest',\n"
              "  e.facts->>'way', e.facts->>'read_back', e.facts->>'restore', CASE WHEN {} THEN {} END,\n"
              "  e.run, e.facts->>'bytes', e.facts->>'files', extract(day FROM now() - e.at)::bigint,\n"
              "  {} AND {} <= now()\n"
              "FROM mig.event e LEFT JOIN mig.run r ON r.id = e.run\n"
              "WHERE e.name = 'backed_up' AND NOT EXISTS (SELECT FROM mig.event p WHERE p.name = 'backup_purged'\n"
              "  AND p.id > e.id AND p.facts->>'directory' = e.facts->>'directory')\n"
              "ORDER BY e.id",
              utc(sql("e.at")), kept, utc(until), kept, until));
  std::vector<BackupRow> backups;
  for (const auto& row : rows.rows) {
    const auto number = [&](std::size_t column) { return std::atoll(text(row[column]).c_str()); };
    backups.push_back({text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]), text(row[5]), text(row[6]),
                       text(row[7]), text(row[8]), number(9), number(10), number(11), number(12), row[13] == "t"});
  }
  return backups;
}

std::vector<UnfinishedBackup> read_unfinished_backups(const Ask& ask, const std::string& migration) {
  const auto rows =
      ask(sql("SELECT e.facts->>'directory', current_database()::text, max(e.run) FROM mig.event e\n"
              "WHERE e.name = 'backup_begun' AND e.migration = {} AND NOT EXISTS (SELECT FROM mig.event d\n"
              "  WHERE d.name = 'backed_up' AND d.id > e.id AND d.facts->>'directory' = e.facts->>'directory')\n"
              "GROUP BY 1 ORDER BY 1",
              Literal{migration}));
  std::vector<UnfinishedBackup> backups;
  for (const auto& row : rows.rows) backups.push_back({text(row[0]), text(row[1]), std::atoll(text(row[2]).c_str())});
  return backups;
}

std::vector<RunRow> read_runs(const Ask& ask, const std::string& migration) {
  const auto rows =
      ask(sql("SELECT r.id, r.command, r.who, r.host, r.version, r.note, {}, {}, r.exit FROM mig.run r "
              "WHERE r.migration = {} ORDER BY r.id DESC",
              utc(sql("r.started")), utc(sql("r.ended")), Literal{migration}));
  std::vector<RunRow> runs;
  for (const auto& row : rows.rows) {
    auto& run = runs.emplace_back();
    run.id = std::atoll(text(row[0]).c_str());
    run.command = text(row[1]);
    run.who = text(row[2]);
    run.host = text(row[3]);
    run.version = text(row[4]);
    run.note = text(row[5]);
    run.started = text(row[6]);
    run.ended = text(row[7]);
    if (row[8]) run.exit = std::atoi(row[8]->c_str());
  }
  return runs;
}

}  // namespace mig::runtime
