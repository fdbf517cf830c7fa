// The real binary on command lines that need no server: tests/cases/cli/*.txt.
#include "tests/support/catch.hpp"
#include "tests/support/transcript.hpp"

TEST_CASE("command lines without a server") {
  const auto paths = mig::tests::transcripts("cli");
  REQUIRE(!paths.empty());
  for (const auto& path : paths) {
    INFO(path);
    CHECK(mig::tests::run_transcript(path) == "");
  }
}
