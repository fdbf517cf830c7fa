// Boost.Program_options finds the flags, whatever stands first; what they mean is said by the table of commands.
#include "cli/options.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "cli/failure.hpp"
#include "cli/variables.hpp"
#include "compiler/diagnostics/suggest.hpp"

namespace mig::cli {

namespace po = boost::program_options;

namespace {

constexpr Flag globals[] = {
    {"directory", "DIR", "work as if started there", 'C'},
    {"config", "FILE", "this file instead of mig.toml"},
    {"target", "NAME", "a target of mig.toml"},
    {"url", "URL", "a database by its libpq URL or key=value string"},
    {"sandbox", nullptr, "a throwaway server: the same as --target sandbox"},
    {"format", "FORMAT", "text, json, jsonl, sql, or for CI: github, gitlab, sarif, markdown, junit"},
    {"color", "WHEN", "auto, always or never"},
    {"ascii", nullptr, "only ASCII signs"},
    {"quiet", nullptr, "only the answer and errors", 'q'},
    {"verbose", nullptr, "more detail", 'v'},
    {"yes", "[TARGET]", "I read the plan; a protected target wants its name", 'y'},
    {"no-input", nullptr, "never ask: exit 8 where an answer is needed"},
    {"version", nullptr, "print the version"},
    {"help", nullptr, "print help", 'h'},
};

bool optional_value(const Flag& flag) { return flag.value != nullptr && flag.value[0] == '['; }

// All flags of all commands, once each: parsing must not depend on where the command's name stands.
std::map<std::string, Flag> every_flag() {
  std::map<std::string, Flag> all;
  for (const auto& flag : globals) all.emplace(flag.name, flag);
  for (const auto* command : all_commands())
    for (const auto& flag : command->flags) all.emplace(flag.name, flag);
  return all;
}

po::options_description describe(const std::map<std::string, Flag>& flags) {
  po::options_description description;
  for (const auto& [name, flag] : flags) {
    const auto spelled = flag.letter != 0 ? name + "," + flag.letter : name;
    // The description owns what it is given: Boost's interface.
    if (flag.value == nullptr)
      description.add_options()(spelled.c_str(), "");
    else if (optional_value(flag))
      description.add_options()(spelled.c_str(), po::value<std::string>()->implicit_value(""));
    else
      description.add_options()(spelled.c_str(), po::value<std::string>());
  }
  return description;
}

std::vector<std::string> names_of(const Command* command) {
  std::vector<std::string> names;
  for (const auto& flag : globals) names.emplace_back(flag.name);
  if (command != nullptr)
    for (const auto& flag : command->flags) names.emplace_back(flag.name);
  return names;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto* command : all_commands()) names.emplace_back(command->name);
  return names;
}

std::string meant_flag(const std::string& word, const std::vector<std::string>& names) {
  const auto near = diagnostics::nearest(word, names, 1);
  return near.empty() ? "" : "; did you mean `--" + near.front() + "`?";
}

Failure unknown_flag(const std::string& written, const Command* command) {
  auto name = written.substr(0, written.find('='));
  const auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
  auto failure =
      Failure(usage, "no flag `" + name + "`" + (command != nullptr ? " of mig " + std::string(command->name) : "") +
                         meant_flag(bare, names_of(command)));
  return failure.then(command != nullptr ? "mig help " + std::string(command->name) : "mig help");
}

const Command* command_of(const std::string& word) {
  if (const auto* command = find_command(word)) return command;
  if (const auto planned = planned_commands().find(word); planned != planned_commands().end())
    throw Failure(usage, "`mig " + word + "` (" + planned->second + ") is not built yet in mig " + version())
        .state("nothing was done")
        .then("mig help");
  throw Failure(usage, "no command `" + word + "`" + did_you_mean(word, command_names())).then("mig help");
}

bool belongs(const std::string& flag, const Command* command) {
  const auto names = names_of(command);
  return std::find(names.begin(), names.end(), flag) != names.end();
}

std::string owners(const std::string& flag) {
  std::string list;
  for (const auto* command : all_commands())
    for (const auto& own : command->flags)
      if (own.name == flag) list += (list.empty() ? "mig " : ", mig ") + std::string(command->name);
  return list;
}

void take_flag(const po::option& option, const std::map<std::string, Flag>& known, Invocation& call) {
  const auto& name = option.string_key;
  if (option.unregistered) throw unknown_flag(option.original_tokens.at(0), call.command);
  if (!belongs(name, call.command)) {
    if (call.command == nullptr)
      throw Failure(usage, "`--" + name + "` needs a command: " + owners(name)).then("mig help");
    throw Failure(
        usage, "mig " + std::string(call.command->name) + " takes no `--" + name + "`: it is a flag of " + owners(name))
        .then("mig help " + std::string(call.command->name));
  }
  if (known.at(name).value == nullptr || option.value.empty()) {
    call.flags.emplace(name, std::nullopt);
    return;
  }
  const auto value = option.value.at(0).empty() && optional_value(known.at(name))
                         ? std::nullopt
                         : std::optional<std::string>(option.value.at(0));
  if (call.flags.count(name) != 0) throw Failure(usage, "`--" + name + "` is given twice").then("give it once");
  call.flags.emplace(name, value);
}

po::option switched(const std::string& name, const std::string& token, const std::string& value) {
  po::option option;
  option.string_key = name;
  option.original_tokens = {token};
  if (optional_value(every_flag().at(name))) option.value = {value};
  return option;
}

// Boost gives an optional value the next word; here it takes only what stands behind `=`. Reads --yes, --yes=NAME, -y,
// and letters of switches that contain one (-qy); everything else is left to Boost.
std::vector<po::option> read_optional(std::vector<std::string>& words) {
  std::vector<po::option> options;
  const auto word = words.empty() ? "" : words.front();
  for (const auto& flag : globals) {
    const auto spelled = std::string("--") + flag.name;
    if (!optional_value(flag) || (word != spelled && word.rfind(spelled + "=", 0) != 0)) continue;
    options.push_back(switched(flag.name, word, word == spelled ? "" : word.substr(spelled.size() + 1)));
  }
  if (options.empty() && word.size() > 1 && word[0] == '-' && word[1] != '-') {
    std::vector<po::option> letters;
    for (const char c : word.substr(1))
      for (const auto& flag : globals)
        if (flag.letter == c && (flag.value == nullptr || optional_value(flag)))
          letters.push_back(switched(flag.name, word, ""));
    if (letters.size() == word.size() - 1) options = letters;
  }
  if (!options.empty()) words.erase(words.begin());
  return options;
}

std::vector<po::option> split(const std::vector<std::string>& words, const std::map<std::string, Flag>& known) {
  const auto description = describe(known);
  po::positional_options_description positional;
  positional.add("word", -1);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    return po::command_line_parser(words)
        .options(description)
        .positional(positional)
        .style(style)
        .extra_style_parser(read_optional)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::error_with_option_name& error) {
    const auto name = error.get_option_name();
    const auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    const auto flag = known.find(bare);
    if (flag != known.end() && flag->second.value != nullptr)
      throw Failure(usage, "`--" + bare + "` needs a value: --" + bare + " " + flag->second.value).then("mig help");
    throw Failure(usage, "`" + name + "` takes no value").then("mig help");
  } catch (const po::error& error) {
    throw Failure(usage, std::string("the command line does not read: ") + error.what()).then("mig help");
  }
}

