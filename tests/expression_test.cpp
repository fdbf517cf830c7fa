// The fold against PostgreSQL's own parser: our tree, printed with all parentheses, must read there as the text itself.
#include <pg_query.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/expression_text.hpp"
#include "tests/support/parse_one.hpp"

using namespace mig;
using namespace mig::tests;
using nlohmann::json;

namespace {

// Places are not part of what a text means.
void forget_places(json& tree) {
  if (tree.is_object())
    for (const auto* key : {"location", "stmt_len", "stmt_location"}) tree.erase(key);
  if (!tree.is_structured()) return;
  for (auto& one : tree) forget_places(one);
}

// PostgreSQL's tree of `select EXPRESSION` without places; null when it refuses.
json postgres_tree(const std::string& expression) {
  const auto result = pg_query_parse(("select " + expression + "\n").c_str());
  json tree;
  if (result.error == nullptr) tree = json::parse(result.parse_tree);
  pg_query_free_parse_result(result);
  // `select a b` and `select into` parse, but are no expression: one unnamed target and nothing else counts.
  if (tree.is_null() || tree["stmts"].size() != 1) return {};
  const auto& select = tree["stmts"][0]["stmt"]["SelectStmt"];
  for (const auto& [key, value] : select.items())
    if (key != "targetList" && key != "limitOption" && key != "op") return {};
  if (select["targetList"].size() != 1 || select["targetList"][0]["ResTarget"].contains("name")) return {};
  forget_places(tree);
  return tree;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.rfind("# ", 0) != 0) lines.push_back(line);
  return lines;
}

// Random flat expressions: operators and operands in any order, most of them wrong somewhere.
class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  std::string expression(int depth = 0) {
    std::string made = prefixes() + operand(depth);
    for (auto more = pick(6); more > 0; --more) made += " " + next(depth);
    return made;
  }

 private:
  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }
  std::string one_of(const std::vector<std::string>& list) { return list[pick(list.size())]; }
  std::string prefixes() {
    return pick(5) > 0 ? "" : one_of({"not ", "- ", "+ ", "@ ", "~ ", "not not ", "- @ ", "operator(s.!) "});
  }
  std::string operand(int depth) {
    const std::vector<std::string> leaves{"a",        "b.c",      "1",
                                          "'x'",      "null",     "f(a)",
                                          "true",     "a::int",   "date '2020-01-01'",
                                          "a[1]",     "(b).c",    "current_date",
                                          "count(*)", "x::int[]", "interval '1' day",
                                          "$$y$$",    "e.f::text"};
    if (depth > 2 || pick(4) > 0) return one_of(leaves);
    const auto inner = expression(depth + 1);
    switch (pick(6)) {
      case 0:
        return "(" + inner + ", " + expression(depth + 1) + ")";
      case 1:
        return "case when " + inner + " then " + expression(depth + 1) + " else a end";
      case 2:
        return "array[" + inner + "]";
      case 3:
        return "f(" + inner + ", b => " + expression(depth + 1) + ")";
      case 4:
        return "cast(" + inner + " as numeric(3, 1))";
      default:
        return "(" + inner + ")";
    }
  }
  std::string next(int depth) {
    const auto right = " " + prefixes() + operand(depth);
    switch (pick(5)) {
      case 0:
        return one_of({"is null", "is not true", "isnull", "notnull", "collate \"C\"", "is unknown", "in (1, 2)",
                       "not in (select 1)", "is not document"});
      case 1:
        return one_of({"and", "or", "and", "or"}) + right;
      case 2:
        return one_of({"=", "<", "<>", "!=", ">=", "is distinct from", "is not distinct from"}) + right;
      case 3:
        return one_of({"like", "not ilike", "similar to", "between 1 and", "not between symmetric a and", "= any (b)",
                       "at time zone", "like 'x' escape"}) +
               right;
      default:
        return one_of({"+", "-", "*", "/", "%", "^", "||", "->", "<->", "@>", "operator(s.+)", "~"}) + right;
    }
  }
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("our fold and PostgreSQL's parser make the same tree of each expression of the list") {
  const auto lines = lines_of("cases/syntax/expressions.txt");
  CHECK(lines.size() >= 250);
  for (const auto& line : lines) {
    INFO(line);
    const auto theirs = postgres_tree(line);
    CHECK_FALSE(theirs.is_null());
    const auto ours = parse_expression(line);
    CHECK(ours.has_value());
    if (!ours) continue;
    const auto printed = with_parentheses(*ours);
    INFO(printed);
    CHECK(postgres_tree(printed) == theirs);
  }
}

TEST_CASE("what PostgreSQL refuses is refused") {
  for (const auto& line : lines_of("cases/syntax/refused.txt")) {
    INFO(line);
    CHECK(postgres_tree(line).is_null());
    CHECK_FALSE(parse_expression(line).has_value());
  }
}

TEST_CASE("random expressions read as PostgreSQL reads them, or not at all") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  std::size_t same = 0, refused = 0, stricter = 0, laxer = 0;
  for (int i = 0; i < 6000; ++i) {
    const auto text = random.expression();
    INFO(text);
    const auto theirs = postgres_tree(text);
    const auto ours = parse_expression(text);
    if (!ours) {
      ++(theirs.is_null() ? refused : stricter);
      // The only text that PostgreSQL takes and we refuse would be a defect.
      CHECK(theirs.is_null());
      continue;
    }
    if (theirs.is_null()) {
      ++laxer;  // allowed only where PostgreSQL has its restricted b_expr: the lower bound of between
      CHECK(text.find("between") != std::string::npos);
      continue;
    }
    const auto printed = with_parentheses(*ours);
    INFO(printed);
    CHECK(postgres_tree(printed) == theirs);
    ++same;
  }
  CHECK(same > 500);
  CHECK(refused > 100);
  CHECK(laxer < same / 10);
}
