// Expressions written out: what stands in them that is ours, and what is put in its place.
#include "compiler/check/inline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "compiler/check/modules.hpp"
#include "compiler/check/template.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/sql/words.hpp"
#include "compiler/syntax/expression_walk.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::diagnostics {
extern const Code wrong_declaration;
extern const Code unknown_function;
}  // namespace mig::diagnostics

namespace mig::check {

Inliner::Inliner(const Sources& sources, source::Files& files, Origins& origins, diagnostics::Sink& sink)
    : sources_(sources), files_(files), origins_(origins), sink_(&sink), declarations_(sources, files, sink) {}

const catalog::Catalog& Inliner::nothing() {
  static const catalog::Catalog none;
  return none;
}

Inliner::Lookup Inliner::find(const syntax::Path& path, const Site& site) const {
  const auto name = dotted(path);
  if (const auto found = site.names.find(name); found != site.names.end()) return {found->second, false};
  constexpr std::string_view back = ".back";
  if (!name.ends_with(back)) return {};
  const auto found = site.names.find(name.substr(0, name.size() - back.size()));
  return found == site.names.end() || found->second->values == nullptr ? Lookup{} : Lookup{found->second, true};
}

// Functions of the standard library have names that nothing else has.
bool Inliner::report_unknown(const syntax::Path& path, const Site& site) {
  if (path.parts.size() < 3 || path.parts.front().text != "std" || path.parts.front().quoted) return false;
  const auto name = dotted(path), module = "std." + path.parts[1].text;
  auto& diagnostic =
      sink().report(diagnostics::unknown_function, path.span, fmt::format("no function `{}` here", name));
  std::vector<std::string> known;
  for (const auto& [one, declaration] : site.names) known.push_back(one);
  const bool used = std::any_of(known.begin(), known.end(), [&](const auto& one) { return one.starts_with(module); });
  if (!used && module_text(module))
    diagnostic.note(fmt::format("write: use {}; at the top of the file", module));
  else if (const auto near = diagnostics::nearest(name, known, 1); !near.empty())
    diagnostic.suggest(near.front());
  else if (!module_text(module))
    diagnostic.note(fmt::format("found: {}", fmt::join(module_names(), ", ")));
  return true;
}

// A bare name in a body is a parameter, or its field.
bool Inliner::column(const syntax::ColumnRef& column, const Site& site, std::vector<Hole>& out) {
  if (site.in == nullptr) return true;
  const auto& parameters = site.in->function->parameters;
  const auto& first = column.path.parts.front();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < parameters.size() && !column.star; ++i) {
    names.push_back(parameters[i].name.text);
    if (parameters[i].name.text != first.text) continue;
    Template gap{{{"", first.span, false, {}, static_cast<int>(i), false}}, {}};
    gap.type = flat(files_.text(parameters[i].type.span));
    out.push_back({first.span, std::move(gap)});
    return true;
  }
  auto& diagnostic =
      sink().report(diagnostics::wrong_declaration, column.path.span,
                    fmt::format("`{}` is no parameter of {}", files_.text(column.path.span), site.in->name));
  diagnostic.note("a function sees its parameters, and no column: hand it over as an argument");
  if (const auto near = diagnostics::nearest(first.text, names, 1); !near.empty()) diagnostic.suggest(near.front());
  return false;
}

bool Inliner::holes(const syntax::Expr& expression, const Site& site, std::vector<Hole>& out) {
  bool good = true;
  walk(
      expression,
      [&](const syntax::Expr& one) {
        if (const auto* found = std::get_if<syntax::ColumnRef>(&one.node)) good = column(*found, site, out) && good;
        note(one, site);
        const auto* called = std::get_if<syntax::FunctionCall>(&one.node);
        if (called == nullptr) return true;
        const auto found = find(called->function, site);
        if (found.declaration == nullptr) {
          if (report_unknown(called->function, site)) good = false;
          good = server_call(*called, site) && good;
          return true;
        }
        auto written = call(one, *called, found, site);
        good = good && written;
        if (written) out.push_back({one.span, std::move(*written)});
        return false;  // its arguments were written with it
      },
      [&](const syntax::Query& query) { good = holes(query, site, out) && good; });
  return good;
}

namespace {

// The `)` of the `(` at words[open]; the end where there is none.
std::size_t closing(const std::vector<sql::Word>& words, std::string_view text, std::size_t open) {
  int depth = 0;
  for (auto i = open; i < words.size(); ++i) {
    if (words[i].is != sql::Word::Is::symbol) continue;
    const char c = text[words[i].begin];
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0) return i;
  }
  return words.size();
}

