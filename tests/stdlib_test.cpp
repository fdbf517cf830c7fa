// The standard library on real servers: every example, every inverse, what is immutable; and its page in docs.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "compiler/check/manual.hpp"
#include "compiler/check/modules.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/syntax/format.hpp"
#include "runtime/database.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"

using namespace mig;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A database of its own on a server, with pgcrypto where the server has it. Nothing may depend on the settings.
struct Room {
  explicit Room(tests::Server& server) : target(server.database()) {
    crypt = tests::run(target, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgcrypto'").value() == "1";
    if (crypt) tests::run(target, "CREATE EXTENSION pgcrypto");
    const auto name = tests::run(target, "SELECT current_database()").value();
    tests::run(target, "ALTER DATABASE " + name + " SET TimeZone = 'America/New_York'");
    tests::run(target, "ALTER DATABASE " + name + " SET DateStyle = 'SQL, DMY'");
  }
  runtime::Target target;
  bool crypt = false;
};

// Every server of this run, each started once.
template <class F>
void on_each_server(const F& check) {
  static std::vector<std::pair<std::unique_ptr<tests::Server>, std::unique_ptr<Room>>> rooms;
  if (rooms.empty())
    for (const auto& bin : tests::all_servers()) {
      auto server = std::make_unique<tests::Server>(tests::ServerOptions{bin, "none", {}});
      auto room = std::make_unique<Room>(*server);
      rooms.emplace_back(std::move(server), std::move(room));
    }
  for (const auto& [server, room] : rooms) {
    INFO("PostgreSQL " << server->major());
    check(*room);
  }
}

std::string answer(const Room& room, const std::string& expression) {
  try {
    return tests::run(room.target, "SELECT ((" + expression + ") IS TRUE)::text").value();
  } catch (const runtime::DatabaseError& error) {
    return error.what();
  }
}

bool needs_pgcrypto(check::Library& library, const check::Declaration& one) {
  return !check::describe(*library.functions, one, library.files).needs.empty();
}

std::vector<const check::Declaration*> runnable(check::Library& library, const Room& room) {
  std::vector<const check::Declaration*> out;
  for (const auto& one : library.functions->declarations().all())
    if (room.crypt || !needs_pgcrypto(library, *one)) out.push_back(one.get());
  return out;
}

// The arguments behind the first, by name, as far as the other function has such a parameter.
std::string further(const syntax::FunctionCall& call, const syntax::Function& function, const syntax::Function& other,
                    const source::Files& files) {
  std::string out;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    const auto& name = argument.name ? argument.name->text : function.parameters[i].name.text;
    if (std::any_of(other.parameters.begin(), other.parameters.end(),
                    [&](const auto& p) { return p.name.text == name; }))
      out += fmt::format(", {} => {}", name, files.text((*argument.value)->span));
  }
  return out;
}

