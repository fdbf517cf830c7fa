// The parts of the command line that need neither a process nor a server: options, .env, mig.toml, URLs, targets, text.
#include "cli/config.hpp"
#include "cli/diff.hpp"
#include "cli/environment.hpp"
#include "cli/failure.hpp"
#include "cli/locks.hpp"
#include "cli/options.hpp"
#include "cli/quantity.hpp"
#include "cli/target.hpp"
#include "cli/text.hpp"
#include "cli/url.hpp"
#include "tests/support/catch.hpp"

using namespace mig::cli;

namespace {

using Variables = std::map<std::string, std::string>;

// The failure of a call, or one with exit 0 when it did not fail.
template <class Call>
Failure failure_of(const Call& call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure;
  }
  return {done, "did not fail"};
}

Failure usage_of(const std::vector<std::string>& words, const Variables& variables = {}) {
  return failure_of([&] { (void)parse_options(words, variables); });
}

Config config_of(const std::string& text) { return read_config(text, "mig.toml", "/project"); }

Choice target_of(const std::vector<std::string>& words, const Variables& variables, const std::string& toml = "",
                 const std::string& env_file = "") {
  const auto call = parse_options(words, variables);
  return choose_target(call, config_of(toml), Environment(variables, read_env_file(env_file), ".env"));
}

constexpr const char* three_targets = R"(
[target.dev]
url = "sandbox:"
[target.staging]
url = "postgresql://staging/db"
default = true
[target.production]
url_env = "PRODUCTION_DATABASE_URL"
protected = true
)";

}  // namespace

TEST_CASE("flags stand before and after the command") {
  const auto before = parse_options({"--target", "x", "-q", "plan", "a", "b"}, {});
  const auto after = parse_options({"plan", "a", "--target=x", "b", "-q"}, {});
  for (const auto* call : {&before, &after}) {
    CHECK(std::string(call->command->name) == "plan");
    CHECK(call->arguments == std::vector<std::string>{"a", "b"});
    CHECK(call->value("target") == "x");
    CHECK(call->has("quiet"));
    CHECK_FALSE(call->has("verbose"));
  }
}

TEST_CASE("--yes takes a name only behind an equals sign") {
  const auto bare = parse_options({"apply", "--yes", "name"}, {});
  CHECK(bare.arguments == std::vector<std::string>{"name"});
  CHECK(bare.has("yes"));
  CHECK(bare.value("yes") == std::nullopt);
  const auto named = parse_options({"apply", "--yes=production"}, {});
  CHECK(named.value("yes") == "production");
  const auto letters = parse_options({"apply", "-qy", "name"}, {});
  CHECK(letters.has("yes"));
  CHECK(letters.has("quiet"));
  CHECK(letters.arguments == std::vector<std::string>{"name"});
}

TEST_CASE("words behind -- are never flags") {
  const auto call = parse_options({"sandbox", "psql", "--", "-c", "select 1"}, {});
  CHECK(call.arguments == std::vector<std::string>{"psql", "-c", "select 1"});
}

TEST_CASE("unknown words are refused with did-you-mean") {
  CHECK(usage_of({"chekc"}).about == "no command `chekc`; did you mean `check`?");
  CHECK(usage_of({"plan", "--targt", "x"}).about == "no flag `--targt` of mig plan; did you mean `--target`?");
  CHECK(usage_of({"--targt", "production", "plan"}).about == "no flag `--targt`; did you mean `--target`?");
  CHECK(usage_of({"check", "--out", "x"}).about == "mig check takes no `--out`: it is a flag of mig compile");
  CHECK(usage_of({"plan", "--target"}).about == "`--target` needs a value: --target NAME");
  CHECK(usage_of({"plan", "--quiet=1"}).about == "`--quiet` takes no value");
  CHECK(usage_of({"plan", "--url", "a", "--url", "b"}).about == "`--url` is given twice");
  CHECK(usage_of({"rollback", "a", "b"}).about == "`b` is one word too many: mig rollback NAME");
  for (const auto& words : {std::vector<std::string>{"chekc"}, {"plan", "-x"}, {"plan", "--format", "xml"}})
    CHECK(usage_of(words).exit == usage);
}

TEST_CASE("what is not built yet is refused by name and never suggested") {
  const auto failure = usage_of({"prove"});
  CHECK(failure.exit == usage);
  CHECK(failure.about.find("`mig prove`") == 0);
  CHECK(failure.about.find("not built yet") != std::string::npos);
  CHECK(usage_of({"comparee"}).about == "no command `comparee`");
  CHECK(usage_of({"plan", "--format", "html"}).about.find("not built yet") != std::string::npos);
  CHECK(usage_of({"plan", "--format", "jsnl"}).about == "no format `jsnl`; did you mean `jsonl`?");
  CHECK(usage_of({"plan", "--format", "jsonl"}).about == "mig plan cannot print jsonl");
}

