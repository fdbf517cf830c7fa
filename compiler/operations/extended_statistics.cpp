// Statistics objects: names, SQL, probes.
#include "compiler/operations/extended_statistics.hpp"

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

// With this condition on its row of pg_statistic_ext, named s.
Fragment statistics_is(const catalog::Name& name, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace "
      "WHERE n.nspname = {} AND s.stxname = {}{})",
      Literal{name.schema}, Literal{name.name}, condition);
}

}  // namespace

std::string fact_of(const catalog::Object& object, const std::string& fact) {
  const auto found = object.facts.find(fact);
  return found == object.facts.end() ? std::string{} : found->second;
}

const catalog::Object* find_statistics(const Context& ctx, const syntax::Path& path) {
  return first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.object("statistics", name); });
}

const catalog::Object* require_own_statistics(const Context& ctx, const syntax::Path& path) {
  if (const auto* found = find_statistics(ctx, path)) {
    const bool own = require_owner(ctx, "statistics", found->name, found->owner, path.span);
    return own ? found : nullptr;
  }
  std::vector<std::string> candidates;
  for (const auto& each : ctx.before.names("statistics")) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, path.parts.back(),
                 fmt::format("no statistics object `{}`", ctx.files.text(path.span)), candidates);
  return nullptr;
}

bool require_new_statistics(const Context& ctx, const catalog::Name& name, const syntax::Path& written) {
  if (!require_name(ctx, written.parts.back())) return false;
  if (written.parts.size() == 2 && !require_schema(ctx, written.parts.front())) return false;
  if (!ctx.before.object("statistics", name)) return require_create(ctx, name.schema, written.span);
  ctx.sink.report(diagnostics::duplicate_name, written.span,
                  fmt::format("there is a statistics object `{}` already", name.text()));
  return false;
}

namespace {

long long target_number(const std::string& target) { return target.empty() ? -1 : std::stoll(target); }

}  // namespace

Fragment target_statement(const catalog::Name& name, const std::string& target) {
  const auto value = target_number(target);
  return sql::sql("ALTER STATISTICS {} SET STATISTICS {}", name.sql(), value);
}

std::vector<sql::Statement> create_statements_of(const Context& ctx, const catalog::Object& statistics) {
  const auto name = statistics.name.sql();
  std::vector<sql::Lock> locks;
  for (const auto& use : statistics.uses) locks.push_back(lock(use.relation, sql::LockMode::share_update_exclusive));
  std::vector<sql::Statement> list{statement(expression(fact_of(statistics, "definition")), std::move(locks))};
  if (const auto target = fact_of(statistics, "target"); !target.empty())
    list.push_back(statement(target_statement(statistics.name, target)));
  if (!statistics.owner.empty() && statistics.owner != ctx.before.server.role)
    list.push_back(statement(sql::sql("ALTER STATISTICS {} OWNER TO {}", name, Ident{statistics.owner})));
  if (!statistics.comment.empty())
    list.push_back(statement(sql::sql("COMMENT ON STATISTICS {} IS {}", name, comment_text(statistics.comment))));
  return list;
}

sql::Step drop_statistics_step(const Context& ctx, const catalog::Object& statistics) {
  std::vector<sql::Lock> locks;
  for (const auto& use : statistics.uses) locks.push_back(lock(use.relation, sql::LockMode::share_update_exclusive));
  return transaction(ctx, "drop statistics " + statistics.name.text(),
                     {statement(sql::sql("DROP STATISTICS {}", statistics.name.sql()), std::move(locks))},
                     negate(has_statistics(statistics.name)));
}

Fragment has_statistics(const catalog::Name& name) { return statistics_is(name, {}); }

// Before 17 the default is stored as -1, since then as null.
Fragment has_target(const catalog::Name& name, const std::string& target) {
  return statistics_is(name, sql::sql(" AND coalesce(s.stxstattarget, -1) = {}", target_number(target)));
}

}  // namespace mig::operations
