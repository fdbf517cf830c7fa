// The resolver against a server: result type, modifier and SQLSTATE of operators, calls and expressions of them.
//
// A sample with a fresh seed; MIG_TYPING=exhaustive runs everything, MIG_TYPING_SEED=… repeats a run.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "compiler/sql/sql.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/typing.hpp"
#include "tests/support/typing_trees.hpp"

using namespace mig;
using tests::Comparison;
using tests::TypingWorld;

namespace {

bool exhaustive() {
  const auto* given = std::getenv("MIG_TYPING");
  return given != nullptr && std::string(given) == "exhaustive";
}

unsigned seed() {
  static const unsigned made = [] {
    const auto* given = std::getenv("MIG_TYPING_SEED");
    return given != nullptr ? static_cast<unsigned>(std::atoll(given)) : std::random_device{}();
  }();
  return made;
}

TypingWorld& world() {
  static TypingWorld made(tests::server());
  return made;
}

void report(const char* what, const Comparison& result) {
  fmt::print("{} on PostgreSQL {}: seed {}, {}\n", what, world().major(), seed(), result.summary());
  std::size_t shown = 0;
  for (const auto& each : result.differences) {
    if (++shown > 40) break;
    fmt::print("  {}\n", each);
  }
  for (const auto& [why, count] : result.not_typed) fmt::print("  not typed here {} times: {}\n", count, why);
  CHECK(result.differences.empty());
  CHECK(result.accepted > 0);
}

// Collects expressions and compares them a few thousand at a time.
class Batch {
 public:
  explicit Batch(Comparison& result, bool as_query = false) : result_(result), as_query_(as_query) {}
  ~Batch() { world().compare(waiting_, result_, as_query_); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  void add(std::string expression) {
    waiting_.push_back(std::move(expression));
    if (waiting_.size() < 5000) return;
    world().compare(waiting_, result_, as_query_);
    waiting_.clear();
  }

 private:
  Comparison& result_;
  bool as_query_;
  std::vector<std::string> waiting_;
};

std::vector<std::string> operands() {
  auto result = world().columns();
  result.push_back("NULL");
  return result;
}

std::vector<std::string> operator_names(bool prefix) {
  std::set<std::string> names;
  for (const auto& each : world().universe().all_operators())
    if ((each.left == 0) == prefix) names.emplace(each.name);
  return {names.begin(), names.end()};
}

std::vector<std::string> function_names() {
  std::set<std::string> names;
  for (const auto& each : world().universe().all_functions()) names.emplace(sql::quote_ident(each.name));
  return {names.begin(), names.end()};
}

std::string binary(const std::string& left, const std::string& op, const std::string& right) {
  return left + " OPERATOR(pg_catalog." + op + ") " + right;
}

}  // namespace

TEST_CASE("operators are typed as the server types them") {
  const auto values = operands(), names = operator_names(false), prefixes = operator_names(true);
  Comparison result;
  {
    Batch batch(result);
    std::mt19937 random(seed());
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    const auto one = [&](const std::string& left, const std::string& name, const std::string& right) {
      batch.add(left + " OPERATOR(" + name + ") " + right);
    };
    if (exhaustive()) {
      for (const auto& name : names)
        for (const auto& left : values)
          for (const auto& right : values) batch.add(left + " " + name + " " + right);
    } else {
      for (int i = 0; i < 6000; ++i) batch.add(pick(values) + " " + pick(names) + " " + pick(values));
    }
    for (const auto& name : prefixes)
      for (const auto& value : values) batch.add(name + " " + value);
    // By schema: the path is not asked.
    for (int i = 0; i < 1000; ++i) batch.add(binary(pick(values), pick(names), pick(values)));
    for (int i = 0; i < 500; ++i) one(pick(values), (i % 2 == 0 ? "one." : "two.") + pick(names), pick(values));
  }
  report("operators", result);
}

TEST_CASE("functions are typed as the server types them") {
  const auto values = operands(), names = function_names();
  Comparison result;
  {
    Batch batch(result);
    std::mt19937 random(seed() + 1);
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    if (exhaustive())
      for (const auto& name : names)
        for (const auto& value : values) batch.add(name + "(" + value + ")");
    const int calls = exhaustive() ? 500'000 : 6000;
    for (int i = 0; i < calls; ++i) {
      auto text = pick(names) + "(";
      const auto count = random() % 7;
      for (std::size_t k = 0; k < count; ++k) text += (k == 0 ? "" : ", ") + pick(values);
      batch.add(text + ")");
    }
  }
  report("functions", result);
}

// Calls whose arguments are near to what a function wants: most random ones are refused at once.
TEST_CASE("calls that nearly fit are typed as the server types them") {
  const auto values = operands();
  const auto& universe = world().universe();
  Comparison result;
  {
    Batch batch(result);
    std::mt19937 random(seed() + 2);
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    const auto functions = universe.all_functions();
    std::unordered_map<types::TypeId, std::string> columns;
    const auto* table = universe.relation_named("public", "w");
    for (const auto& column : table->columns) columns.emplace(column.type, std::string(column.name));
    const int calls = exhaustive() ? 200'000 : 4000;
    for (int i = 0; i < calls; ++i) {
      const auto& function = functions[random() % functions.size()];
      auto text = sql::quote_ident(function.name) + "(";
      const auto parameters = universe.parameters(function);
      const auto extra = function.variadic != 0 ? random() % 3 : 0;
      auto count = parameters.size() + extra;
      if (random() % 8 == 0 && count > 0) --count;
      for (std::size_t k = 0; k < count; ++k) {
        const auto wanted = k < parameters.size() && !(function.variadic != 0 && k + 1 >= parameters.size())
                                ? parameters[k]
                                : function.variadic;
        const auto column = columns.find(wanted);
        const auto chance = random() % 10;
        std::string value = chance == 0 || column == columns.end() ? pick(values)
                            : chance == 1                          ? "NULL"
                                                                   : column->second;
        text += (k == 0 ? "" : ", ") + value;
      }
      batch.add(text + ")");
    }
  }
  report("near calls", result);
}

TEST_CASE("trees of expressions are typed as the server types them") {
  tests::Trees trees(world().universe(), seed() + 3);
  Comparison result;
  {
    Batch batch(result, true);
    const int count = exhaustive() ? 200'000 : 4000;
    for (int i = 0; i < count; ++i) batch.add(trees.expression(1 + i % 6));
  }
  report("trees", result);
}

TEST_CASE("queries are typed as the server types them") {
  tests::Trees trees(world().universe(), seed() + 4);
  Comparison result;
  std::vector<std::string> queries;
  const int count = exhaustive() ? 50'000 : 2000;
  queries.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) queries.push_back(trees.query());
  world().compare_queries(queries, result);
  report("queries", result);
}

