// Sequences: names, owners, moves, probes.
#include "compiler/operations/sequences.hpp"

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("sequence"); }

const catalog::Sequence* sequence_at(const Context& ctx, const syntax::Path& written) {
  return first_of(ctx, as_name(written), [&](const catalog::Name& name) { return ctx.before.sequence(name); });
}

// With this condition on its rows of pg_class c and pg_sequence s.
Fragment sequence_where(const catalog::Name& name, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND {})",
      Literal{name.schema}, Literal{name.name}, condition);
}

}  // namespace

const catalog::Sequence* find_sequence(const Context& ctx) { return sequence_at(ctx, path(ctx)); }

const catalog::Sequence* require_sequence(const Context& ctx) {
  const auto& written = path(ctx);
  if (const auto* found = sequence_at(ctx, written))
    return require_owner(ctx, "sequence", found->name, found->owner, written.span) ? found : nullptr;
  const auto name = as_name(written);
  if (const auto other = ctx.before.find_table(name.schema, name.name)) {
    const auto kind = ctx.before.relation_kind(*other);
    ctx.sink.report(diagnostics::wrong_kind, written.span,
                    fmt::format("`{}` is {} {}, not a sequence", other->text(), kind == "index" ? "an" : "a", kind));
    return nullptr;
  }
  std::vector<std::string> candidates;
  for (const auto& each : ctx.before.names("sequence")) candidates.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, written.parts.back(),
                 fmt::format("no sequence `{}`", ctx.files.text(written.span)), candidates);
  return nullptr;
}

bool require_plain_sequence(const Context& ctx, const catalog::Sequence& sequence, const std::string& way) {
  if (!sequence.identity) return true;
  ctx.sink
      .report(diagnostics::still_needed, path(ctx).span,
              fmt::format("`{}` is the identity of {}.{}", sequence.name.text(), sequence.owned_by.text(),
                          sql::quote_ident(sequence.owned_by_column)))
      .note(way);
  return false;
}

void warn_of_sequence_texts(const Context& ctx, const catalog::Sequence& sequence) {
  warn_of_bodies(ctx, path(ctx).span, sequence.name.text(),
                 [&](const std::string& body) { return mentions(body, sequence.name.name); });
}

// ---- owners ----

std::optional<OwnerColumn> find_owner_column(const Context& ctx, const syntax::Path& written) {
  const auto at = find_column(ctx, written);
  if (!at.column) return std::nullopt;
  return OwnerColumn{at.table->name, at.column->name};
}

std::optional<OwnerColumn> require_owner_column(const Context& ctx, const syntax::Path& written,
                                                const catalog::Name& sequence, const std::string& owner) {
  const auto at = require_own_column(ctx, written);
  if (!at.column) return std::nullopt;
  const auto refuse = [&](std::string message, std::string way) {
    ctx.sink.report(diagnostics::contradiction, written.span, std::move(message)).note(std::move(way));
    return std::nullopt;
  };
  if (at.table->name.schema != sequence.schema)
    return refuse(fmt::format("`{}` and `{}` are in two schemas", sequence.text(), at.table->name.text()),
                  "a sequence belongs to a table of its own schema");
  if (!owner.empty() && at.table->owner != owner)
    return refuse(fmt::format("`{}` belongs to {}, `{}` to {}", sequence.text(), sql::quote_ident(owner),
                              at.table->name.text(), sql::quote_ident(at.table->owner)),
                  fmt::format("write before it: set owner of sequence {} to {};", sequence.text(),
                              sql::quote_ident(at.table->owner)));
  return OwnerColumn{at.table->name, at.column->name};
}

std::optional<OwnerColumn> owner_column(const catalog::Sequence& sequence) {
  if (sequence.owned_by.name.empty()) return std::nullopt;
  return OwnerColumn{sequence.owned_by, sequence.owned_by_column};
}