bool is_symbol(const std::vector<sql::Word>& words, std::string_view text, std::size_t at, char c) {
  return at < words.size() && words[at].is == sql::Word::Is::symbol && text[words[at].begin] == c;
}

}  // namespace

// The text of a sub-select is PostgreSQL's: calls in it are found by their names and read as expressions of their own.
bool Inliner::holes(const syntax::Query& query, const Site& site, std::vector<Hole>& out) {
  if (site.in != nullptr) {
    sink()
        .report(diagnostics::wrong_declaration, query.span, "a function of the language cannot hold a sub-select")
        .note("its names would mean something else in each place where the function is called")
        .note("write: create function …, a function of the server, or hand the value over as an argument");
    return false;
  }
  const auto& whole = files_[query.span.file].text;
  if (query.span.begin > 0 && whole[query.span.begin - 1] == '$') return true;  // $$…$$ is verbatim
  const std::string text(files_.text(query.span));
  const auto words = sql::words(text);
  bool good = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].is != sql::Word::Is::name || (i > 0 && is_symbol(words, text, i - 1, '.'))) continue;
    syntax::Path path;
    auto at = i;
    path.parts.push_back({words[i].value, false, {}});
    while (is_symbol(words, text, at + 1, '.') && at + 2 < words.size() && words[at + 2].is == sql::Word::Is::name)
      path.parts.push_back({words[at += 2].value, false, {}});
    if (!is_symbol(words, text, at + 1, '(')) continue;
    const auto begin = query.span.begin + static_cast<std::uint32_t>(words[i].begin);
    path.span = {query.span.file, begin, query.span.begin + static_cast<std::uint32_t>(words[at].end)};
    if (find(path, site).declaration == nullptr) {
      good = !report_unknown(path, site) && good;
      continue;
    }
    const auto close = closing(words, text, at + 1);
    if (close == words.size()) continue;
    const source::Span span{query.span.file, begin, query.span.begin + static_cast<std::uint32_t>(words[close].end)};
    const auto tree = parse(files_[span.file].name, {made("function f() returns f = ", span),
                                                     {std::string(files_.text(span)), span, true, {}, -1, false},
                                                     made(";", span)});
    const auto* read = tree->items.empty() ? nullptr : std::get_if<syntax::Function>(&tree->items.front());
    auto written = read == nullptr ? std::nullopt : write(read->body, site);
    good = good && written;
    if (written) out.push_back({span, std::move(*written)});
    i = close;
  }
  return good;
}

// The text of the span with the holes filled; what stands between them is as it was written.
std::vector<Piece> Inliner::with_holes(source::Span span, std::vector<Hole>& holes) const {
  std::sort(holes.begin(), holes.end(), [](const Hole& a, const Hole& b) { return a.span.begin < b.span.begin; });
  std::vector<Piece> out;
  auto at = span.begin;
  const auto as_written = [&](std::uint32_t end) {
    const source::Span part{span.file, at, end};
    if (!part.empty()) out.push_back({std::string(files_.text(part)), part, true, {}, -1, false});
  };
  for (auto& hole : holes) {
    as_written(hole.span.begin);
    for (auto& piece : hole.text.pieces) {
      piece.closes = false;
      out.push_back(std::move(piece));
    }
    at = hole.span.end;
  }
  as_written(span.end);
  return out;
}

std::optional<Template> Inliner::write(const syntax::Expr& expression, const Site& site) {
  std::vector<Hole> found;
  if (!holes(expression, site, found)) return std::nullopt;
  if (found.size() == 1 && found.front().span == expression.span) return std::move(found.front().text);
  return Template{with_holes(expression.span, found), type_of(expression, site)};
}

std::shared_ptr<const syntax::File> Inliner::parse(const std::string& name, const std::vector<Piece>& pieces) {
  const auto file = origins_.add(files_, name, pieces);
  trees_.push_back(std::make_shared<const syntax::File>(syntax::parse(files_, file, operations::vocabulary(), sink())));
  return trees_.back();
}

std::optional<std::string> Inliner::text(const syntax::Expr& expression, std::uint32_t file) {
  const auto written = write(expression, {declarations_.seen_by(file), nothing()});
  if (!written) return std::nullopt;
  std::string out;
  for (const auto& piece : written->pieces) out += piece.text;
  return out;
}

}  // namespace mig::check
