// Reads a query by its scopes, innermost first, as PostgreSQL's analysis does it (parse_clause.c, parse_target.c). For
// query_shape.cpp alone.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/operations/query_expressions.hpp"
#include "compiler/operations/query_shape.hpp"
#include "compiler/sql/relation_walk.hpp"

namespace mig::operations::queries {

using nlohmann::json;
using sql::tree::Edit;

struct Field {
  std::string name;
  ValueType type;
  catalog::Name relation;  // whose column it is, where it is one as it is
  std::string column;
};
using Fields = std::vector<Field>;

struct Range {
  std::string alias;
  Fields fields;
  bool known = true;
  catalog::Name relation;
  std::size_t place = std::string::npos;  // of a relation's name
};

// A column as `*` shows it, with what it is qualified by; empty where it is merged of two.
struct Visible {
  std::string alias;
  Field field;
};

struct Scope {
  const Scope* outer = nullptr;
  std::vector<Range> ranges;
  std::vector<Visible> visible;
  std::map<std::string, Fields> ctes;
  bool known = true;
  bool bare = false;  // PostgreSQL prints its columns without their relation
};

[[nodiscard]] std::string word(const json& node, const char* key);
// Its place in the text.
[[nodiscard]] std::size_t place(const json& node);

class Reader {
 public:
  Reader(const catalog::Catalog& catalog, const std::string& schema, const std::string& text,
         const std::vector<std::string>& names)
      : catalog_(catalog), types_(catalog, schema), text_(text), names_(names) {}

  QueryShape run();

 private:
  // How a query's outputs are called: by these names as far as they go; where nobody sees the names of a sub-select,
  // "?column?" is not printed.
  struct Naming {
    const std::vector<std::string>* names = nullptr;
    bool visible = true;
    [[nodiscard]] std::string name(std::size_t number, const std::string& own) const {
      return names && number < names->size() ? (*names)[number] : own;
    }
  };

  // ---- queries ----
  Fields select(const json& query, const Scope* outer, const Naming& naming);
  void with(const json& clause, Scope& scope);
  // The view's own names stand in both parts; nobody sees those of the second one.
  Fields set_operation(const json& query, const Scope& scope, const Naming& naming);
  Fields values(const json& query, const Scope& scope, const Naming& naming);

  // ---- FROM ----
  std::vector<Visible> from(const json& item, Scope& scope);
  // Names of WITH are seen from within, columns of its neighbours are not.
  const Scope* scope_around(const Scope& scope);
  std::vector<Visible> open(Range range, Scope& scope);
  Range relation(const json& node, const Scope& scope);
  static const Fields* find_cte(const Scope& scope, const std::string& name);
  std::vector<std::string> relations(const std::string& schema) const;
  Range function(const json& node, const Scope& scope);
  // OUT parameters, a row type, else the one value under the function's alias.
  Fields result_fields(const json& called, const std::string& alias, const Scope& scope);
  std::vector<Visible> join(const json& node, Scope& scope);
  static const Visible* find_visible(const std::vector<Visible>& list, const std::string& name);
  // USING: the shared columns once, first.
  std::vector<Visible> merged(const std::vector<Visible>& left, const std::vector<Visible>& right,
                              const std::vector<std::string>& shared, const std::string& kind);
  static std::string alias_of(const json& node);
  static std::vector<std::string> column_names(const json& node);
  static Fields renamed(Fields fields, const std::vector<std::string>& names);

  // ---- what it shows ----
  struct Targets {
    Fields fields;
    std::vector<std::pair<std::size_t, std::size_t>> places;  // of the expressions; {0, 0}: of a star
  };
  void target(const json& item, Scope& scope, const Naming& naming, Targets& targets);
  // Says AS where PostgreSQL prints it; returns the end of the expression before it.
  std::size_t name_output(const json& item, std::size_t begin, std::size_t end, const std::string& own,
                          const std::string& name, bool visible);
  void star(const json& item, const Scope& scope, const Naming& naming, Targets& targets);
  // In the place of `*`; `TABLE t` has none.
  void put_list(const json& item, const Scope& scope, const std::string& list);
  // GROUP BY 1, ORDER BY total: PostgreSQL keeps the expression. Of GROUP BY a column of a table comes first.
  void by_target(const json& item, Scope& scope, const Targets& targets, bool outputs_first);
  void put_target(std::size_t at, const Targets& targets, std::size_t number);
  // ORDER BY of UNION is kept as a number.
  void by_number(const json& item, const Fields& fields);
  [[nodiscard]] std::size_t word_end(std::size_t at) const;
  static std::size_t number_of(const json& item);
  static std::string bare_name(const json& item);

  // ---- expressions ----
  void visit(const json& node, const Scope& scope);
  // A domain's value is one of its base type to an operator, and PostgreSQL says so.
  void operands(const json& operation, const Scope& scope);
  [[nodiscard]] const catalog::Type* type_of_text(const std::string& text) const;
  void called(const json& call);

  struct Found {
    const Field* field = nullptr;
    const Range* range = nullptr;  // the whole row
    std::string alias;
    bool known = true;  // nothing on the way could have had it unseen
  };
  static const Range* find_range(const Scope& scope, const std::string& alias);
  static const Field* find_field(const Range& range, const std::string& name);
  [[nodiscard]] Found find(const std::vector<std::string>& words, const Scope& scope) const;
  void column(const json& reference, const Scope& scope);
  static bool system_column(const std::string& name);
  static std::vector<std::string> columns(const std::vector<std::string>& words, const Scope& scope);
  [[nodiscard]] ValueType type_of(const json& node, const Scope& scope) const;

  // ---- what comes out ----
  void use(const Field& field);
  void problem(QueryProblem::Is is, std::size_t offset, std::string name, std::vector<std::string> candidates);
  // One table, or one view that is updatable itself, and nothing between it and its rows.
  [[nodiscard]] bool updatable(const json& query) const;
  void finish(const Fields& fields);
  // VALUES under names of its own is a sub-select to PostgreSQL.
  [[nodiscard]] std::string selected_values(const Fields& fields) const;

  const catalog::Catalog& catalog_;
  QueryTypes types_;
  bool values_ = false;
  const std::string& text_;
  const std::vector<std::string>& names_;
  QueryShape shape_;
  std::vector<Edit> edits_, relations_;
  std::map<catalog::Name, std::set<std::string>> uses_;
  std::set<catalog::Name> functions_;
  std::map<const json*, Fields> outputs_;
  std::vector<std::unique_ptr<Scope>> arounds_;
};

}  // namespace mig::operations::queries
