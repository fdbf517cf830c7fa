// What is sent for a session and around a step's statements: the runtime sends these, up.sql and down.sql print them.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// In any session that runs statements of mig: no setting of the role or database (statement_timeout,
// idle_session_timeout …) ends one. `server_major` decides which settings exist.
[[nodiscard]] std::vector<sql::Fragment> session_settings(int server_major);
// The same and the plan's search path: before the first step, in the session that runs the steps.
[[nodiscard]] std::vector<sql::Fragment> session_settings(const Plan& plan, int server_major);

// Before a step's statements: BEGIN and the transaction's timeouts; for a statement that is no transaction of its own,
// its timeouts in the session.
[[nodiscard]] std::vector<sql::Fragment> opening(const Plan& plan, const sql::Action& action);
// The same for statements that always stand in a transaction (a revival).
[[nodiscard]] std::vector<sql::Fragment> opening(const Plan& plan, const std::vector<sql::Statement>& statements);
// After the statements and the journal's rows: COMMIT; nothing where there is no transaction.
[[nodiscard]] std::vector<sql::Fragment> closing(const sql::Action& action);

}  // namespace mig::plan
