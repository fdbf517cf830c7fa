// What happens in a run, as it happens: lines for people on stderr, or one JSON object a line on stdout.
#pragma once

#include <map>
#include <string>

#include "cli/output.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

class RunPrinter {
 public:
  explicit RunPrinter(const Output& output) : output_(output) {}
  // The executor's observer.
  void operator()(const runtime::Event& event);
  // Ends a line that is being rewritten on a terminal.
  void finish();

 private:
  void print_json(const runtime::Event& event) const;
  void print_text(const runtime::Event& event);
  void line(const std::string& text);       // stays
  void transient(const std::string& text);  // is overwritten by what comes next; only on a terminal
  void step_done(const runtime::Event& event, const char* verb);
  void lock_wait(const runtime::Event& event);
  void paused(const runtime::Event& event);

  const Output& output_;
  std::map<std::string, long long> tallies_;  // of the phase: steps, ms
  bool open_line_ = false;
  bool show_blockers_ = false;
};

}  // namespace mig::cli
