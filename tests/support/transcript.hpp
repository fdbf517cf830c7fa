// Transcripts: files, command lines and what they print, as one text file; run with the real binary.
//
//   # any words: what the case shows
//   <<< migrations/a.mig            a file of the case's directory, up to the line >>>
//   $ mig check --catalog empty     run by sh, in that directory
//   | a line of stdout
//   ! a line of stderr
//   ? 1                             exit code; left out: 0
//
// In expected lines {*} stands for any text, and a line "| {...}" for any number of lines. MIG_UPDATE=1 in the
// environment rewrites the expectations that do not hold.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mig::tests {

struct TranscriptSettings {
  std::map<std::string, std::string> variables;     // of the commands' environment
  std::map<std::string, std::string> replacements;  // text of the output -> what stands for it in the file
};

// Differences between the file and what happened, empty when there are none.
[[nodiscard]] std::string run_transcript(const std::string& path, const TranscriptSettings& settings = {});

// All *.txt of a folder under tests/cases, sorted.
[[nodiscard]] std::vector<std::string> transcripts(const std::string& folder);

}  // namespace mig::tests
