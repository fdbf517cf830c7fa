// The sections that only look: measurements, assertions, checkpoints, and the gate of contract.
#pragma once

#include "compiler/check/check.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::check {

// The schema at the points of a migration where it asks.
struct Points {
  std::shared_ptr<const catalog::Catalog> before;    // before expand: measure, require
  std::shared_ptr<const catalog::Catalog> expanded;  // before contract: verify, the gate
};

// Puts them into the migration, each with the schema at its point. Reports names that are not known there, questions
// that cannot be asked, and measurements and checkpoints of one name.
void bind_looks(const Scope& scope, const Declared& declared, const Points& points, ir::Migration& migration);

// What a backup block copies, and to where; nothing where something is wrong with it, which is reported.
[[nodiscard]] std::optional<sql::Backup> bound_backup(const operations::Context& ctx, const syntax::Backup& written);

// Reports what is wrong with one expectation. `measures` are the names that a baseline may stand for.
void check_expectation(const operations::Context& ctx, const syntax::Expect& expect,
                       const std::vector<const syntax::Measure*>& measures);
// The same for a condition without a table around it: `expect EXPRESSION`, `contract when EXPRESSION`.
void check_condition(const operations::Context& ctx, const syntax::Expr& condition);
// The same for `expect match` (match.cpp).
void check_match(const operations::Context& ctx, const syntax::Expect::Match& match);
// The same for a query that is run again and again, and for how often.
void check_runs(const operations::Context& ctx, const syntax::Body& query, const syntax::Number& runs);

}  // namespace mig::check
