// Functions and value maps of the language: which ones a file sees, under which names.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "compiler/check/origins.hpp"
#include "compiler/check/sources.hpp"
#include "compiler/check/stability.hpp"

namespace mig::check {

// An expression as text, in parts; of a function's body with gaps for its parameters.
struct Template {
  std::vector<Piece> pieces;
  std::string type;  // its type as written, where that is certain; else empty
  [[nodiscard]] std::size_t size() const;
};

// One declaration of a file.
struct Declaration {
  std::string name;  // as it is called: "std.text.squash", "user_role"
  std::uint32_t file = 0;
  const syntax::Function* function = nullptr;
  const syntax::Values* values = nullptr;

  [[nodiscard]] source::Span span() const;  // of its name
  // The function g of `inverse g;`, or null.
  [[nodiscard]] const syntax::Path* inverse() const;
  // `example` lines.
  [[nodiscard]] std::vector<const syntax::Expr*> examples() const;
  // The comment lines directly above it, without their dashes.
  [[nodiscard]] std::vector<std::string> doc(const source::Files& files) const;
  // "std.text.squash(value text) returns text", or "user_role(text) returns user_role".
  [[nodiscard]] std::string signature(const source::Files& files) const;
};

using Declared_names = std::map<std::string, const Declaration*>;

class Declarations {
 public:
  // Takes the declarations of all files; reports names that stand twice where one file sees both.
  Declarations(const Sources& sources, const source::Files& files, diagnostics::Sink& sink);

  // What a file may call: its own declarations, those of the files and modules that it uses, and of those that they
  // use.
  [[nodiscard]] const Declared_names& seen_by(std::uint32_t file) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Declaration>>& all() const { return all_; }

 private:
  void take(const Source& source);
  std::vector<std::unique_ptr<Declaration>> all_;
  std::map<std::uint32_t, std::vector<const Declaration*>> of_file_;
  std::map<std::uint32_t, Declared_names> seen_;
};

// "a.b.c"; of words folded as PostgreSQL folds them.
[[nodiscard]] std::string dotted(const syntax::Path& path);
// Text of a declaration in one line: comments gone, one blank where there were several.
[[nodiscard]] std::string flat(std::string_view text);

}  // namespace mig::check