// Everything that a session could answer otherwise than another one: the server refuses it in a generated column.
std::string refused_as_generated(const Room& room, const std::string& table, const std::string& columns,
                                 const std::string& type, const std::string& expression) {
  try {
    tests::run(room.target, fmt::format("CREATE TABLE {} ({}, made {} GENERATED ALWAYS AS ({}) STORED)", table, columns,
                                        type, expression));
  } catch (const runtime::DatabaseError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the standard library is right in itself, documented, and has examples with null and with what is no value") {
  check::Library library;
  library.functions->check();
  library.origins.relocate(library.sink);
  INFO(diagnostics::render(library.sink.list(), library.files, {}));
  REQUIRE_FALSE(library.sink.has_errors());
  CHECK(library.functions->declarations().all().size() >= 60);
  for (const auto& one : library.functions->declarations().all()) {
    INFO(one->name);
    CHECK_FALSE(one->doc(library.files).empty());
    const auto examples = one->examples();
    CHECK(examples.size() >= 3);
    bool null = false;
    for (const auto* example : examples)
      null = null || library.files.text(example->span).find("null") != std::string::npos;
    CHECK(null);
  }
}

TEST_CASE("mig fmt leaves the standard library as it is") {
  for (const auto& name : check::module_names()) {
    INFO(name);
    const std::string text(*check::module_text(name));
    CHECK(syntax::format(text) == text);
    CHECK(text == read(std::string(MIG_SOURCE_DIR) + "/stdlib/" + name.substr(4) + ".mig"));
  }
}

TEST_CASE("every example of the standard library holds on every server") {
  check::Library library;
  on_each_server([&](const Room& room) {
    for (const auto* one : runnable(library, room))
      for (const auto* example : one->examples()) {
        const auto text = library.functions->text(*example, one->file);
        INFO(library.files.text(example->span) << "\n" << diagnostics::render(library.sink.list(), library.files, {}));
        REQUIRE(text);
        CHECK(answer(room, *text) == "true");
      }
  });
}

// f(g(y)) = y for each y that an example returns.
TEST_CASE("inverses lead back to what the function returned") {
  check::Library library;
  std::string laws;
  for (const auto& name : check::module_names()) laws += "use " + name + ";\n";
  std::vector<std::pair<std::string, const check::Declaration*>> texts;
  for (const auto& one : library.functions->declarations().all()) {
    if (one->inverse() == nullptr) continue;
    for (const auto* example : one->examples()) {
      const auto* sides = std::get_if<syntax::Binary>(&example->node);
      const auto* call = sides == nullptr ? nullptr : std::get_if<syntax::FunctionCall>(&sides->left->node);
      if (call == nullptr || sides->op != "=" || check::dotted(call->function) != one->name) continue;
      const std::string value(library.files.text(sides->right->span));
      const auto& inverse = *library.find(check::dotted(*one->inverse()))->function;
      const auto more = further(*call, *one->function, *one->function, library.files);
      const auto law = fmt::format("{0}({1}({2}{3}){4}) = {2}", one->name, check::dotted(*one->inverse()), value,
                                   further(*call, *one->function, inverse, library.files), more);
      laws += fmt::format("function law{}() returns boolean = {};\n", texts.size(), law);
      texts.emplace_back(law, one.get());
    }
  }
  REQUIRE(texts.size() >= 30);
  source::Files files;
  diagnostics::Sink sink;
  check::Origins origins;
  const check::Sources sources({{"laws.mig", laws}}, {}, files, sink);
  check::Inliner functions(sources, files, origins, sink);
  const auto& names = functions.declarations().seen_by(0);
  on_each_server([&](const Room& room) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!room.crypt && needs_pgcrypto(library, *texts[i].second)) continue;
      const auto* law = names.at("law" + std::to_string(i));
      const auto text = functions.text(law->function->body, 0);
      origins.relocate(sink);
      INFO(texts[i].first << "\n" << diagnostics::render(sink.list(), files, {}));
      REQUIRE(text);
      CHECK(answer(room, *text) == "true");
    }
  });
}

TEST_CASE("a generated column takes exactly the functions that are said to be immutable") {
  check::Library library;
  on_each_server([&](const Room& room) {
    int number = 0;
    for (const auto* one : runnable(library, room)) {
      const auto* body = library.functions->body(*one);
      REQUIRE(body != nullptr);
      const auto& parameters = one->function->parameters;
      const std::string returns(library.files.text(one->function->returns.span));
      std::string columns, text = "(";
      for (std::size_t i = 0; i < parameters.size(); ++i)
        columns += fmt::format("{}p{} {}", i == 0 ? "" : ", ", i, library.files.text(parameters[i].type.span));
      for (const auto& piece : body->text.pieces)
        text += piece.parameter < 0 ? piece.text : "p" + std::to_string(piece.parameter);
      const auto refused =
          refused_as_generated(room, fmt::format("t{}", number++), columns, returns, text + ")::" + returns);
      INFO(one->name << ": " << refused);
      CHECK((body->stability == check::Stability::immutable) == refused.empty());
      CHECK((refused.empty() || refused.find("not immutable") != std::string::npos));
    }
  });
}

// What the compiler refuses in an index or a generated column, every server refuses: of each name and number of
// arguments the mildest form counts.
TEST_CASE("no function of the server is said to be less than it is") {
  on_each_server([&](const Room& room) {
    const auto mildest =
        tests::run(room.target,
                   "SELECT proname, pronargs, min(CASE provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE "
                   "2 END) FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace GROUP BY 1, 2");
    std::size_t judged = 0;
    for (const auto& row : mildest.rows) {
      const syntax::Path name{{{*row[0], false, {}}}, {}};
      const auto said = check::stability_of(catalog::Catalog(), name, std::stoul(*row[1]));
      INFO(*row[0] << "/" << *row[1] << " is said to be " << check::to_string(said));
      CHECK(static_cast<int>(said) <= std::stoi(*row[2]));
      judged += said == check::Stability::immutable ? 0U : 1U;
    }
    CHECK(judged > 80);
  });
}

TEST_CASE("docs/stdlib.md is current") {
  const std::string path = std::string(MIG_SOURCE_DIR) + "/docs/stdlib.md";
  if (const auto* update = std::getenv("MIG_UPDATE"); update != nullptr && std::string(update) == "1")
    std::ofstream(path) << check::stdlib_page();
  INFO("MIG_UPDATE=1 build/dev/tests/stdlib_test writes it");
  CHECK(read(path) == check::stdlib_page());
}
