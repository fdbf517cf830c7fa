// An expression or query as it was parsed, with room for what typing finds out about each part of it.
//
// One node for every form: what the parts are, the comment beside its kind says. `at` is the byte offset in the text
// that was parsed. parse.hpp makes these trees of SQL text; resolve.hpp types them in place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/types/universe.hpp"

namespace mig::types {

enum class Kind : unsigned char {
  null,
  string,          // an untyped literal; text
  integer,         // text: its digits
  number,          // text; bigint or numeric by its value
  boolean,         // text: true false
  bits,            // B'101' X'1F'
  parameter,       // $1
  column,          // name: one to four parts
  star,            // name.* or *; only where a list of outputs or arguments stands
  call,            // name; parts: arguments; call: the rest
  named_argument,  // text => part
  op,              // name; one part (prefix) or two
  any_array,       // name; left, array: = ANY (array)
  all_array,
  distinct,  // IS DISTINCT FROM; two parts
  not_distinct,
  nullif,
  in,       // left, then the list; text: = or <>
  between,  // value, low, high; text: "" "not" "symmetric" "not symmetric"
  similar,  // value, pattern as the grammar made it; name: ~ or !~
  cast,     // part; type_name
  collate,  // part; name
  and_,
  or_,
  not_,
  null_test,
  boolean_test,
  case_,  // [argument,] when, then, when, then …, else; detail: has_argument | has_else << 1
  coalesce,
  greatest,        // text: GREATEST LEAST
  value_function,  // CURRENT_DATE …; text: its name; detail: precision or -1
  array,
  row,
  indirection,   // part, then subscripts and fields in order
  subscript,     // [lower, upper]; detail: is_slice | has_lower << 1 | has_upper << 2
  field,         // text
  exists,        // query
  scalar_query,  // query
  array_query,   // query
  any_query,     // part; name: the operator, none for IN; query
  all_query,
  grouping,  // parts
  xml,       // text: IS_XMLELEMENT …; parts: arguments
  default_,
  unsupported  // text: what it is
};

struct Node;
struct Query;

struct TypeName {
  std::vector<std::string> name;
  std::vector<Node> modifiers;
  bool array = false, set = false, of_column = false;
  int at = 0;
};

struct SortKey;

struct Window {
  std::string name, refers;  // of its definition; OVER name or (name …)
  std::vector<Node> partition;
  std::vector<SortKey> order;
  int frame = 0;                 // FRAMEOPTION_ bits
  std::vector<Node> start, end;  // offsets: none or one
  bool only_name = false;        // OVER name
  int at = 0;
};

struct CallParts {
  bool star = false, distinct = false, within_group = false, variadic = false;
  std::vector<SortKey> order;
  std::unique_ptr<Node> filter;
  std::unique_ptr<Window> over;
};

struct Node {
  Kind kind = Kind::null;
  int at = 0, detail = 0;
  std::string text;
  std::vector<std::string> name;
  std::vector<Node> parts;
  std::unique_ptr<TypeName> type_name;
  std::unique_ptr<CallParts> call;
  std::unique_ptr<Query> query;

  // ---- what typing found ----
  TypeId type = 0;                // 0: not typed
  std::int32_t modifier = -1;     // typmod
  CollationId collation = 0;      // of the result; 0: none, or two that are in conflict
  TypeId coerced = 0;             // what the place around it made of it; 0: left as it is
  std::uint32_t function = 0;     // pg_proc's or pg_operator's number, by kind
  int level = 0;                  // of a column: how many queries outward it was found
  int entry = -1, position = -1;  // of a column: which item of FROM, which column of it
};

struct SortKey {
  Node value;
  std::vector<std::string> using_op;
  int at = 0;
};

// SELECT, VALUES or a set operation of two.
struct From {
  enum class Is { relation, query, function, join, unsupported };
  Is is = Is::relation;
  std::vector<std::string> name;     // of a relation; of a join: USING's columns
  std::string alias, text;           // text: of a join its kind; of what is not supported, what it is
  std::vector<std::string> columns;  // the alias's
  std::vector<Node> definitions;     // AS (a integer, …): nodes of kind cast without parts, text the name
  std::vector<std::vector<Node>> definition_lists;  // of each function of ROWS FROM
  std::vector<Node> functions;                      // ROWS FROM has several
  bool lateral = false, ordinality = false, natural = false, sample = false;
  std::unique_ptr<Query> query;
  std::vector<From> sides;  // of a join: two
  std::vector<Node> on;     // of a join: none or one
  std::string using_alias;
  int at = 0;
};

struct Output {
  Node value;
  std::string name;
  int at = 0;
};

struct WithQuery {
  std::string name;
  std::vector<std::string> columns;
  std::unique_ptr<Query> query;
  bool unsupported = false;  // not a SELECT, or SEARCH/CYCLE
  int at = 0;
};

struct Query {
  enum class Is { select, values, set_operation };
  Is is = Is::select;
  std::vector<WithQuery> with;
  bool recursive = false;
  bool distinct = false;
  std::vector<Node> distinct_on;
  std::vector<Output> outputs;
  std::vector<From> from;
  std::vector<Node> where, having, limit, offset;  // none or one each
  std::vector<Node> group;                         // expressions; grouping sets are unsupported
  std::vector<Window> windows;
  std::vector<SortKey> order;
  std::vector<std::vector<Node>> rows;  // VALUES
  std::string operation;                // UNION INTERSECT EXCEPT
  bool all = false;
  std::unique_ptr<Query> left, right;
  std::string unsupported;  // what it holds that is not typed here
  int at = 0;
};

}  // namespace mig::types
