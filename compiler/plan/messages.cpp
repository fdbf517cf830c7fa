// Timeouts and transaction control, in one place for every way of running a plan.
#include "compiler/plan/messages.hpp"

#include <algorithm>

#include "compiler/plan/print.hpp"

namespace mig::plan {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

Fragment milliseconds(int value) { return ::mig::sql::fragment(Literal{std::to_string(value) + "ms"}); }

std::vector<Fragment> transaction(const Plan& plan, bool instant) {
  // A scan under a weak lock may run for hours; what is instant may not hold a strong lock for long.
  const int timeout = instant ? plan.policy.statement_timeout_ms : 0;
  return {sql("BEGIN"), sql("SET LOCAL lock_timeout = {}", milliseconds(plan.policy.lock_timeout_ms)),
          sql("SET LOCAL statement_timeout = {}", milliseconds(timeout))};
}

// A batch goes along its key: by a plan that reads the rest of the table for each batch it would never come to an end.
std::vector<Fragment> batch(const Plan& plan) {
  auto messages = transaction(plan, true);
  messages.push_back(sql("SET LOCAL mig.batch = {}", plan.policy.batch));
  // What such a plan is said to cost would have it compiled (JIT) anew for each batch.
  for (const auto* setting : {"enable_seqscan", "enable_bitmapscan", "enable_sort", "jit"})
    messages.push_back(sql("SET LOCAL {} = off", ::mig::sql::Ident{setting}));
  return messages;
}

// What is asked may take its time, and changes nothing.
std::vector<Fragment> looking(const Plan& plan, int timeout_ms) {
  return {sql("BEGIN READ ONLY"), sql("SET LOCAL lock_timeout = {}", milliseconds(plan.policy.lock_timeout_ms)),
          sql("SET LOCAL statement_timeout = {}", milliseconds(timeout_ms))};
}

}  // namespace

std::vector<Fragment> session_settings(int server_major) {
  std::vector<Fragment> settings{sql("SET lock_timeout = 0"), sql("SET statement_timeout = 0"),
                                 sql("SET client_min_messages = warning"), sql("SET standard_conforming_strings = on"),
                                 // A stopped or forgotten runner must not sit on locks.
                                 sql("SET idle_in_transaction_session_timeout = '60s'")};
  if (server_major >= 14) settings.push_back(sql("SET idle_session_timeout = 0"));
  if (server_major >= 17) settings.push_back(sql("SET transaction_timeout = 0"));
  return settings;
}

std::vector<Fragment> session_settings(const Plan& plan, int server_major) {
  std::vector<Fragment> path;
  for (const auto& schema : plan.search_path) path.push_back(::mig::sql::fragment(::mig::sql::Ident{schema}));
  auto settings = session_settings(server_major);
  settings.push_back(path.empty() ? sql("SET search_path = ''")
                                  : sql("SET search_path = {}", ::mig::sql::join(path, ", ")));
  return settings;
}

std::vector<Fragment> opening(const Plan& plan, const ::mig::sql::Action& action) {
  // lock_timeout and statement_timeout also end the waits for old snapshots, and would leave an INVALID index. The lock
  // itself (SHARE UPDATE EXCLUSIVE) lets reads and writes pass while it waits.
  if (!::mig::sql::transactional(action)) return {sql("SET lock_timeout = 0"), sql("SET statement_timeout = 0")};
  if (::mig::sql::in_parts(action)) return batch(plan);
  if (const auto* asks = std::get_if<::mig::sql::Assert>(&action)) return looking(plan, asks->timeout_ms);
  if (const auto* asks = std::get_if<::mig::sql::Measure>(&action)) return looking(plan, asks->timeout_ms);
  if (std::holds_alternative<::mig::sql::Gate>(action)) return looking(plan, plan.policy.expect_timeout_ms);
  const auto all = ::mig::sql::statements(action);
  return transaction(plan, std::all_of(all.begin(), all.end(), [](const auto* statement) {
                       return statement->work == ::mig::sql::Work::instant;
                     }));
}

std::vector<Fragment> opening(const Plan& plan, const std::vector<::mig::sql::Statement>& statements) {
  return transaction(plan, std::all_of(statements.begin(), statements.end(), [](const auto& statement) {
                       return statement.work == ::mig::sql::Work::instant;
                     }));
}

std::vector<Fragment> closing(const ::mig::sql::Action& action) {
  if (!::mig::sql::transactional(action)) return {};
  return {sql("COMMIT")};
}

std::vector<std::string> step_messages(const Plan& plan, const ::mig::sql::Step& step) {
  std::vector<std::string> messages;
  for (const auto& message : opening(plan, step.action)) messages.push_back(message.text());
  for (const auto* statement : ::mig::sql::statements(step.action)) messages.push_back(statement->text.text());
  for (const auto& message : closing(step.action)) messages.push_back(message.text());
  return messages;
}

}  // namespace mig::plan