TEST_CASE("what may be written to a column is what the server lets through") {
  tests::Trees trees(world().universe(), seed() + 5);
  const auto values = operands();
  Comparison result;
  std::vector<std::pair<std::string, std::string>> pairs;
  std::mt19937 random(seed() + 5);
  if (exhaustive()) {
    for (const auto& column : world().columns())
      for (const auto& value : values) pairs.emplace_back(column, value);
  } else {
    for (int i = 0; i < 3000; ++i)
      pairs.emplace_back(world().columns()[random() % world().columns().size()], values[random() % values.size()]);
  }
  for (int i = 0; i < 1000; ++i)
    pairs.emplace_back(world().columns()[random() % world().columns().size()], trees.expression(1 + i % 3));
  world().compare_assignments(pairs, result);
  report("assignments", result);
}

TEST_CASE("the server's own views are typed as it types them") {
  Comparison result;
  const auto queries = world().ask(
      "SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN"
      " ('information_schema'::regnamespace, 'pg_catalog'::regnamespace) ORDER BY c.relname");
  REQUIRE(queries.size() > 100);
  world().compare_queries(queries, result);
  report("views", result);
}

namespace {

// Every expression of a catalog, as the server prints it: it has been accepted there, so it has a type here.
class Stored {
 public:
  explicit Stored(const catalog::Catalog& catalog)
      : catalog_(catalog), universe_(types::load(catalog, {"public"})), resolver_(universe_) {}

