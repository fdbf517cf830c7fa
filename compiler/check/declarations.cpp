// Collects functions and value maps, file by file.
#include "compiler/check/declarations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/token.hpp"

namespace mig::check {

std::size_t Template::size() const {
  std::size_t sum = 0;
  for (const auto& piece : pieces) sum += piece.text.size();
  return sum;
}

std::string dotted(const syntax::Path& path) {
  std::string out;
  for (const auto& part : path.parts) out += (out.empty() ? "" : ".") + part.text;
  return out;
}

std::string flat(std::string_view text) {
  std::string out;
  for (const auto& token : syntax::tokenize(text)) {
    if (syntax::is_significant(token))
      out += token.text(text);
    else if (out.empty() || out.back() != ' ')
      out += ' ';
  }
  return out;
}

source::Span Declaration::span() const { return function != nullptr ? function->name.span : values->name.span; }

const syntax::Path* Declaration::inverse() const {
  if (function == nullptr) return nullptr;
  for (const auto& example : function->examples)
    if (const auto* bare = std::get_if<syntax::ColumnRef>(&example.node)) return &bare->path;
  return nullptr;
}

std::vector<const syntax::Expr*> Declaration::examples() const {
  std::vector<const syntax::Expr*> out;
  if (function != nullptr)
    for (const auto& example : function->examples)
      if (!std::holds_alternative<syntax::ColumnRef>(example.node)) out.push_back(&example);
  return out;
}

std::vector<std::string> Declaration::doc(const source::Files& files) const {
  const auto whole = function != nullptr ? function->span : values->span;
  const auto& text = files[whole.file];
  std::vector<std::string> lines;
  for (auto line = text.place(whole.begin).line - 1; line > 0; --line) {
    const auto written = text.line(line);
    if (written.substr(0, 2) != "--") break;
    lines.emplace_back(written.substr(std::min<std::size_t>(written.size(), written.substr(2, 1) == " " ? 3 : 2)));
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::string Declaration::signature(const source::Files& files) const {
  if (values != nullptr)
    return fmt::format("{}({}) returns {}", name, flat(files.text(values->from.span)),
                       flat(files.text(values->to.span)));
  std::string list;
  for (const auto& parameter : function->parameters) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", files.text(parameter.name.span),
                        flat(files.text(parameter.type.span)));
    if (parameter.fallback) list += fmt::format(" default {}", flat(files.text(parameter.fallback->span)));
  }
  return fmt::format("{}({}) returns {}", name, list, flat(files.text(function->returns.span)));
}

void Declarations::take(const Source& source) {
  const auto prefix = source.module.empty() ? "" : source.module + ".";
  for (const auto& item : source.tree->items) {
    auto made = std::make_unique<Declaration>();
    made->file = source.file;
    if (const auto* function = std::get_if<syntax::Function>(&item)) {
      made->name = prefix + dotted(function->name);
      made->function = function;
    } else if (const auto* values = std::get_if<syntax::Values>(&item)) {
      made->name = prefix + values->name.text;
      made->values = values;
    } else {
      continue;
    }
    of_file_[source.file].push_back(made.get());
    all_.push_back(std::move(made));
  }
}

Declarations::Declarations(const Sources& sources, const source::Files&, diagnostics::Sink& sink) {
  for (const auto& source : sources.all()) take(source);
  std::set<std::pair<const Declaration*, const Declaration*>> reported;
  for (const auto& source : sources.all()) {
    auto& seen = seen_[source.file];
    auto files = sources.closure(source.file);
    for (const auto module : sources.modules(source.file)) files.push_back(module);
    for (const auto file : files)
      for (const auto* one : of_file_[file]) {
        const auto [before, fresh] = seen.emplace(one->name, one);
        if (fresh || !reported.emplace(before->second, one).second) continue;
        sink.report(diagnostics::duplicate_name, one->span(),
                    fmt::format("there is already a function or value map `{}`", one->name))
            .also(before->second->span(), "the first");
      }
  }
}

const Declared_names& Declarations::seen_by(std::uint32_t file) const {
  static const Declared_names none;
  const auto found = seen_.find(file);
  return found == seen_.end() ? none : found->second;
}

}  // namespace mig::check