TEST_CASE("a flag has one shape in all commands") {
  std::map<std::string, std::string> shapes;
  const auto shape = [](const Flag& flag) {
    return std::string(flag.value == nullptr ? "switch" : flag.value[0] == '[' ? "optional" : "value") + flag.letter;
  };
  for (const auto& flag : global_flags()) shapes[flag.name] = shape(flag);
  for (const auto* command : all_commands())
    for (const auto& flag : command->flags) {
      INFO(command->name << " --" << flag.name);
      const auto [known, is_new] = shapes.emplace(flag.name, shape(flag));
      CHECK((is_new || known->second == shape(flag)));
    }
}

TEST_CASE("global flags are MIG_ variables") {
  const auto call = parse_options(
      {"apply"}, {{"MIG_FORMAT", "json"}, {"MIG_NO_INPUT", "1"}, {"MIG_QUIET", "0"}, {"MIG_YES", "production"}});
  CHECK(call.value("format") == "json");
  CHECK(call.has("no-input"));
  CHECK_FALSE(call.has("quiet"));
  CHECK(call.value("yes") == "production");
  CHECK(usage_of({"plan"}, {{"MIG_TARGTE", "x"}}).about == "no variable `MIG_TARGTE`; did you mean `MIG_TARGET`?");
  CHECK(usage_of({"plan"}, {{"MIG_QUIET", "maybe"}}).exit == usage);
  CHECK(usage_of({"plan"}, {{"MIG_FORMAT", "xml"}}).where == "MIG_FORMAT");
  CHECK(usage_of({"plan"}, {{"MIG_COLOR", "blue"}}).where == "MIG_COLOR");
  CHECK(usage_of({"plan"}, {{"MIG_SOMETHING_ELSE", "x"}}).exit == done);
}

TEST_CASE(".env files") {
  const auto file = read_env_file(
      "\xEF\xBB\xBF# comment\n"
      "A=1\r\n"
      " export B = two words # comment\n"
      "C='single # $A'\n"
      "D=\"double \\\"q\\\" \\n$A\" # comment\n"
      "E=\"two\nlines\"\n"
      "F=\n"
      "this is no assignment\n"
      "9X=1\n"
      "G=a#b\n"
      "H=\"open\n");
  CHECK(file.values == Variables{{"A", "1"},
                                 {"B", "two words"},
                                 {"C", "single # $A"},
                                 {"D", "double \"q\" \n$A"},
                                 {"E", "two\nlines"},
                                 {"F", ""},
                                 {"G", "a#b"}});
  CHECK(file.unread == std::vector<int>{9, 10, 12});
}

TEST_CASE("the process's own variables win over .env, also when empty") {
  const Environment environment({{"A", "process"}, {"B", ""}}, read_env_file("A=file\nB=file\nC=file\n"), ".env");
  CHECK(environment.get("A")->value == "process");
  CHECK_FALSE(environment.get("B"));
  CHECK(environment.get("C")->origin == "C in .env");
  CHECK_FALSE(environment.get("D"));
}

TEST_CASE("mig.toml: values") {
  const auto config =
      config_of(std::string("migrations = \"m\"\ncatalog = \"s.json\"\npg = 16\n[policy]\nlock_timeout = \"2s\"\n") +
                three_targets);
  CHECK(config.migrations == "m");
  CHECK(config.catalog == "s.json");
  CHECK(config.pg == 16);
  CHECK(config.policy.lock_timeout_ms == 2000);
  REQUIRE(config.target("production") != nullptr);
  CHECK(config.target("production")->protected_);
  CHECK(config.target("nobody") == nullptr);
}