void check_values(const Invocation& call) {
  const auto format = call.value("format").value_or("text");
  static const std::vector<std::string> formats{"text",  "json",     "jsonl", "github", "gitlab",
                                                "sarif", "markdown", "junit", "sql",    "html"};
  const auto where = call.flags.count("format") != 0 ? "--format" : variable_of("format");
  if (std::find(formats.begin(), formats.end(), format) == formats.end())
    throw Failure(usage, "no format `" + format + "`" + did_you_mean(format, formats))
        .at(where)
        .then("--format text, json, jsonl, sql, github, gitlab, sarif, markdown or junit");
  if (format == "html")
    throw Failure(usage, "the format `" + format + "` is not built yet in mig " + version())
        .at(where)
        .then("--format markdown");
  const auto known = std::string(" ") + (call.command != nullptr ? call.command->formats : format) + " ";
  if (known.find(" " + format + " ") == std::string::npos)
    throw Failure(usage, "mig " + std::string(call.command->name) + " cannot print " + format)
        .at(where)
        .then("one of: " + std::string(call.command->formats));
  const auto color = call.value("color").value_or("auto");
  if (color != "auto" && color != "always" && color != "never")
    throw Failure(usage, "no colour setting `" + color + "`" + did_you_mean(color, {"auto", "always", "never"}))
        .at(call.flags.count("color") != 0 ? "--color" : variable_of("color"))
        .then("--color auto, always or never");
  const auto target = call.flags.find("target");
  if (call.flags.count("sandbox") != 0 && target != call.flags.end() && target->second != "sandbox")
    throw Failure(usage, "`--sandbox` and `--target " + target->second.value_or("") + "` name two targets")
        .then("give one of them");
}

void check_arguments(const Invocation& call) {
  const auto& command = *call.command;
  if (command.most >= 0 && call.arguments.size() > static_cast<std::size_t>(command.most) && !call.has("help"))
    throw Failure(usage, "`" + call.arguments[static_cast<std::size_t>(command.most)] + "` is one word too many: mig " +
                             command.synopsis)
        .then("mig help " + std::string(command.name));
}

}  // namespace

std::span<const Flag> global_flags() { return globals; }

const char* version() { return MIG_VERSION; }

std::string variable_of(std::string_view flag) {
  std::string name = "MIG_";
  for (const char c : flag) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = diagnostics::nearest(word, candidates, 1);
  return near.empty() ? "" : "; did you mean `" + near.front() + "`?";
}

std::map<std::string, std::string> process_variables() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (const auto equals = text.find('='); equals != std::string::npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Invocation parse_options(const std::vector<std::string>& words, std::map<std::string, std::string> variables) {
  const auto known = every_flag();
  Invocation call;
  call.variables = std::move(variables);
  const auto options = split(words, known);
  std::optional<std::string> command_word;
  for (const auto& option : options) {
    if (option.position_key < 0) continue;
    for (const auto& value : option.value)
      if (!command_word)
        command_word = value;
      else
        call.arguments.push_back(value);
  }
  // An unknown flag is said before an unknown command: its value may have been taken for the command.
  if (command_word) call.command = find_command(*command_word);
  for (const auto& option : options)
    if (option.position_key < 0 && option.unregistered) throw unknown_flag(option.original_tokens.at(0), call.command);
  if (command_word) call.command = command_of(*command_word);
  for (const auto& option : options)
    if (option.position_key < 0) take_flag(option, known, call);
  check_variables(call);
  check_values(call);
  if (call.command != nullptr) check_arguments(call);
  return call;
}

}  // namespace mig::cli
