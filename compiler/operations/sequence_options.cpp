// Options of sequences: what is written, and what PostgreSQL makes of it.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/sequences.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using Options = std::vector<syntax::SeqOption>;

const syntax::SeqOption* find(const Options& options, std::string_view word) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const auto& each) { return each.word == word; });
  return found == options.end() ? nullptr : &*found;
}

bool fail(const Context& ctx, source::Span span, std::string message, std::string way) {
  ctx.sink.report(diagnostics::wrong_value, span, std::move(message)).note(std::move(way));
  return false;
}

std::optional<long long> number_of(const std::string& text) {
  long long value = 0;
  const auto* begin = text.data() + (text.empty() || text.front() != '+' ? 0 : 1);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// `minvalue` and `no minvalue` are two words for one option.
std::string option_of(const std::string& word) { return word.rfind("no ", 0) == 0 ? word.substr(3) : word; }

bool check_words(const Context& ctx, const Options& options, SequenceChange change) {
  static const std::vector<std::string> known{"start", "increment", "minvalue",    "maxvalue", "no minvalue",
                                              "cache", "cycle",     "no maxvalue", "no cycle", "as"};
  static const std::vector<std::string> numbers{"start", "increment", "minvalue", "maxvalue", "cache"};
  bool good = true;
  std::vector<std::string> seen;
  for (const auto& option : options) {
    const bool here = option.word == (change == SequenceChange::create ? "owned" : "restart") ||
                      std::find(known.begin(), known.end(), option.word) != known.end();
    const bool needs_number = std::find(numbers.begin(), numbers.end(), option.word) != numbers.end();
    if (option.word == "owned" && !here)
      good = fail(ctx, option.span, "the owner of a sequence is changed by a line of its own",
                  "write: set sequence owned by … to …;");
    else if (!here || (needs_number && !option.number))
      good =
          fail(ctx, option.span, fmt::format("a sequence takes no `{}` here", option.word),
               fmt::format("write: as, start, increment, minvalue, maxvalue, no minvalue, no maxvalue, cache, cycle, "
                           "no cycle{}",
                           change == SequenceChange::create ? ", owned by" : ", restart"));
    else if (std::find(seen.begin(), seen.end(), option_of(option.word)) != seen.end())
      good = fail(ctx, option.span, fmt::format("`{}` stands twice", option_of(option.word)), "take one out");
    else if (option.number && !number_of(option.number->text))
      good = fail(ctx, option.span, fmt::format("`{}` is no whole number of 64 bits", option.number->text),
                  "write a smaller one");
    seen.push_back(option_of(option.word));
  }
  return good;
}

bool check_type(const Context& ctx, const Options& options) {
  const auto* as = find(options, "as");
  if (!as) return true;
  const auto type = require_type(ctx, *as->type);
  if (!type) return false;
  if (type->text == "smallint" || type->text == "integer" || type->text == "bigint") return true;
  return fail(ctx, as->span, fmt::format("a sequence cannot be of type `{}`", type->text),
              "write smallint, integer or bigint");
}

std::string type_of_option(const Context& ctx, const Options& options, const std::string& otherwise) {
  const auto* as = find(options, "as");
  const auto type = as && as->type ? find_type(ctx, *as->type) : std::nullopt;
  return type ? type->text : otherwise;
}

source::Span span_of(const Context& ctx, const Options& options, std::string_view word) {
  const auto* option = find(options, word);
  return option ? option->span : ctx.call.span;
}

bool check_values(const Context& ctx, const Options& options, const catalog::SequenceOptions& made) {
  const auto widest_up = default_sequence(made.type), widest_down = default_sequence(made.type, true);
  const auto min = *number_of(made.min), max = *number_of(made.max), start = *number_of(made.start);
  const auto within = [&](long long value, const std::string& low, const std::string& high) {
    return value >= *number_of(low) && value <= *number_of(high);
  };
  if (*number_of(made.increment) == 0)
    return fail(ctx, span_of(ctx, options, "increment"), "an increment of 0 would give one value for ever (22023)",
                "write another number");
  if (!within(max, widest_down.min, widest_up.max))
    return fail(ctx, span_of(ctx, options, "maxvalue"),
                fmt::format("the greatest value {} is too much for {} (22023)", made.max, made.type),
                fmt::format("write maxvalue {} or less, or `as bigint`", widest_up.max));
  if (!within(min, widest_down.min, widest_up.max))
    return fail(ctx, span_of(ctx, options, "minvalue"),
                fmt::format("the least value {} is too much for {} (22023)", made.min, made.type),
                fmt::format("write minvalue {} or more, or `as bigint`", widest_down.min));
  if (min >= max)
    return fail(ctx, span_of(ctx, options, "minvalue"),
                fmt::format("the least value {} is not less than the greatest, {} (22023)", made.min, made.max),
                "write another minvalue or maxvalue");
  if (start < min || start > max)
    return fail(
        ctx, span_of(ctx, options, "start"),
        fmt::format("it would start with {}, which is not between {} and {} (22023)", made.start, made.min, made.max),
        "write another start");
  if (*number_of(made.cache) < 1)
    return fail(ctx, span_of(ctx, options, "cache"), "a session keeps at least one value (22023)",
                "write cache 1 or more");
  return true;
}

// AS another type takes along a bound that was the widest of the old one.
void change_type(const Context& ctx, const Options& options, catalog::SequenceOptions& made, bool& reset_min,
                 bool& reset_max) {
  const auto type = type_of_option(ctx, options, made.type);
  const auto up = default_sequence(made.type), down = default_sequence(made.type, true);
  if (!find(options, "as")) return;
  reset_max = made.max == up.max;
  reset_min = made.min == down.min;
  made.type = type;
}

catalog::SequenceOptions altered(const Context& ctx, const Options& options, catalog::SequenceOptions made) {
  bool reset_min = false, reset_max = false;
  change_type(ctx, options, made, reset_min, reset_max);
  const auto set = [&](std::string_view word, std::string& value) {
    if (const auto* option = find(options, word); option && option->number) value = option->number->text;
  };
  set("increment", made.increment);
  const bool down = made.increment.front() == '-';
  const auto widest_up = default_sequence(made.type), widest_down = default_sequence(made.type, true);
  if (find(options, "no maxvalue") || reset_max) made.max = !down || reset_max ? widest_up.max : "-1";
  set("maxvalue", made.max);
  if (find(options, "no minvalue") || reset_min) made.min = down || reset_min ? widest_down.min : "1";
  set("minvalue", made.min);
  set("start", made.start);
  set("cache", made.cache);
  if (find(options, "cycle")) made.cycle = true;
  if (find(options, "no cycle")) made.cycle = false;
  return made;
}

}  // namespace