TEST_CASE("mig.toml: every mistake has a place and a way out") {
  const auto mistake = [](const std::string& text) { return failure_of([&] { (void)config_of(text); }); };
  CHECK(mistake("migratons = \"m\"").about == "no key `migratons` in mig.toml; did you mean `migrations`?");
  CHECK(mistake("\n\nmigratons = \"m\"").where == "mig.toml:3:1");
  CHECK(mistake("pg = 12").about == "`pg` must be a whole number from 13 to 18");
  CHECK(mistake("catalog = 1").about == "`catalog` must be a string in quotes");
  CHECK(mistake("[target.x]\nurl = \"a\"\nurl_env = \"B\"").about == "[target.x] needs either `url` or `url_env`");
  CHECK(mistake("[target.x]\nurl = \"a\"\nyes = true").about.find("no key `yes`") == 0);
  CHECK(mistake("[policy]\nlock_timeout = \"fast\"").about.find("must be a duration") != std::string::npos);
  CHECK(mistake("[policy]\nlock_timeout = \"0ms\"").about.find("longer than 0") != std::string::npos);
  CHECK(mistake("[target.a]\nurl=\"x\"\ndefault=true\n[target.b]\nurl=\"x\"\ndefault=true").about.find("two targets") ==
        0);
  const auto broken = mistake("[target.dev\nurl = 1");
  CHECK(broken.exit == usage);
  CHECK(broken.where.find("mig.toml:1:") == 0);
}

TEST_CASE("the target chain, first that is set") {
  const Variables all{{"MIG_URL", "postgresql://mig/u"},
                      {"MIG_TARGET", "dev"},
                      {"DATABASE_URL", "postgresql://app/d"},
                      {"PGHOST", "h"},
                      {"PRODUCTION_DATABASE_URL", "postgresql://p/p"}};
  const auto without = [&](std::initializer_list<const char*> names) {
    auto variables = all;
    for (const auto* name : names) variables.erase(name);
    return variables;
  };
  CHECK(target_of({"plan", "--url", "postgresql://x/y", "--target", "dev"}, all, three_targets).target.conninfo ==
        "postgresql://x/y");
  CHECK(target_of({"plan", "--target", "production"}, all, three_targets).target.conninfo == "postgresql://p/p");
  CHECK(target_of({"plan"}, all, three_targets).target.origin == "MIG_URL");
  CHECK(target_of({"plan"}, without({"MIG_URL"}), three_targets).sandbox);
  CHECK(target_of({"plan"}, without({"MIG_URL", "MIG_TARGET"}), three_targets).target.name == "staging");
  CHECK(target_of({"plan"}, without({"MIG_URL", "MIG_TARGET"})).target.origin == "DATABASE_URL");
  CHECK(target_of({"plan"}, without({"MIG_URL", "MIG_TARGET", "DATABASE_URL"})).target.origin == "PGHOST");
  CHECK(target_of({"plan"}, without({"MIG_URL", "MIG_TARGET", "DATABASE_URL", "PGHOST"})).sandbox);
}

TEST_CASE("who is protected") {
  CHECK(target_of({"plan"}, {{"DATABASE_URL", "postgresql://a/b"}}).target.protected_);
  CHECK_FALSE(target_of({"plan"}, {{"DATABASE_URL", "postgresql://a/b"}}, "[target.local]\nurl_env = \"DATABASE_URL\"")
                  .target.protected_);
  CHECK(target_of({"plan"}, {{"DATABASE_URL", "postgresql://a/b"}}, "[target.local]\nurl_env = \"DATABASE_URL\"")
            .target.name == "local");
  CHECK(target_of({"plan"}, {}, "", "MIG_URL=postgresql://a/b").target.protected_);
  CHECK_FALSE(target_of({"plan", "--url", "postgresql://a/b"}, {}).target.protected_);
  CHECK(target_of({"plan", "--target", "production"}, {{"PRODUCTION_DATABASE_URL", "postgresql://p/p"}}, three_targets)
            .target.protected_);
}

TEST_CASE("targets that are not there") {
  const auto failure = [](const std::vector<std::string>& words, const Variables& variables, const std::string& toml) {
    return failure_of([&] { (void)target_of(words, variables, toml); });
  };
  CHECK(failure({"plan", "--target", "prodution"}, {}, three_targets).about ==
        "no target `prodution`; did you mean `production`?");
  const auto unset = failure({"plan", "--target", "production"}, {}, three_targets);
  CHECK(unset.about.find("PRODUCTION_DATABASE_URL, which is not set") != std::string::npos);
  CHECK(unset.where == "mig.toml:7");
  const auto db_host = failure(
      {"plan"}, {{"DB_HOST", "localhost"}, {"DB_NAME", "flux"}, {"DB_USER", "me"}, {"DB_PASSWORD", "hunter2"}}, "");
  CHECK(db_host.exit == usage);
  CHECK(db_host.next == "DATABASE_URL=\"postgresql://me:$DB_PASSWORD@localhost:5432/flux\"");
  CHECK(failure({"plan", "--sandbox"}, {{"DB_HOST", "localhost"}}, "").exit == done);
  CHECK(failure({"plan", "--sandbox", "--target", "dev"}, {}, three_targets).exit == usage);
}

