// Functions and procedures: found, written, rendered as pg_get_functiondef() prints them, made again as they were.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

enum class Routine { function, procedure };
[[nodiscard]] const char* word(Routine kind);  // "function"

// ---- those that are there (routines.cpp) ----
// The one that the hole `routine` (name, with or without argument types) means. Silent; null: none or several.
[[nodiscard]] const catalog::Function* find_routine(const Context& ctx, Routine kind);
// Reports what is missing or ambiguous, another kind, and a role that does not own it.
[[nodiscard]] const catalog::Function* require_routine(const Context& ctx, Routine kind);
// public.f(integer, text)
[[nodiscard]] std::string signature(const catalog::Function& function);
[[nodiscard]] std::string routine_key(const catalog::Function& function);
void erase_function(catalog::Catalog& after, const catalog::Function& function);
// Old clients may call it: nullopt for a trigger function.
[[nodiscard]] std::optional<Break> calls_break(const Context& ctx, Routine kind, const catalog::Function& function);

// ---- as written (routine_written.cpp, routine_body.cpp) ----
// Name, schema and rights of a new one; nothing of its argument types is there.
bool require_new_routine(const Context& ctx, Routine kind);
// Language, parameters, types, options; then the body.
void check_routine(const Context& ctx, Routine kind);
void check_routine_body(const Context& ctx, const catalog::Function& function);
// As the catalog will have it. Total: what does not resolve is left empty, and check has reported it.
[[nodiscard]] catalog::Function written_routine(const Context& ctx, Routine kind);

// ---- options (routine_options.cpp) ----
// Contradictions among the options of the call, and those that go with other kinds only.
void check_routine_options(const Context& ctx, Routine kind);
// Sets what the call says on `function`, all but its definition; cost and rows as text.
struct RoutineExtras {
  bool window = false;
  std::string cost, rows, support;
};
void apply_routine_options(const Context& ctx, catalog::Function& function, RoutineExtras& extras);
// `LANGUAGE sql\n STABLE\n SET search_path TO 'shop'\n`
[[nodiscard]] std::string options_text(const catalog::Function& function, const RoutineExtras& extras);
// `SET search_path TO 'shop', 'public'` of an entry of pg_proc.proconfig.
[[nodiscard]] std::string proconfig_text(const std::string& entry);

// ---- SQL (routine_steps.cpp) ----
// The function's word and its name with argument types: FUNCTION public.f(integer).
[[nodiscard]] sql::Fragment routine_reference(const catalog::Function& function);
// CREATE [OR REPLACE] … of its definition, with the locks that checking its body takes.
enum class Make { fresh, replace };
[[nodiscard]] sql::Statement create_routine_statement(const Context& ctx, const catalog::Function& function, Make make);
// Creates it with owner, rights and comment.
[[nodiscard]] std::vector<sql::Statement> make_routine(const Context& ctx, const catalog::Function& function);
[[nodiscard]] sql::Statement drop_routine_statement(const catalog::Function& function);
[[nodiscard]] sql::Fragment has_routine(const Context& ctx, const catalog::Function& function);
// With this definition.
[[nodiscard]] sql::Fragment routine_is(const Context& ctx, const catalog::Function& function);

// ---- who uses it (routine_uses.cpp, routine_follow.cpp) ----
[[nodiscard]] std::vector<Dependent> routine_dependents(const Context& ctx, const catalog::Function& function);
// Indexes, checks, generated columns: what was computed by its body and is kept.
[[nodiscard]] std::vector<std::string> computed_by(const Context& ctx, const catalog::Function& function);
// Texts of functions that name it: PostgreSQL does not follow them. Warns.
void warn_of_texts(const Context& ctx, const catalog::Function& function, source::Span span);
// It under another name, its definition too.
[[nodiscard]] catalog::Function renamed(const catalog::Function& function, const catalog::Name& to);
// The function under its new name in everything that refers to it by number.
void rename_routine(const Context& ctx, catalog::Catalog& after, const catalog::Function& function,
                    const catalog::Name& to);

// ---- whole operations, for functions and procedures alike (routine_steps, routine_replace, routine_moves.cpp) ----
void create_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind);
[[nodiscard]] std::vector<sql::Step> create_routine_steps(const Context& ctx, Routine kind);
void check_drop_routine(const Context& ctx, Routine kind);
[[nodiscard]] std::vector<sql::Step> drop_routine_steps(const Context& ctx, Routine kind);
void check_replace_routine(const Context& ctx, Routine kind);
void replace_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind);
// Its result is another one.
[[nodiscard]] std::optional<Break> replace_routine_breaks(const Context& ctx, Routine kind);
[[nodiscard]] std::vector<sql::Step> replace_routine_steps(const Context& ctx, Routine kind);
void check_alter_routine(const Context& ctx, Routine kind);
void alter_routine_effect(const Context& ctx, catalog::Catalog& after, Routine kind);
[[nodiscard]] std::vector<sql::Step> alter_routine_steps(const Context& ctx, Routine kind);
// `rename … to (new name)`, `set … schema … to (schema name)`: what it is called then. Total: empty where nothing is
// found.
[[nodiscard]] catalog::Name renamed_routine(const Context& ctx, Routine kind);
[[nodiscard]] catalog::Name routine_in_schema(const Context& ctx, Routine kind);
void check_rename_routine(const Context& ctx, Routine kind);
void check_routine_schema(const Context& ctx, Routine kind);
[[nodiscard]] std::vector<sql::Step> move_routine_steps(const Context& ctx, Routine kind, const catalog::Name& to);

}  // namespace mig::operations