  std::size_t all() {
    for (const auto& name : catalog_.names("table")) table(*catalog_.table(name));
    for (const auto& name : catalog_.names("view")) view(*catalog_.view(name));
    return typed_;
  }

 private:
  void take(const std::string& text, const types::Typed& typed) {
    INFO(text << ": " << (typed.ok() ? "" : typed.refusal->sqlstate + " " + typed.refusal->message));
    CHECK(typed.ok());
    ++typed_;
  }
  types::Node parsed(const std::string& text) {
    sql::ParseError error;
    auto node = types::parse_expression(text, error);
    INFO(text << ": " << error.message);
    REQUIRE(node);
    return std::move(*node);
  }
  void condition(const std::string& text, const types::Scope& scope, types::Clause clause) {
    if (text.empty()) return;
    auto node = parsed(text);
    take(text, resolver_.condition(node, scope, clause));
  }
  void table(const catalog::Table& table) {
    const auto& relation = *universe_.relation_named(table.name.schema, table.name.name);
    types::Scope scope;
    scope.add(universe_, relation);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& column = table.columns[i];
      if (column.default_.empty()) continue;
      auto node = parsed(column.default_);
      const auto clause = column.generated.empty() ? types::Clause::default_ : types::Clause::generated;
      take(column.default_,
           resolver_.assign(node, scope, clause, relation.columns[i].type, relation.columns[i].modifier));
    }
    for (const auto& constraint : table.constraints) condition(constraint.expression, scope, types::Clause::check);
    for (const auto& index : table.indexes) {
      condition(index.predicate, scope, types::Clause::predicate);
      for (const auto& part : index.parts) {
        if (part.expression.empty()) continue;
        auto node = parsed(part.expression);
        take(part.expression, resolver_.type(node, scope, types::Clause::index));
      }
    }
  }
  void view(const catalog::View& view) {
    sql::ParseError error;
    auto query = types::parse_query(view.definition, error);
    INFO(view.name.text() << error.message);
    REQUIRE(query);
    const auto typed = resolver_.type(*query);
    INFO((typed.refusal ? typed.refusal->sqlstate + " " + typed.refusal->message : std::string()));
    REQUIRE_FALSE(typed.refusal);
    const auto& relation = *universe_.relation_named(view.name.schema, view.name.name);
    REQUIRE(typed.columns.size() == relation.columns.size());
    for (std::size_t i = 0; i < typed.columns.size(); ++i) {
      INFO(typed.columns[i].name);
      CHECK(typed.columns[i].name == relation.columns[i].name);
      CHECK(universe_.display(typed.columns[i].type) == universe_.display(relation.columns[i].type));
      CHECK(typed.columns[i].modifier == relation.columns[i].modifier);
    }
    ++typed_;
  }

  const catalog::Catalog& catalog_;
  types::Universe universe_;
  types::Resolver resolver_;
  std::size_t typed_ = 0;
};

}  // namespace

TEST_CASE("what a delivered database holds is typed from its catalog alone") {
  const auto schema = std::filesystem::path(MIG_SOURCE_DIR) / "../shared/data/sakila/schema.sql";
  if (!std::filesystem::exists(schema)) {
    fmt::print("sakila: skipped, ../shared/data/sakila is not here (the only reason a test may be skipped)\n");
    return;
  }
  const auto target = tests::server().database();
  const auto ran = tests::psql(target, {"-q", "-f", schema.string()});
  INFO(ran.output);
  REQUIRE(ran.exit == 0);
  const auto catalog = runtime::introspect(target);
  const auto typed = Stored(catalog).all();
  fmt::print("sakila: {} defaults, checks, predicates and views typed\n", typed);
  CHECK(typed > 50);
}
