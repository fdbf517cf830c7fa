// Where things are printed: stdout takes the answer, stderr progress, questions and failures. Colours, signs, formats.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "cli/failure.hpp"

namespace mig::diagnostics {
struct Style;
}

namespace mig::cli {

enum class Format { text, json, jsonl, github, gitlab, sarif, markdown, junit, sql };
enum class Color { red, yellow, green, cyan, dim, bold };
enum class Sign { yes, no, warning, running, dot };
// One of the two standard streams.
enum class Stream { answer, progress };

class Output {
 public:
  explicit Output(const Invocation& call);

  [[nodiscard]] Format format() const { return format_; }
  [[nodiscard]] bool text() const { return format_ == Format::text; }
  // One of the documents that ci::publish() prints.
  [[nodiscard]] bool document() const { return !text() && !machine() && format_ != Format::sql; }
  // json or jsonl: what would be said on stderr stands in the answer.
  [[nodiscard]] bool machine() const { return format_ == Format::json || format_ == Format::jsonl; }
  [[nodiscard]] bool quiet() const { return quiet_; }
  [[nodiscard]] bool verbose() const { return verbose_; }
  [[nodiscard]] bool ascii() const { return ascii_; }
  [[nodiscard]] unsigned width() const { return width_; }
  [[nodiscard]] bool terminal(Stream stream) const;

  // The answer, as it is (stdout).
  void answer(std::string_view text) const;
  // Progress and remarks (stderr); nothing with -q, and nothing for --format json or jsonl.
  void note(std::string_view text) const;
  // A remark that -q does not silence.
  void warning(std::string_view text) const;
  // The one object of --format json: `format` and `exit` are put in front.
  void object(int exit, const nlohmann::ordered_json& fields) const;
  // One line of --format jsonl.
  void event(const nlohmann::ordered_json& fields) const;
  // A failure in the chosen format; returns its exit code.
  int failure(const Failure& failure) const;

  [[nodiscard]] std::string paint(Color color, std::string_view text, Stream stream) const;
  [[nodiscard]] std::string sign(Sign sign, Stream stream) const;
  // "1,204,511" on a terminal, "1204511" in a pipe.
  [[nodiscard]] std::string number(long long number, Stream stream) const;
  // Without `…`, `→`, `·` under --ascii.
  [[nodiscard]] std::string plain(std::string text) const;
  // For the renderer of diagnostics.
  [[nodiscard]] diagnostics::Style style(Stream stream) const;

 private:
  Format format_ = Format::text;
  bool quiet_ = false, verbose_ = false, ascii_ = false;
  bool color_answer_ = false, color_progress_ = false;
  unsigned width_ = 100;
};

// Bytes to a file descriptor, all of them. A reader that went away (EPIPE) ends the output, not the run; any other
// failure of stdout is a Failure: an answer must not be lost in silence.
void write_all(int descriptor, std::string_view text);

}  // namespace mig::cli
