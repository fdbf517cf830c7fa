// The intermediate representation: names resolved, operations bound to the schema at their point of the plan.
#pragma once

#include <map>
#include <memory>

#include "compiler/catalog/catalog.hpp"
#include "compiler/sql/step.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::operations {
struct Operation;
}

namespace mig::ir {

// A time of day in which steps may begin, each day; past midnight where it ends before it begins.
struct Window {
  int from = 0, to = 0;  // minutes since midnight
  std::string zone;      // as PostgreSQL knows it: "Africa/Lagos"
};

// What the server must not exceed while a migration works: one comparison of `pause when` or `stop when`.
struct Threshold {
  std::string measure;  // "replication_lag"
  std::string op;       // ">" or ">="
  std::string limit;    // a decimal number in `unit`: "10"
  std::string unit;     // "s", "%", or empty: a count
  sql::Fragment
      query;  // one row: the value now in `unit` (null: the role may not see it), whether it is over the limit
};

// A policy in milliseconds and counts; values of mig.toml are the defaults, a migration's own policy wins.
struct Policy {
  int lock_timeout_ms = 500;     // below deadlock_timeout (default 1 s), so that mig is never the one that makes a
                                 // client the victim of a deadlock (reference: sql_patterns 10, C5)
  int statement_timeout_ms = 0;  // 0: none. Scans and concurrent builds always run without
  int lock_tries = 20;
  int batch = 5000;                 // rows of a batch
  int pause_ms = 0;                 // rest between two batches
  int expect_timeout_ms = 300'000;  // how long each question of an assertion or gate may take
  std::optional<Window> window;     // none: at any time
  // Each list holds where one of its comparisons does.
  std::vector<Threshold> pause_when, stop_when;
};

// One operation bound to its place.
struct Item {
  sql::Phase phase = sql::Phase::expand;
  const operations::Operation* operation = nullptr;
  const syntax::Call* call = nullptr;  // owned by the Program's syntax files
  std::shared_ptr<const catalog::Catalog> before;
  std::string schema;  // default schema for new names
};

// An expectation of require or verify, bound to the schema at its point. What a parameter stood for is in its tree.
struct Expectation {
  sql::Phase phase = sql::Phase::require;
  const syntax::Expect* expect = nullptr;
  std::shared_ptr<const catalog::Catalog> before;
};

// What contract waits for, beside its own order.
struct Gate {
  long long after_seconds = 0;
  bool approved = false;               // a person must have said so
  const syntax::Expr* when = nullptr;  // must hold
  source::Span span;
};

struct Migration {
  std::string name, title;
  std::string file;         // as shown to the user
  std::string source_hash;  // SHA-256 of the file's bytes and of all it includes
  std::vector<std::string> after;
  std::vector<std::string> after_done;              // after X done
  std::map<std::string, std::string> after_states;  // of those in `after`, the state that is far enough
  std::vector<std::string> tags;
  Policy policy;
  bool has_contract = false;
  long long retain_seconds = -1;                   // -1: until purge is asked for
  std::shared_ptr<const catalog::Catalog> before;  // the schema when it starts
  std::vector<Item> items;                         // in run order
  std::vector<const syntax::Measure*> measures;
  std::vector<Expectation> expectations;
  std::vector<const syntax::Checkpoint*> checkpoints;
  Gate gate;
  std::optional<sql::Backup> backup;
  source::Span backup_span;
  std::vector<std::uint32_t> files;  // the file and all it includes or uses, each once
  source::Span span;
};

// All migrations of a compilation in run order: `after` first, then by name.
struct Program {
  std::vector<Migration> migrations;
  std::vector<std::shared_ptr<const syntax::File>> files;  // own the calls that items point to
};

}  // namespace mig::ir
