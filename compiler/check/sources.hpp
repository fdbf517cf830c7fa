// The files of a compilation: those given, and those that they use or include, read and parsed once each.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::check {

// A file by its path: that of the naming file with the name in `use` or `include`; nullopt: there is none.
using Reader = std::function<std::optional<std::string>(const std::string& path)>;

struct Source {
  std::uint32_t file = 0;  // index in source::Files
  bool given = false;      // not only used or included
  std::shared_ptr<const syntax::File> tree;
  std::vector<std::uint32_t> brings;   // files that it uses or includes itself, each once, in order
  std::vector<std::uint32_t> modules;  // modules of the standard library that it uses itself
  std::string module;                  // of a module itself: its name ("std.text")
};

class Sources {
 public:
  // Reads what `files` name. Reports what is missing, not text, or goes round in circles.
  Sources(const std::vector<std::pair<std::string, std::string>>& given, Reader read, source::Files& files,
          diagnostics::Sink& sink);

  [[nodiscard]] const std::vector<Source>& all() const { return all_; }
  [[nodiscard]] const Source& of(std::uint32_t file) const { return all_[file]; }
  // The file that an include names; null where it could not be read.
  [[nodiscard]] const Source* included(const syntax::Include& include) const;
  // The file and all that it brings, each once, in the order of reading.
  [[nodiscard]] std::vector<std::uint32_t> closure(std::uint32_t file) const;
  // The modules that a file of the closure uses, and those that they use. They are no part of closure(): their text
  // comes with mig, so that a newer mig does not make every file that uses one another file.
  [[nodiscard]] std::vector<std::uint32_t> modules(std::uint32_t file) const;

 private:
  void add(const std::string& name, std::string text, bool given);
  void follow(std::uint32_t file);
  void follow(std::uint32_t from, const syntax::Text& name, const char* word);
  void follow_modules(std::uint32_t from);
  [[nodiscard]] std::string resolved(std::uint32_t from, const std::string& written) const;

  Reader read_;
  source::Files& files_;
  diagnostics::Sink& sink_;
  std::vector<Source> all_;                     // index = index in source::Files
  std::map<std::string, std::uint32_t> names_;  // normalised name -> file
  std::vector<std::uint32_t> open_;             // the chain that is being followed
  std::vector<bool> followed_;
};

}  // namespace mig::check
