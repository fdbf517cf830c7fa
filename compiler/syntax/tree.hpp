// The syntax tree: what was written, with spans. No meaning, no catalog. Names are folded as PostgreSQL folds them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/source/source.hpp"

namespace mig::syntax {

using source::Span;

// A value on the heap with value semantics, for recursive nodes.
template <class T>
class Box {
 public:
  Box() : value_(std::make_unique<T>()) {}
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: implicit on purpose
  Box(const Box& other) : value_(std::make_unique<T>(*other.value_)) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) {
    if (this != &other) value_ = std::make_unique<T>(*other.value_);
    return *this;
  }
  Box& operator=(Box&&) noexcept = default;
  ~Box() = default;
  [[nodiscard]] const T& operator*() const { return *value_; }
  [[nodiscard]] T& operator*() { return *value_; }
  [[nodiscard]] const T* operator->() const { return value_.get(); }
  [[nodiscard]] T* operator->() { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

// An optional value on the heap: eight bytes where there is none. Used as std::optional; a file of ten thousand
// operations is mostly parts that were not written.
template <class T>
class Maybe {
 public:
  Maybe() = default;
  Maybe(std::nullopt_t) {}                                           // NOLINT: implicit on purpose
  Maybe(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT
  Maybe(std::optional<T> value) {                                    // NOLINT
    if (value) value_ = std::make_unique<T>(std::move(*value));
  }
  Maybe(const Maybe& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Maybe(Maybe&&) noexcept = default;
  Maybe& operator=(const Maybe& other) {
    if (this != &other) value_ = other.value_ ? std::make_unique<T>(*other.value_) : nullptr;
    return *this;
  }
  Maybe& operator=(Maybe&&) noexcept = default;
  ~Maybe() = default;
  [[nodiscard]] bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] const T& operator*() const { return *value_; }
  [[nodiscard]] T& operator*() { return *value_; }
  [[nodiscard]] const T* operator->() const { return value_.get(); }
  [[nodiscard]] T* operator->() { return value_.get(); }
  void reset() { value_.reset(); }

 private:
  std::unique_ptr<T> value_;
};

// ---- words, names, literals ----

// A name: folded to lower case unless quoted. `written` differs from `text` only in quotes and case.
struct Name {
  std::string text;
  bool quoted = false;
  Span span;
};

// a.b.c; the last part is the object.
struct Path {
  std::vector<Name> parts;
  Span span;
};

struct Word {  // a keyword or label as it stands in the text, lower case
  std::string text;
  Span span;
};
struct Text {  // a string constant, its value decoded
  std::string value;
  Span span;
};
struct Number {  // digits as written: never through a double
  std::string text;
  Span span;
};
struct Quantity {  // 250ms, 0.5%, 64MB
  std::string number;
  std::string unit;  // ms s min h d w kB MB GB TB %
  Span span;
};
struct Body {  // $tag$ … $tag$: text without its delimiters; span of the text
  std::string text;
  Span span;
};
struct Query {  // a sub-select: PostgreSQL's text, read by PostgreSQL's own parser
  std::string text;
  Span span;
};

// ---- types ----

struct Expr;
struct Type {
  Path name;         // the base name; `double precision` is the one part "double precision"
  std::string with;  // "with time zone", "without time zone", or an interval's unit, lower case
  std::vector<Expr> modifiers;
  std::vector<std::string> bounds;  // one entry per [], "" or its number
  bool setof = false;
  Span span;
};

// ---- expressions: folded by PostgreSQL's precedence (manual 4.1.6) ----

struct Binary {
  std::string op;  // as written, lower case words: "+", "and", "not like", "is distinct from", "operator(s.+)"
  Box<Expr> left, right;
  std::optional<Box<Expr>> escape;  // like … escape
};
struct Unary {
  std::string op;  // "-", "not", any prefix operator
  Box<Expr> operand;
};
struct Postfix {
  std::string op;  // "is null", "is not true", "is nfc normalized", "isnull" …
  Box<Expr> operand;
};
struct Between {
  bool negated = false, symmetric = false;
  Box<Expr> operand, low, high;
};
struct InList {
  bool negated = false;
  Box<Expr> operand;
  std::vector<Expr> items;     // or
  std::optional<Query> query;  // a sub-select
};
struct Quantified {  // x = any (…)
  std::string op;
  std::string quantifier;  // any some all
  Box<Expr> left;
  std::vector<Expr> items;
  std::optional<Query> query;
};
struct SortKey {
  Box<Expr> value;
  std::string direction;  // "", asc, desc, or using OP
  std::string nulls;      // "", first, last
};
struct CallArgument {
  std::optional<Name> name;  // name => value
  bool variadic = false;
  std::string lead;  // both, leading, trailing
  std::optional<Box<Expr>> value;
  std::vector<std::pair<std::string, Box<Expr>>> words;  // from x, for y, placing z, in s
};
struct Window {
  std::optional<Name> name;
  std::vector<Expr> partition;
  std::vector<SortKey> order;
  std::string frame;
};
struct FunctionCall {
  Path function;
  bool star = false, distinct = false;
  std::vector<CallArgument> arguments;
  std::vector<SortKey> order, within_group;
  std::optional<Box<Expr>> filter;
  Maybe<Window> over;
};
struct Cast {
  Box<Expr> operand;
  Type type;
  bool keyword = false;  // cast(x as t) instead of x::t
};
struct Typed {  // date '2020-01-01'
  Type type;
  Text text;
};
struct Case {
  std::optional<Box<Expr>> operand;
  std::vector<std::pair<Box<Expr>, Box<Expr>>> branches;
  std::optional<Box<Expr>> otherwise;
};
struct ArrayExpr {
  std::vector<Expr> items;
  std::optional<Query> query;
};
struct RowExpr {
  std::vector<Expr> items;
  bool keyword = true;
};
struct Subquery {
  bool exists = false;
  Query query;
};
struct ColumnRef {
  Path path;
  bool star = false;  // t.*
};
struct Constant {
  enum class Is { string, number, boolean, null, bits };
  Is is = Is::null;
  std::string value;
};
struct Keyword {  // current_date, current_timestamp(3), session_user …
  std::string word;
};
struct Subscript {
  Box<Expr> operand;
  std::optional<Box<Expr>> low, high;
  bool slice = false;
};
struct FieldOf {  // (x).f
  Box<Expr> operand;
  std::optional<Name> field;  // absent: (x).*
};
struct AtZone {
  Box<Expr> operand;
  std::optional<Box<Expr>> zone;  // absent: at local
};
struct Collate {
  Box<Expr> operand;
  Path collation;
};
struct Bad {};  // where the text did not parse: accepted silently by later passes

struct Expr {
  Span span;
  std::variant<Bad, Binary, Unary, Postfix, Between, InList, Quantified, FunctionCall, Cast, Typed, Case, ArrayExpr,
               RowExpr, Subquery, ColumnRef, Constant, Keyword, Subscript, FieldOf, AtZone, Collate>
      node;
};

// ---- columns, constraints, indexes: as in SQL ----

struct SeqOption {
  std::string word;  // start increment minvalue maxvalue cache cycle owned as restart "no cycle" …
  std::optional<Number> number;
  std::optional<Path> path;
  std::optional<Type> type;
  Span span;
};
struct RefAction {
  std::string event;   // delete, update
  std::string action;  // cascade, restrict, no action, set null, set default
  std::vector<Name> columns;
};
struct Timing {
  std::optional<bool> deferrable;
  std::optional<bool> deferred;
};
struct Reference {
  Path table;
  std::vector<Name> columns;
  std::string match;  // "", full, partial, simple
  std::vector<RefAction> actions;
  Timing timing;
  Span span;
};
struct Generated {
  enum class Is { identity_always, identity_by_default, stored, virtual_ };
  Is is = Is::stored;
  std::vector<SeqOption> options;
  Maybe<Expr> expression;
};
// One option of a column, in the order written; `constraint` is the name given by `constraint name`.
struct ColumnOption {
  enum class Is {
    not_null,
    null,
    default_,
    unique,
    primary_key,
    references,
    check,
    generated,
    collate,
    storage,
    compression,
    comment
  };
  Is is = Is::null;
  std::optional<Name> constraint;
  Maybe<Expr> expression;  // default, check
  Maybe<Reference> reference;
  Maybe<Generated> generated;
  std::optional<Path> collation;
  std::optional<Text> text;  // comment
  std::string word;          // storage, compression; "not distinct" of unique nulls not distinct
  bool no_inherit = false;
  Timing timing;
  Span span;
};
struct Definition {  // type and options of a column
  Type type;
  std::vector<ColumnOption> options;
  Span span;
};
struct Column {
  Name name;
  Definition definition;
  Span span;
};
struct IndexElement {
  Expr value;
  bool parenthesised = false;
  std::optional<Path> collation;
  std::optional<Path> opclass;
  std::vector<std::pair<std::string, Expr>> opclass_options;
  std::string direction;         // "", asc, desc
  std::string nulls;             // "", first, last
  std::string exclude_operator;  // exclude constraints: with OP
  Span span;
};
struct TableConstraint {
  enum class Is { primary_key, unique, check, foreign_key, exclude };
  Is is = Is::check;
  std::optional<Name> name;
  std::vector<Name> columns;
  Maybe<Expr> expression;  // check; where of exclude
  Maybe<Reference> reference;
  std::optional<Name> method;          // exclude using
  std::vector<IndexElement> elements;  // exclude
  std::vector<Name> include;
  std::string nulls;  // "", "distinct", "not distinct"
  bool no_inherit = false, not_valid = false;
  Timing timing;
  Span span;
};
struct LikeTable {
  Path table;
  std::vector<std::pair<bool, std::string>> options;  // including?, label
  Span span;
};
using Element = std::variant<Column, TableConstraint, LikeTable>;

// ---- arguments of operations and steps: one alternative per grammar::Kind family ----

struct Callable {
  Path path;
  std::optional<std::vector<Type>> types;
  Span span;
};
struct Setting {
  Path name;
  Maybe<Expr> value;  // or a word: default, on
  std::string word;
  Span span;
};
struct Privilege {
  Word word;
  std::vector<Name> columns;
};
struct Event {
  std::string word;  // insert update delete truncate
  std::vector<Name> columns;
};
struct PartitionBound {
  enum class Is { default_, in, range, hash };
  Is is = Is::default_;
  std::vector<Expr> values, from, to;  // minvalue and maxvalue are Keyword nodes
  std::string modulus, remainder;
  Span span;
};
struct Parameter {
  std::string mode;
  Name name;
  Type type;
  Maybe<Expr> fallback;
};
struct Assignment {
  Name column;
  Maybe<Expr> value;  // absent: default
  Span span;
};

using Value =
    std::variant<Name, Path, Word, Text, Number, Quantity, Body, Query, Type, Definition, Expr, std::vector<Name>,
                 std::vector<Path>, std::vector<Word>, std::vector<Callable>, std::vector<Element>,
                 std::vector<IndexElement>, std::vector<Parameter>, std::vector<Setting>,
                 std::vector<std::vector<Expr>>, std::vector<Assignment>, std::vector<Text>, std::vector<Privilege>,
                 std::vector<Event>, PartitionBound, std::vector<SeqOption>, Reference, std::vector<Column>,
                 std::vector<CallArgument>, TableConstraint, std::monostate /* the word null */>;

struct Argument {
  std::string hole;  // its name in the form
  Value value;
  Span span;
};

// One operation or step as written. `form` is the index of its form in the vocabulary.
struct Call {
  std::size_t form = 0;
  Span phrase;                      // the verb phrase
  std::vector<Argument> arguments;  // in the order written
  std::vector<Word> words;          // the keywords of optional parts that were written
  std::optional<Text> loss;         // accept loss '…'
  Span span;

  // The value of this hole if it was written and is of type T, else null.
  template <class T>
  [[nodiscard]] const T* get(std::string_view hole) const {
    for (const auto& argument : arguments)
      if (argument.hole == hole) return std::get_if<T>(&argument.value);
    return nullptr;
  }
  [[nodiscard]] bool has_word(std::string_view word) const {
    for (const auto& w : words)
      if (w.text == word) return true;
    return false;
  }
};

// ---- assertions, rules, maps ----

struct Threshold {
  Path measure;
  std::string op;
  Quantity limit;  // its unit is empty where only a number stands
};
struct Rule {  // an item of policy or backup
  Word word;
  std::vector<Threshold> when;
  std::optional<Text> text;
  std::optional<Quantity> quantity;
  std::vector<Path> paths;
  std::string tail;  // window: "01:00-04:00" and its zone, as written
  Span span;
};
struct Expect {
  struct None {
    std::optional<Path> table;
    std::optional<Query> query;
    Maybe<Expr> where;
  };
  struct Match {
    Path source, table;
    std::optional<Number> sample;
    std::optional<Quantity> tolerate;
  };
  struct PlanUses {
    std::optional<Name> index;
    Body query;
  };
  struct Time {
    std::string percentile;  // p50 p95 p99
    std::string op;
    Quantity limit;
    Number runs;
    Body query;
  };
  struct Baseline {  // lead_list < 1.5x baseline
    Path measure;
    std::string op;
    std::string factor;  // "1.5"
  };
  std::variant<Expr, None, Match, PlanUses, Time, Baseline> what;
  std::optional<Text> message;
  Span span;
};
struct MapAssignment {
  Name target;
  Expr value;
  bool else_reject = false;
  Maybe<Expr> otherwise;
  bool normalise = false;
  std::optional<Text> loss;
  Span span;
};
struct MapItem {
  struct Key {
    std::vector<Name> columns;
  };
  struct Check {
    Expr condition;
    std::optional<Text> message;
  };
  struct OnDuplicate {
    std::vector<Name> columns;
    std::string action;  // merge, reject, keep first, keep latest
    std::vector<SortKey> by;
    std::vector<MapAssignment> merge;
  };
  struct OnRow {  // on missing, on changed in target
    std::string event;
    std::string action;
  };
  struct Back {
    std::vector<MapAssignment> assignments;
    std::optional<Text> loss;
  };
  struct Accept {
    std::string what;  // loss, break
    Text why;
  };
  std::variant<MapAssignment, Key, Check, OnDuplicate, OnRow, Back, Accept> what;
  Span span;
};
struct Map {
  Path from, to;
  std::string mode;  // "", live, once, moving
  Maybe<Expr> where;
  std::vector<Expr> group;
  std::vector<MapItem> items;
  bool body = false;
  Span span;
};

// ---- migrations ----

struct Include {
  Text file;
  Span span;
};
struct WhenServer;
struct Skip {  // skip dev.config as 'recreated by hand'
  Path what;
  Text why;
  Span span;
};
using PhaseItem = std::variant<Include, Box<WhenServer>, Map, Call>;
struct WhenServer {
  std::string op;
  Number version;
  std::vector<PhaseItem> items;
  Span span;
};
struct Policy {
  std::vector<Rule> rules;
  Span span;
};
struct Backup {
  std::vector<Rule> rules;
  Span span;
};
struct Measure {
  Name name;
  std::string function;  // p50 p95 p99
  Body query;
  Number runs;
  Span span;
};
struct Assertions {  // require, verify
  std::string section;
  std::vector<Expect> expects;
  Span span;
};
struct Gate {  // clauses of contract
  std::optional<Quantity> after, retain;
  bool approved = false;
  Maybe<Expr> when;
  std::optional<Path> unused;
  std::optional<Quantity> unused_for;
};
struct Phase {
  std::string section;  // expand, contract
  Gate gate;
  std::vector<PhaseItem> items;
  Span head;  // the section word
  Span span;
};
struct Checkpoint {
  Name name;
  std::optional<Text> text;
  Span span;
};
struct Publish {
  Name version;
  Span span;
};
using Section = std::variant<Policy, Backup, Measure, Assertions, Phase, Checkpoint, Publish, Include, Box<WhenServer>,
                             Map, Call, Skip>;

struct After {
  Name migration;
  bool done = false;  // after X done
};
struct Migration {
  Name name;
  std::optional<Text> title;
  std::vector<After> after;
  std::vector<Name> tags;
  std::optional<Name> schema;
  std::vector<Section> sections;
  bool repeatable = false;
  Span span;
};

// ---- declarations ----

struct Use {
  std::optional<Text> file;
  std::optional<Path> module;
  Span span;
};
struct ParameterDecl {
  Name name;
  Type type;
  std::optional<Text> env;
  Maybe<Expr> value;
  bool secret = false;
  Span span;
};
struct TimeZone {
  Text zone;
  Span span;
};
struct FieldType;
struct Field {
  Name name;  // keeps its spelling: text is as written
  std::optional<Type> type;
  std::vector<Field> fields;  // { … }
  bool list = false;          // [ … ]
  bool optional = false, secret = false;
  std::optional<Text> from;
  Span span;
};
struct Source {
  Name name;
  Word format;
  std::optional<Text> where, env;
  bool optional = false;
  std::vector<Setting> settings;
  std::vector<Field> fields;
  Span span;
};
struct Pair {
  Expr left, right;
  bool both_ways = false;
};
struct Values {
  Name name;
  Type from, to;
  std::vector<Pair> pairs;
  bool else_reject = false;
  Maybe<Expr> otherwise;
  Span span;
};
struct Function {
  Path name;
  std::vector<Parameter> parameters;
  Type returns;
  Expr body;
  std::vector<Expr> examples;
  Span span;
};
struct StepDecl {
  std::string form;  // header text, to be read by grammar::read_form
  Span head;
  std::vector<Section> sections;
  Span span;
};

using Item =
    std::variant<Use, Include, ParameterDecl, TimeZone, Source, Values, Function, StepDecl, Migration, Call, Skip>;

struct File {
  std::uint32_t file = 0;  // index in source::Files
  std::vector<Item> items;
};

}  // namespace mig::syntax
