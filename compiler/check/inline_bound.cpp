// Operations, expectations and gates read again with the functions written out in them.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "compiler/check/expressions_of.hpp"
#include "compiler/check/inline.hpp"
#include "compiler/check/template.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::diagnostics {
extern const Code too_large;
}

namespace mig::check {

namespace {

// The text before `begin` as blanks: what follows stands on the line, and at the byte, where it was written.
std::string blank(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c != '\n') c = ' ';
  return out;
}

std::string line_ends(std::string_view text) {
  return std::string(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), '\n');
}

void add_elements(const std::vector<syntax::IndexElement>& elements, std::set<const syntax::Expr*>& out) {
  for (const auto& element : elements) out.insert(&element.value);
}

void add_generated(const std::vector<syntax::ColumnOption>& options, std::set<const syntax::Expr*>& out) {
  for (const auto& option : options)
    if (option.generated && option.generated->expression) out.insert(&*option.generated->expression);
}

void add_exclude(const syntax::TableConstraint& constraint, std::set<const syntax::Expr*>& out) {
  add_elements(constraint.elements, out);
  if (constraint.is == syntax::TableConstraint::Is::exclude && constraint.expression)
    out.insert(&*constraint.expression);
}

// The elements and predicates of indexes. PostgreSQL keeps them in one row of pg_index, which goes on over no other
// page.
std::set<const syntax::Expr*> indexed_by(const syntax::Call& call) {
  std::set<const syntax::Expr*> out;
  const std::string_view name = operations::all()[call.form]->name;
  for (const auto& argument : call.arguments) {
    if (const auto* elements = std::get_if<std::vector<syntax::IndexElement>>(&argument.value))
      add_elements(*elements, out);
    const auto* value = std::get_if<syntax::Expr>(&argument.value);
    if (value != nullptr && name.find("index") != std::string_view::npos) out.insert(value);
  }
  return out;
}

// About 8160 bytes as PostgreSQL keeps them: measured on calls of the standard library, 1.6 for each byte of text.
constexpr std::size_t most_of_index = 5000;

// The expressions that PostgreSQL takes only if they are immutable: of indexes and generated columns.
std::set<const syntax::Expr*> immutable_of(const syntax::Call& call) {
  auto out = indexed_by(call);
  const std::string_view name = operations::all()[call.form]->name;
  for (const auto& argument : call.arguments) {
    if (const auto* definition = std::get_if<syntax::Definition>(&argument.value))
      add_generated(definition->options, out);
    if (const auto* constraint = std::get_if<syntax::TableConstraint>(&argument.value)) add_exclude(*constraint, out);
    if (const auto* elements = std::get_if<std::vector<syntax::Element>>(&argument.value))
      for (const auto& element : *elements) {
        if (const auto* column = std::get_if<syntax::Column>(&element)) add_generated(column->definition.options, out);
        if (const auto* constraint = std::get_if<syntax::TableConstraint>(&element)) add_exclude(*constraint, out);
      }
    const auto* value = std::get_if<syntax::Expr>(&argument.value);
    if (value != nullptr && name == "set_expression") out.insert(value);
  }
  return out;
}

}  // namespace

