// What a query shows and what it reads: its columns with their types, as far as the catalog tells, the relations and
// columns behind them, and its text as PostgreSQL keeps it, with every name made plain.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct QueryColumn {
  std::string name;
  std::string type;       // format_type(); empty where it is not known here
  std::string collation;  // only where it differs from the type's
};

// What the server would refuse, with its place in the text.
struct QueryProblem {
  enum class Is { relation, column, duplicate, too_many_names, parameter, changes_rows, into };
  Is is = Is::relation;
  std::size_t offset = 0;
  std::string name;                     // of what
  std::vector<std::string> candidates;  // names that are there
};

struct QueryShape {
  bool read = false;   // it parses as one query
  bool whole = false;  // `columns` is all that it shows
  std::vector<QueryColumn> columns;
  std::vector<catalog::Use> uses;
  std::vector<catalog::Name> functions;  // those that are not PostgreSQL's own
  std::string qualified;                 // as written, each relation with its schema: what is run
  std::string text;                      // columns with their tables, stars as lists, names of outputs
  bool updatable = false;                // INSERT, UPDATE and DELETE through a view of it can work
  std::vector<QueryProblem> problems;
};

// `names`: what the first columns are to be called (CREATE VIEW v (a, b)). Unqualified relations are looked for in
// `schema`, then along the search path.
[[nodiscard]] QueryShape query_shape(const catalog::Catalog& catalog, const std::string& schema,
                                     const std::string& query, const std::vector<std::string>& names = {});

}  // namespace mig::operations
