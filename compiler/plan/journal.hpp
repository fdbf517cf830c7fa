// The journal's SQL as typed fragments: the runtime sends these, up.sql and down.sql print the same ones, so that a
// migration run by psql leaves the same rows. Tables in schema mig; see docs/journal.md.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan::journal {

inline constexpr int format = 1;

// One pg_advisory_lock key for all of mig in a database (held by a session, polled with pg_try_advisory_lock).
inline constexpr long long lock_key = 0x6d69670000000001;  // "mig"

// Statements that create schema mig and its tables where they are missing. Idempotent, one transaction.
[[nodiscard]] std::vector<sql::Fragment> create();

// State words (docs/journal.md): a closed set.
enum class State { pending, expanding, expanded, mapping, mapped, verifying, verified, contracting, contracted, purging, done };
[[nodiscard]] const char* to_string(State state);
[[nodiscard]] std::optional<State> state(std::string_view text);
// The state that a phase ends in, given the plan: expand of a plan without contract ends in done.
[[nodiscard]] State after_phase(const Plan& plan, sql::Phase phase);
[[nodiscard]] State while_phase(sql::Phase phase);

// ---- rows ----
// Inserts the plan (bytes zlib-compressed, source likewise) unless a row with its hash exists; returns its id.
[[nodiscard]] sql::Fragment insert_plan(const Plan& plan);
[[nodiscard]] sql::Fragment start_run(std::string_view migration, std::string_view command, std::string_view who,
                                      std::string_view host, std::string_view version, std::string_view note);
[[nodiscard]] sql::Fragment end_run(const sql::Fragment& run, int exit_code);
// A step's row: intent (before a non-transactional statement), done (in the step's own transaction), undone, failed.
[[nodiscard]] sql::Fragment step_started(const Plan& plan, std::string_view step, const sql::Fragment& run);
[[nodiscard]] sql::Fragment step_done(const Plan& plan, std::string_view step, const sql::Fragment& run);
[[nodiscard]] sql::Fragment step_undone(const Plan& plan, std::string_view step, const sql::Fragment& run);
[[nodiscard]] sql::Fragment step_failed(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                        std::string_view sqlstate, int tries);
[[nodiscard]] sql::Fragment set_state(const Plan& plan, State state);
[[nodiscard]] sql::Fragment keep(const Plan& plan, std::string_view step, const sql::Kept& kept, long long retain_seconds);
[[nodiscard]] sql::Fragment release(const sql::Kept& kept);

}  // namespace mig::plan::journal
