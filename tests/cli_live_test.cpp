// The real binary on a real server: tests/cases/cli_live/*.txt, each in a fresh database at $URL.
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"
#include "tests/support/transcript.hpp"

namespace {

constexpr const char* schema = R"(
create table users (id bigint primary key, name text not null, email text);
insert into users select i, 'user ' || i, i || '@example.org' from generate_series(1, 100) as i;
)";

// The socket's directory and the database's name differ from run to run.
mig::tests::TranscriptSettings settings_of(const mig::runtime::Target& target) {
  const auto& server = mig::tests::server();
  const auto database = mig::tests::run(target, "select current_database()").value();
  const auto url = "postgresql:///" + database + "?host=" + server.directory() + "&user=postgres";
  return {{{"URL", url}, {"DATABASE", database}, {"SOCKETS", server.directory()}},
          {{server.directory(), "{server}"}, {database, "{database}"}}};
}

}  // namespace

TEST_CASE("command lines on a server") {
  const auto paths = mig::tests::transcripts("cli_live");
  REQUIRE(!paths.empty());
  for (const auto& path : paths) {
    INFO(path);
    CHECK(mig::tests::run_transcript(path, settings_of(mig::tests::server().database(schema))) == "");
  }
}
