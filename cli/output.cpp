// The streams rule, colours and signs (docs/cli.md).
#include "cli/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/text.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/diagnostics/width.hpp"

namespace mig::cli {

namespace {

std::string variable(const Invocation& call, const std::string& name) {
  const auto found = call.variables.find(name);
  return found == call.variables.end() ? "" : found->second;
}

// NO_COLOR and CLICOLOR_FORCE as no-color.org and bixense.com/clicolors say: any text but the empty one (and 0).
bool colored(const Invocation& call, int descriptor) {
  const auto when = call.value("color").value_or("auto");
  if (when != "auto") return when == "always";
  if (!variable(call, "NO_COLOR").empty()) return false;
  const auto force = variable(call, "CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return isatty(descriptor) != 0 && variable(call, "TERM") != "dumb";
}

// The locale's charset by the variables, first that is set: mig itself never calls setlocale.
// Where none is set (cron, CI, containers), a pipe is taken for UTF-8 as files are, a terminal is not trusted.
bool ascii_locale(const Invocation& call) {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    auto value = variable(call, name);
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::tolower(c); });
    return value.find("utf-8") == std::string::npos && value.find("utf8") == std::string::npos;
  }
  return isatty(STDERR_FILENO) != 0;
}

unsigned terminal_width(const Invocation& call) {
  const auto columns = variable(call, "COLUMNS");
  unsigned width = 100;
  if (!columns.empty() && columns.find_first_not_of("0123456789") == std::string::npos && columns.size() < 6)
    width = static_cast<unsigned>(std::stoul(columns));
  else if (winsize size{}; ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    width = size.ws_col;
  return std::clamp(width, 40U, 100U);
}

const char* escape(Color color) {
  switch (color) {
    case Color::red:
      return "\x1b[31m";
    case Color::yellow:
      return "\x1b[33m";
    case Color::green:
      return "\x1b[32m";
    case Color::cyan:
      return "\x1b[36m";
    case Color::dim:
      return "\x1b[2m";
    case Color::bold:
      return "\x1b[1m";
  }
  return "";
}

struct Look {
  const char *sign, *ascii;
  Color color;
};

Look look(Sign sign) {
  switch (sign) {
    case Sign::yes:
      return {"✓", "ok", Color::green};
    case Sign::no:
      return {"✗", "FAIL", Color::red};
    case Sign::warning:
      return {"!", "warn", Color::yellow};
    case Sign::running:
      return {"▸", ">", Color::cyan};
    case Sign::dot:
      return {"·", ".", Color::dim};
  }
  return {"", "", Color::dim};
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What is not known is text: options refuse it before anything is printed.
Format format_of(const std::string& word) {
  static const std::map<std::string, Format> formats{
      {"json", Format::json},   {"jsonl", Format::jsonl},       {"github", Format::github}, {"gitlab", Format::gitlab},
      {"sarif", Format::sarif}, {"markdown", Format::markdown}, {"junit", Format::junit},   {"sql", Format::sql}};
  const auto found = formats.find(word);
  return found == formats.end() ? Format::text : found->second;
}

// A call that was refused for its words has done nothing, and says where to read on.
Failure whole(Failure failure) {
  if (failure.exit != usage) return failure;
  if (failure.where.empty()) failure.where = "the command line";
  if (failure.now.empty()) failure.now = "nothing was done";
  if (failure.next.empty()) failure.next = "mig help";
  return failure;
}

}  // namespace

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == EPIPE || descriptor != STDOUT_FILENO)) return;
    if (written < 0)
      throw Failure(usage, std::string("the answer cannot be written: ") + std::strerror(errno))
          .at("stdout")
          .state("what the command did is done; only its answer is lost")
          .then("make room, then: mig status");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Output::Output(const Invocation& call)
    : quiet_(call.has("quiet")),
      verbose_(call.has("verbose")),
      ascii_(call.has("ascii") || ascii_locale(call)),
      color_answer_(colored(call, STDOUT_FILENO)),
      color_progress_(colored(call, STDERR_FILENO)),
      width_(terminal_width(call)) {
  format_ = format_of(call.value("format").value_or("text"));
}

bool Output::terminal(Stream stream) const {
  return isatty(stream == Stream::answer ? STDOUT_FILENO : STDERR_FILENO) != 0;
}

void Output::answer(std::string_view text) const { write_all(STDOUT_FILENO, text); }

void Output::note(std::string_view text) const {
  if (!quiet_ && !machine()) write_all(STDERR_FILENO, text);
}

void Output::warning(std::string_view text) const {
  write_all(STDERR_FILENO, paint(Color::yellow, "warning", Stream::progress) + ": " + std::string(text) + "\n");
}

void Output::object(int exit, const nlohmann::ordered_json& fields) const {
  nlohmann::ordered_json object{{"format", 1}, {"exit", exit}};
  object.update(fields);
  using nlohmann::ordered_json;
  // A name in the catalog or a message of the server may hold bytes that are not UTF-8: shown, never thrown over.
  answer(object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void Output::event(const nlohmann::ordered_json& fields) const {
  answer(fields.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

namespace {

// Line by line; those behind the first stand under it.
std::string printable_lines(std::string_view text, std::string_view indent) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (at > 0) out += "\n" + std::string(indent);
    out += diagnostics::printable(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

int Output::failure(const Failure& thrown) const {
  const auto failure = whole(thrown);
  if (machine()) {
    nlohmann::ordered_json error{{"what", failure.about}};
    if (!failure.code.empty()) error["code"] = failure.code;
    for (const auto& [key, value] :
         {std::pair{"where", &failure.where}, {"now", &failure.now}, {"next", &failure.next}})
      if (!value->empty()) error[key] = *value;
    if (format_ == Format::json)
      object(failure.exit, {{"error", error}});
    else
      event({{"event", "failed"}, {"exit", failure.exit}, {"error", error}});
    return failure.exit;
  }
  auto text = paint(Color::red, failure.code.empty() ? "error" : "error[" + failure.code + "]", Stream::progress) +
              ": " + printable_lines(failure.about, "") + "\n";
  for (const auto& [key, value] : {std::pair{"where", &failure.where}, {"now", &failure.now}, {"next", &failure.next}})
    if (!value->empty()) {
      const auto shown = printable_lines(*value, "         ");
      text += pad("  " + std::string(key), 9) +
              (value == &failure.now ? shown : paint(Color::cyan, shown, Stream::progress)) + "\n";
    }
  write_all(STDERR_FILENO, plain(text));
  return failure.exit;
}

std::string Output::paint(Color color, std::string_view text, Stream stream) const {
  const bool on = stream == Stream::answer ? color_answer_ : color_progress_;
  return on ? escape(color) + std::string(text) + "\x1b[0m" : std::string(text);
}

std::string Output::sign(Sign sign, Stream stream) const {
  const auto shown = look(sign);
  return paint(shown.color, ascii_ ? shown.ascii : shown.sign, stream);
}

std::string Output::number(long long number, Stream stream) const {
  return terminal(stream) ? thousands(number) : std::to_string(number);
}

std::string Output::plain(std::string text) const {
  if (!ascii_) return text;
  for (const auto& [from, to] : {std::pair{"…", "..."}, {"→", "->"}, {"·", "."}, {"–", "-"}})
    text = replace_all(std::move(text), from, to);
  return text;
}

diagnostics::Style Output::style(Stream stream) const {
  return {stream == Stream::answer ? color_answer_ : color_progress_, ascii_, width_};
}

}  // namespace mig::cli
