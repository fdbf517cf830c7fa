// Domains by their parts: statements, probes, and what is wrong with a name or condition.
#include "compiler/operations/domains.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/words.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

Fragment check_is(const catalog::Type& domain, const std::string& check, const Fragment& condition) {
  return type_is(domain.name,
                 sql::sql(" AND EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND "
                          "c.conname = {}{})",
                          Literal{check}, condition));
}

Fragment check_definition(const catalog::DomainCheck& check) {
  return sql::sql("CONSTRAINT {} CHECK ({})", Ident{check.name}, expression(check.expression));
}

Fragment default_is(const Context& ctx, const catalog::Type& domain, const std::string& value) {
  return type_is(domain.name,
                 sql::sql(" AND {}", prints(ctx, sql::sql("pg_catalog.pg_get_expr(t.typdefaultbin, 0)"), value)));
}

// As pg_get_expr prints it: every string is cast, an operator stands in parentheses, CURRENT_DATE in capitals. A
// default of this migration stands in the model as the file has it, and no catalog holds that text.
bool as_printed(const std::string& text) {
  const auto words = sql::words(text);
  int depth = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    const char c = text[word.begin];
    const bool cast = i + 1 < words.size() && text[words[i + 1].begin] == ':';
    if (word.is == sql::Word::Is::string && !cast) return false;
    if (word.is == sql::Word::Is::name && word.value.rfind("current_", 0) == 0 && c == 'c') return false;
    if (word.is != sql::Word::Is::symbol) continue;
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth == 0 && std::string_view(")]:.,").find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::vector<sql::Statement> create_domain_statements(const catalog::Type& domain) {
  auto text = sql::sql("CREATE DOMAIN {} AS {}", domain.name.sql(), expression(domain.base));
  if (!domain.collation.empty()) text = sql::sql("{} COLLATE {}", text, expression(domain.collation));
  if (!domain.default_.empty()) text = sql::sql("{} DEFAULT {}", text, default_expression(domain.default_));
  if (domain.not_null) text = sql::sql("{} NOT NULL", text);
  for (const auto& check : domain.checks)
    if (check.validated) text = sql::sql("{} {}", text, check_definition(check));
  std::vector<sql::Statement> made{statement(std::move(text))};
  for (const auto& check : domain.checks)
    if (!check.validated) made.push_back(add_check_statement(domain, check, true));
  for (const auto& check : domain.checks)
    if (!check.comment.empty()) made.push_back(comment_statement(domain, check));
  return made;
}

const catalog::Type* require_own_domain(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("domain");
  return path ? require_own_type(ctx, *path, "domain") : nullptr;
}

const catalog::Type& domain_of_call(const Context& ctx) { return *find_own_type(ctx, "domain"); }

bool require_domain_condition(const Context& ctx, const syntax::Expr& condition) {
  const auto found = mentions(condition);
  bool good = true;
  const auto wrong = [&](source::Span span, std::string message) {
    ctx.sink.report(diagnostics::wrong_value, span, std::move(message))
        .note("a domain's check sees one value, which is called value");
    good = false;
  };
  for (const auto* column : found.columns)
    if (column->path.parts.size() != 1 || column->path.parts.front().text != "value")
      wrong(column->path.span, "the check of a domain cannot mention a column");
  for (const auto& span : found.queries) wrong(span, "the check of a domain cannot hold a sub-select");
  for (const auto& span : found.aggregates)
    wrong(span, "the check of a domain cannot hold an aggregate or window function");
  return good;
}

const catalog::DomainCheck* check_named(const catalog::Type& domain, const std::string& name) {
  const auto found =
      std::find_if(domain.checks.begin(), domain.checks.end(), [&](const auto& check) { return check.name == name; });
  return found == domain.checks.end() ? nullptr : &*found;
}

const catalog::DomainCheck* require_domain_check(const Context& ctx, const catalog::Type& domain) {
  const auto& name = *ctx.call.get<syntax::Name>("name");
  if (const auto* found = check_named(domain, name.text)) return found;
  std::vector<std::string> candidates;
  for (const auto& check : domain.checks) candidates.push_back(check.name);
  report_unknown(ctx, diagnostics::unknown_constraint, name,
                 fmt::format("domain `{}` has no check `{}`", domain.name.text(), sql::quote_ident(name.text)),
                 candidates);
  return nullptr;
}

bool require_new_check(const Context& ctx, const catalog::Type& domain, const syntax::Name& name) {
  if (!require_name(ctx, name)) return false;
  if (!check_named(domain, name.text)) return true;
  ctx.sink.report(diagnostics::duplicate_name, name.span,
                  fmt::format("domain `{}` has a check `{}` already", domain.name.text(), sql::quote_ident(name.text)));
  return false;
}

std::string domain_check_name(const Context& ctx, const catalog::Type& domain) {
  std::vector<std::string> taken;
  for (const auto& check : domain.checks) taken.push_back(check.name);
  for (const auto& name : ctx.before.names("type"))
    if (name.schema == domain.name.schema)
      for (const auto& check : ctx.before.type(name)->checks) taken.push_back(check.name);
  return constraint_name(ctx.before, domain.name.schema, domain.name.name, {}, "check", taken);
}

void sort_checks(catalog::Type& domain) {
  std::sort(domain.checks.begin(), domain.checks.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

sql::Statement add_check_statement(const catalog::Type& domain, const catalog::DomainCheck& check, bool not_valid) {
  return statement(sql::sql("ALTER DOMAIN {} ADD {}{}", domain.name.sql(), check_definition(check),
                            not_valid ? sql::sql(" NOT VALID") : Fragment{}));
}

sql::Statement comment_statement(const catalog::Type& domain, const catalog::DomainCheck& check) {
  return statement(sql::sql("COMMENT ON CONSTRAINT {} ON DOMAIN {} IS {}", Ident{check.name}, domain.name.sql(),
                            comment_text(check.comment)));
}

Fragment has_check(const catalog::Type& domain, const std::string& check) { return check_is(domain, check, {}); }
Fragment check_is_validated(const catalog::Type& domain, const std::string& check) {
  return check_is(domain, check, sql::sql(" AND c.convalidated"));
}

sql::Step drop_check_step(const Context& ctx, const catalog::Type& domain, const std::string& check) {
  return transaction(ctx, fmt::format("drop check {} of domain {}", sql::quote_ident(check), domain.name.text()),
                     {statement(sql::sql("ALTER DOMAIN {} DROP CONSTRAINT {}", domain.name.sql(), Ident{check}))},
                     negate(has_check(domain, check)));
}

sql::Statement default_statement(const catalog::Type& domain, const std::string& value) {
  if (value.empty()) return statement(sql::sql("ALTER DOMAIN {} DROP DEFAULT", domain.name.sql()));
  return statement(sql::sql("ALTER DOMAIN {} SET DEFAULT {}", domain.name.sql(), default_expression(value)));
}

std::vector<sql::Step> change_default_steps(const Context& ctx, const std::string& value) {
  const auto& domain = domain_of_call(ctx);
  const auto title = fmt::format("default of domain {}", domain.name.text());
  const auto as_before = default_is(ctx, domain, domain.default_);
  auto step = transaction(ctx, (value.empty() ? "drop the " : "set the ") + title, {default_statement(domain, value)},
                          negate(as_before));
  step.back = {transaction(ctx, "bring back the " + title, {default_statement(domain, domain.default_)}, as_before)};
  if (!as_printed(domain.default_)) {
    step.probe.reset();  // the journal knows: it commits with the statement
    step.back.front().probe.reset();
  }
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace mig::operations
