// How many expressions are typed in a second of one core, and how long the types of a plain database take to load: the
// median of nine runs, in processor time.
// usage: bench_typing [MAJOR=15]
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "compiler/types/from_catalog.hpp"
#include "compiler/types/parse.hpp"
#include "compiler/types/resolve.hpp"

namespace {

using namespace mig;

double seconds_since(std::clock_t begin) { return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; }

double median(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  return list[list.size() / 2];
}

// What migrations hold: mappings, checks, defaults, predicates.
const char* const expressions[] = {
    "id + 1",
    "price * 1.19",
    "lower(trim(name))",
    "coalesce(name, '')",
    "created_at at time zone 'UTC'",
    "case when price > 100 then 'dear' when price is null then 'unknown' else 'cheap' end",
    "tags || array['new']",
    "extra ->> 'colour'",
    "split_part(name, ' ', 1)",
    "price between 0 and 1000 and name <> ''",
    "name in ('a', 'b', 'c')",
    "date_trunc('day', created_at)::date",
    "(extra ->> 'n')::integer",
    "now()",
    "length(name) <= 20",
    "created_at - interval '1 day'",
};

catalog::Catalog plain(int major) {
  catalog::Catalog catalog;
  catalog.server.version = major * 10000;
  catalog.server.search_path = {"public"};
  catalog::Table table;
  table.name = {"public", "orders"};
  const std::pair<const char*, const char*> columns[] = {
      {"id", "bigint"},   {"name", "character varying(80)"},         {"price", "numeric(12,2)"}, {"tags", "text[]"},
      {"extra", "jsonb"}, {"created_at", "timestamp with time zone"}};
  for (const auto& [name, type] : columns) {
    catalog::Column column;
    column.name = name;
    column.type = type;
    table.columns.push_back(std::move(column));
  }
  catalog.put(std::move(table));
  return catalog;
}

}  // namespace

int main(int count, char** arguments) {
  const auto catalog = plain(count > 1 ? std::atoi(arguments[1]) : 15);
  std::vector<double> loading;
  for (int run = 0; run < 9; ++run) {
    const auto begin = std::clock();
    const auto universe = types::load(catalog);
    loading.push_back(1000 * seconds_since(begin));
    if (universe.type_named("", "int4") == 0) return 1;
  }
  const auto universe = types::load(catalog);
  types::Resolver resolver(universe);
  types::Scope scope;
  scope.add(universe, *universe.relation_named("public", "orders"));
  std::vector<types::Node> nodes;
  std::vector<double> parsing, rates;
  for (const auto* text : expressions) {
    sql::ParseError error;
    const auto begin = std::clock();
    auto node = types::parse_expression(text, error);
    for (int again = 1; again < 1000; ++again) node = types::parse_expression(text, error);
    parsing.push_back(1000 * seconds_since(begin));
    if (!node) return fmt::print("{}: {}\n", text, error.message), 1;
    nodes.push_back(std::move(*node));
  }
  for (int run = 0; run < 9; ++run) {
    const auto begin = std::clock();
    std::size_t typed = 0;
    for (int round = 0; round < 10'000; ++round)
      for (auto& node : nodes) {
        const auto result = resolver.type(node, scope, types::Clause::output);
        if (!result.ok()) return fmt::print("{}\n", result.refusal->message), 1;
        ++typed;
      }
    rates.push_back(static_cast<double>(typed) / seconds_since(begin));
  }
  fmt::print("{:.0f} expressions typed in a second, {:.1f} µs to parse one, {:.1f} ms to load the types\n",
             median(rates), median(parsing), median(loading));
  return 0;
}
