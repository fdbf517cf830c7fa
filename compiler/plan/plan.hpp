// The plan of one migration: ordered steps as data. plan.json, up.sql and down.sql are this value printed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/ir/ir.hpp"
#include "compiler/sql/step.hpp"

namespace mig::plan {

inline constexpr int format = 1;

struct Plan {
  int format = plan::format;
  std::string migration, title;
  std::string file, source_hash;
  std::string source;  // the .mig text, so that the journal holds the whole story
  std::vector<std::string> after, after_done, tags;
  // Of those in `after` the state that is far enough: "verified". Where there is none, "expanded" is.
  std::map<std::string, std::string> after_states;
  int server_major = 0;                  // decided the forms of statements
  std::vector<std::string> search_path;  // set in the session before the first step
  ir::Policy policy;
  bool has_contract = false;
  long long retain_seconds = -1;
  std::vector<sql::Step> steps;  // in run order: expand, contract, purge
  // Touched object key -> catalog::fingerprint when planned. What an earlier migration of the same compilation touches
  // is not here: how the server will print it is known only afterwards, from the journal.
  std::map<std::string, std::string> before;
  std::string sealed;  // the hash, once nothing changes any more: compile() and from_json() set it, seal() explains
};

// Byte-for-byte deterministic JSON (docs/plan.schema.json), two-space indent, trailing newline.
[[nodiscard]] std::string to_json(const Plan& plan);
// Reads a plan of this or an older format. On damage, an unknown format or a hash that does not match, reports with
// the JSON pointer and returns nullopt. Never trusts: every field is checked.
[[nodiscard]] std::optional<Plan> from_json(std::string_view text, std::string_view name, diagnostics::Sink& sink);
// SHA-256, hex, of to_json(): the identity of a plan. plan.json carries it in "hash"; an edited file is refused.
[[nodiscard]] std::string hash(const Plan& plan);

// The weakest promise of all its steps.
[[nodiscard]] sql::Reversibility reversibility(const Plan& plan);

// Computes the hash once: each row of the journal names it, and a large plan takes milliseconds to hash. A sealed plan
// must not be changed; one that is changed all the same is refused by from_json(), like any edited plan.
void seal(Plan& plan);

// A plan with the operation that each of its steps comes from, for what is said about them.
struct Draft {
  Plan plan;
  std::vector<const ir::Item*> items;  // one for each step; null: it comes from no operation
};

// The relations that a plan's steps touch (catalog::relation_of).
using Relations = std::set<std::string>;
[[nodiscard]] Relations touched(const Plan& plan);

// ir -> plan: asks each operation for its steps, numbers them, adds dependencies and touched fingerprints. `earlier`
// are the relations that migrations before this one touch in the same compilation.
[[nodiscard]] Draft draft(const ir::Migration& migration, const source::Files& files, diagnostics::Sink& sink,
                          const Relations& earlier = {});
[[nodiscard]] Plan make(const ir::Migration& migration, const source::Files& files, diagnostics::Sink& sink);

}  // namespace mig::plan
