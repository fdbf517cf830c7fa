// What mig new writes: each template compiles, and stands as the formatter would have it.
#include <set>

#include "cli/templates.hpp"
#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/syntax/format.hpp"
#include "tests/support/catalog.hpp"
#include "tests/support/catch.hpp"

using namespace mig;

namespace {

constexpr const char* customers = R"(migration customers {
  expand {
    create table customers (id bigint generated always as identity primary key, email text not null, phone text);
  }
}
)";

// What the compiler says of a file that comes after the table of customers.
std::string said_of(const std::string& text) {
  Input input;
  input.files = {{"migrations/a.mig", customers}, {"migrations/b.mig", text}};
  input.catalog.server = tests::shop().server;
  catalog::Object schema;
  schema.kind = "schema";
  schema.name = {"", "public"};
  input.catalog.put(schema);
  const auto compiled = compile(std::move(input));
  return compiled.diagnostics.has_errors() || compiled.plans.size() != 2
             ? diagnostics::render(compiled.diagnostics.list(), compiled.files, {}) + "\n" + text
             : "";
}

}  // namespace

TEST_CASE("every template compiles as it is written") {
  REQUIRE(cli::templates().size() >= 15);
  std::set<std::string> names;
  for (const auto& one : cli::templates()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    cli::Filling filling;
    filling.name = "next";
    filling.after = {"customers"};
    if (&one == &cli::templates().front()) filling.table = "suppliers";
    const auto text = cli::fill(one, filling);
    CHECK(text.find('{') != std::string::npos);
    CHECK(text.find("{head}") == std::string::npos);
    CHECK(said_of(text) == "");
    CHECK(syntax::format(text) == text);
  }
}

TEST_CASE("a template speaks of the table and column that it is told") {
  const auto* chosen = cli::find_template("add-index");
  REQUIRE(chosen != nullptr);
  CHECK(cli::fill(*chosen, {"n", "\"User\"", "\"newEmail\"", "", {"a", "b"}}) ==
        "migration n 'say why in a few words' after a, b {\n"
        "  expand {\n"
        "    add index on \"User\" (\"newEmail\");\n"
        "  }\n"
        "}\n");
  CHECK(cli::find_template("add-indices") == nullptr);
}
