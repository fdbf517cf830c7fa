// Backups on real servers: made, read back, damaged, brought back, kept and purged; and what is refused before anything
// runs.
#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "runtime/backup.hpp"
#include "runtime/doctor.hpp"
#include "runtime/process.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

using namespace mig;
using sql::Phase;
namespace fs = std::filesystem;

namespace {

constexpr const char* world = R"(
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
  loud text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE "Items" (id serial PRIMARY KEY, user_id bigint REFERENCES users, raw bytea, n numeric(10,2));
CREATE TABLE visits (day date NOT NULL, n int) PARTITION BY RANGE (day);
CREATE TABLE visits_25 PARTITION OF visits FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE visits_26 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 50) i;
INSERT INTO "Items" (user_id, raw, n) SELECT 1 + i % 50, decode(md5(i::text), 'hex'), i FROM generate_series(1, 80) i;
INSERT INTO visits SELECT '2025-06-01'::date + i, i FROM generate_series(1, 300) i;
CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := NEW.name || ''!''; RETURN NEW; END';
CREATE TRIGGER louder BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION louder();
)";
constexpr const char* three_tables = "tables users, \"Items\", visits;";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777U;
}

// A folder of a project, a database, and a migration with this backup block.
struct World {
  tests::Scratch scratch;
  runtime::Target target;
  plan::Plan plan;
  tests::Story story;
  runtime::ApplyOptions options;