sql::Statement owned_by_statement(const catalog::Name& sequence, const std::optional<OwnerColumn>& owner) {
  std::vector<sql::Lock> locks{lock(sequence, LockMode::share_row_exclusive)};
  if (!owner) return statement(sql::sql("ALTER SEQUENCE {} OWNED BY NONE", sequence.sql()), std::move(locks));
  locks.push_back(lock(owner->table, LockMode::access_share));
  return statement(
      sql::sql("ALTER SEQUENCE {} OWNED BY {}.{}", sequence.sql(), owner->table.sql(), Ident{owner->column}),
      std::move(locks));
}

// ---- SQL ----

Fragment create_sequence_text(const catalog::Name& name, const catalog::SequenceOptions& options) {
  auto text = sql::sql("CREATE SEQUENCE {}", name.sql());
  if (options.type != "bigint") text = sql::sql("{} AS {}", text, expression(options.type));
  const auto rest = sequence_options(options);
  return rest.empty() ? text : sql::sql("{} {}", text, rest);
}

Fragment sequence_has(const catalog::Name& name, const catalog::SequenceOptions& options) {
  return sequence_where(
      name,
      sql::sql("pg_catalog.format_type(s.seqtypid, NULL) = {} AND s.seqincrement = {} AND s.seqmin = {} AND s.seqmax = "
               "{} AND s.seqstart = {} AND s.seqcache = {} AND {}",
               Literal{options.type}, expression(options.increment), expression(options.min), expression(options.max),
               expression(options.start), expression(options.cache),
               options.cycle ? sql::sql("s.seqcycle") : sql::sql("NOT s.seqcycle")));
}

Fragment sequence_belongs(const catalog::Name& name, const std::optional<OwnerColumn>& owner) {
  const auto depends = sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid "
      "JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid "
      "AND a.attnum = d.refobjsubid WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.refclassid = c.tableoid AND "
      "d.deptype = 'a'");
  if (!owner) return sequence_where(name, sql::sql("NOT {})", depends));
  return sequence_where(name,
                        sql::sql("{} AND tn.nspname = {} AND t.relname = {} AND a.attname = {})", depends,
                                 Literal{owner->table.schema}, Literal{owner->table.name}, Literal{owner->column}));
}

namespace {

sql::Statement move_statement(const catalog::Name& from, const catalog::Name& to) {
  auto text = from.schema == to.schema ? sql::sql("ALTER SEQUENCE {} RENAME TO {}", from.sql(), Ident{to.name})
                                       : sql::sql("ALTER SEQUENCE {} SET SCHEMA {}", from.sql(), Ident{to.schema});
  return statement(std::move(text), {lock(from, LockMode::access_exclusive)});
}

sql::Step move_step(const Context& ctx, const catalog::Name& from, const catalog::Name& to) {
  return transaction(ctx, fmt::format("sequence {} becomes {}", from.text(), to.text()), {move_statement(from, to)},
                     both(has_relation(to), negate(has_relation(from))));
}

}  // namespace

std::vector<sql::Step> move_sequence_steps(const Context& ctx, const catalog::Name& from, const catalog::Name& to) {
  auto step = move_step(ctx, from, to);
  step.back = {move_step(ctx, to, from)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("sequence", from), catalog::key("sequence", to)});
  return made;
}

// A sequence that belongs to a column stays in the schema of its table (0A000).
sql::Park park_sequence(const catalog::Sequence& sequence, const std::string& schema) {
  sql::Park park;
  if (owner_column(sequence)) park.statements.push_back(owned_by_statement(sequence.name, std::nullopt));
  park.statements.push_back(move_statement(sequence.name, {schema, sequence.name.name}));
  park.statements.back().reason = "kept aside with the value that it has reached";
  park.kept = {{"sequence", sequence.name.sql(), {}, {schema, sequence.name.name}, {}}};
  return park;
}

std::vector<sql::Statement> bring_sequence_home(const catalog::Sequence& sequence, const std::string& schema) {
  std::vector<sql::Statement> list{move_statement({schema, sequence.name.name}, sequence.name)};
  if (const auto owner = owner_column(sequence)) list.push_back(owned_by_statement(sequence.name, owner));
  return list;
}

}  // namespace mig::operations
