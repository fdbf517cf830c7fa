// plan.json to a plan. Trusts nothing: every field is checked, and what is wrong is said with its JSON pointer.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <variant>

#include "compiler/plan/plan_check.hpp"
#include "compiler/plan/plan_fields.hpp"

namespace mig::plan {

namespace {

using Json = nlohmann::json;

// A key as part of a JSON pointer (RFC 6901).
std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// Reads one value into one member; the first mistake ends it.
class Reader {
 public:
  Reader(const Json& from, std::string pointer, std::string& problem)
      : from_(from), pointer_(std::move(pointer)), problem_(problem) {
    if (!from.is_object()) wrong(pointer_, "an object", from);
  }

  template <class T>
  void must(const char* name, T& value) {
    if (const auto* found = take(name))
      read(*found, at(name), value);
    else if (problem_.empty())
      problem_ = fmt::format("`{}` is missing", at(name));
  }
  template <class T>
  void may(const char* name, T& value) {
    if (const auto* found = take(name)) read(*found, at(name), value);
  }
  template <class T>
  void may(const char* name, T& value, const T& usual) {
    value = usual;
    may(name, value);
  }
  // Call last: a field that nobody read is not of this format.
  void end() {
    if (!problem_.empty() || seen_ == from_.size()) return;
    for (const auto& [name, value] : from_.items())
      if (std::find(names_.begin(), names_.end(), name) == names_.end())
        problem_ = fmt::format("`{}` is no field of a plan", at(name));
  }

 private:
  const Json* take(const char* name) {
    if (!problem_.empty()) return nullptr;
    const auto found = from_.find(name);
    if (found == from_.end()) return nullptr;
    ++seen_;
    names_.emplace_back(name);
    return &*found;
  }
  [[nodiscard]] std::string at(std::string_view name) const { return fmt::format("{}/{}", pointer_, name); }

  void wrong(const std::string& pointer, std::string_view expected, const Json& found) {
    if (problem_.empty())
      problem_ = fmt::format("`{}` is {}, expected {}", pointer.empty() ? "/" : pointer, found.type_name(), expected);
  }

  void read(const Json& from, const std::string& pointer, std::string& value) {
    if (!from.is_string()) return wrong(pointer, "a string", from);
    value = from.get<std::string>();
    // PostgreSQL's text has no NUL; in a message it would cut the statement.
    if (value.find('\0') != std::string::npos) problem_ = fmt::format("`{}` holds a NUL character", pointer);
  }
  void read(const Json& from, const std::string& pointer, bool& value) {
    if (!from.is_boolean()) return wrong(pointer, "true or false", from);
    value = from.get<bool>();
  }
  void read(const Json& from, const std::string& pointer, long long& value) {
    if (!from.is_number_integer() ||
        (from.is_number_unsigned() &&
         from.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<long long>::max())))
      return wrong(pointer, "an integer", from);
    value = from.get<long long>();
  }
  void read(const Json& from, const std::string& pointer, int& value) {
    long long wide = 0;
    read(from, pointer, wide);
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max())
      return wrong(pointer, "a smaller integer", from);
    value = static_cast<int>(wide);
  }
  void read(const Json& from, const std::string& pointer, sql::Fragment& value) {
    std::string text;
    read(from, pointer, text);
    if (problem_.empty() && text.empty()) problem_ = fmt::format("`{}` is empty", pointer);
    value = sql::verbatim(std::move(text));
  }
  template <class Enum>
  void word(const Json& from, const std::string& pointer, Enum& value, std::optional<Enum> (*parse)(std::string_view)) {
    std::string text;
    read(from, pointer, text);
    if (!problem_.empty()) return;
    if (const auto found = parse(text))
      value = *found;
    else
      problem_ = fmt::format("`{}` is \"{}\", which is no such word", pointer, text);
  }
  void read(const Json& from, const std::string& pointer, sql::LockMode& value) {
    word(from, pointer, value, sql::lock_mode);
  }
  void read(const Json& from, const std::string& pointer, sql::Phase& value) { word(from, pointer, value, sql::phase); }
  void read(const Json& from, const std::string& pointer, sql::Work& value) {
    word<sql::Work>(from, pointer, value, [](std::string_view text) {
      return among(text, {sql::Work::instant, sql::Work::scan, sql::Work::rewrite, sql::Work::build});
    });
  }
  void read(const Json& from, const std::string& pointer, sql::Reversibility& value) {
    using R = sql::Reversibility;
    word<R>(from, pointer, value, [](std::string_view text) {
      return among(text, {R::exact, R::exact_until_purged, R::lossy, R::irreversible});
    });
  }
  template <class Enum>
  static std::optional<Enum> among(std::string_view text, std::initializer_list<Enum> values) {
    for (const auto value : values)
      if (text == sql::to_string(value)) return value;
    return std::nullopt;
  }
  void read(const Json& from, const std::string& pointer, std::map<std::string, std::string>& value) {
    if (!from.is_object()) return wrong(pointer, "an object", from);
    for (const auto& [name, item] : from.items()) read(item, fmt::format("{}/{}", pointer, escaped(name)), value[name]);
  }
  template <class T>
  void read(const Json& from, const std::string& pointer, std::vector<T>& values) {
    if (!from.is_array()) return wrong(pointer, "an array", from);
    for (std::size_t i = 0; i < from.size() && problem_.empty(); ++i)
      read(from[i], fmt::format("{}/{}", pointer, i), values.emplace_back());
  }
  template <class T>
  void read(const Json& from, const std::string& pointer, std::optional<T>& value) {
    read(from, pointer, value.emplace());
  }
  void read(const Json& from, const std::string& pointer, sql::Action& value) {
    Reader reader(from, pointer, problem_);
    std::string kind;
    reader.must("kind", kind);
    if (!problem_.empty()) return;
    if (!choose<0>(reader, kind, value))
      problem_ = fmt::format("`{}/kind` is \"{}\", which is no kind of action", pointer, kind);
  }
  // The alternative of this kind, with its fields; false where there is none.
  template <std::size_t At>
  static bool choose(Reader& reader, const std::string& kind, sql::Action& value) {
    if constexpr (At == std::variant_size_v<sql::Action>) {
      return false;
    } else {
      if (kind != action_kinds[At]) return choose<At + 1>(reader, kind, value);
      reader.rest(value.emplace<At>());
      return true;
    }
  }
  template <class T>
  void rest(T& value) {
    fields(*this, T{}, value);
    end();
  }
  void read(const Json& from, const std::string& pointer, sql::Step& value) {
    // A way back has no way back of its own; a damaged file must not make the reader recurse without end.
    if (depth_ > 1) {
      problem_ = fmt::format("`{}`: a way back has no way back", pointer);
      return;
    }
    Reader reader(from, pointer, problem_);
    reader.depth_ = depth_ + 1;
    reader.rest(value);
  }
  template <class T>
  void read(const Json& from, const std::string& pointer, T& value) {
    Reader reader(from, pointer, problem_);
    reader.rest(value);
  }

