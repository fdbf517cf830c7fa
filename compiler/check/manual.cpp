// The standard library as a page.
#include "compiler/check/manual.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/modules.hpp"

namespace mig::check {

namespace {

std::string extension(const Body& body) {
  for (const auto* name : {"crypt", "gen_salt", "digest"})
    if (body.server_calls.count(name) != 0) return "pgcrypto";
  return {};
}

// The comment at the top of a module's file.
std::string head(const source::File& file) {
  std::string text;
  for (std::uint32_t line = 1; file.line(line).starts_with("-- "); ++line)
    text += (text.empty() ? "" : " ") + std::string(file.line(line).substr(3));
  return text;
}

std::string page_of(Inliner& functions, const Declaration& one, const source::Files& files) {
  const auto words = describe(functions, one, files);
  auto text = fmt::format("### `{}`\n\n```mig\n{}\n```\n\n", one.name, words.signature);
  for (const auto& line : words.doc) text += line + "\n";
  text += fmt::format("\n*{}*", words.volatility);
  if (!words.needs.empty()) text += fmt::format(" · needs the extension `{}`", words.needs);
  if (!words.inverse.empty()) text += fmt::format(" · inverse: `{}`", words.inverse);
  text += "\n\n```mig\n";
  for (const auto& example : words.examples) text += example + "\n";
  return text + "```\n";
}

}  // namespace

Description describe(Inliner& functions, const Declaration& declaration, const source::Files& files) {
  Description made;
  made.signature = declaration.signature(files);
  made.doc = declaration.doc(files);
  if (const auto* inverse = declaration.inverse()) made.inverse = dotted(*inverse);
  for (const auto* example : declaration.examples())
    made.examples.push_back(fmt::format("example {};", files.text(example->span)));
  made.volatility = "immutable";
  if (declaration.values != nullptr) return made;
  if (const auto* body = functions.body(declaration)) {
    made.volatility = to_string(body->stability);
    if (body->stability != Stability::immutable) made.volatility += ", by " + body->because;
    made.needs = extension(*body);
  }
  return made;
}

Library::Library() {
  std::string uses;
  for (const auto& name : module_names()) uses += fmt::format("use {};\n", name);
  sources = std::make_unique<Sources>(std::vector<std::pair<std::string, std::string>>{{"<std>", uses}}, Reader(),
                                      files, sink);
  functions = std::make_unique<Inliner>(*sources, files, origins, sink);
}

const Declaration* Library::find(const std::string& name) const {
  const auto& seen = functions->declarations().seen_by(0);
  if (const auto found = seen.find(name); found != seen.end()) return found->second;
  const Declaration* only = nullptr;
  for (const auto& [whole, declaration] : seen) {
    if (!whole.ends_with("." + name)) continue;
    if (only != nullptr) return nullptr;
    only = declaration;
  }
  return only;
}

std::string stdlib_page() {
  Library library;
  std::string text =
      "# The standard library\n\n"
      "Value functions, written in the language itself (`stdlib/*.mig`) and built into the program. A file that calls "
      "one\n"
      "says `use std.text;` at its top. A call is written out where it stands: what PostgreSQL gets is an expression "
      "of its\n"
      "own functions, and knows nothing of mig.\n\n"
      "This page is made of the declarations; a test holds it current, and runs every example on PostgreSQL 13 to 18.\n"
      "*Immutable* functions may stand everywhere, in an index and a generated column too; *stable* and *volatile* "
      "ones may\n"
      "not stand there. What cannot be read is null, never an error, so that `coalesce` and `is null` decide about "
      "it.\n"
      "Where a function has an inverse, `f(inverse(y)) = y` for every y that it returns.\n";
  for (const auto& name : module_names()) {
    std::uint32_t file = 0;
    for (const auto& source : library.sources->all())
      if (source.module == name) file = source.file;
    text += fmt::format("\n## {}\n\n{}\n", name, head(library.files[file]));
    for (const auto& one : library.functions->declarations().all())
      if (one->file == file) text += "\n" + page_of(*library.functions, *one, library.files);
  }
  return text;
}

}  // namespace mig::check
