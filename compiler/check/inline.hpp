// Functions and value maps written out where they are called: the argument in parentheses for the parameter, each cast
// to its declared type. What PostgreSQL gets knows nothing of them.
#pragma once

#include <utility>

#include "compiler/check/declarations.hpp"

namespace mig::check {

// What a function's body is made of, without the functions that it calls: those are written out in it.
struct Body {
  Template text;
  Stability stability = Stability::immutable;
  std::string because;                 // what makes it so: "now", "a cast from text to timestamptz"
  std::set<std::string> server_calls;  // functions of the server without a schema
  std::set<const Declaration*> values;
};

class Inliner {
 public:
  Inliner(const Sources& sources, source::Files& files, Origins& origins, diagnostics::Sink& sink);

  // Reports what is wrong with each declaration in itself, called or not.
  void check();

  // An operation, an expectation or the condition of a gate with the functions written out that `file` sees; itself
  // where it calls none. Null and a report where a call is wrong. `at` is the schema at that point of the plan.
  [[nodiscard]] const syntax::Call* bound(const syntax::Call& call, std::uint32_t file, const catalog::Catalog& at);
  [[nodiscard]] const syntax::Expect* bound(const syntax::Expect& expect, std::uint32_t file,
                                            const catalog::Catalog& at);
  [[nodiscard]] const syntax::Expr* bound(const syntax::Expr& condition, std::uint32_t file,
                                          const catalog::Catalog& at);
  // The same as text, without a schema: examples.
  [[nodiscard]] std::optional<std::string> text(const syntax::Expr& expression, std::uint32_t file);

  // Where reports go from now on; returns where they went. A migration in flight was right when it began.
  diagnostics::Sink* report_to(diagnostics::Sink* sink) { return std::exchange(sink_, sink); }

  [[nodiscard]] const Declarations& declarations() const { return declarations_; }
  // Null where the declaration is wrong; that was reported.
  [[nodiscard]] const Body* body(const Declaration& declaration);
  // The trees of what bound() made: they must live as long as it.
  [[nodiscard]] const std::vector<std::shared_ptr<const syntax::File>>& trees() const { return trees_; }

 private:
  // Where an expression stands.
  struct Site {
    const Declared_names& names;
    const catalog::Catalog& at;
    const Declaration* in = nullptr;  // a function whose body it is: names are its parameters
    Body* body = nullptr;             // and what is found out about it
    bool immutable = false;           // PostgreSQL wants an immutable expression
  };
  struct Hole {  // a part of a text that something else is written for
    source::Span span;
    Template text;
  };
  struct Lookup {
    const Declaration* declaration = nullptr;
    bool back = false;  // NAME.back: a value map from right to left
  };

  [[nodiscard]] diagnostics::Sink& sink() const { return *sink_; }
  // The schema of declarations in themselves: no object of it is known.
  static const catalog::Catalog& nothing();
  [[nodiscard]] Lookup find(const syntax::Path& path, const Site& site) const;
  bool report_unknown(const syntax::Path& path, const Site& site);
  bool holes(const syntax::Expr& expression, const Site& site, std::vector<Hole>& out);
  bool holes(const syntax::Query& query, const Site& site, std::vector<Hole>& out);
  bool column(const syntax::ColumnRef& column, const Site& site, std::vector<Hole>& out);
  bool server_call(const syntax::FunctionCall& call, const Site& site);
  void note(const syntax::Expr& expression, const Site& site);
  std::optional<Template> write(const syntax::Expr& expression, const Site& site);
  std::optional<Template> call(const syntax::Expr& whole, const syntax::FunctionCall& call, const Lookup& found,
                               const Site& site);
  bool plain(const syntax::FunctionCall& call, const Declaration& declaration);
  bool usable(const Body& body, const Declaration& declaration, source::Span call, const Site& site);
  bool once(const syntax::Expr& argument, const Template& body, int parameter, const Declaration& declaration,
            const Site& site);
  std::optional<std::vector<const syntax::Expr*>> arguments(const syntax::FunctionCall& call,
                                                            const Declaration& declaration);
  std::optional<Template> function_call(const syntax::Expr& whole, const syntax::FunctionCall& call,
                                        const Declaration& declaration, const Site& site);
  std::optional<Template> values_call(const syntax::Expr& whole, const syntax::FunctionCall& call, const Lookup& found,
                                      const Site& site);
  // A value map against the types of the schema: every label is there. Reported once.
  bool check_labels(const Declaration& declaration, const catalog::Catalog& at);
  bool check_pairs(const Declaration& declaration);
  bool check_back(const Declaration& declaration, const catalog::Catalog& at, source::Span call);
  [[nodiscard]] std::pair<Stability, std::string> stability(const syntax::Expr& expression, const Site& site);
  [[nodiscard]] std::string type_of_call(const syntax::FunctionCall& call, const Site& site) const;
  [[nodiscard]] std::string type_of(const syntax::Expr& expression, const Site& site) const;
  void worsen(const Site& site, Stability stability, const std::string& because);

  bool check_head(const Declaration& declaration);
  void check_inverse(const Declaration& declaration);
  void check_examples(const Declaration& declaration);
  std::vector<Piece> with_holes(source::Span span, std::vector<Hole>& holes) const;
  std::shared_ptr<const syntax::File> parse(const std::string& name, const std::vector<Piece>& pieces);

  const Sources& sources_;
  source::Files& files_;
  Origins& origins_;
  diagnostics::Sink* sink_;
  Declarations declarations_;
  std::map<const Declaration*, std::unique_ptr<Body>> bodies_;
  std::vector<const Declaration*> open_;  // the chain of bodies that are being written
  std::vector<std::shared_ptr<const syntax::File>> trees_;
  std::vector<std::unique_ptr<syntax::Expect>> expects_;
  std::set<std::pair<const Declaration*, std::string>> reported_;
};

}  // namespace mig::check
