// use and include: names to files, circles, what is missing.
#include "compiler/check/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/check/modules.hpp"
#include "compiler/check/walk.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/source/utf8.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::diagnostics {
extern const Code unknown_module;
}

namespace mig::check {

namespace {

std::string name_of(const syntax::Path& module) {
  std::string name;
  for (const auto& part : module.parts) name += (name.empty() ? "" : ".") + part.text;
  return name;
}

// std::filesystem as text only: no file is looked at.
std::string normal(const std::filesystem::path& path) { return path.lexically_normal().generic_string(); }

}  // namespace

Sources::Sources(const std::vector<std::pair<std::string, std::string>>& given, Reader read, source::Files& files,
                 diagnostics::Sink& sink)
    : read_(std::move(read)), files_(files), sink_(sink) {
  for (const auto& [name, text] : given) add(name, text, true);
  for (std::uint32_t file = 0; file < given.size(); ++file) follow(file);
}

void Sources::add(const std::string& name, std::string text, bool given) {
  const bool readable = source::is_utf8(text);
  if (!readable) {
    sink_.report(diagnostics::not_text, fmt::format("{} is not UTF-8 text", name))
        .note("a .mig file is text in UTF-8: save it so, or take it out of the folder");
    text.clear();  // nothing in it has a meaning, and no frame could show it
  }
  const auto file = files_.add(name, std::move(text));
  names_.emplace(normal(name), file);
  Source made;
  made.file = file;
  made.given = given;
  made.tree = std::make_shared<const syntax::File>(syntax::parse(files_, file, operations::vocabulary(), sink_));
  all_.push_back(std::move(made));
  followed_.push_back(false);
}

std::string Sources::resolved(std::uint32_t from, const std::string& written) const {
  return normal(std::filesystem::path(files_[from].name).parent_path() / written);
}

void Sources::follow(std::uint32_t file) {
  if (followed_[file]) return;
  open_.push_back(file);
  const auto tree = all_[file].tree;
  for_each_file(*tree, [&](const syntax::Text& name, const char* word) { follow(file, name, word); });
  open_.pop_back();
  followed_[file] = true;
  follow_modules(file);
}

// Modules are read once each; they may use one another, also in a circle: their functions are looked up by name.
void Sources::follow_modules(std::uint32_t from) {
  const auto tree = all_[from].tree;
  for (const auto& item : tree->items) {
    const auto* use = std::get_if<syntax::Use>(&item);
    if (use == nullptr || !use->module) continue;
    const auto name = name_of(*use->module);
    const auto text = module_text(name);
    if (!text) {
      auto& diagnostic =
          sink_.report(diagnostics::unknown_module, use->module->span, fmt::format("no module `{}`", name));
      if (module_text("std." + name))
        diagnostic.suggest("std." + name);
      else if (const auto near = diagnostics::nearest(name, module_names(), 1); !near.empty())
        diagnostic.suggest(near.front());
      diagnostic.note(fmt::format("found: {}", fmt::join(module_names(), ", ")))
          .note("a file of your own is used by its path: use './names.mig';");
      continue;
    }
    const auto path = module_file(name);
    const bool fresh = names_.count(path) == 0;
    if (fresh) add(path, std::string(*text), false);
    const auto file = names_.at(path);
    all_[file].module = name;
    all_[from].modules.push_back(file);
    if (fresh) follow(file);
  }
}

void Sources::follow(std::uint32_t from, const syntax::Text& name, const char* word) {
  const auto path = resolved(from, name.value);
  if (names_.count(path) == 0) {
    auto text = read_ ? read_(path) : std::nullopt;
    if (!text) {
      sink_.report(diagnostics::missing_file, name.span, fmt::format("there is no file `{}` to {}", name.value, word))
          .note(fmt::format("looked for: {}", path));
      return;
    }
    add(path, std::move(*text), false);
  }
  const auto file = names_.at(path);
  const auto begin = std::find(open_.begin(), open_.end(), file);
  if (begin != open_.end()) {
    std::string chain;
    for (auto link = begin; link != open_.end(); ++link) chain += files_[*link].name + " -> ";
    sink_.report(diagnostics::include_cycle, name.span, fmt::format("`{}` leads back to this file", name.value))
        .note("found: " + chain + files_[file].name);
    return;
  }
  auto& brings = all_[from].brings;
  if (std::find(brings.begin(), brings.end(), file) == brings.end()) brings.push_back(file);
  follow(file);
}

const Source* Sources::included(const syntax::Include& include) const {
  const auto found = names_.find(resolved(include.file.span.file, include.file.value));
  return found == names_.end() ? nullptr : &all_[found->second];
}

std::vector<std::uint32_t> Sources::closure(std::uint32_t file) const {
  std::vector<std::uint32_t> out{file};
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const auto next : all_[out[i]].brings)
      if (std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
  return out;
}

std::vector<std::uint32_t> Sources::modules(std::uint32_t file) const {
  std::vector<std::uint32_t> out;
  const auto take = [&](std::uint32_t from) {
    for (const auto next : all_[from].modules)
      if (std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
  };
  for (const auto one : closure(file)) take(one);
  for (std::size_t i = 0; i < out.size(); ++i) take(out[i]);
  return out;
}

}  // namespace mig::check