  const Json& from_;
  std::string pointer_;
  std::string& problem_;
  std::vector<std::string> names_;
  std::size_t seen_ = 0;
  int depth_ = 0;

 public:
  template <class T>
  void rest_of(T& value) {
    rest(value);
  }
};

void damaged(diagnostics::Sink& sink, std::string_view name, const std::string& problem) {
  sink.report(diagnostics::damaged_plan, fmt::format("{} is no plan that mig wrote: {}", name, problem))
      .note("write it again:  mig compile");
}

// The format's number; 0 where there is none.
long long format_of(const Json& json) {
  if (!json.is_object()) return 0;
  const auto found = json.find("mig_plan");
  return found != json.end() && found->is_number_integer() ? found->get<long long>() : 0;
}

}  // namespace

std::optional<Plan> from_json(std::string_view text, std::string_view name, diagnostics::Sink& sink) {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return damaged(sink, name, "it is not JSON"), std::nullopt;
  const auto stored = format_of(json);
  if (stored < 1) return damaged(sink, name, "`/mig_plan` is not a format number"), std::nullopt;
  if (stored > format) {
    sink.report(diagnostics::newer_plan,
                fmt::format("{} has plan format {}, this mig reads up to {}", name, stored, format))
        .note("use the mig that wrote it, or a newer one");
    return std::nullopt;
  }
  std::string problem, said;
  Plan plan;
  Reader reader(json, "", problem);
  reader.must("mig_plan", plan.format);
  reader.must("hash", said);
  reader.rest_of(plan);
  if (problem.empty()) problem = inconsistency(plan);
  if (!problem.empty()) return damaged(sink, name, problem), std::nullopt;
  json.erase("hash");
  if (const auto found = content_hash(json); found != said) {
    sink.report(diagnostics::edited_plan, fmt::format("{} was changed after mig wrote it", name))
        .note(fmt::format("found: content {}, the file says {}", found.substr(0, 12), said.substr(0, 12)))
        .note("change the .mig file instead, then:  mig compile");
    return std::nullopt;
  }
  plan.sealed = std::move(said);
  return plan;
}

}  // namespace mig::plan
