// One call: its arguments bound to parameters, the body with them in it.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/inline.hpp"
#include "compiler/check/template.hpp"
#include "compiler/diagnostics/suggest.hpp"

namespace mig::diagnostics {
extern const Code wrong_call;
extern const Code repeated_volatile;
extern const Code not_immutable;
extern const Code too_large;
extern const Code missing_extension;
}  // namespace mig::diagnostics

namespace mig::check {

namespace {

// PostgreSQL would take far more, but nobody would read the plan.
constexpr std::size_t most_bytes = 64 << 10;

// Functions that extensions bring, as far as the standard library and common use go.
const std::map<std::string, std::string> extension_of{
    {"crypt", "pgcrypto"},    {"gen_salt", "pgcrypto"},          {"digest", "pgcrypto"},           {"hmac", "pgcrypto"},
    {"unaccent", "unaccent"}, {"uuid_generate_v4", "uuid-ossp"}, {"uuid_generate_v5", "uuid-ossp"}};

std::string remedy(const std::string& because) {
  static const std::map<std::string, std::string> known{
      {"concat", "a || b, with coalesce(a, '') where one may be null"},
      {"format", "a || b, with quote_literal or quote_ident where they are meant"},
      {"to_char", "std.time.format(value, 'DD.MM.YYYY', zone => 'Europe/Kyiv'), or extract(year from value)"},
      {"to_date", "std.time.parse_date(value, 'DD.MM.YYYY')"},
      {"to_timestamp", "std.time.parse(value, 'ISO', zone => 'Europe/Kyiv')"},
      {"to_number", "std.text.number(value)"},
      {"now", "the time as a column of its own: default now()"},
      {"current_date", "the day as a column of its own: default current_date"},
      {"current_timestamp", "the time as a column of its own: default now()"}};
  const auto found = known.find(because);
  if (found != known.end()) return found->second;
  if (because.find(" from text") != std::string::npos) return "std.time.parse(value, 'ISO', zone => 'Europe/Kyiv')";
  if (because.starts_with("a cast")) return "value at time zone 'Europe/Kyiv', which names its zone";
  return "a plain column, which an update or a trigger fills";
}

bool has(const catalog::Catalog& at, const std::string& function, const std::string& extension) {
  if (at.object("extension", {"", extension}) != nullptr) return true;
  return std::any_of(at.server.search_path.begin(), at.server.search_path.end(), [&](const auto& schema) {
    return !at.functions({schema, function}).empty();
  });
}

}  // namespace

bool Inliner::plain(const syntax::FunctionCall& call, const Declaration& declaration) {
  const bool window = call.star || call.distinct || call.over || call.filter || !call.order.empty();
  const bool words = std::any_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) {
    return argument.variadic || !argument.lead.empty() || !argument.words.empty() || !argument.value;
  });
  if (!window && !words && call.within_group.empty()) return true;
  sink()
      .report(diagnostics::wrong_call, call.function.span,
              fmt::format("`{}` takes its arguments plain, one behind the other or by name", declaration.name))
      .note("it is no aggregate: distinct, filter, over, variadic have no meaning here");
  return false;
}

// For each parameter its argument: as written, or the default.
std::optional<std::vector<const syntax::Expr*>> Inliner::arguments(const syntax::FunctionCall& call,
                                                                   const Declaration& declaration) {
  const auto& parameters = declaration.function->parameters;
  std::vector<const syntax::Expr*> out(parameters.size());
  const auto wrong = [&](source::Span span, std::string message) -> diagnostics::Diagnostic& {
    return sink()
        .report(diagnostics::wrong_call, span, std::move(message))
        .also(declaration.span(), "declared here")
        .note("found: " + declaration.signature(files_));
  };
  bool named = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    auto at = i;
    if (argument.name) {
      named = true;
      at = 0;
      while (at < parameters.size() && parameters[at].name.text != argument.name->text) ++at;
      if (at == parameters.size()) {
        std::vector<std::string> names;
        for (const auto& parameter : parameters) names.push_back(parameter.name.text);
        auto& diagnostic = wrong(argument.name->span,
                                 fmt::format("`{}` has no parameter `{}`", declaration.name, argument.name->text));
        if (const auto near = diagnostics::nearest(argument.name->text, names, 1); !near.empty())
          diagnostic.suggest(near.front());
        return std::nullopt;
      }
    } else if (named || at >= parameters.size()) {
      wrong((*argument.value)->span, named ? "an argument without a name behind one with a name"
                                           : fmt::format("{} argument{} for {} parameter{}", call.arguments.size(),
                                                         call.arguments.size() == 1 ? "" : "s", parameters.size(),
                                                         parameters.size() == 1 ? "" : "s"));
      return std::nullopt;
    }
    if (out[at] != nullptr) {
      wrong((*argument.value)->span, fmt::format("`{}` is given twice", parameters[at].name.text));
      return std::nullopt;
    }
    out[at] = &**argument.value;
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (out[i] != nullptr) continue;
    if (!parameters[i].fallback) {
      wrong(call.function.span, fmt::format("`{}` is missing", parameters[i].name.text));
      return std::nullopt;
    }
    out[i] = &*parameters[i].fallback;
  }
  return out;
}