  explicit World(const std::string& block, tests::Server& server = tests::server())
      : World(block, server.database(world)) {}
  World(const std::string& block, runtime::Target database) : target(std::move(database)) {
    plan = tests::compiled(target, "migration m { backup { " + block + " } expand { add column users.x int; } }");
    options.backup.project = root().string();
    options.backup.restore = false;
    options.through = Phase::backup;
    write(root() / "data/a.json", "[1, 2]\n");
    write(root() / "data/deep/b.json", std::string(300'000, 'b'));
  }
  [[nodiscard]] const fs::path& root() const { return scratch.path(); }
  runtime::Outcome apply() { return tests::apply(target, plan, options, &story); }
  [[nodiscard]] std::vector<runtime::BackupRow> rows() const { return runtime::JournalReader(target).backups(); }
  [[nodiscard]] fs::path folder() const {
    const auto all = rows();
    REQUIRE(!all.empty());
    return root() / all.back().directory;
  }
  // What was printed to bring it back, as a person runs it in the project's folder.
  [[nodiscard]] runtime::Ran bring_back() const {
    return runtime::run_program({"/bin/sh", "-c", "cd '" + root().string() + "' && " + rows().back().restore});
  }
  runtime::Outcome with_executor(const std::function<runtime::Outcome(runtime::Executor&)>& what) {
    runtime::Executor executor(target, story.observer(), [] { return 0; });
    return what(executor);
  }
  [[nodiscard]] std::vector<runtime::Finding> doctor() const {
    runtime::Background known;
    known.project = root().string();
    known.throwaway = true;
    auto found = runtime::examine(target, known);
    std::erase_if(found, [](const auto& one) { return one.topic != "backups"; });
    return found;
  }
};

std::string rows_of(const runtime::Target& target) {
  return tests::run(target,
                    "SELECT md5(string_agg(t, '|' ORDER BY t)) FROM (SELECT users::text FROM users UNION ALL "
                    "SELECT \"Items\"::text FROM \"Items\" UNION ALL SELECT visits::text FROM visits) x(t)")
      .value();
}

std::string next_numbers(const runtime::Target& target) {
  return tests::run(target,
                    "SELECT (SELECT last_value FROM users_id_seq) || ' ' || (SELECT last_value FROM \"Items_id_seq\")")
      .value();
}

void lose_rows(const runtime::Target& target) {
  tests::run(target, "TRUNCATE users, \"Items\", visits RESTART IDENTITY");
}

void is_made(World& w, const std::string& way) {
  const auto outcome = w.apply();
  INFO(outcome.what);
  REQUIRE(outcome.exit == 0);
  CHECK(outcome.state == "pending");
  CHECK(contains(w.rows().back().way, way));
}

// A pg_dump that notes what it is given, and then does this with what the real one wrote ("$file").
std::string noting_dump(const fs::path& folder, const std::string& afterwards) {
  const std::string real = "/usr/lib/postgresql/15/bin/";
  write(folder / "pg_dump",
        "#!/bin/sh\nfor word; do case $word in --file=*) file=${word#--file=};; esac; done\n"
        "[ \"$1\" = --version ] || { echo \"$@\"; env | grep -c '^PGPASSWORD=s3cret$'; ps -eo args; } >> " +
            (folder / "noted").string() + "\n" + real + "pg_dump \"$@\" || exit 1\n[ \"$1\" = --version ] || { " +
            afterwards + "\n}\n");
  fs::permissions(folder / "pg_dump", fs::perms::owner_all);
  fs::create_symlink(real + "pg_restore", folder / "pg_restore");
  return (folder / "pg_dump").string();
}

bool has_dump() { return tests::server().major() <= 15 && fs::exists("/usr/lib/postgresql/15/bin/pg_dump"); }

}  // namespace

TEST_CASE("files are copied for their owner alone, listed with their hashes, and put back") {
  World w("files 'data/*.json'; files 'data/deep/*'; to 'backups/{migration}-{timestamp}'; keep 30d;");
  fs::permissions(w.root() / "data/a.json", static_cast<fs::perms>(0640));
  is_made(w, "copies");
  const auto folder = w.folder();
  CHECK(contains(folder.string(), "backups/m-20"));
  CHECK(mode_of(folder) == 0700);
  CHECK(mode_of(w.root() / "backups") == 0700);
  CHECK(mode_of(folder / "files/data/a.json") == 0600);
  CHECK(mode_of(folder / "manifest.json") == 0600);
  CHECK(read(folder / "files/data/deep/b.json") == std::string(300'000, 'b'));
  CHECK(contains(read(folder / "manifest.json"), "\"migration\": \"m\""));
  CHECK(w.rows().back().restore == "mig rollback m --files\n");
  CHECK(w.story.count("backup_made") == 1);
  CHECK(w.doctor().size() == 1);
  CHECK(w.doctor().front().text == "1 manifest, files there, hashes match");

  fs::remove_all(w.root() / "data/deep");
  write(w.root() / "data/a.json", "other");
  const auto states = runtime::copied_files(w.rows().back(), w.root().string());
  REQUIRE(states.size() == 2);
  CHECK(states[0].state == runtime::CopiedFile::State::changed);
  CHECK(states[1].state == runtime::CopiedFile::State::gone);
  const auto put = [&](bool overwrite) {
    return w.with_executor([&](auto& executor) { return executor.restore_files("m", overwrite, w.options); });
  };
  CHECK(put(false).exit == 0);
  CHECK(read(w.root() / "data/deep/b.json") == std::string(300'000, 'b'));
  CHECK(read(w.root() / "data/a.json") == "other");
  CHECK(put(true).exit == 0);
  CHECK(read(w.root() / "data/a.json") == "[1, 2]\n");
  CHECK(mode_of(w.root() / "data/a.json") == 0640);
}

TEST_CASE("a damaged backup is found by doctor, brings nothing back, and is made anew") {
  World w("files 'data/*.json'; to 'backups/{timestamp}';");
  is_made(w, "copies");
  const auto first = w.folder();
  SECTION("a bit is another") {
    auto bytes = read(first / "files/data/a.json");
    bytes[2] = static_cast<char>(bytes[2] ^ 1);
    write(first / "files/data/a.json", bytes);
    CHECK(contains(w.doctor().front().text, "is not what was written"));
  }
  SECTION("a file is gone") {
    fs::remove(first / "files/data/a.json");
    CHECK(contains(w.doctor().front().text, "is gone"));
  }
  SECTION("the manifest was edited") {
    auto text = read(first / "manifest.json");
    text.replace(text.find("\"migration\": \"m\""), 16, "\"migration\": \"n\"");
    write(first / "manifest.json", text);
    CHECK(contains(w.doctor().front().text, "manifest.json is not what was written"));
  }
  CHECK(w.doctor().front().grade == runtime::Grade::bad);
  CHECK(contains(w.doctor().front().type.front(), "mig apply m --through backup"));
  write(w.root() / "data/a.json", "other");
  CHECK(w.with_executor([&](auto& executor) { return executor.restore_files("m", true, w.options); }).exit == 1);
  CHECK(read(w.root() / "data/a.json") == "other");
  is_made(w, "copies");
  CHECK(w.rows().size() == 2);
  CHECK(w.folder() != first);
}

TEST_CASE("a backup that is there is not made again") {
  World w("files 'data/*.json'; to 'backups/{timestamp}';");
  is_made(w, "copies");
  w.options.through.reset();
  CHECK(w.apply().state == "done");
  CHECK(w.rows().size() == 1);
}

TEST_CASE("what a killed run left is named by doctor, and removed by the next one") {
  World w("files 'data/*.json'; to 'backups/{timestamp}';");
  is_made(w, "copies");
  const auto named = w.folder();
  // As if the run had been killed: once before the folder got its name, once before the journal knew of it.
  tests::run(w.target, "UPDATE mig.step SET state = 'failed'; DELETE FROM mig.event WHERE name = 'backed_up'");
  const auto hidden = w.root() / "backups" / ("." + named.filename().string() + ".999999999.unfinished");
  fs::create_directories(hidden / "files");
  REQUIRE(w.doctor().size() == 1);
  CHECK(w.doctor().front().code == "backup_unfinished");
  CHECK(contains(w.doctor().front().text, hidden.string()));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // the next run has another time
  is_made(w, "copies");
  CHECK_FALSE(fs::exists(hidden));
  CHECK_FALSE(fs::exists(named));
  CHECK(w.folder() != named);
  CHECK(w.doctor().front().code == "manifests");
}

TEST_CASE("what cannot be backed up is said before anything runs") {
  const auto refused = [](World& w, const std::string& code, const std::string& words) {
    w.options.through.reset();
    const auto outcome = w.apply();
    INFO(outcome.what << "\n" << outcome.next);
    CHECK(outcome.exit == 7);
    CHECK(outcome.code == code);
    CHECK(contains(outcome.what + outcome.next, words));
    CHECK(tests::run(w.target, "SELECT count(*) FROM mig.run").value() == "0");
    CHECK_FALSE(fs::exists(w.root() / "backups"));
  };
  SECTION("no such file") {
    World w("files 'data/*.csv'; to 'backups/{timestamp}';");
    refused(w, "R0710", "no file is called data/*.csv");
  }
  SECTION("a SQLite database in use") {
    World w("files 'dev.db'; to 'backups/{timestamp}';");
    write(w.root() / "dev.db", std::string("SQLite format 3\0", 16) + "rows");
    write(w.root() / "dev.db-wal", "newer rows");
    refused(w, "R0710", "SQLite database in use");
  }
  SECTION("more than the disk holds") {
    World w("files 'data/huge'; to 'backups/{timestamp}';");
    write(w.root() / "data/huge", "x");
    fs::resize_file(w.root() / "data/huge", 8'000'000'000'000);
    refused(w, "R0709", "takes up to 8.0 TB");
  }
  SECTION("the folder is there") {
    World w("files 'data/*.json'; to 'kept';");
    fs::create_directories(w.root() / "kept");
    refused(w, "R0710", "write {timestamp} into `to`");
  }
  SECTION("a database without a pg_dump") {
    World w("database; to 'backups/{timestamp}';");
    w.options.backup.pg_dump = "none";
    refused(w, "R0708", fmt::format("install postgresql-client-{}", tests::server().major()));
  }
}

TEST_CASE("a pg_dump older than the server is not used") {
  for (const auto& bin : tests::all_servers()) {
    tests::ServerOptions options;
    options.bin = bin;
    tests::Server server(options);
    if (server.major() <= 15) continue;
    World w("database; to 'backups/{timestamp}';", server);
    const auto outcome = w.apply();
    if (outcome.exit == 0) continue;  // there is a newer one on this machine
    CHECK(outcome.code == "R0708");
    CHECK(contains(outcome.next, fmt::format("postgresql-client-{}", server.major())));
    CHECK_FALSE(fs::exists(w.root() / "backups"));
  }
}

TEST_CASE("tables in mig's own form come back, on every server") {
  for (const auto& bin : tests::all_servers()) {
    tests::ServerOptions options;
    options.bin = bin;
    tests::Server server(options);
    INFO("PostgreSQL " << server.major());
    World w(std::string(three_tables) + " to 'backups/{timestamp}';", server);
    w.options.backup.pg_dump = "none";
    const auto before = tests::picture(w.target), rows = rows_of(w.target), numbers = next_numbers(w.target);
    is_made(w, "mig");
    CHECK(contains(w.rows().back().read_back, "hashes and rows match"));
    CHECK(w.bring_back().exit != 0);  // the tables hold rows: nothing is mixed
    CHECK(rows_of(w.target) == rows);
    lose_rows(w.target);
    const auto back = w.bring_back();
    INFO(back.output);
    CHECK(back.exit == 0);
    CHECK(tests::picture(w.target) == before);
    CHECK(rows_of(w.target) == rows);
    CHECK(next_numbers(w.target) == numbers);
  }
}

TEST_CASE("tables by pg_dump come back") {
  if (!has_dump()) return;
  World w(std::string(three_tables) + " to 'backups/{timestamp}';");
  const auto before = tests::picture(w.target), rows = rows_of(w.target), numbers = next_numbers(w.target);
  is_made(w, "pg_dump 15");
  CHECK(contains(w.rows().back().read_back, "read to its end"));
  lose_rows(w.target);
  tests::run(w.target, "ALTER TABLE users DROP COLUMN loud");
  const auto back = w.bring_back();
  INFO(back.output);
  CHECK(back.exit == 0);
  CHECK(tests::picture(w.target) == before);
  CHECK(rows_of(w.target) == rows);
  CHECK(next_numbers(w.target) == numbers);
}

TEST_CASE("a database by pg_dump is restored elsewhere when it is made, and comes back beside the old one") {
  if (!has_dump()) return;
  World w("database; to 'backups/{timestamp}';");
  w.options.backup.restore = true;
  const auto before = tests::picture(w.target), rows = rows_of(w.target);
  is_made(w, "pg_dump 15");
  CHECK(contains(w.rows().back().read_back, "restored into a sandbox of PostgreSQL 15"));
  const auto back = w.bring_back();
  INFO(back.output);
  CHECK(back.exit == 0);
  const auto name = tests::run(w.target, "SELECT current_database() || '_restored'").value();
  const auto restored = tests::server().target(name);
  CHECK(tests::picture(restored) == before);
  CHECK(rows_of(restored) == rows);
}

TEST_CASE("a dump that does not read is no backup") {
  if (!has_dump()) return;
  World w("tables users; to 'backups/{timestamp}';");
  const auto cut = std::string("head -c 600 \"$file\" > \"$file.cut\" && mv \"$file.cut\" \"$file\"");
  w.options.backup.pg_dump = noting_dump(w.root() / "bin", cut);
  const auto outcome = w.apply();
  CHECK(outcome.exit == 5);
  CHECK(outcome.code == "R0505");
  CHECK(w.rows().empty());
  CHECK((!fs::exists(w.root() / "backups") || fs::is_empty(w.root() / "backups")));
  w.options.backup.pg_dump.clear();
  CHECK(w.apply().exit == 0);
}

TEST_CASE("rows that a dump lost are missed when it is restored") {
  if (!has_dump()) return;
  World w("tables users; to 'backups/{timestamp}';");
  w.options.backup.restore = true;
  // A dump of the same tables without their rows reads well.
  w.options.backup.pg_dump = noting_dump(w.root() / "bin",
                                         "/usr/lib/postgresql/15/bin/pg_dump --schema-only -Fc --file=\"$file.less\" "
                                         "--table=public.users && mv \"$file.less\" \"$file\"");
  tests::run(w.target, "DROP TRIGGER louder ON users");
  const auto outcome = w.apply();
  INFO(outcome.what);
  CHECK(outcome.code == "R0505");
  CHECK(contains(outcome.what, "public.users has 0 rows instead of 50"));
}

TEST_CASE("a password stands in no argument, no output and no file") {
  if (!has_dump()) return;
  World w("tables users; to 'backups/{timestamp}';");
  w.target.conninfo += " password=s3cret";
  w.options.backup.pg_dump = noting_dump(w.root() / "bin", "true");
  is_made(w, "pg_dump");
  const auto noted = read(w.root() / "bin/noted");
  CHECK(contains(noted, "--file="));
  CHECK(contains(noted, "\n1\n"));  // in its environment
  CHECK_FALSE(contains(noted, "s3cret"));
  CHECK_FALSE(contains(read(w.folder() / "manifest.json"), "s3cret"));
  for (const auto& event : w.story.events)
    for (const auto& [name, value] : event.fields) CHECK_FALSE(contains(value, "s3cret"));
  CHECK(tests::run(w.target, "SELECT count(*) FROM mig.event WHERE facts::text LIKE '%s3cret%'").value() == "0");
}

TEST_CASE("a file that somebody writes while it is copied is refused") {
  World w("files 'data/busy'; to 'backups/{timestamp}';");
  write(w.root() / "data/busy", std::string(40'000'000, 'x'));
  std::atomic<bool> over = false;
  std::thread writer([&] {
    std::fstream file(w.root() / "data/busy", std::ios::in | std::ios::out | std::ios::binary);
    for (long long i = 0; !over; ++i) file.seekp(0) << i << std::flush;
  });
  const auto outcome = w.apply();
  over = true;
  writer.join();
  CHECK(outcome.code == "R0505");
  CHECK(contains(outcome.what, "was changed while it was copied"));
  CHECK(w.apply().exit == 0);
}

TEST_CASE("a backup goes when its time is over and purge is asked for, and not before") {
  World w("files 'data/*.json'; to 'backups/{timestamp}'; keep 30d;");
  is_made(w, "copies");
  const auto folder = w.folder();
  const auto purge = [&] {
    return w.with_executor([&](auto& executor) { return executor.purge_backups({}, w.options); });
  };
  tests::pass_time(w.target, "29 days");
  CHECK(purge().exit == 0);
  CHECK(fs::exists(folder));
  tests::pass_time(w.target, "2 days");
  CHECK(w.doctor().back().code == "backup_due");
  w.options.through.reset();
  CHECK(w.apply().exit == 0);  // as cron calls it
  CHECK(fs::exists(folder));
  write(folder / "note.txt", "somebody's own");
  CHECK(purge().exit == 0);
  CHECK(w.story.count("backup_purged") == 1);
  CHECK(w.story.first("backup_purged")->fields.at("days") == "31");
  CHECK(fs::exists(folder / "note.txt"));
  CHECK_FALSE(fs::exists(folder / "manifest.json"));
  CHECK(w.rows().empty());
}
