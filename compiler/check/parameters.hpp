// Parameters: values that are given when a file is compiled, put into operations where their names stand.
#pragma once

#include "compiler/catalog/catalog.hpp"
#include "compiler/check/origins.hpp"
#include "compiler/check/sources.hpp"

namespace mig::check {

// Values for `env`, resolved by the caller (the compiler reads no environment).
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

class Parameters {
 public:
  Parameters(source::Files& files, Origins& origins, diagnostics::Sink& sink)
      : files_(files), origins_(origins), sink_(sink) {}

  // Takes the declarations of these files; reports names twice and what the environment lacks.
  void declare(const Sources& sources, const std::vector<std::uint32_t>& files, const Environment& environment);

  // The operation with values in place of names, or itself where it names none. Null and a report where a name is a
  // column of its table too (nobody can tell which is meant) or a secret.
  [[nodiscard]] const syntax::Call* bound(const syntax::Call& call, const catalog::Catalog& catalog);

  // The migration with values in place of parameters in what it asks (measurements, assertions, the gate of contract),
  // or itself where it names none: `name` in a condition, `:name` in a query. Null and a report as above.
  [[nodiscard]] const syntax::Migration* asked(const syntax::Migration& migration, const catalog::Catalog& catalog);

  // The trees of the operations and questions that bound() and asked() made: they must live as long as the calls.
  [[nodiscard]] const std::vector<std::shared_ptr<const syntax::File>>& trees() const { return trees_; }

 private:
  struct Parameter {
    source::Span span;
    std::string sql;  // a constant of its type
    bool secret = false;
  };
  struct Place {
    source::Span span;
    const Parameter* parameter = nullptr;
  };
  class Asked;
  void report_secret(const std::string& name, source::Span span) const;
  void report_column_too(const std::string& name, source::Span span, const Parameter& parameter) const;
  void declare(const syntax::ParameterDecl& declaration, const Environment& environment);
  [[nodiscard]] std::vector<Place> places(const syntax::Call& call) const;
  [[nodiscard]] bool clear(const Place& place, const syntax::Call& call, const catalog::Catalog& catalog) const;
  [[nodiscard]] std::vector<Piece> replaced(const syntax::Call& call, const std::vector<Place>& places) const;

  source::Files& files_;
  Origins& origins_;
  diagnostics::Sink& sink_;
  std::map<std::string, Parameter> known_;
  std::vector<std::shared_ptr<const syntax::File>> trees_;
};

}  // namespace mig::check