// An argument is evaluated where its parameter stands: more than once, when the body names it more than once.
bool Inliner::once(const syntax::Expr& argument, const Template& body, int parameter, const Declaration& declaration,
                   const Site& site) {
  const auto times = uses(body, parameter);
  if (times < 2) return true;
  const auto [found, because] = stability(argument, site);
  if (found != Stability::volatile_) return true;
  sink()
      .report(diagnostics::repeated_volatile, argument.span,
              fmt::format("`{}` is volatile, and {} evaluates it {} times", because, declaration.name, times))
      .also(declaration.span(), "declared here")
      .note("each time it may be another value: the function would not do what it says")
      .note("write: the value into a column first, then the function of the column");
  return false;
}

// What the body wants of the place where the function is called.
bool Inliner::usable(const Body& body, const Declaration& declaration, source::Span call, const Site& site) {
  if (site.immutable && body.stability != Stability::immutable) {
    sink()
        .report(diagnostics::not_immutable, call,
                fmt::format("`{}` is {}: an index or a generated column is always the same for the same row (42P17)",
                            declaration.name, to_string(body.stability)))
        .also(declaration.span(), fmt::format("it is so by {}", body.because))
        .note("write: " + remedy(body.because));
    return false;
  }
  for (const auto& name : body.server_calls) {
    const auto known = extension_of.find(name);
    if (&site.at == &nothing() || known == extension_of.end() || has(site.at, name, known->second)) continue;
    sink()
        .report(diagnostics::missing_extension, call,
                fmt::format("`{}` needs the extension {}, which is not there", declaration.name, known->second))
        .also(declaration.span(), fmt::format("it calls {}", name))
        .note(fmt::format("write: create extension {}; before it", sql::quote_ident(known->second)));
    return false;
  }
  return true;
}

std::optional<Template> Inliner::call(const syntax::Expr& whole, const syntax::FunctionCall& call, const Lookup& found,
                                      const Site& site) {
  const auto& declaration = *found.declaration;
  if (!plain(call, declaration)) return std::nullopt;
  auto written = declaration.function != nullptr ? function_call(whole, call, declaration, site)
                                                 : values_call(whole, call, found, site);
  if (written && written->size() > most_bytes) {
    sink()
        .report(diagnostics::too_large, call.function.span,
                fmt::format("`{}` written out here is {} bytes long", declaration.name, written->size()))
        .note(
            "an argument is repeated where the function names its parameter, and so on in the functions that it calls")
        .note("write: the argument into a column first, then the function of the column");
    return std::nullopt;
  }
  return written;
}

std::optional<Template> Inliner::function_call(const syntax::Expr& whole, const syntax::FunctionCall& call,
                                               const Declaration& declaration, const Site& site) {
  const auto* found = body(declaration);
  const auto given = arguments(call, declaration);
  if (found == nullptr || !given || !usable(*found, declaration, call.function.span, site)) return std::nullopt;
  const auto& parameters = declaration.function->parameters;
  const Site defaults{declarations_.seen_by(declaration.file), site.at};
  std::vector<Template> values;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const bool fallback = parameters[i].fallback && (*given)[i] == &*parameters[i].fallback;
    auto written = write(*(*given)[i], fallback ? defaults : site);
    if (!written || !once(*(*given)[i], found->text, static_cast<int>(i), declaration, fallback ? defaults : site))
      return std::nullopt;
    if (fallback) *written = filled(*written, {}, whole.span);
    values.push_back(cast_to(std::move(*written), flat(files_.text(parameters[i].type.span)), whole.span));
  }
  if (site.body != nullptr) {
    worsen(site, found->stability, found->because);
    site.body->server_calls.insert(found->server_calls.begin(), found->server_calls.end());
    site.body->values.insert(found->values.begin(), found->values.end());
  }
  if (site.in == nullptr)
    for (const auto* one : found->values) (void)check_labels(*one, site.at);
  return cast_to(filled(found->text, values, whole.span), flat(files_.text(declaration.function->returns.span)),
                 whole.span);
}

}  // namespace mig::check