const syntax::Call* Inliner::bound(const syntax::Call& call, std::uint32_t file, const catalog::Catalog& at) {
  const auto& names = declarations_.seen_by(file);
  const auto immutable = immutable_of(call);
  std::vector<Hole> found;
  bool good = true;
  const auto indexed = indexed_by(call);
  for (const auto* expression : expressions_of(call)) {
    const Site site{names, at, nullptr, nullptr, immutable.count(expression) != 0};
    const auto before = found.size();
    good = holes(*expression, site, found) && good;
    std::size_t size = 0;
    for (auto i = before; i < found.size(); ++i) size += found[i].text.size();
    if (size <= most_of_index || indexed.count(expression) == 0) continue;
    good = false;
    sink()
        .report(diagnostics::too_large, expression->span,
                fmt::format("written out this is {} bytes long, and an index keeps its expression in one row of 8 kB",
                            size))
        .note("write: a generated column of it, and the index on that column");
  }
  for (const auto& argument : call.arguments)
    if (const auto* query = std::get_if<syntax::Query>(&argument.value))
      good = holes(*query, {names, at}, found) && good;
  if (!good) return nullptr;
  if (found.empty()) return &call;
  const auto& text = files_[call.span.file].text;
  auto pieces = with_holes(call.span, found);
  const source::Span before{call.span.file, 0, call.span.begin};
  pieces.insert(pieces.begin(), made(blank(text.substr(0, call.span.begin)), before));
  if (text[call.span.end - 1] != ';') pieces.push_back(made(";", call.span));
  const auto tree = parse(files_[call.span.file].name, pieces);
  for (const auto& item : tree->items)
    if (const auto* again = std::get_if<syntax::Call>(&item)) return again;
  assert(sink().has_errors() && "an operation with an expression in place of a call reads as the same operation");
  return nullptr;
}

const syntax::Expect* Inliner::bound(const syntax::Expect& expect, std::uint32_t file, const catalog::Catalog& at) {
  const Site site{declarations_.seen_by(file), at};
  std::vector<Hole> found;
  bool good = true;
  if (const auto* condition = std::get_if<syntax::Expr>(&expect.what)) good = holes(*condition, site, found);
  if (const auto* none = std::get_if<syntax::Expect::None>(&expect.what)) {
    if (none->query) good = holes(*none->query, site, found);
    if (none->where) good = holes(*none->where, site, found) && good;
  }
  if (!good) return nullptr;
  if (found.empty()) return &expect;
  const auto& text = files_[expect.span.file].text;
  auto pieces = with_holes(expect.span, found);
  pieces.insert(pieces.begin(),
                made("migration m { verify { " + line_ends(std::string_view(text).substr(0, expect.span.begin)),
                     {expect.span.file, 0, expect.span.begin}));
  pieces.push_back(made(text[expect.span.end - 1] == ';' ? " } }" : "; } }", expect.span));
  const auto tree = parse(files_[expect.span.file].name, pieces);
  const auto* migration = tree->items.empty() ? nullptr : std::get_if<syntax::Migration>(&tree->items.front());
  const auto* section = migration == nullptr || migration->sections.empty()
                            ? nullptr
                            : std::get_if<syntax::Assertions>(&migration->sections.front());
  if (section == nullptr || section->expects.empty()) return nullptr;
  expects_.push_back(std::make_unique<syntax::Expect>(section->expects.front()));
  // People know it by the text that they wrote.
  if (!expect.message) {
    auto words = flat(files_.text(expect.span));
    words.erase(0, words.find(' ') + 1);
    if (words.ends_with(";")) words.pop_back();
    expects_.back()->message = syntax::Text{words, expect.span};
  }
  return expects_.back().get();
}

const syntax::Expr* Inliner::bound(const syntax::Expr& condition, std::uint32_t file, const catalog::Catalog& at) {
  std::vector<Hole> found;
  if (!holes(condition, {declarations_.seen_by(file), at}, found)) return nullptr;
  if (found.empty()) return &condition;
  const auto& text = files_[condition.span.file].text;
  auto pieces = with_holes(condition.span, found);
  pieces.insert(pieces.begin(),
                made("migration m { contract when " + line_ends(std::string_view(text).substr(0, condition.span.begin)),
                     {condition.span.file, 0, condition.span.begin}));
  pieces.push_back(made(" { } }", condition.span));
  const auto tree = parse(files_[condition.span.file].name, pieces);
  const auto* migration = tree->items.empty() ? nullptr : std::get_if<syntax::Migration>(&tree->items.front());
  const auto* phase = migration == nullptr || migration->sections.empty()
                          ? nullptr
                          : std::get_if<syntax::Phase>(&migration->sections.front());
  return phase == nullptr || !phase->gate.when ? nullptr : &*phase->gate.when;
}

}  // namespace mig::check
