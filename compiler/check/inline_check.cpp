// Declarations in themselves: parameters, types, inverses, examples.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/inline.hpp"
#include "compiler/syntax/expression_walk.hpp"

namespace mig::diagnostics {
extern const Code wrong_declaration;
extern const Code unknown_function;
}  // namespace mig::diagnostics

namespace mig::check {

namespace {

bool pseudo(const syntax::Type& type) {
  static const std::set<std::string> known{
      "any",         "anyarray", "anycompatible",     "anycompatiblearray", "anyelement", "anyenum", "anymultirange",
      "anynonarray", "anyrange", "cstring",           "internal",           "record",     "trigger", "event_trigger",
      "unknown",     "void",     "anycompatiblerange"};
  return type.setof || (type.name.parts.size() == 1 && known.count(type.name.parts.front().text) != 0);
}

}  // namespace

bool Inliner::check_head(const Declaration& declaration) {
  const auto& function = *declaration.function;
  bool good = true;
  const auto wrong = [&](source::Span span, std::string message) -> diagnostics::Diagnostic& {
    good = false;
    return sink().report(diagnostics::wrong_declaration, span, std::move(message));
  };
  std::set<std::string> names;
  bool fallback = false;
  for (const auto& parameter : function.parameters) {
    if (!names.insert(parameter.name.text).second)
      wrong(parameter.name.span, fmt::format("a second parameter `{}`", parameter.name.text));
    if (!parameter.mode.empty() && parameter.mode != "in")
      wrong(parameter.name.span, fmt::format("`{}` parameters are for functions of the server", parameter.mode))
          .note("write: name type; a function of the language takes values and is one value");
    if (pseudo(parameter.type))
      wrong(parameter.type.span, "this is no type of values")
          .note("an argument is cast to the type of its parameter: write the type, one function for each");
    if (!parameter.fallback && fallback)
      wrong(parameter.name.span, "a parameter without a default behind one that has it");
    fallback = fallback || parameter.fallback;
    if (parameter.fallback)
      walk(
          *parameter.fallback,
          [&](const syntax::Expr& one) {
            if (const auto* column = std::get_if<syntax::ColumnRef>(&one.node))
              wrong(column->path.span, "a default sees no other names").note("write: a constant, or null");
            return true;
          },
          [&](const syntax::Query& query) { wrong(query.span, "a default cannot hold a sub-select"); });
  }
  if (pseudo(function.returns))
    wrong(function.returns.span, "this is no type of values").note("a function of the language is one value");
  return good;
}

// f returns what g takes, g returns what f takes; what f takes beside it, g takes by the same names.
void Inliner::check_inverse(const Declaration& declaration) {
  const auto* path = declaration.inverse();
  if (path == nullptr) return;
  const auto& names = declarations_.seen_by(declaration.file);
  const auto name = dotted(*path);
  const auto found = names.find(name);
  if (found == names.end() || found->second->function == nullptr) {
    sink()
        .report(diagnostics::unknown_function, path->span, fmt::format("no function `{}`", name))
        .note("an inverse is a function of the language, declared in this file or in one that it uses");
    return;
  }
  const auto& f = *declaration.function;
  const auto& g = *found->second->function;
  const auto type = [&](const syntax::Type& one) { return flat(files_.text(one.span)); };
  std::string why;
  if (f.parameters.empty() || g.parameters.empty())
    why = "it takes nothing";
  else if (type(g.parameters.front().type) != type(f.returns))
    why = fmt::format("it takes {}, and `{}` returns {}", type(g.parameters.front().type), declaration.name,
                      type(f.returns));
  else if (type(g.returns) != type(f.parameters.front().type))
    why = fmt::format("it returns {}, and `{}` takes {}", type(g.returns), declaration.name,
                      type(f.parameters.front().type));
  if (why.empty()) return;
  sink()
      .report(diagnostics::wrong_declaration, path->span, fmt::format("`{}` is no inverse: {}", name, why))
      .also(found->second->span(), "declared here");
}

// An example is a condition that holds, of nothing but constants.
void Inliner::check_examples(const Declaration& declaration) {
  const Site site{declarations_.seen_by(declaration.file), nothing()};
  for (const auto* example : declaration.examples()) {
    bool good = true, called = false;
    walk(
        *example,
        [&](const syntax::Expr& one) {
          if (const auto* column = std::get_if<syntax::ColumnRef>(&one.node)) {
            good = false;
            sink()
                .report(diagnostics::wrong_declaration, column->path.span,
                        fmt::format("`{}` is no value", files_.text(column->path.span)))
                .note("an example is of constants: example f('x') = 'y';");
          }
          if (const auto* call = std::get_if<syntax::FunctionCall>(&one.node))
            called = called || find(call->function, site).declaration == &declaration;
          return true;
        },
        [](const syntax::Query&) {});
    if (good && !called)
      sink()
          .report(diagnostics::wrong_declaration, example->span,
                  fmt::format("this example does not call `{}`", declaration.name))
          .note(fmt::format("write: example {}('x') = 'y';", declaration.name));
  }
}

void Inliner::check() {
  for (const auto& declaration : declarations_.all()) {
    if (declaration->values != nullptr) {
      (void)check_pairs(*declaration);
      continue;
    }
    if (body(*declaration) == nullptr) continue;
    check_inverse(*declaration);
    check_examples(*declaration);
    if (!sources_.of(declaration->file).module.empty()) continue;  // held by tests
    for (const auto* example : declaration->examples()) (void)text(*example, declaration->file);
  }
}

}  // namespace mig::check