TEST_CASE("what ORMs write into URLs") {
  const auto prisma = clean_url("postgresql://u:p@h:5432/d?schema=App&connection_limit=20&sslmode=require");
  CHECK(prisma.conninfo == "postgresql://u:p@h:5432/d?sslmode=require&options=-csearch_path%3D%22App%22");
  CHECK(prisma.search_path == "App");
  CHECK(prisma.ignored == std::vector<std::string>{"connection_limit=20"});
  CHECK(clean_url("postgresql+asyncpg://h/d").conninfo == "postgresql://h/d");
  CHECK(clean_url("jdbc:postgresql://h/d").conninfo == "postgresql://h/d");
  CHECK(clean_url("postgres://h/d?pgbouncer=true").pooler);
  for (const auto* untouched : {"postgresql://h1,h2/d?target_session_attrs=read-write&options=-c%20geqo%3Doff",
                                "host=/tmp dbname=d", "postgresql://h/d"})
    CHECK(clean_url(untouched).conninfo == untouched);
}

TEST_CASE("passwords are found and never printed") {
  CHECK(has_password("postgresql://u:secret@h/d"));
  CHECK(has_password("host=h password=secret"));
  CHECK(has_password("postgresql://h/d?user=u&password=secret"));
  CHECK_FALSE(has_password("postgresql://u@h:5432/d"));
  CHECK_FALSE(has_password("host=h user=u"));
  const std::string odd = "postgresql://u:se@cret/wo:rd@h/d";
  CHECK(without_secrets("invalid port number: \"rd\" in cret/wo:rd", odd).find("cret") == std::string::npos);
  CHECK(without_secrets("bad: p%40ss / p@ss", "postgresql://u:p%40ss@h/d") == "bad: *** / ***");
  CHECK(without_secrets("near secret word", "host=h password='secret word'") == "near ***");
}

TEST_CASE("durations, sizes, numbers, times") {
  CHECK(read_milliseconds("500ms") == 500);
  CHECK(read_milliseconds("5min") == 300000);
  for (const auto* bad : {"", "5", "ms", "-1s", "5 s", "99999999999999999999s", "100d", "1.5s"})
    CHECK(read_milliseconds(bad) == std::nullopt);
  CHECK(thousands(1204511) == "1,204,511");
  CHECK(thousands(-123) == "-123");
  CHECK(duration(12) == "12 ms");
  CHECK(duration(4200) == "4.2 s");
  CHECK(duration(185000) == "3 min 5 s");
  CHECK(age(3 * 86400 + 4 * 3600) == "3d 4h");
  CHECK(size(431 * 1024 * 1024LL) == "431 MB");
  CHECK(plural(1, "step") == "1 step");
  CHECK(plural(2, "index") == "2 indexes");
  CHECK(minute("2026-10-29T08:10:44.102Z") == "2026-10-29 08:10Z");
  CHECK(minute("never") == "never");
  CHECK(cut_middle("a_very_long_name_indeed", 11, true) == "a_ve...deed");
  CHECK(table({{"a", "bb"}, {"ccc", "d"}}) == "a    bb\nccc  d\n");
}

TEST_CASE("unified diffs apply") {
  CHECK(unified_diff("a\n", "a\n", "x", "x").empty());
  CHECK(unified_diff("a\nb\nc\n", "a\nB\nc\n", "x", "y") == "--- x\n+++ y\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  CHECK(unified_diff("a", "a\n", "x", "y") == "--- x\n+++ y\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
  CHECK(unified_diff("", "a\n", "x", "y") == "--- x\n+++ y\n@@ -0,0 +1,1 @@\n+a\n");
  const auto far =
      unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "1!\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12!\n", "x", "y");
  CHECK(far.find("@@ -1,4 +1,4 @@") != std::string::npos);
  CHECK(far.find("@@ -9,4 +9,4 @@") != std::string::npos);
}

TEST_CASE("lock modes by any spelling") {
  for (const auto* words : {"access exclusive", "ACCESS_EXCLUSIVE", "AccessExclusiveLock"})
    CHECK(find_lock(words) == mig::sql::LockMode::access_exclusive);
  CHECK(find_lock("share update exclusive") == mig::sql::LockMode::share_update_exclusive);
  CHECK_FALSE(find_lock("exclusiv"));
  CHECK(explain_lock(mig::sql::LockMode::share)
            .find("conflicts with ROW EXCLUSIVE, SHARE UPDATE EXCLUSIVE, SHARE ROW EXCLUSIVE") != std::string::npos);
}
