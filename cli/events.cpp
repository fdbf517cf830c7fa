// Events of the executor, printed live.
#include "cli/events.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/text.hpp"
#include "compiler/diagnostics/width.hpp"

namespace mig::cli {

namespace {

std::string field(const runtime::Event& event, const std::string& name) {
  const auto found = event.fields.find(name);
  return found == event.fields.end() ? "" : found->second;
}

long long number(const runtime::Event& event, const std::string& name) {
  const auto text = field(event, name);
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The fields that are numbers for tools.
bool numeric(const std::string& name) {
  for (const auto* known : {"run", "ms", "tries", "try", "pid", "wait_ms", "exit", "number", "read", "written", "rows",
                            "files", "bytes", "days", "tables"})
    if (name == known) return true;
  return false;
}

// What is measured has its own unit, and digits after the point.
bool decimal(const runtime::Event& event, const std::string& name) {
  return event.name == "paused" && (name == "value" || name == "limit");
}

// Assertions all hold, or the phase is not done.
std::string what_ran(const std::string& phase, long long steps) {
  return phase == "require" || phase == "verify" ? fmt::format("{} of {}", steps, steps) : plural(steps, "step");
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ms);
}

}  // namespace

void RunPrinter::operator()(const runtime::Event& event) {
  if (output_.format() == Format::jsonl)
    print_json(event);
  else if (!output_.machine())
    print_text(event);
}

void RunPrinter::print_json(const runtime::Event& event) const {
  nlohmann::ordered_json json{{"format", 1}, {"at", utc_now()}, {"event", event.name}};
  for (const auto& [name, value] : event.fields) {
    if (numeric(name) && !value.empty())
      json[name] = number(event, name);
    else if (decimal(event, name))
      json[name] = std::strtod(value.c_str(), nullptr);
    else
      json[name] = value;
  }
  output_.event(json);
}

void RunPrinter::line(const std::string& text) {
  finish();
  output_.note(output_.plain(text) + "\n");
}

void RunPrinter::transient(const std::string& text) {
  if (!output_.terminal(Stream::progress) || output_.quiet()) return;
  write_all(STDERR_FILENO, "\r\x1b[K" + output_.plain(text));
  open_line_ = true;
}

void RunPrinter::finish() {
  if (open_line_) write_all(STDERR_FILENO, "\r\x1b[K");
  open_line_ = false;
}

void RunPrinter::step_done(const runtime::Event& event, const char* verb) {
  ++tallies_["steps"];
  tallies_["ms"] += number(event, "ms");
  const auto how = field(event, "how");
  const std::string said = how == "found"     ? "there already: "
                           : how == "revived" ? "brought back: "
                           : *verb != 0       ? verb + std::string(": ")
                                              : "";
  const auto tries = number(event, "tries");
  const auto title =
      cut_middle(said + diagnostics::printable(field(event, "title")), output_.width() - 28, output_.ascii());
  const auto text =
      fmt::format("  {} {}  {}{}", output_.sign(Sign::yes, Stream::progress), pad(field(event, "step"), 10), title,
                  tries > 1 ? fmt::format("  (try {})", tries) : "");
  const auto took = duration(number(event, "ms"));
  if (output_.verbose() || !output_.terminal(Stream::progress))
    line(pad(text, output_.width() - 12) + "  " + took);
  else
    transient(text);
}

void RunPrinter::lock_wait(const runtime::Event& event) {
  if (field(event, "blocked") != "true") return;
  const auto attempt = number(event, "try");
  const auto tries = number(event, "tries");
  // The first and the last say who is in the way; those between would only repeat it.
  show_blockers_ = attempt == 1 || attempt == tries || output_.verbose();
  const auto text =
      fmt::format("  {} {}  waited {} for its lock, try {} of {}", output_.sign(Sign::warning, Stream::progress),
                  pad(field(event, "step"), 10), duration(number(event, "ms")), attempt, tries);
  if (show_blockers_)
    line(text);
  else
    transient(text);
}

// On a terminal the line grows; elsewhere it comes at the beginning, and every half minute.
void RunPrinter::paused(const runtime::Event& event) {
  const auto ms = number(event, "ms");
  const auto why = diagnostics::printable(field(event, "why"));
  const auto text = "  " + output_.sign(Sign::warning, Stream::progress) + " " + pad(field(event, "step"), 10) +
                    (ms < 1000 ? "  pauses: " + why : fmt::format("  paused {}: {}", duration(ms), why));
  if (output_.terminal(Stream::progress)) return transient(text);
  if (ms < 1000) tallies_["paused"] = 0;
  if (ms < tallies_["paused"]) return;
  line(text);
  tallies_["paused"] += 30'000;
}

void RunPrinter::print_text(const runtime::Event& event) {
  const auto safe = [&](const char* name) { return diagnostics::printable(field(event, name)); };
  const auto mark = [&](Sign sign) { return "  " + output_.sign(sign, Stream::progress) + " "; };
  const auto& name = event.name;
  if (name == "run_started") {
    line(pad(output_.paint(Color::bold, safe("migration"), Stream::progress) + "   " + safe("title"),
             output_.width() - 12) +
         "  run " + safe("run"));
  } else if (name == "crashed_run") {
    line(mark(Sign::warning) + fmt::format("run {} ended without a word ({}, {}, since {}); going on where it stands",
                                           safe("run"), safe("who"), safe("host"), minute(field(event, "started"))));
  } else if (name == "phase_started") {
    tallies_.clear();
  } else if (name == "phase_done" && output_.terminal(Stream::progress) && !output_.verbose() &&
             safe("phase") != "backup") {
    line(mark(Sign::yes) +
         pad(pad(safe("phase"), 10) + "  " + what_ran(safe("phase"), tallies_["steps"]), output_.width() - 16) + "  " +
         duration(tallies_["ms"]));
  } else if (name == "step_started") {
    tallies_["rows"] = 0;
    transient(mark(Sign::running) + pad(safe("step"), 10) + "  " +
              cut_middle(safe("title"), output_.width() - 28, output_.ascii()));
  } else if (name == "step_done") {
    step_done(event, "");
  } else if (name == "step_undone") {
    step_done(event, "undone");
  } else if (name == "batch_done") {
    tallies_["rows"] += number(event, "written");
    transient(mark(Sign::running) + pad(safe("step"), 10) +
              fmt::format("  batch {}, {} rows  ", number(event, "number"), tallies_["rows"]) +
              cut_middle(safe("title"), output_.width() - 48, output_.ascii()));
  } else if (name == "rows_left") {
    line(mark(Sign::warning) + pad(safe("step"), 10) +
         fmt::format("  {} of {} changed since, left as they are: {}", plural(number(event, "rows"), "row"),
                     safe("relation"), safe("keys")));
    line(fmt::format("                 with what they were before:  SELECT * FROM {}", safe("kept")));
  } else if (name == "not_held") {
    line(mark(Sign::no) + pad(safe("step"), 10) + "  " +
         (field(event, "known") == "true" ? "does not hold: " : "not known in time: ") + safe("title"));
  } else if (name == "backing_up") {
    transient(mark(Sign::running) + pad(safe("step"), 10) + "  backs up " +
              cut_middle(safe("what"), output_.width() - 28, output_.ascii()));
  } else if (name == "backup_made") {
    tallies_["backup"] = 1;
    line(mark(Sign::yes) + pad("backup", 10) +
         fmt::format("  {}, {}  ->  {}   {}, read back {}", plural(number(event, "files"), "file"),
                     size(number(event, "bytes")), safe("directory"), safe("how"),
                     output_.sign(Sign::yes, Stream::progress)));
    line("                read back: " + safe("read_back"));
  } else if (name == "backup_purged") {
    const auto days = number(event, "days");
    line(fmt::format("purged 1 backup ({} old): {}", plural(days, "day"), safe("directory")));
  } else if (name == "backup_left") {
    line(mark(Sign::warning) + fmt::format("backup {} is left: {}", safe("directory"), safe("why")));
  } else if (name == "would_back_up") {
    line("would back up   " + (number(event, "files") == 0 ? "" : plural(number(event, "files"), "file") + ", ") +
         (number(event, "tables") == 0 ? "" : plural(number(event, "tables"), "table") + ", ") +
         size(number(event, "bytes")) + ", to " + safe("to") + "   (" + safe("how") + ")");
  } else if (name == "file_put_back") {
    line(mark(Sign::yes) + safe("path") + " put back");
  } else if (name == "file_left") {
    line(mark(Sign::warning) + safe("path") + ": " + safe("why") + ", left as it is");
  } else if (name == "measured") {
    line(mark(Sign::dot) + pad(safe("step"), 10) + fmt::format("  baseline {}: {} ms", safe("name"), safe("value")));
  } else if (name == "approved") {
    line(mark(Sign::yes) + pad(safe("step"), 10) + fmt::format("  {} approved by {}", safe("name"), safe("who")));
  } else if (name == "paused") {
    paused(event);
  } else if (name == "went_on") {
    line(mark(Sign::dot) + pad(safe("step"), 10) +
         fmt::format("  paused {}: {}; goes on", duration(number(event, "ms")), safe("why")));
  } else if (name == "in_doubt") {
    line(mark(Sign::warning) + pad(safe("step"), 10) + "  in doubt after a crash: found " + safe("found"));
  } else if (name == "cleanup") {
    line(mark(Sign::dot) + pad(safe("step"), 10) + "  clears what a crash left: " + safe("statement"));
  } else if (name == "lock_wait") {
    lock_wait(event);
  } else if (name == "blocker" && show_blockers_) {
    line(fmt::format("      blocked by   pid {}  {}@{}  {}{}\n                   {}", safe("pid"), safe("application"),
                     field(event, "client").empty() ? "local" : safe("client"), safe("state"),
                     field(event, "since").empty() ? "" : " for " + duration(number(event, "since") * 1000),
                     safe("query")));
  } else if (name == "retry") {
    transient(mark(Sign::warning) + pad(safe("step"), 10) +
              fmt::format("  {} again in {}", safe("sqlstate"), duration(number(event, "wait_ms"))));
  } else if (name == "lock_busy") {
    line(mark(Sign::warning) + fmt::format("another mig holds the lock: pid {}, {}@{}", safe("pid"), safe("user"),
                                           field(event, "client").empty() ? "local" : safe("client")));
  } else if (name == "connection_lost") {
    line(mark(Sign::warning) + pad(safe("step"), 10) + "  connection lost: " + safe("message"));
  } else if (name == "reconnected") {
    line(mark(Sign::dot) + pad(safe("step"), 10) + "  connected again");
  } else if (name == "drift") {
    line(mark(Sign::warning) + "changed outside mig: " + safe("key"));
  } else if (name == "found") {
    line(mark(Sign::yes) + pad(safe("step"), 10) + "  " + safe("title"));
  } else if (name == "not_found") {
    line(mark(Sign::no) + pad(safe("step"), 10) + "  " + safe("title") + ": " + safe("why"));
  } else if (name == "missing_right") {
    line(mark(Sign::warning) + pad(safe("step"), 10) + "  will need:  " + safe("grant"));
  } else if (name == "would_run") {
    line(mark(Sign::running) + pad(safe("step"), 10) + "  " + safe("title") +
         (field(event, "locks").empty() ? "" : "   " + safe("locks")) +
         (field(event, "found") == "true" ? "   is there already" : ""));
  }
}

}  // namespace mig::cli
