// Every field of a plan once, for the writer and the reader of plan.json: must() stands always, may() is left out where
// it holds its default. docs/plan.schema.json says the same to other programs; a test holds them together.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// SHA-256 over a plan's content without its hash: keys sorted, no blanks, so that the hash of a plan of an older format
// stays what it was.
[[nodiscard]] std::string content_hash(const nlohmann::json& content);

template <class V, class T>
void fields(V& v, sql::Qualified, T& self) {
  v.may("schema", self.schema);
  v.must("name", self.name);
}

template <class V, class T>
void fields(V& v, sql::Lock, T& self) {
  v.must("relation", self.relation);
  v.must("mode", self.mode);
}

template <class V, class T>
void fields(V& v, sql::Statement, T& self) {
  v.must("text", self.text);
  v.may("locks", self.locks);
  v.must("work", self.work);
  v.may("reason", self.reason);
}

template <class V, class T>
void fields(V& v, sql::Probe, T& self) {
  v.must("query", self.query);
}

template <class V, class T>
void fields(V& v, sql::Condition, T& self) {
  v.must("text", self.text);
  v.must("query", self.query);
}

template <class V, class T>
void fields(V& v, sql::Kept, T& self) {
  v.must("kind", self.kind);
  v.must("original", self.original);
  v.may("column", self.column);
  v.must("kept", self.kept);
  v.may("kept_column", self.kept_column);
}

template <class V, class T>
void fields(V& v, sql::Revival, T& self) {
  v.must("when", self.when);
  v.must("statements", self.statements);
  v.may("released", self.released);
}

// ---- the closed set of actions: "kind" tells which ----

inline constexpr const char* action_kinds[] = {"transaction", "concurrent", "park", "purge", "batches",
                                               "assert",      "measure",    "gate", "backup"};

template <class V, class T>
void fields(V& v, sql::Transaction, T& self) {
  v.must("statements", self.statements);
}

template <class V, class T>
void fields(V& v, sql::Concurrent, T& self) {
  v.must("statement", self.statement);
  v.may("remnant", self.remnant);
  v.may("cleanup", self.cleanup);
}

template <class V, class T>
void fields(V& v, sql::Park, T& self) {
  v.must("statements", self.statements);
  v.must("kept", self.kept);
}

template <class V, class T>
void fields(V& v, sql::Purge, T& self) {
  v.must("statements", self.statements);
  v.must("released", self.released);
}

template <class V, class T>
void fields(V& v, sql::Batches, T& self) {
  v.must("statements", self.statements);
  v.must("more", self.more);
  v.must("progress", self.progress);
}

template <class V, class T>
void fields(V& v, sql::Assert, T& self) {
  v.must("statements", self.statements);
  v.may("rows", self.rows);
  v.must("timeout_ms", self.timeout_ms);
}

template <class V, class T>
void fields(V& v, sql::Measure, T& self) {
  v.must("name", self.name);
  v.must("statements", self.statements);
  v.must("timeout_ms", self.timeout_ms);
}

template <class V, class T>
void fields(V& v, sql::Gate, T& self) {
  v.may("after_seconds", self.after_seconds, 0LL);
  v.may("approval", self.approval);
  v.may("text", self.text);
  v.may("when", self.when);
  v.may("condition", self.condition);
}

template <class V, class T>
void fields(V& v, sql::Backup, T& self) {
  v.may("database", self.database, false);
  v.may("tables", self.tables);
  v.may("files", self.files);
  v.must("to", self.to);
  v.may("keep_seconds", self.keep_seconds, -1LL);
}

template <class V, class T>
void fields(V& v, sql::Step, T& self) {
  v.must("id", self.id);
  v.must("phase", self.phase);
  v.must("title", self.title);
  v.may("after", self.after);
  v.must("action", self.action);
  v.may("revival", self.revival);
  v.may("condition", self.condition);
  v.may("probe", self.probe);
  v.may("back", self.back);
  v.must("reversibility", self.reversibility);
  v.may("loss", self.loss);
  v.may("hazards", self.hazards);
  v.may("touches", self.touches);
  v.may("needs_runtime", self.needs_runtime);
  v.may("origin", self.origin);
  v.may("left", self.left);
}

template <class V, class T>
void fields(V& v, ir::Window, T& self) {
  v.must("from", self.from);
  v.must("to", self.to);
  v.must("zone", self.zone);
}

template <class V, class T>
void fields(V& v, ir::Threshold, T& self) {
  v.must("measure", self.measure);
  v.must("op", self.op);
  v.must("limit", self.limit);
  v.may("unit", self.unit);
  v.must("query", self.query);
}

template <class V, class T>
void fields(V& v, ir::Policy, T& self) {
  v.must("lock_timeout_ms", self.lock_timeout_ms);
  v.must("statement_timeout_ms", self.statement_timeout_ms);
  v.must("lock_tries", self.lock_tries);
  v.may("batch", self.batch, ir::Policy{}.batch);
  v.may("pause_ms", self.pause_ms, ir::Policy{}.pause_ms);
  v.may("expect_timeout_ms", self.expect_timeout_ms, ir::Policy{}.expect_timeout_ms);
  v.may("window", self.window);
  v.may("pause_when", self.pause_when);
  v.may("stop_when", self.stop_when);
}

// Without format and hash, which stand first and are read on their own.
template <class V, class T>
void fields(V& v, Plan, T& self) {
  v.must("migration", self.migration);
  v.may("title", self.title);
  v.must("file", self.file);
  v.must("source_hash", self.source_hash);
  v.may("after", self.after);
  v.may("after_done", self.after_done);
  v.may("after_states", self.after_states);
  v.may("tags", self.tags);
  v.must("server_major", self.server_major);
  v.must("search_path", self.search_path);
  v.must("policy", self.policy);
  v.must("has_contract", self.has_contract);
  v.must("retain_seconds", self.retain_seconds);
  v.must("before", self.before);
  v.must("steps", self.steps);
  v.must("source", self.source);
}

}  // namespace mig::plan