const std::vector<syntax::SeqOption>* sequence_call_options(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::SeqOption>>("options");
}

catalog::SequenceOptions written_sequence(const Context& ctx, const catalog::SequenceOptions& before,
                                          SequenceChange change) {
  const auto* written = sequence_call_options(ctx);
  const auto options = written ? *written : Options{};
  if (change == SequenceChange::create) return make_sequence(type_of_option(ctx, options, "bigint"), options);
  return altered(ctx, options, before);
}

std::optional<std::string> written_restart(const Context& ctx, const catalog::SequenceOptions& after) {
  const auto* written = sequence_call_options(ctx);
  const auto* restart = written ? find(*written, "restart") : nullptr;
  if (!restart) return std::nullopt;
  return restart->number ? restart->number->text : after.start;
}

bool check_sequence_options(const Context& ctx, const catalog::SequenceOptions& before, SequenceChange change) {
  const auto* written = sequence_call_options(ctx);
  if (!written) return true;
  if (!check_words(ctx, *written, change) || !check_type(ctx, *written)) return false;
  const auto made = written_sequence(ctx, before, change);
  if (!check_values(ctx, *written, made)) return false;
  const auto restart = written_restart(ctx, made);
  if (!restart) return true;
  const auto value = *number_of(*restart);
  if (value >= *number_of(made.min) && value <= *number_of(made.max)) return true;
  return fail(
      ctx, span_of(ctx, *written, "restart"),
      fmt::format("it would begin again with {}, which is not between {} and {} (22023)", *restart, made.min, made.max),
      "write another value");
}

}  // namespace mig::operations
