// up.sql and down.sql: the plan printed for psql -v ON_ERROR_STOP=1 -f, with the journal's rows.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// Runs the steps from the first that is not done; stops with the command to type where a step needs the runtime or is
// in doubt after a crash.
[[nodiscard]] std::string up_sql(const Plan& plan);
// One section per starting state; refuses in any other state.
[[nodiscard]] std::string down_sql(const Plan& plan);
// What runtime and psql send for one step, in order, without the journal's rows: the law "log = plan" compares this.
[[nodiscard]] std::vector<std::string> step_messages(const Plan& plan, const sql::Step& step);

}  // namespace mig::plan
