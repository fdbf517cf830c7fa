// The laws of operations: what every entry of the registry must keep on every shape of the example world, without a
// line written for each. tests/law_test.cpp runs all cells operation x law x shape x server version.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/plan/plan.hpp"
#include "tests/support/server.hpp"

namespace mig::tests::laws {

// refused stands for all of them in the shape of a role that owns nothing: refused, named, nothing changed.
// example: all of the entry's example compiles on the shape; the other laws run with the operations of it that do.
enum class Law { example, effect, inverse, lock, probe, text, refused };
[[nodiscard]] const char* to_string(Law law);

// ---- shapes (laws_shapes.cpp) ----

struct Shape {
  std::string name;
  std::string world;                         // SQL that makes it
  std::map<std::string, std::string> names;  // words of the example and what they are here
  std::string role = "postgres";             // who runs the migration
};
[[nodiscard]] std::vector<Shape> shapes(int server_major);
// Replaces whole words outside of strings and comments; also within $…$ bodies.
[[nodiscard]] std::string rename_words(std::string_view text, const std::map<std::string, std::string>& names);
// The operations of an example, each with its `;`.
[[nodiscard]] std::vector<std::string> split_operations(std::string_view text);
[[nodiscard]] std::string read_source(const std::string& path);

// ---- compiling an example (laws_compile.cpp) ----

struct Compiled {
  std::string text;  // the file: the example in a migration, in the phase where it may stand
  plan::Plan plan;
  catalog::Catalog before;  // as introspected
  catalog::Catalog after;   // as the effects predict
  std::string problem;      // not empty: what the compiler said instead
};
[[nodiscard]] Compiled compile_example(const std::string& example, const catalog::Catalog& before);

// ---- running steps without the executor (laws_run.cpp) ----

// Findings of a run; empty: all laws held.
struct Findings {
  std::vector<std::string> lock, probe;
};

class Runner {
 public:
  Runner(runtime::Target target, Findings& findings);
  ~Runner();
  // Runs the step as the runtime would: not when its probe says that it happened, remnants removed first. Reads the
  // locks from inside the transaction, or from a second session while the statement waits for a held lock.
  void run(const sql::Step& step);
  // Without looking.
  void run_quietly(const sql::Step& step);
  // The same, but the first attempt dies before its commit, or in the middle of its concurrent statement.
  void run_with_crash(const sql::Step& step);
  // The steps of `back`, in order; with a crash in each when asked.
  void back(const sql::Step& step, bool crash);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// ---- locks (laws_locks.cpp) ----

struct Relation {
  std::string name;  // as displayed
  bool index = false;
};
using Relations = std::map<std::string, Relation>;             // by oid
using Held = std::map<std::string, sql::LockMode>;             // strongest mode by oid
[[nodiscard]] Relations relations(runtime::Session& session);  // outside of pg_catalog, as they are now
// Of this backend; with those that it waits for.
[[nodiscard]] Held held_locks(runtime::Session& session, int pid, bool waiting = false);
// What was seen against what is declared, over relations that existed before; one line for each difference.
[[nodiscard]] std::vector<std::string> compare_locks(const Held& seen, const Held& declared, const Relations& existing);

// ---- rows (laws_rows.cpp) ----

// One line per table: its name, number of rows, and a hash of them without order, over the columns that the catalog has
// (not those that mig keeps aside).
[[nodiscard]] std::string rows_hash(runtime::Session& session, const catalog::Catalog& catalog);

// ---- one operation on one shape: a verdict for each law that applies (laws_cells.cpp) ----

// Not present: the law has nothing to say here. Empty: it held. Else why not.
using Verdicts = std::map<Law, std::string>;
[[nodiscard]] Verdicts run_cells(Server& server, const std::string& example_text, const Shape& shape);

// An operation's own example, under its name, and those of tests/cases/laws/<name>.<what>.mig under name.what.
struct Example {
  std::string name, text;
};
[[nodiscard]] std::vector<Example> all_examples();

// ---- the table (laws_table.cpp) ----

// tests/cases/laws/not_run.txt: "operation law shape [major]: reason", `*` for any. A listed cell must fail.
struct NotRun {
  std::string operation, law, shape, major, reason;
  bool used = false;
};
[[nodiscard]] std::vector<NotRun> read_not_run();

class Table {
 public:
  void add(const std::string& operation, const std::string& shape, int major, const Verdicts& verdicts);
  // The table as text with the number of cells not run and their reasons.
  [[nodiscard]] std::string text() const;
  // Cells that broke, cells that pass though they are listed; where the table is whole, lines of the list that fit no
  // cell.
  [[nodiscard]] std::vector<std::string> failures(bool whole) const;

 private:
  struct Count {
    int passed = 0, failed = 0, not_run = 0;
  };
  std::vector<NotRun> not_run_ = read_not_run();
  std::map<std::pair<std::string, Law>, std::map<std::string, Count>> counts_;  // operation, law -> shape
  std::vector<std::string> failures_;
};

}  // namespace mig::tests::laws
