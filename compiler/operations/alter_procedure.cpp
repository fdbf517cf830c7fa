// alter procedure: its options; body, arguments and result stay.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation alter_procedure;  // its line in operations.def finds it
constinit const Operation alter_procedure = {
    .name = "alter_procedure",
    .form =
        "alter procedure (routine callable) "
        "[<security <definer / invoker> / "
        "set (setting path) to <(names path_list) / (text string) / (number number) / on> / "
        "reset <all / (reset path)>>]*",
    .summary = "Changes options of a procedure.",
    .description =
        R"md(`ALTER PROCEDURE` with what is written; the rest stays. No table is locked. The way back sets each option that was changed to
what it was, and the settings in their old order. A name that several functions have is written with argument types: `product_label(bigint)`.

No client sees the options, so it may stand in `expand`; but `security definer` changes with whose rights the body runs,
and a volatility that is not true gives wrong results from indexes and cached plans.
)md",
    .example = "alter procedure sell_product security definer set search_path to pg_catalog set work_mem to '8MB';",
    .check = [](const Context& ctx) { check_alter_routine(ctx, Routine::procedure); },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      (void)ctx;
      return std::nullopt;
    },
    .effect = [](const Context& ctx, catalog::Catalog& after) { alter_routine_effect(ctx, after, Routine::procedure); },
    .steps = [](const Context& ctx) { return alter_routine_steps(ctx, Routine::procedure); },
};

}  // namespace mig::operations
